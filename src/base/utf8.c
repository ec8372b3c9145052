/* utf8.c: UTF-8 by the table of well-formed sequences (Unicode 15, table 3-7).
 *
 * One function, sequence_len, knows the table; all others are walks around it. ASCII, which is
 * most of what libraries catalogue, is skipped by words: eight bytes are ASCII when no top bit
 * is set. Whether text should be UTF-8 at all is for others to know. */
#include "base/utf8.h"

#define TOP_BITS UINT64_C(0x8080808080808080)

static uint64_t load8(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

static bool is_tail(uint8_t c)
{
	return (c & 0xC0) == 0x80;
}

/* Allowed range of the second byte: the only place where overlongs, surrogates and values
 * above U+10FFFF show. */
static bool second_ok(uint8_t lead, uint8_t second)
{
	switch (lead) {
	case 0xE0:
		return second >= 0xA0 && second <= 0xBF;
	case 0xED:
		return second >= 0x80 && second <= 0x9F;
	case 0xF0:
		return second >= 0x90 && second <= 0xBF;
	case 0xF4:
		return second >= 0x80 && second <= 0x8F;
	default:
		return is_tail(second);
	}
}

/* Bytes that a sequence with this lead has; 0 for a byte that leads nothing. */
static size_t lead_len(uint8_t lead)
{
	if (lead < 0x80)
		return 1;
	if (lead < 0xC2)
		return 0;
	if (lead < 0xE0)
		return 2;
	if (lead < 0xF0)
		return 3;
	return lead < 0xF5 ? 4 : 0;
}

/* Length of the sequence at p, or with *ok false of its maximal well-formed part (>= 1). n >= 1. */
static inline size_t sequence_len(const uint8_t *p, size_t n, bool *ok)
{
	size_t len = lead_len(p[0]), i;

	*ok = len == 1;
	if (len <= 1)
		return 1;
	if (n < 2 || !second_ok(p[0], p[1]))
		return 1;
	for (i = 2; i < len && i < n; i++)
		if (!is_tail(p[i]))
			return i;
	*ok = i == len;
	return i;
}

/* Bytes of ASCII at the start, rounded down to whole steps where a step holds a high byte. */
static size_t skip_ascii(const uint8_t *p, size_t n)
{
	size_t at = 0;

	while (n - at >= 32) {
		const uint8_t *q = p + at;

		if ((load8(q) | load8(q + 8) | load8(q + 16) | load8(q + 24)) & TOP_BITS)
			break;
		at += 32;
	}
	while (n - at >= 8 && !(load8(p + at) & TOP_BITS))
		at += 8;
	while (at < n && p[at] < 0x80)
		at++;
	return at;
}

/* Length of the sequences of two and three bytes that have no exceptions, else 0: nearly all that is
 * not ASCII. p has at least three bytes. */
static inline size_t common_len(const uint8_t *p)
{
	if (p[0] >= 0xC2 && p[0] < 0xE0)
		return is_tail(p[1]) ? 2 : 0;
	if (p[0] > 0xE0 && p[0] < 0xF0 && p[0] != 0xED)
		return is_tail(p[1]) && is_tail(p[2]) ? 3 : 0;
	return 0;
}

size_t utf8_valid_prefix(struct span s)
{
	const uint8_t *p = s.ptr;
	size_t at = 0, n = s.len;

	while (at < n) {
		size_t len = 0;
		bool ok;

		if (p[at] < 0x80) {
			at += skip_ascii(p + at, n - at);
			continue;
		}
		while (n - at >= 3 && (len = common_len(p + at)) > 0)
			at += len;
		if (at == n || p[at] < 0x80)
			continue;
		len = sequence_len(p + at, n - at, &ok);
		if (!ok)
			return at;
		at += len;
	}
	return n;
}

bool utf8_has_high(struct span s)
{
	return skip_ascii(s.ptr, s.len) < s.len;
}

size_t utf8_decode(struct span s, uint32_t *cp)
{
	static const uint8_t lead_bits[5] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
	bool ok;
	size_t len = sequence_len(s.ptr, s.len, &ok);

	if (!ok) {
		*cp = 0xFFFD;
		return len;
	}
	*cp = s.ptr[0] & lead_bits[len];
	for (size_t i = 1; i < len; i++)
		*cp = *cp << 6 | (s.ptr[i] & 0x3F);
	return len;
}

size_t utf8_count(struct span s)
{
	size_t at = 0, count = 0;

	while (at < s.len) {
		size_t ascii = skip_ascii(s.ptr + at, s.len - at);
		bool ok;

		at += ascii;
		count += ascii;
		if (at == s.len)
			break;
		at += sequence_len(s.ptr + at, s.len - at, &ok);
		count++;
	}
	return count;
}

size_t utf8_offset(struct span s, size_t n)
{
	size_t at = 0;

	while (n > 0 && at < s.len) {
		size_t left = s.len - at, ascii = skip_ascii(s.ptr + at, left < n ? left : n);
		bool ok;

		at += ascii;
		n -= ascii;
		if (n == 0 || at == s.len)
			break;
		at += sequence_len(s.ptr + at, s.len - at, &ok);
		n--;
	}
	return at;
}

size_t utf8_encode(uint32_t cp, uint8_t *out)
{
	if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		cp = 0xFFFD;
	if (cp < 0x80) {
		out[0] = (uint8_t)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (uint8_t)(0xC0 | cp >> 6);
		out[1] = (uint8_t)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (uint8_t)(0xE0 | cp >> 12);
		out[1] = (uint8_t)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (uint8_t)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (uint8_t)(0xF0 | cp >> 18);
	out[1] = (uint8_t)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (uint8_t)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (uint8_t)(0x80 | (cp & 0x3F));
	return 4;
}
