/* foreign.c: web pages, archives, UTF-16 and the other things that people give by mistake.
 *
 * Only the beginning of an input is judged, and only what has neither a leader nor a field terminator there is refused: a damaged
 * file must not be taken for a foreign one. In XML, JSON and mrk a leader is no sign of ISO 2709, a field terminator is. */
#include "marc/foreign.h"

#include <stdbool.h>
#include <string.h>

#include "marc/iso2709.h"

static bool begins(const uint8_t *p, size_t n, const char *magic, size_t len)
{
	return n >= len && memcmp(p, magic, len) == 0;
}

#define BEGINS(magic) begins(p, n, magic, sizeof(magic) - 1)

static const char *compressed(const uint8_t *p, size_t n)
{
	if (BEGINS("\x1f\x8b"))
		return "it is gzip data: unpack it, zcat FILE | mrrc …";
	if (BEGINS("BZh"))
		return "it is bzip2 data: unpack it, bzcat FILE | mrrc …";
	if (BEGINS("\xfd" "7zXZ"))
		return "it is xz data: unpack it, xzcat FILE | mrrc …";
	if (BEGINS("\x28\xb5\x2f\xfd"))
		return "it is zstd data: unpack it, zstdcat FILE | mrrc …";
	if (BEGINS("PK\x03\x04"))
		return "it is a zip archive: unpack it first";
	return NULL;
}

/* Two bytes a character: the byte order mark, or ASCII with a NUL beside every byte. */
static bool is_utf16(const uint8_t *p, size_t n)
{
	size_t nul[2] = { 0, 0 }, pairs = (n < 64 ? n : 64) / 2;

	if (BEGINS("\xff\xfe") || BEGINS("\xfe\xff"))
		return true;
	for (size_t i = 0; i < 2 * pairs; i++)
		nul[i % 2] += p[i] == 0;
	return pairs > 0 && nul[0] != nul[1] && (nul[0] == pairs || nul[1] == pairs) && nul[0] + nul[1] == pairs;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0 || c == 0x1A;
}

/* The first byte that is neither blank nor part of a byte order mark. */
static uint8_t first_mark(const uint8_t *p, size_t n)
{
	for (size_t i = BEGINS("\xef\xbb\xbf") ? 3 : 0; i < n; i++)
		if (!is_blank(p[i]))
			return p[i];
	return 0;
}

/* Other forms of MARC bring leaders, too: what counts there is that they have no terminators. */
static bool is_other_form(const uint8_t *p, size_t n)
{
	uint8_t mark = first_mark(p, n);

	return mark == '<' || mark == '{' || mark == '[' || mark == '=';
}

static bool may_be_marc(const uint8_t *p, size_t n)
{
	size_t window = n < FOREIGN_WINDOW ? n : FOREIGN_WINDOW;

	if (memchr(p, MARC_FT, window))
		return true;
	if (is_other_form(p, window))
		return false;
	for (size_t i = 0; i + LEADER_LEN <= window; i++)
		if (iso2709_plausible_leader(p + i))
			return true;
	for (size_t i = 0; i < window; i++)
		if (!is_blank(p[i]))
			return window < LEADER_LEN && p[i] >= '0' && p[i] <= '9'; /* cut within its first leader */
	return true; /* blanks alone */
}

const char *foreign_input(const uint8_t *p, size_t n)
{
	if (compressed(p, n))
		return compressed(p, n);
	if (is_utf16(p, n))
		return "it is UTF-16: convert it to UTF-8 first";
	if (n == 0 || may_be_marc(p, n))
		return NULL;
	switch (first_mark(p, n)) {
	case '<': return "it looks like XML or HTML; MARCXML is converted by "
			 "yaz-marcdump -i marcxml -o marc FILE | mrrc …";
	case '{': case '[': return "it looks like JSON; this version reads ISO 2709";
	case '=': return "it looks like mrk text; this version reads ISO 2709";
	default: return "its beginning has no leader and no field terminator";
	}
}
