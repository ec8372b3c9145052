/* fixed.c: finds the characters of a named element in 006, 007 or 008, and says what codes mean.
 *
 * 006 has no table of its own: its places 1-17 are 008/18-34 of the material in 006/00. */
#include "marc/fixed.h"

#include "base/utf8.h"

#define SHIFT_006 17 /* 006/01 is 008/18 */

struct span fixed_chars(struct span text, size_t first, size_t count)
{
	size_t from = utf8_offset(text, first);
	struct span rest = span_of(text.ptr + from, text.len - from);

	return span_of(rest.ptr, utf8_offset(rest, count));
}

static bool in_006(const struct element *e)
{
	return (e->where & MATERIAL_BIBLIOGRAPHIC) && e->first >= SHIFT_006 + 1 && e->first + e->len <= 35;
}

static bool is_named(const struct element *e, struct span name)
{
	return strlen(e->name) == name.len && memcmp(e->name, name.ptr, name.len) == 0;
}

/* The element of this name for these materials (or categories). *known: the name exists at all. */
static const struct element *find_element(const struct element *e, struct span name, unsigned where, bool only_006,
					  bool *known)
{
	const struct element *found = NULL;

	for (; e->name; e++) {
		if ((only_006 && !in_006(e)) || !is_named(e, name))
			continue;
		*known = true;
		if (!found && (e->where & where))
			found = e;
	}
	return found;
}

/* 006/00 and its meaning belong to no material. */
static const struct coded forms_006[] = {
	{ "a", "language material" }, { "c", "notated music" }, { "d", "manuscript notated music" },
	{ "e", "cartographic material" }, { "f", "manuscript cartographic material" },
	{ "g", "projected medium" }, { "i", "nonmusical sound recording" },
	{ "j", "musical sound recording" }, { "k", "two-dimensional nonprojectable graphic" },
	{ "m", "computer file" }, { "o", "kit" }, { "p", "mixed materials" },
	{ "r", "three-dimensional object" }, { "s", "serial or integrating resource" },
	{ "t", "manuscript language material" }, { NULL, NULL },
};
static const struct element form_006 = { "form_of_material", MATERIAL_BIBLIOGRAPHIC, 0, 1, forms_006 };

/* Bit of the category in 007/00, 0 when it is none. */
static unsigned category_of(struct span text)
{
	const char *at = text.len > 0 && text.ptr[0] ? strchr(FIXED_007, text.ptr[0]) : NULL;

	return at ? 1u << (at - FIXED_007) : 0;
}

static const struct element *element_of(const struct record *r, unsigned field, struct span text, struct span name,
					bool *known)
{
	if (field == 8)
		return find_element(fixed_008, name, record_material(r), false, known);
	if (field == 7)
		return find_element(fixed_007, name, category_of(text), false, known);
	if (is_named(&form_006, name)) {
		*known = true;
		return &form_006;
	}
	return find_element(fixed_008, name, text.len > 0 ? material_of_form(text.ptr[0]) : 0, true, known);
}

bool fixed_find(const struct record *r, unsigned field, struct span name, struct fixed *out)
{
	uint32_t tag = MARC_TAG('0', '0', '0' + field), from = 0;
	const struct field *f;
	bool known = false;

	*out = (struct fixed){ .element = NULL };
	while (!out->element && (f = record_next(r, tag, &from))) {
		struct span text = field_span(f);
		const struct element *e = element_of(r, field, text, name, &known);

		if (!e)
			continue;
		size_t first = field == 6 && e != &form_006 ? e->first - SHIFT_006 : e->first;
		out->value = fixed_chars(text, first, e->len);
		if (out->value.len > 0)
			out->element = e;
	}
	if (!known)
		element_of(r, field, span_of(NULL, 0), name, &known);
	return known;
}

static bool has_name(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

void fixed_names(unsigned field, const char **names)
{
	const struct element *e = field == 7 ? fixed_007 : fixed_008;
	size_t count = 0;

	if (field == 6)
		names[count++] = form_006.name;
	for (; e->name && count + 1 < FIXED_NAMES; e++)
		if ((field != 6 || in_006(e)) && !has_name(names, count, e->name))
			names[count++] = e->name;
	names[count] = NULL;
}

static const char *meaning_of(const struct coded *values, struct span code)
{
	for (; values->code; values++)
		if (span_eq(code, span_str(values->code)))
			return values->meaning;
	return NULL;
}

static bool is_all_blank(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] != ' ')
			return false;
	return true;
}

enum status fixed_meaning(const struct coded *values, struct span value, struct buf *out)
{
	size_t width = values ? strlen(values[0].code) : 0;
	size_t start = out->len;

	for (size_t at = 0; values && at + width <= value.len; at += width) {
		struct span code = span_of(value.ptr + at, width);
		const char *meaning = meaning_of(values, code);

		/* in a list of codes blanks fill up; alone, or first, they say something */
		if (!meaning || (at > 0 && is_all_blank(code)))
			continue;
		if (out->len > start)
			TRY(buf_add_str(out, "; "));
		TRY(buf_add_str(out, meaning));
	}
	return STATUS_OK;
}
