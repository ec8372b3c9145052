/* reader_make.c: what a field or subfield says to a reader, as text: joined, trimmed, normalised.
 *
 * A value that is cleaned away is no value. Enumeration is the one that looks at other fields: the
 * captions of 863 stand in the 853 with the same link number ($8), and a display without them would be
 * bare numbers. */
#include "marc/clean.h"
#include "marc/fixed.h"
#include "marc/identifier.h"
#include "marc/reader.h"

bool reader_has_code(const struct reader_source *s, uint8_t code)
{
	const char *codes = s->codes;

	if (!code)
		return false;
	if (codes[0] != '^')
		return strchr(codes, code);
	bool listed = strchr(codes + 1, code);
	return code >= '0' && code <= '9' ? listed : !listed;
}

/* Keep what is left of out's text, which `kept` lies in. */
static void keep(struct buf *out, struct span kept)
{
	if (kept.len > 0)
		memmove(out->ptr, kept.ptr, kept.len);
	out->len = kept.len;
}

/* ---- whole fields ---- */

static bool is_division(uint8_t code)
{
	return code && strchr("vxyz", code);
}

static enum status join(const struct reader_walk *w, struct buf *out, bool *any)
{
	struct subfield_walk walk = subfields_of(w->field);
	struct subfield sub;

	*any = false;
	while (subfield_next(&walk, &sub)) {
		if (w->source->make == MAKE_NAME && sub.code == 't')
			break;
		if (!reader_has_code(w->source, sub.code) || (!w->raw && clean_blanks(sub.value).len == 0))
			continue;
		if (*any && !w->raw && w->source->make == MAKE_HEADING && is_division(sub.code))
			TRY(buf_add_str(out, " -- "));
		else if (*any)
			TRY(buf_add_byte(out, ' '));
		TRY(buf_add_span(out, w->raw ? sub.value : clean_blanks(sub.value)));
		*any = true;
	}
	return STATUS_OK;
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

/* Three letters of a language, in lower case. */
static bool language_code(struct span t, char out[3])
{
	if (t.len != 3)
		return false;
	for (size_t i = 0; i < 3; i++) {
		out[i] = (char)lower(t.ptr[i]);
		if (out[i] < 'a' || out[i] > 'z')
			return false;
	}
	return true;
}

/* MARC 21 Bibliographic 008/35-37; Holdings 008/22-24. */
static enum status language008(const struct reader_walk *w, struct buf *out, bool *got)
{
	struct span t = fixed_chars(field_span(w->field), w->kind == KIND_HOLDINGS ? 22 : 35, 3);
	char code[3];

	if (w->raw) {
		*got = t.len > 0;
		return buf_add_span(out, t);
	}
	*got = language_code(t, code);
	return *got ? buf_add(out, code, 3) : STATUS_OK;
}

/* ---- enumeration and chronology: MARC 21 Holdings 853-855, 863-865 ---- */

static struct span subfield_of(const struct field *f, uint8_t code)
{
	struct subfield_walk walk = subfields_of(f);
	struct subfield sub;

	while (subfield_next(&walk, &sub))
		if (sub.code == code)
			return sub.value;
	return span_of(NULL, 0);
}

/* $8 up to its point: 3.12 belongs to caption 3. */
static struct span link_number(const struct field *f)
{
	struct span link = clean_blanks(subfield_of(f, '8'));
	const uint8_t *point = link.len ? memchr(link.ptr, '.', link.len) : NULL;

	return point ? span_of(link.ptr, (size_t)(point - link.ptr)) : link;
}

static const struct field *captions_of(const struct record *r, const struct field *f)
{
	uint32_t tag = f->tag - 0x100u, from = 0; /* 863 -> 853 */
	struct span link = link_number(f);
	const struct field *caption;

	while (link.len > 0 && (caption = record_next(r, tag, &from)))
		if (span_eq(link_number(caption), link))
			return caption;
	return NULL;
}

/* Levels first..last of f, each behind its caption; a caption in brackets is not shown: (year). */
static enum status add_levels(const struct field *f, const struct field *captions, uint8_t first, uint8_t last,
			      struct buf *out)
{
	struct subfield_walk walk = subfields_of(f);
	struct subfield sub;
	size_t start = out->len;

	while (subfield_next(&walk, &sub)) {
		struct span value = clean_blanks(sub.value);

		if (sub.code < first || sub.code > last || value.len == 0)
			continue;
		struct span caption = captions ? clean_blanks(subfield_of(captions, sub.code)) : span_of(NULL, 0);
		if (out->len > start)
			TRY(buf_add_byte(out, ':'));
		if (caption.len > 0 && caption.ptr[0] != '(' && caption.ptr[0] != '*')
			TRY(buf_add_span(out, caption));
		TRY(buf_add_span(out, value));
	}
	return STATUS_OK;
}

/* Enumeration is $a-$h, chronology $i-$m; without enumeration chronology stands alone. */
static enum status enumeration(const struct reader_walk *w, struct buf *out)
{
	const struct field *captions = captions_of(w->record, w->field);

	TRY(add_levels(w->field, captions, 'a', 'h', out));
	if (out->len == 0)
		return add_levels(w->field, captions, 'i', 'm', out);
	size_t before = out->len;
	TRY(buf_add_str(out, " ("));
	TRY(add_levels(w->field, captions, 'i', 'm', out));
	if (out->len == before + 2) {
		out->len = before;
		return STATUS_OK;
	}
	return buf_add_byte(out, ')');
}

enum status reader_make_field(const struct reader_walk *w, struct buf *out, bool *got)
{
	if (w->source->make == MAKE_LANGUAGE008)
		return language008(w, out, got);
	if (w->source->make == MAKE_ENUMERATION && !w->raw) {
		TRY(enumeration(w, out));
		*got = out->len > 0;
		return STATUS_OK;
	}
	TRY(join(w, out, got));
	if (w->raw)
		return STATUS_OK;
	if (w->source->make == MAKE_TEXT || w->source->make == MAKE_NAME || w->source->make == MAKE_HEADING)
		keep(out, clean_text(buf_span(out)));
	*got = out->len > 0;
	return STATUS_OK;
}

/* ---- single subfields ---- */

/* Codes of three letters, several of them without a gap before 2001; other codes ($2) are given as they
 * are. */
static enum status language(struct reader_walk *w, struct span value, struct buf *out, bool *got)
{
	struct span t = clean_blanks(value);
	bool other = w->field->len > 1 && w->field->ptr[1] == '7';
	char code[3];

	w->rest = span_of(NULL, 0);
	if (other || t.len % 3 != 0) {
		*got = t.len > 0;
		return buf_add_span(out, t);
	}
	for (; t.len > 0; t = span_of(t.ptr + 3, t.len - 3)) {
		*got = language_code(span_of(t.ptr, 3), code);
		if (!*got)
			continue;
		w->rest = span_of(t.ptr + 3, t.len - 3);
		return buf_add(out, code, 3);
	}
	return STATUS_OK;
}

enum status reader_make_value(struct reader_walk *w, struct span value, struct buf *out, bool *got)
{
	struct span rest;
	char text[64];
	size_t len = 0;

	*got = true;
	if (w->raw)
		return buf_add_span(out, value);
	switch (w->source->make) {
	case MAKE_LANGUAGE:
		*got = false;
		return language(w, value, out, got);
	case MAKE_ISBN:
		len = identifier_isbn13(value, text);
		break;
	case MAKE_ISSN:
		len = identifier_issn(value, text, &rest) == IDENTIFIER_OK ? 9 : 0;
		break;
	case MAKE_LCCN:
		len = identifier_lccn(value, text) == IDENTIFIER_OK ? strlen(text) : 0;
		break;
	default:
		value = clean_text(value);
		*got = value.len > 0;
		return buf_add_span(out, value);
	}
	*got = len > 0;
	return buf_add(out, text, len);
}
