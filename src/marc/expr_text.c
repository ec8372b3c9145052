/* expr_text.c: texts made comparable: NFC, and numbers written in decimals.
 *
 * utf8proc is asked only for text that NFC could change. Numbers are compared as digits: exact for any
 * length, no locale, no rounding. */
#include "base/alloc.h"
#include "base/utf8.h"
#include "marc/path_internal.h"

#include <utf8proc.h>

#define NFC (UTF8PROC_STABLE | UTF8PROC_COMPOSE)

uint8_t *scratch_take(struct scratch *s, size_t len)
{
	s->far = NULL;
	if (len <= sizeof(s->near))
		return s->near;
	s->far = mem_alloc(len);
	return s->far;
}

void scratch_release(struct scratch *s)
{
	if (s->far)
		mem_free(s->far);
	s->far = NULL;
}

/* Bytes of blocks in which each code point is NFC by itself and combines with nothing (UAX 15, quick
 * check): up to U+02FF, Cyrillic U+0400-047F, ideographs U+4000-9FFF, Hangul syllables U+B000-CFFF. */
static bool is_quiet(uint8_t c)
{
	return c < 0xCC || c == 0xD0 || c == 0xD1 || (c >= 0xE4 && c <= 0xE9) || c == 0xEB || c == 0xEC;
}

bool text_is_nfc(struct span text)
{
	if (text.len == 0 || !utf8_has_high(text))
		return true;
	for (size_t i = 0; i < text.len; i++)
		if (!is_quiet(text.ptr[i]))
			return false;
	return true;
}

/* utf8proc works in place: code points first, then bytes in the same room, one more for its NUL. */
enum status text_nfc(struct span text, struct scratch *room, struct span *out)
{
	utf8proc_ssize_t len = (utf8proc_ssize_t)text.len;
	utf8proc_ssize_t count = utf8proc_decompose(text.ptr, len, NULL, 0, NFC);

	*out = text;
	room->far = NULL;
	if (count < 0)
		return STATUS_OK;
	utf8proc_int32_t *points = (utf8proc_int32_t *)(void *)scratch_take(room, (size_t)count * 4 + 4);
	if (!points)
		return STATUS_MEMORY;
	count = utf8proc_decompose(text.ptr, len, points, count, NFC);
	len = utf8proc_reencode(points, count, NFC);
	if (len >= 0)
		*out = span_of(points, (size_t)len);
	return STATUS_OK;
}

enum status pool_nfc(struct pool *pool, struct span text, struct span *out)
{
	struct scratch room;
	struct span nfc;
	enum status st;

	*out = text;
	if (text_is_nfc(text))
		return STATUS_OK;
	room.far = NULL;
	st = text_nfc(text, &room, &nfc);
	uint8_t *copy = st == STATUS_OK ? pool_alloc(pool, nfc.len) : NULL;
	if (copy) {
		memcpy(copy, nfc.ptr, nfc.len);
		*out = span_of(copy, nfc.len);
	}
	scratch_release(&room);
	return copy ? STATUS_OK : STATUS_MEMORY;
}

/* ---- decimals ---- */

static size_t digits(struct span s, size_t from)
{
	size_t i = from;

	while (i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9')
		i++;
	return i - from;
}

bool is_decimal(struct span s)
{
	size_t i = s.len > 0 && s.ptr[0] == '-' ? 1 : 0;
	size_t whole = digits(s, i);

	if (whole == 0)
		return false;
	i += whole;
	if (i == s.len)
		return true;
	return s.ptr[i] == '.' && digits(s, i + 1) > 0 && i + 1 + digits(s, i + 1) == s.len;
}

struct decimal {
	bool negative;
	struct span whole, part; /* without zeros in front, without zeros behind */
};

static struct decimal take_apart(struct span s)
{
	struct decimal d = { .negative = s.ptr[0] == '-' };
	size_t from = d.negative, to = from + digits(s, from), end = s.len;

	while (from < to && s.ptr[from] == '0')
		from++;
	while (end > to + 1 && s.ptr[end - 1] == '0')
		end--;
	d.whole = span_of(s.ptr + from, to - from);
	d.part = to + 1 < end ? span_of(s.ptr + to + 1, end - to - 1) : span_of(NULL, 0);
	if (d.whole.len == 0 && d.part.len == 0)
		d.negative = false;
	return d;
}

static int magnitude_cmp(const struct decimal *a, const struct decimal *b)
{
	int c;

	if (a->whole.len != b->whole.len)
		return a->whole.len > b->whole.len ? 1 : -1;
	c = span_cmp(a->whole, b->whole);
	return c ? c : span_cmp(a->part, b->part);
}

int decimal_cmp(struct span a, struct span b)
{
	struct decimal one = take_apart(a), two = take_apart(b);

	if (one.negative != two.negative)
		return one.negative ? -1 : 1;
	return one.negative ? magnitude_cmp(&two, &one) : magnitude_cmp(&one, &two);
}
