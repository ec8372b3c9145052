/* charset_flag.c: the flag of an edited record, judged by its text.
 *
 * MARC-8 writes a diacritic before its letter, as a byte of 0xE0 or above with ASCII behind it, which is never UTF-8: a changed
 * field with high bytes that reads as UTF-8 got them from a script. Only records that are flagged otherwise than UTF-8 and have
 * been edited pay for this look. */
#include "marc/charset_flag.h"

#include "base/utf8.h"

#define ESCAPE 0x1B /* begins a change of character set in MARC-8 */

static bool is_utf8(struct span s)
{
	return utf8_valid_prefix(s) == s.len && !(s.len && memchr(s.ptr, ESCAPE, s.len));
}

static bool is_utf8_beyond_ascii(struct span s)
{
	return utf8_has_high(s) && is_utf8(s);
}

/* One subfield is enough: the others may still hold the MARC-8 they came with. */
static bool holds_utf8(const struct field *f)
{
	struct subfield_walk w = subfields_of(f);
	struct subfield sub;

	if (field_is_control(f))
		return is_utf8_beyond_ascii(field_span(f));
	while (subfield_next(&w, &sub))
		if (is_utf8_beyond_ascii(sub.value))
			return true;
	return false;
}

enum charset_verdict charset_of_draft(const struct record *r)
{
	bool added = false, foreign = false;

	if (r->leader[9] == 'a')
		return CHARSET_AS_FLAGGED;
	for (uint32_t i = 0; i < r->count; i++) {
		const struct field *f = &r->field[i];

		if (f->flags & FIELD_CHANGED || r->flags & RECORD_UTF8)
			added = added || holds_utf8(f);
		foreign = foreign || !is_utf8(field_span(f));
	}
	if (!added)
		return CHARSET_AS_FLAGGED;
	return foreign ? CHARSET_MIXED : CHARSET_UTF8;
}
