/* path_items.c: the small pieces behind a tag: ranges of numbers and sets of codes.
 *
 * A range is kept as it was meant, forwards from the start or backwards from the end, and resolved
 * against a length only when there is one. */
#include "marc/path_internal.h"

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_lower(int c)
{
	return c >= 'a' && c <= 'z';
}

/* ---- ranges ---- */

/* A number, or # as UINT32_MAX. */
static enum status parse_position(struct parse *ps, uint32_t *out, const char *what)
{
	*out = UINT32_MAX;
	if (lex_take(ps, "#"))
		return STATUS_OK;
	if (!is_digit(lex_peek(ps, 0)))
		return parse_fail(ps, ps->at, "here comes %s: a number from 0, # for the last, or a range "
				  "0-2", what);
	return lex_number(ps, out);
}

enum status parse_range(struct parse *ps, struct range *out, const char *what)
{
	const uint8_t *from = ps->at;
	uint32_t first, last;

	TRY(parse_position(ps, &first, what));
	last = first;
	if (lex_take(ps, "-"))
		TRY(parse_position(ps, &last, what));
	if (first == UINT32_MAX)
		*out = (struct range){ RANGE_BACKWARD, 0, last == UINT32_MAX ? 0 : last };
	else if (first > last)
		return parse_fail(ps, from, "the range runs backwards: %u comes after %u", first, last);
	else
		*out = (struct range){ RANGE_FORWARD, first, last };
	if (is_digit(lex_peek(ps, 0)) || lex_peek(ps, 0) == '#' || lex_peek(ps, 0) == '-')
		return parse_fail(ps, ps->at, "the range should end here; it has at most two ends");
	return STATUS_OK;
}

void range_resolve(const struct range *r, uint32_t total, uint32_t *first, uint32_t *end)
{
	*first = r->first;
	*end = total;
	if (r->kind == RANGE_BACKWARD)
		*first = total > r->last ? total - r->last - 1 : 0;
	else if (r->kind == RANGE_FORWARD && r->last < total)
		*end = r->last + 1;
	if (*first > *end)
		*first = *end;
}

/* ---- codes ---- */

static void add_code(struct path *p, struct code_set *set, uint8_t code)
{
	code_set_add(set, code);
	if (code_set_has(&p->codes, code))
		return;
	code_set_add(&p->codes, code);
	p->order[p->order_count++] = code;
}

/* The end of a-z when the cursor stands on the dash; `first` is the code in front of it. */
static enum status parse_last(struct parse *ps, int first, int *last)
{
	int to = lex_peek(ps, 1);

	if (!(is_lower(first) && is_lower(to)) && !(is_digit(first) && is_digit(to)))
		return parse_fail(ps, ps->at, "a range of codes goes from letter to letter or digit to "
				  "digit: $a-c, $0-9");
	if (first > to)
		return parse_fail(ps, ps->at, "the range of codes runs backwards: %c comes after %c", first,
				  to);
	ps->at += 2;
	*last = to;
	return STATUS_OK;
}

/* $^69, $^0-9: all but these. */
static enum status parse_negated(struct parse *ps, struct path *p, struct code_set *set)
{
	struct code_set named = { { 0, 0 } };
	int c, last;

	while (c = lex_peek(ps, 0), is_lower(c) || is_digit(c)) {
		ps->at++;
		last = c;
		if (lex_peek(ps, 0) == '-')
			TRY(parse_last(ps, c, &last));
		for (; c <= last; c++)
			code_set_add(&named, (uint8_t)c);
	}
	for (int code = 0x21; code < 0x7F; code++)
		if (!code_set_has(&named, (uint8_t)code))
			add_code(p, set, (uint8_t)code);
	return STATUS_OK;
}

/* Behind a $: any printable ASCII but the blank and the bar. */
enum status parse_codes(struct parse *ps, struct path *p, struct code_set *set)
{
	int c = lex_peek(ps, 0), after = lex_peek(ps, 1), last = c;

	if (c == '|')
		return parse_fail(ps, ps->at, "| is no subfield code; it separates alternatives and "
				  "encloses indicators");
	if (c <= ' ' || c >= 0x7F)
		return parse_fail(ps, ps->at, "after $ comes a subfield code: a letter, a digit or an ASCII "
				  "sign");
	ps->at++;
	if (c == '^' && (is_lower(after) || is_digit(after)))
		return parse_negated(ps, p, set);
	if (after == '-' && (is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z')))
		TRY(parse_last(ps, c, &last));
	for (; c <= last; c++)
		add_code(p, set, (uint8_t)c);
	return STATUS_OK;
}

enum status parse_bare_codes(struct parse *ps, struct path *p, struct code_set *set)
{
	while (is_lower(lex_peek(ps, 0)))
		add_code(p, set, *ps->at++);
	if (lex_peek(ps, 0) == '-')
		return parse_fail(ps, ps->at, "a range of codes needs a $: $%c-c", ps->at[-1]);
	return STATUS_OK;
}
