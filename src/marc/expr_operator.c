/* expr_operator.c: which operator stands at the cursor.
 *
 * Outside of braces that is a table. Inside, MARCspec was there first: {$a=$b} compares two subfields and
 * {$a=^2} a subfield with an indicator, so =^ =$ !~ are ours only when a string or a regex follows. */
#include "marc/path_internal.h"

static const struct {
	const char *text;
	enum node_test test;
	bool negate;
} sign[] = {
	{ "==", TEST_EQUAL, false },  { "!=", TEST_EQUAL, true },       { "=~", TEST_REGEX, false },
	{ "!~", TEST_REGEX, true },   { "=^", TEST_PREFIX, false },     { "=$", TEST_SUFFIX, false },
	{ "<=", TEST_LESS_EQUAL, false }, { ">=", TEST_MORE_EQUAL, false }, { "<", TEST_LESS, false },
	{ ">", TEST_MORE, false },
};

static bool is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* `in` and `not in`, whole words. */
static bool peek_in(const struct parse *from, struct operator *out)
{
	struct parse ps = *from;

	*out = (struct operator){ .test = TEST_IN };
	if (lex_take_word(&ps, "not")) {
		out->negate = true;
		lex_blanks(&ps);
	}
	if (!lex_take(&ps, "in") || !(is_blank(lex_peek(&ps, 0)) || lex_peek(&ps, 0) == '['))
		return false;
	out->len = (size_t)(ps.at - from->at);
	return true;
}

static bool peek_sign(const struct parse *from, struct operator *out)
{
	struct parse ps = *from;

	for (size_t i = 0; i < sizeof(sign) / sizeof(sign[0]); i++)
		if (lex_take(&ps, sign[i].text)) {
			*out = (struct operator){ sign[i].test, sign[i].negate, false, strlen(sign[i].text) };
			return true;
		}
	return peek_in(from, out);
}

/* ---- inside of braces ---- */

/* /35-37 with nothing but the end of the condition behind it: positions, not a regex. */
static bool is_positions(struct parse ps)
{
	int c;

	ps.at++;
	while (c = lex_peek(&ps, 0), (c >= '0' && c <= '9') || c == '#' || c == '-')
		ps.at++;
	lex_blanks(&ps);
	c = lex_peek(&ps, 0);
	return c == '}' || c == '|' || c == '{' || c == -1;
}

/* Does a quoted string or a regex with both its ends begin here? */
static bool value_of_ours(struct parse ps, size_t skip)
{
	int open;

	ps.at += skip;
	lex_blanks(&ps);
	open = lex_peek(&ps, 0);
	if ((open != '"' && open != '\'' && open != '/') || (open == '/' && is_positions(ps)))
		return false;
	for (ps.at++; ps.at < ps.end && *ps.at != open; ps.at++)
		if (*ps.at == '\\' && ps.at + 1 < ps.end)
			ps.at++;
	return ps.at < ps.end;
}

static bool peek_marcspec(struct parse ps, struct operator *out)
{
	*out = (struct operator){ .marcspec = true, .test = TEST_EQUAL, .len = 1 };
	if (lex_take(&ps, "!")) {
		out->negate = true;
		out->len = 2;
	}
	if (lex_take(&ps, "="))
		return true;
	out->test = TEST_INCLUDES;
	return lex_take(&ps, "~");
}

bool peek_operator(const struct parse *ps, struct operator *out)
{
	int c = lex_peek(ps, 0), after = lex_peek(ps, 1);

	if (!ps->outer)
		return peek_sign(ps, out);
	if ((c == '=' && (after == '^' || after == '$')) || (c == '!' && after == '~'))
		return value_of_ours(*ps, 2) ? peek_sign(ps, out) : peek_marcspec(*ps, out);
	if (c == '=' && (after == '=' || after == '~'))
		return peek_sign(ps, out);
	return peek_marcspec(*ps, out) || peek_sign(ps, out);
}
