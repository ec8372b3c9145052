/* expr_compare.c: one comparison, existence or count.
 *
 * In braces the left side may be missing: then it is the value in front of the brace. */
#include "marc/path_internal.h"

static const struct path_part nothing_more = { .target = PATH_FIELD };
static const struct path value_at_hand = {
	.scope = SCOPE_VALUE, .part_count = 1, .part = (struct path_part *)(uintptr_t)&nothing_more
};

static enum status parse_left(struct parse *ps, struct operand *out)
{
	struct operator op;
	struct path *p;

	out->kind = OPERAND_PATH;
	out->path = &value_at_hand;
	if (ps->outer && peek_operator(ps, &op))
		return STATUS_OK;
	if (ps->outer && lex_peek(ps, 0) == '\\') {
		out->kind = OPERAND_TEXT;
		return parse_comparison_string(ps, &out->text);
	}
	if (lex_peek(ps, 0) == '"' || lex_peek(ps, 0) == '\'')
		return parse_fail(ps, ps->at, "a comparison starts with the path: 008/35-37 == \"eng\"");
	TRY(parse_path(ps, &p));
	out->path = p;
	return STATUS_OK;
}

/* What is nearly an operator. */
static enum status check_no_operator(struct parse *ps)
{
	int c = lex_peek(ps, 0), after = lex_peek(ps, 1);

	if (ps->outer)
		return STATUS_OK;
	if (c == '=')
		return parse_fail(ps, ps->at, "equal is written ==");
	if (c == '~')
		return parse_fail(ps, ps->at, "a search for a regex is written =~ /text/");
	if ((c == '|' && after != '|') || (c == '&' && after != '&'))
		return parse_fail(ps, ps->at, "alternatives are written or (||), joint conditions and (&&)");
	return STATUS_OK;
}

/* MARCspec's {a?b} and {a!b} ask for b alone. */
static enum status parse_existence(struct parse *ps, struct operand *left, struct expr_node **out)
{
	bool negate = false;

	if (ps->outer && (lex_peek(ps, 0) == '?' || lex_peek(ps, 0) == '!')) {
		negate = *ps->at++ == '!';
		TRY(parse_left(ps, left));
	}
	TRY(check_no_operator(ps));
	*out = parse_node(ps, NODE_EXISTS);
	if (!*out)
		return STATUS_MEMORY;
	(*out)->left = *left;
	(*out)->negate = negate;
	return STATUS_OK;
}

enum status parse_comparison(struct parse *ps, bool all, struct expr_node **out)
{
	struct operand left = { .kind = OPERAND_PATH };
	const uint8_t *from = ps->at;
	struct operator op;

	TRY(parse_left(ps, &left));
	lex_blanks(ps);
	if (!peek_operator(ps, &op))
		return all ? parse_fail(ps, from, "all needs a comparison: all 650^2 == \"0\"") :
			     parse_existence(ps, &left, out);
	*out = parse_node(ps, NODE_COMPARE);
	if (!*out)
		return STATUS_MEMORY;
	ps->at += op.len;
	if (op.marcspec)
		TRY(parse_check_no_control(ps));
	lex_blanks(ps);
	(*out)->left = left;
	(*out)->test = op.test;
	(*out)->negate = op.negate;
	(*out)->all = all;
	return parse_value(ps, &op, *out);
}

/* The cursor stands behind the #. */
enum status parse_count(struct parse *ps, struct expr_node **out)
{
	struct operand left = { .kind = OPERAND_PATH };
	struct operator op;
	int c;

	lex_blanks(ps);
	TRY(parse_left(ps, &left));
	lex_blanks(ps);
	if (!peek_operator(ps, &op) || op.test == TEST_REGEX || op.test == TEST_IN ||
	    op.test == TEST_PREFIX || op.test == TEST_SUFFIX || op.test == TEST_INCLUDES)
		return parse_fail(ps, ps->at, "a count is compared with a number: #650 > 1");
	ps->at += op.len;
	lex_blanks(ps);
	c = lex_peek(ps, 0);
	if (c < '0' || c > '9')
		return parse_fail(ps, ps->at, "a count is compared with a number: #650 > 1");
	*out = parse_node(ps, NODE_COUNT);
	if (!*out)
		return STATUS_MEMORY;
	(*out)->left = left;
	(*out)->test = op.test;
	(*out)->negate = op.negate;
	return lex_number(ps, &(*out)->number);
}
