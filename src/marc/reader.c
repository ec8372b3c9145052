/* reader.c: the walk of a reader over a record: which field is next, which row of the table it answers
 * to.
 *
 * Rows have turns: 264 is asked first and 260 only when it gave nothing. Each turn is a pass over the
 * fields, so that values come in record order. What a field says is made in reader_make.c. */
#include "marc/reader.h"

#include "marc/fixed.h"

#define NO_TAG 1000 /* tags with letters: no reader asks for them */

static unsigned tag_number(uint32_t tag)
{
	unsigned a = (tag >> 16 & 255) - '0', b = (tag >> 8 & 255) - '0', c = (tag & 255) - '0';

	return a > 9 || b > 9 || c > 9 ? NO_TAG : a * 100 + b * 10 + c;
}

static bool has_indicators(const struct reader_source *s, const struct field *f)
{
	if (!s->ind1 && !s->ind2)
		return true;
	if (f->len < 2)
		return false;
	return (!s->ind1 || s->ind1 == (char)f->ptr[0]) && (!s->ind2 || s->ind2 == (char)f->ptr[1]);
}

/* The row of this turn that the field answers to, NULL when none. */
static const struct reader_source *source_of(const struct reader_walk *w, const struct field *f)
{
	unsigned tag = tag_number(f->tag);

	for (size_t i = 0; i < w->reader->count; i++) {
		const struct reader_source *s = &w->reader->source[i];

		if (tag >= s->first && tag <= s->last && s->turn == w->turn && (s->kinds & w->kind) &&
		    has_indicators(s, f))
			return s;
	}
	return NULL;
}

static bool next_field(struct reader_walk *w)
{
	while (w->next < w->record->count) {
		const struct field *f = &w->record->field[w->next++];

		w->source = source_of(w, f);
		if (w->source) {
			w->field = f;
			w->sub = subfields_of(f);
			return true;
		}
	}
	return false;
}

static uint8_t last_turn(const struct reader *reader)
{
	return reader->source[reader->count - 1].turn; /* rows stand in order of turns */
}

void reader_begin(struct reader_walk *w, const struct reader *reader, const struct record *r, bool raw)
{
	*w = (struct reader_walk){ .reader = reader, .record = r, .kind = record_kind(r), .raw = raw };
}

/* The next subfield of the field at hand that gives something; without one the field is done. */
static enum status next_value(struct reader_walk *w, struct buf *out, bool *got)
{
	struct subfield sub;

	if (w->rest.len > 0) {
		TRY(reader_make_value(w, w->rest, out, got));
		if (*got)
			return STATUS_OK;
	}
	while (subfield_next(&w->sub, &sub)) {
		if (!reader_has_code(w->source, sub.code))
			continue;
		TRY(reader_make_value(w, sub.value, out, got));
		if (*got)
			return STATUS_OK;
	}
	w->field = NULL;
	return STATUS_OK;
}

enum status reader_next(struct reader_walk *w, struct buf *out, bool *more)
{
	*more = false;
	while (!*more) {
		out->len = 0;
		if (!w->field && !next_field(w)) {
			if (w->found || w->turn >= last_turn(w->reader))
				return STATUS_OK;
			w->turn++;
			w->next = 0;
			continue;
		}
		if (w->source->make >= MAKE_EACH) {
			TRY(next_value(w, out, more));
		} else {
			TRY(reader_make_field(w, out, more));
			w->field = NULL;
		}
	}
	w->found = true;
	return STATUS_OK;
}

/* ---- what is no text ---- */

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* The first run of exactly four digits, 0000 left out; -1 when there is none. */
static int first_year(struct span t)
{
	for (size_t i = 0; i < t.len;) {
		size_t from = i;
		int year = 0;

		for (; i < t.len && is_digit(t.ptr[i]); i++)
			year = i - from < 4 ? year * 10 + (t.ptr[i] - '0') : 0;
		if (i - from == 4 && year > 0)
			return year;
		i += i == from;
	}
	return -1;
}

static const struct reader *reader_named(const char *name)
{
	size_t i = 0;

	while (strcmp(readers[i].name, name) != 0)
		i++;
	return &readers[i];
}

enum status reader_year(const struct record *r, struct buf *scratch, int *year)
{
	const struct field *f = record_first(r, MARC_TAG('0', '0', '8'));
	struct reader_walk w;
	bool more;

	*year = -1;
	if (!(record_kind(r) & (KIND_BIBLIOGRAPHIC | KIND_UNKNOWN)))
		return STATUS_OK;
	if (f)
		*year = first_year(fixed_chars(field_span(f), 7, 4)); /* Date 1 */
	if (*year >= 0)
		return STATUS_OK;
	reader_begin(&w, reader_named("publication_date"), r, true);
	for (;;) {
		TRY(reader_next(&w, scratch, &more));
		if (!more)
			return STATUS_OK;
		*year = first_year(buf_span(scratch));
		if (*year >= 0)
			return STATUS_OK;
	}
}

const struct field *reader_heading(const struct record *r)
{
	if (record_kind(r) != KIND_AUTHORITY)
		return NULL;
	for (uint32_t i = 0; i < r->count; i++)
		if (r->field[i].tag >> 16 == '1')
			return &r->field[i];
	return NULL;
}
