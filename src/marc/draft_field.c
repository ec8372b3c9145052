/* draft_field.c: surgery inside of one field of a draft: indicators, characters, subfields.
 *
 * Every cut makes the field's content anew in the arena: what is before, what is new, what is behind.
 * Offsets come from the one walk that everybody uses (subfield_next), so that ordinals mean the same here
 * as in a path. */
#include "marc/draft.h"

#include "base/utf8.h"

/* bytes in an ISO 2709 record: positions beyond are a mistake, not a wish for memory */
#define LONGEST_TEXT 99999u

/* New content: bytes before `from`, then a, then b, then bytes from `to` on. */
static enum status splice(struct draft *d, uint32_t at, size_t from, size_t to, struct span a, struct span b)
{
	struct span old = field_span(&d->fields[at]);
	size_t len = from + a.len + b.len + (old.len - to);
	uint8_t *content = arena_alloc(d->arena, len);

	if (!content)
		return STATUS_MEMORY;
	if (from)
		memcpy(content, old.ptr, from);
	if (a.len)
		memcpy(content + from, a.ptr, a.len);
	if (b.len)
		memcpy(content + from + a.len, b.ptr, b.len);
	if (old.len > to)
		memcpy(content + from + a.len + b.len, old.ptr + to, old.len - to);
	return draft_replace_kept(d, at, span_of(content, len));
}

/* Places of a subfield in its field's content: delimiter (the code is behind it), value, end. */
struct extent {
	size_t head, from, to;
};

/* In damaged data a code may be longer than a byte: its delimiter is the last one before the value. */
static bool find_subfield(const struct field *f, uint32_t nth, struct extent *x)
{
	struct subfield_walk w = subfields_of(f);
	struct subfield sub;

	while (subfield_next(&w, &sub))
		if (nth-- == 0) {
			x->from = (size_t)(sub.value.ptr - f->ptr);
			x->to = x->from + sub.value.len;
			for (x->head = x->from - 1; f->ptr[x->head] != MARC_US;)
				x->head--;
			return true;
		}
	return false;
}

static uint32_t count_subfields(const struct field *f)
{
	struct subfield_walk w = subfields_of(f);
	struct subfield sub;
	uint32_t count = 0;

	while (subfield_next(&w, &sub))
		count++;
	return count;
}

enum status draft_set_indicator(struct draft *d, uint32_t at, int which, uint8_t value)
{
	const struct field *f = &d->fields[at];
	size_t place = which == 1 ? 0 : 1;

	if ((f->flags & (FIELD_CONTROL | FIELD_MALFORMED)) || !draft_indicator_ok(value) || which < 1 ||
	    which > 2)
		return STATUS_INVALID;
	if (f->ptr[place] == value)
		return STATUS_OK;
	return splice(d, at, place, place + 1, span_of(&value, 1), span_of(NULL, 0));
}

/* Characters beyond the text's end: fill with blanks up to `first`, then the value. */
static enum status fill_and_append(struct draft *d, uint32_t at, size_t end, size_t blanks, struct span value)
{
	uint8_t *fill = arena_alloc(d->arena, blanks);

	if (!fill)
		return STATUS_MEMORY;
	memset(fill, ' ', blanks);
	return splice(d, at, end, end, span_of(fill, blanks), value);
}

enum status draft_set_chars(struct draft *d, uint32_t at, int nth, size_t first, size_t count,
			    struct span value)
{
	const struct field *f = &d->fields[at];
	struct extent x = { 0, 0, f->len };

	if (first > LONGEST_TEXT || count > LONGEST_TEXT || !draft_text_ok(value) ||
	    utf8_count(value) != count)
		return STATUS_INVALID;
	if (nth < 0 ? !field_is_control(f) : !find_subfield(f, (uint32_t)nth, &x))
		return STATUS_INVALID;

	struct span text = span_of(f->ptr + x.from, x.to - x.from);
	size_t have = utf8_count(text);

	if (first > have)
		return fill_and_append(d, at, x.to, first - have, value);
	size_t start = x.from + utf8_offset(text, first), stop = x.from + utf8_offset(text, first + count);

	return splice(d, at, start, stop, value, span_of(NULL, 0));
}

enum status draft_subfield_set(struct draft *d, uint32_t at, uint32_t nth, struct span value)
{
	const struct field *f = &d->fields[at];
	struct extent x;

	if (!draft_text_ok(value) || !find_subfield(f, nth, &x))
		return STATUS_INVALID;
	if (span_eq(span_of(f->ptr + x.from, x.to - x.from), value))
		return STATUS_OK;
	return splice(d, at, x.from, x.to, value, span_of(NULL, 0));
}

enum status draft_subfield_insert(struct draft *d, uint32_t at, uint32_t nth, uint8_t code, struct span value)
{
	const struct field *f = &d->fields[at];
	const uint8_t head[2] = { MARC_US, code };
	struct extent x;
	size_t place;

	if ((f->flags & (FIELD_CONTROL | FIELD_MALFORMED)) || !draft_code_ok(code) || !draft_text_ok(value))
		return STATUS_INVALID;
	if (find_subfield(f, nth, &x))
		place = x.head;
	else if (nth == count_subfields(f))
		place = f->len;
	else
		return STATUS_INVALID;
	return splice(d, at, place, place, span_of(head, 2), value);
}

enum status draft_subfield_remove(struct draft *d, uint32_t at, uint32_t nth)
{
	const struct field *f = &d->fields[at];
	struct extent x;

	if (!find_subfield(f, nth, &x))
		return STATUS_INVALID;
	if (nth == 0 && count_subfields(f) == 1) {
		draft_remove(d, at);
		return STATUS_OK;
	}
	return splice(d, at, x.head, x.to, span_of(NULL, 0), span_of(NULL, 0));
}

enum status draft_subfield_recode(struct draft *d, uint32_t at, uint32_t nth, uint8_t code)
{
	const struct field *f = &d->fields[at];
	struct extent x;

	if (!draft_code_ok(code) || !find_subfield(f, nth, &x))
		return STATUS_INVALID;
	if (x.from - x.head == 2 && f->ptr[x.head + 1] == code)
		return STATUS_OK;
	return splice(d, at, x.head + 1, x.from, span_of(&code, 1), span_of(NULL, 0));
}
