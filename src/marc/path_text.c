/* path_text.c: cutting characters out of a value, and a match as text. */
#include "base/utf8.h"
#include "marc/path_internal.h"

/* In records that are not UTF-8, and in ASCII, a character is a byte. */
static bool bytes_are_chars(const struct record *r, struct span s)
{
	if (!(r->flags & RECORD_UTF8))
		return true;
	return !(r->flags & (RECORD_HIGH | RECORD_DRAFT)) || !utf8_has_high(s);
}

static bool cut_bytes(const struct range *chars, struct match *m)
{
	uint32_t first, end, len = (uint32_t)m->value.len;

	range_resolve(chars, len, &first, &end);
	m->chars_first = first;
	m->chars_count = end - first;
	m->value = span_of(m->value.ptr + first, end - first);
	return end > first;
}

static bool cut_code_points(const struct range *chars, struct match *m)
{
	uint32_t first, end;
	struct span s = m->value;

	range_resolve(chars, (uint32_t)utf8_count(s), &first, &end);
	size_t from = utf8_offset(s, first);
	size_t len = utf8_offset(span_of(s.ptr + from, s.len - from), end - first);

	m->chars_first = first;
	m->chars_count = end - first;
	m->value = span_of(s.ptr + from, len);
	return end > first;
}

bool chars_cut(const struct record *r, const struct range *chars, struct match *m)
{
	bool some;

	if (m->value.len == 0)
		return false;
	some = bytes_are_chars(r, m->value) ? cut_bytes(chars, m) : cut_code_points(chars, m);
	if (chars->kind == RANGE_FORWARD && chars->last != UINT32_MAX) {
		m->chars_first = chars->first;
		m->chars_count = chars->last - chars->first + 1;
	}
	return some;
}

/* A field without delimiter shows its bytes: better than nothing where it is already damaged. */
enum status match_text(const struct match *m, struct buf *out)
{
	struct field f = { .ptr = m->value.ptr, .len = (uint32_t)m->value.len };
	struct subfield_walk w = subfields_of(&f);
	struct subfield s;
	size_t mark = out->len;

	if (!m->whole || w.next == w.end)
		return buf_add_span(out, m->value);
	for (bool first = true; subfield_next(&w, &s); first = false) {
		enum status st = first ? STATUS_OK : buf_add_byte(out, ' ');

		if (st == STATUS_OK)
			st = buf_add_span(out, s.value);
		if (st != STATUS_OK) {
			out->len = mark;
			return st;
		}
	}
	return STATUS_OK;
}
