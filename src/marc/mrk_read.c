/* mrk_read.c: lines of the mnemonic form into fields.
 *
 * Made for records that people write in scripts and tests, so it is strict: what cannot be meant is an
 * error with its line and column, and nothing is guessed. The caret is where the reader stood: every
 * step takes the cursor and leaves it at the trouble. */
#include "marc/mrk_read.h"

#include "base/utf8.h"

/* A line and the place within it. */
struct line {
	const uint8_t *begin, *at, *end;
};

void mrk_reader_init(struct mrk_reader *r, struct span text)
{
	*r = (struct mrk_reader){ .rest = text, .line = 1 };
	buf_init(&r->field, BUF_NO_LIMIT);
}

void mrk_reader_release(struct mrk_reader *r)
{
	buf_release(&r->field);
}

static enum status fail(struct mrk_reader *r, const struct line *l, const char *message)
{
	r->error = message;
	r->error_line = r->line;
	r->error_column = (uint32_t)utf8_count(span_of(l->begin, (size_t)(l->at - l->begin))) + 1;
	return STATUS_INVALID;
}

static bool at_blank(const struct line *l)
{
	return l->at < l->end && (*l->at == ' ' || *l->at == '\t');
}

/* The first line of what is left, which is not taken yet. */
static struct line peek_line(const struct mrk_reader *r)
{
	const uint8_t *stop = r->rest.len ? memchr(r->rest.ptr, '\n', r->rest.len) : NULL;
	struct line l = { .begin = r->rest.ptr, .at = r->rest.ptr };

	l.end = stop ? stop : r->rest.ptr + r->rest.len;
	if (l.end > l.begin && l.end[-1] == '\r')
		l.end--;
	while (at_blank(&l))
		l.at++;
	return l;
}

static void take_line(struct mrk_reader *r)
{
	const uint8_t *stop = memchr(r->rest.ptr, '\n', r->rest.len);
	size_t len = stop ? (size_t)(stop - r->rest.ptr) + 1 : r->rest.len;

	r->rest = span_of(r->rest.ptr + len, r->rest.len - len);
	r->line++;
}

/* ---- text ---- */

/* The character behind the mnemonic at the cursor, which moves behind it; 0: none that is known. */
static uint8_t read_mnemonic(struct line *l)
{
	static const struct {
		const char *name;
		uint8_t byte;
	} mnemonics[] = {
		{ "{dollar}", '$' },
		{ "{lcub}", '{' },
		{ "{rcub}", '}' },
		{ "{bsol}", '\\' },
	};

	for (size_t i = 0; i < sizeof(mnemonics) / sizeof(*mnemonics); i++) {
		struct span name = span_str(mnemonics[i].name);

		if ((size_t)(l->end - l->at) >= name.len && memcmp(l->at, name.ptr, name.len) == 0) {
			l->at += name.len;
			return mnemonics[i].byte;
		}
	}
	return 0;
}

/* Text up to the end of the line or, in data fields, the next `$`. */
static enum status read_text(struct mrk_reader *r, struct line *l, bool data)
{
	while (l->at < l->end && !(data && *l->at == '$')) {
		uint8_t c = *l->at;

		if (c == '{') {
			c = read_mnemonic(l);
			if (!c)
				return fail(r, l, "unknown mnemonic; {dollar}, {lcub}, {rcub} and {bsol} are "
						  "known, other characters stand for themselves");
		} else if (c >= MARC_RT && c <= MARC_US) {
			return fail(r, l, "a delimiter of ISO 2709 (1D, 1E, 1F) cannot be data");
		} else {
			c = c == '\\' && !data ? ' ' : c;
			l->at++;
		}
		TRY(buf_add_byte(&r->field, c));
	}
	return STATUS_OK;
}

static enum status read_indicator(struct mrk_reader *r, struct line *l)
{
	if (l->at == l->end || *l->at == '$' || !draft_indicator_ok(*l->at))
		return fail(r, l, "two indicators expected; \\ or # is a blank");
	TRY(buf_add_byte(&r->field, *l->at == '\\' || *l->at == '#' ? ' ' : *l->at));
	l->at++;
	return STATUS_OK;
}

static enum status read_subfields(struct mrk_reader *r, struct line *l)
{
	if (l->at == l->end || *l->at != '$')
		return fail(r, l, "a subfield expected: $ and its code");
	while (l->at < l->end) {
		l->at++;
		if (l->at == l->end || *l->at == '$' || !draft_code_ok(*l->at))
			return fail(r, l, "a subfield code expected behind $; {dollar} is a dollar sign");
		TRY(buf_add_byte(&r->field, MARC_US));
		TRY(buf_add_byte(&r->field, *l->at++));
		TRY(read_text(r, l, true));
	}
	return STATUS_OK;
}

/* ---- lines ---- */

/* "=245" and two blanks. */
static enum status read_tag(struct mrk_reader *r, struct line *l, struct span *tag)
{
	if (*l->at != '=')
		return fail(r, l, "a line begins with = and a tag");
	l->at++;
	*tag = span_of(l->at, (size_t)(l->end - l->at) < 3 ? (size_t)(l->end - l->at) : 3);
	if (!draft_tag_ok(*tag))
		return fail(r, l, "a tag of three letters or digits expected behind =");
	l->at += 3;
	for (int i = 0; i < 2; i++, l->at++)
		if (l->at == l->end || *l->at != ' ')
			return fail(r, l, "two blanks expected behind the tag");
	return STATUS_OK;
}

static bool is_leader(struct span tag)
{
	return span_eq(tag, SPAN_LIT("LDR")) || span_eq(tag, SPAN_LIT("000"));
}

/* All but what the writer computes (0-4, 12-16). */
static enum status set_leader(struct mrk_reader *r, struct line *l, struct draft *d)
{
	struct line begin = *l;

	TRY(read_text(r, l, false));
	if (r->field.len != LEADER_LEN)
		return fail(r, &begin, "a leader of 24 characters expected");

	enum status st = draft_set_leader(d, 5, span_of(r->field.ptr + 5, 7));

	if (st == STATUS_OK)
		st = draft_set_leader(d, 17, span_of(r->field.ptr + 17, 7));
	return st == STATUS_INVALID ? fail(r, &begin, "a leader of printable ASCII characters expected") : st;
}

static enum status add_field(struct mrk_reader *r, struct line *l, struct draft *d, struct span tag)
{
	uint32_t number = MARC_TAG(tag.ptr[0], tag.ptr[1], tag.ptr[2]);

	if (tag_is_control(number)) {
		TRY(read_text(r, l, false));
	} else {
		TRY(read_indicator(r, l));
		TRY(read_indicator(r, l));
		TRY(read_subfields(r, l));
	}
	enum status st = draft_insert(d, d->view.count, number, buf_span(&r->field));

	return st == STATUS_INVALID ? fail(r, l, "the field is too long or not well formed") : st;
}

/* Skip empty lines; false at the end of the text. */
static bool find_record(struct mrk_reader *r)
{
	while (r->rest.len > 0) {
		struct line l = peek_line(r);

		if (l.at < l.end)
			return true;
		take_line(r);
	}
	return false;
}

enum status mrk_read(struct mrk_reader *r, struct arena *arena, struct draft **out)
{
	struct draft *d;
	bool begun = false;

	*out = NULL;
	if (!find_record(r))
		return STATUS_OK;
	d = draft_new(arena, NULL);
	if (!d)
		return STATUS_MEMORY;
	while (r->rest.len > 0) {
		struct line l = peek_line(r);
		struct span tag;

		if (l.at == l.end)
			break;
		TRY(read_tag(r, &l, &tag));
		if (is_leader(tag) && begun)
			break;
		begun = true;
		r->field.len = 0;
		TRY(is_leader(tag) ? set_leader(r, &l, d) : add_field(r, &l, d, tag));
		take_line(r);
	}
	*out = d;
	return STATUS_OK;
}
