/* record.c: reading a record: fields by tag, subfields of a field, copies, equality.
 *
 * Nothing here changes a record, and nothing allocates: the caller brings the block for a copy.
 * A copy keeps content inside the copied raw bytes wherever it lay inside the original's, so
 * that the bytes are there once. */
#include "marc/record.h"

#include "base/utf8.h"

const struct field *record_next(const struct record *r, uint32_t tag, uint32_t *from)
{
	const struct field *field = r->field;

	for (uint32_t i = *from; i < r->count; i++)
		if (field[i].tag == tag) {
			*from = i + 1;
			return &field[i];
		}
	*from = r->count;
	return NULL;
}

const struct field *record_first(const struct record *r, uint32_t tag)
{
	uint32_t from = 0;

	return record_next(r, tag, &from);
}

struct span record_id(const struct record *r)
{
	const struct field *f = record_first(r, MARC_TAG('0', '0', '1'));

	return f ? field_span(f) : span_of(NULL, 0);
}

/* First delimiter in p[0..end), or end. */
static inline const uint8_t *next_delimiter(const uint8_t *p, const uint8_t *end)
{
	const uint8_t *found = p < end ? memchr(p, MARC_US, (size_t)(end - p)) : NULL;

	return found ? found : end;
}

struct subfield_walk subfields_of(const struct field *f)
{
	const uint8_t *end = f->len > 0 ? f->ptr + f->len : f->ptr;

	if ((f->flags & (FIELD_CONTROL | FIELD_MALFORMED)) || f->len < 2)
		return (struct subfield_walk){ end, end };
	return (struct subfield_walk){ next_delimiter(f->ptr + 2, end), end };
}

/* A code beyond ASCII is one character, not one byte: it shows as `?`, its bytes stay in the raw field. */
static uint8_t wide_code(const uint8_t **p, const uint8_t *end)
{
	uint32_t cp;

	*p += utf8_decode(span_of(*p, (size_t)(end - *p)), &cp);
	return '?';
}

/* next stands on a delimiter or at the end; a delimiter without a code behind it gives nothing. */
bool subfield_next(struct subfield_walk *w, struct subfield *out)
{
	const uint8_t *p = w->next, *end = w->end;

	while (p < end && *p == MARC_US)
		p++;
	if (p == end) {
		w->next = end;
		return false;
	}
	out->code = *p < 0x80 ? *p++ : wide_code(&p, end);
	w->next = next_delimiter(p, end);
	out->value = span_of(p, (size_t)(w->next - p));
	return true;
}

static bool inside(struct span outer, const uint8_t *ptr, size_t len)
{
	uintptr_t at = (uintptr_t)ptr, from = (uintptr_t)outer.ptr;

	return outer.len > 0 && at >= from && at - from <= outer.len && len <= outer.len - (at - from);
}

static size_t aligned(size_t len)
{
	return (len + 15u) & ~(size_t)15u;
}

/* The raw bytes of a draft are those of another record: its copy goes without them. */
static struct span copied_raw(const struct record *r)
{
	return r->flags & RECORD_DRAFT ? span_of(NULL, 0) : r->raw;
}

size_t record_copy_len(const struct record *r)
{
	struct span raw = copied_raw(r);
	size_t len = aligned(sizeof(*r)) + aligned(r->count * sizeof(*r->field)) +
		     aligned(r->fault_count * sizeof(*r->fault)) + raw.len;

	for (uint32_t i = 0; i < r->count; i++)
		if (!inside(raw, r->field[i].ptr, r->field[i].len))
			len += r->field[i].len;
	return len;
}

/* Take len bytes of the block that *at walks through, filled from ptr. */
static uint8_t *put(uint8_t **at, const void *ptr, size_t len)
{
	uint8_t *here = *at;

	if (len > 0)
		memcpy(here, ptr, len);
	*at += len;
	return here;
}

/* As put, and the next one starts aligned. */
static void *put_aligned(uint8_t **at, const void *ptr, size_t len)
{
	void *here = put(at, ptr, len);

	*at += aligned(len) - len;
	return here;
}

struct record *record_copy(const struct record *r, void *block)
{
	struct span raw = copied_raw(r);
	uint8_t *at = block;
	struct record *copy = put_aligned(&at, r, sizeof(*r));
	struct field *field = put_aligned(&at, r->field, r->count * sizeof(*r->field));

	copy->field = field;
	copy->fault = put_aligned(&at, r->fault, r->fault_count * sizeof(*r->fault));
	copy->raw = span_of(put(&at, raw.ptr, raw.len), raw.len);
	if (r->flags & RECORD_DRAFT)
		copy->flags &= ~(uint32_t)(RECORD_DRAFT | RECORD_VERBATIM);
	for (uint32_t i = 0; i < r->count; i++) {
		if (inside(raw, field[i].ptr, field[i].len))
			field[i].ptr = copy->raw.ptr + (field[i].ptr - raw.ptr);
		else
			field[i].ptr = put(&at, field[i].ptr, field[i].len);
	}
	return copy;
}

static bool leaders_equal(const uint8_t *a, const uint8_t *b)
{
	return memcmp(a + 5, b + 5, 7) == 0 && memcmp(a + 17, b + 17, LEADER_LEN - 17) == 0;
}

bool record_equal(const struct record *a, const struct record *b)
{
	if (a->count != b->count || !leaders_equal(a->leader, b->leader))
		return false;
	for (uint32_t i = 0; i < a->count; i++)
		if (a->field[i].tag != b->field[i].tag ||
		    !span_eq(field_span(&a->field[i]), field_span(&b->field[i])))
			return false;
	return true;
}
