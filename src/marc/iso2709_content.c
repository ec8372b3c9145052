/* iso2709_content.c: oddities inside one field: named here, kept in the bytes.
 *
 * The content stays where it is in raw and subfield_next steps over what is odd in it. Only a data
 * field whose indicators are missing or no characters gets a copy, with blanks in their place, so that
 * everybody else may count on two indicators. One note for each code and field, at its first place. */
#include "base/utf8.h"
#include "marc/iso2709_inner.h"

static uint32_t place_of(const struct repair *r, const uint8_t *p)
{
	return (uint32_t)(p - r->raw.ptr);
}

static bool printable(uint8_t c)
{
	return c >= 0x20 && c <= 0x7E;
}

/* ---- characters ---- */

enum oddity { ODD_NONE, ODD_SOFT, ODD_CONTROL, ODD_END_MARK };

/* ESC begins a MARC-8 escape sequence; line ends and tabs are found in many a note and do no harm. */
static enum oddity oddity_of(uint8_t c, bool utf8)
{
	if (c > 0x1F ? c != 0x7F : c == MARC_US)
		return ODD_NONE;
	if (c == MARC_FT || c == MARC_RT)
		return ODD_END_MARK;
	if (c == '\t' || c == '\n' || c == '\r')
		return ODD_SOFT;
	return c == 0x1B && !utf8 ? ODD_NONE : ODD_CONTROL;
}

static void note_byte(struct repair *r, enum fault_code code, const uint8_t *p)
{
	repair_note(r, code, place_of(r, p), *p, 0);
}

static void check_characters(struct repair *r, const struct field *f)
{
	bool utf8 = r->out->flags & RECORD_UTF8;
	const uint8_t *first[ODD_END_MARK + 1] = { NULL };
	uint8_t all = 0;

	for (uint32_t i = 0; i < f->len; i++) {
		enum oddity odd = oddity_of(f->ptr[i], utf8);

		all |= f->ptr[i];
		if (odd != ODD_NONE && !first[odd])
			first[odd] = f->ptr + i;
	}
	if (all & 0x80)
		r->out->flags |= RECORD_HIGH;
	if (first[ODD_END_MARK])
		note_byte(r, FAULT_FIELD_BOUNDS, first[ODD_END_MARK]);
	if (first[ODD_CONTROL])
		note_byte(r, FAULT_CONTROL_CHARACTER, first[ODD_CONTROL]);
	else if (first[ODD_SOFT])
		repair_warn(r, FAULT_CONTROL_CHARACTER, place_of(r, first[ODD_SOFT]));
	if (utf8 && (all & 0x80)) {
		size_t good = utf8_valid_prefix(field_span(f));

		if (good < f->len)
			note_byte(r, FAULT_UTF8, f->ptr + good);
	}
}

/* ---- subfields ---- */

/* First places of the two oddities of subfields. */
struct subfield_oddities {
	const uint8_t *code, *empty;
};

/* p stands on a delimiter; what is wrong with its subfield? */
static void judge_subfield(const uint8_t *p, const uint8_t *end, struct subfield_oddities *odd)
{
	if (p + 1 == end || p[1] == MARC_US) {
		odd->empty = odd->empty ? odd->empty : p;
		return;
	}
	if ((!printable(p[1]) || p[1] == ' ') && !odd->code)
		odd->code = p + 1;
	if ((p + 2 == end || p[2] == MARC_US) && !odd->empty)
		odd->empty = p;
}

static void check_subfields(struct repair *r, const uint8_t *first, const uint8_t *end)
{
	struct subfield_oddities odd = { NULL, NULL };

	for (const uint8_t *p = first; p; p = memchr(p + 1, MARC_US, (size_t)(end - p - 1)))
		judge_subfield(p, end, &odd);
	if (odd.code)
		note_byte(r, FAULT_SUBFIELD_CODE, odd.code);
	if (odd.empty)
		repair_note(r, FAULT_EMPTY_SUBFIELD, place_of(r, odd.empty), 0, 0);
}

/* ---- indicators ---- */

/* The character at p as an indicator: itself, or a blank when it cannot be one. */
static uint8_t indicator_at(const uint8_t **p, const uint8_t *end, bool utf8)
{
	uint8_t c;

	if (*p == end)
		return ' ';
	c = **p;
	if (c >= 0x80 && utf8) {
		uint32_t cp;

		*p += utf8_decode(span_of(*p, (size_t)(end - *p)), &cp);
	} else {
		(*p)++;
	}
	return printable(c) ? c : ' ';
}

/* Give the field a copy of its content with these indicators; the content goes on at `rest`. */
static enum status new_indicators(struct repair *r, struct field *f, const uint8_t ind[2],
				  const uint8_t *rest)
{
	size_t len = (size_t)(f->ptr + f->len - rest);
	uint8_t *copy = arena_alloc(r->arena, len + 2);

	if (!copy)
		return STATUS_MEMORY;
	memcpy(copy, ind, 2);
	memcpy(copy + 2, rest, len);
	f->ptr = copy;
	f->len = (uint32_t)len + 2;
	return STATUS_OK;
}

/* Two characters should stand before the first delimiter. */
static enum status check_indicators(struct repair *r, struct field *f, const uint8_t *first)
{
	const uint8_t *p = f->ptr;
	bool utf8 = r->out->flags & RECORD_UTF8;
	uint8_t ind[2];

	if (first - p == 2 && printable(p[0]) && printable(p[1]))
		return STATUS_OK;
	ind[0] = indicator_at(&p, first, utf8);
	ind[1] = indicator_at(&p, first, utf8);
	if (p < first && (first - p > 1 || !printable(*p)))
		repair_note(r, FAULT_STRAY_DATA, place_of(r, p), (uint32_t)(first - p), 0);
	else
		repair_note(r, FAULT_INDICATOR, place_of(r, f->ptr), (uint32_t)(first - f->ptr), 2);
	if (first - f->ptr >= 2 && ind[0] == f->ptr[0] && ind[1] == f->ptr[1])
		return STATUS_OK;
	return new_indicators(r, f, ind, p);
}

enum status repair_content(struct repair *r, struct field *f)
{
	const uint8_t *first = f->len > 0 ? memchr(f->ptr, MARC_US, f->len) : NULL;

	check_characters(r, f);
	if (f->flags & FIELD_CONTROL) {
		if (first)
			repair_note(r, FAULT_DELIMITER_IN_CONTROL, place_of(r, first), 0, 0);
		return STATUS_OK;
	}
	if (!first) {
		repair_note(r, FAULT_NO_SUBFIELD, place_of(r, f->ptr), f->len, 0);
		f->flags = (f->flags | FIELD_MALFORMED) & 0xFF;
		return STATUS_OK;
	}
	check_subfields(r, first, f->ptr + f->len);
	return check_indicators(r, f, first);
}
