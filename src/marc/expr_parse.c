/* expr_parse.c: or, and, not, parentheses; the comparisons themselves are in expr_compare.c.
 *
 * The same grammar serves expressions and conditions in braces. A chain of or, and is one node with many
 * children, so the tree is only as deep as parentheses and braces are, and these are counted. */
#include "marc/path_internal.h"

struct expr_node *parse_node(struct parse *ps, enum node_kind kind)
{
	struct expr_node *node = pool_alloc(ps->pool, sizeof(*node));

	if (node)
		node->kind = kind;
	return node;
}

static enum status parse_group(struct parse *ps, struct expr_node **out)
{
	const uint8_t *open = ps->at++;

	TRY(parse_deeper(ps));
	TRY(parse_or(ps, out));
	ps->depth--;
	lex_blanks(ps);
	if (ps->at == ps->end)
		return parse_fail(ps, open, "the parenthesis is not closed");
	if (!lex_take(ps, ")"))
		return parse_fail(ps, ps->at, "here the parenthesis should close or go on with and, or");
	return STATUS_OK;
}

static enum status parse_asked(struct parse *ps, struct expr_node **out)
{
	const uint8_t *from = ps->at;

	ps->at++;
	TRY(parse_comparison(ps, false, out));
	if ((*out)->kind != NODE_EXISTS)
		return parse_fail(ps, from, "? asks only whether something is there; leave it out before a "
				  "comparison");
	return STATUS_OK;
}

/* `245 or or 246`: better said of the word than of a tag that it is not. */
static bool joint_stands_here(const struct parse *from)
{
	struct parse ps = *from;

	return lex_take_word(&ps, "and") || lex_take_word(&ps, "or") || lex_take(&ps, "&&") ||
	       lex_take(&ps, "||");
}

static enum status parse_primary(struct parse *ps, struct expr_node **out)
{
	if (joint_stands_here(ps))
		return parse_fail(ps, ps->at, "in front of this word a condition is missing");
	if (ps->at == ps->end)
		return parse_fail(ps, ps->at, "a condition is missing: a path, with a comparison or without");
	if (lex_peek(ps, 0) == '(')
		return parse_group(ps, out);
	if (lex_peek(ps, 0) == '?')
		return parse_asked(ps, out);
	if (lex_take(ps, "#"))
		return parse_count(ps, out);
	if (lex_take_word(ps, "all")) {
		lex_blanks(ps);
		return parse_comparison(ps, true, out);
	}
	return parse_comparison(ps, false, out);
}

/* `!` and `not`, but neither != and !~ nor `not in` of a brace whose left side is missing. */
static bool take_not(struct parse *ps)
{
	struct operator op;

	lex_blanks(ps);
	if (ps->outer && peek_operator(ps, &op))
		return false;
	return lex_take_word(ps, "not") || lex_take(ps, "!");
}

static enum status parse_not(struct parse *ps, struct expr_node **out)
{
	bool negate = false;
	struct expr_node *inner;

	while (take_not(ps))
		negate = !negate;
	TRY(parse_primary(ps, &inner));
	*out = inner;
	if (!negate)
		return STATUS_OK;
	*out = parse_node(ps, NODE_NOT);
	if (!*out)
		return STATUS_MEMORY;
	(*out)->child = inner;
	return STATUS_OK;
}

static bool take_joint(struct parse *ps, enum node_kind kind)
{
	lex_blanks(ps);
	if (kind == NODE_AND)
		return lex_take(ps, "&&") || lex_take_word(ps, "and");
	return lex_take(ps, "||") || (ps->outer && lex_take(ps, "|")) || lex_take_word(ps, "or");
}

static enum status parse_chain(struct parse *ps, enum node_kind kind, struct expr_node **out)
{
	struct expr_node *more, **end;

	TRY(kind == NODE_OR ? parse_chain(ps, NODE_AND, out) : parse_not(ps, out));
	if (!take_joint(ps, kind))
		return STATUS_OK;
	more = *out;
	*out = parse_node(ps, kind);
	if (!*out)
		return STATUS_MEMORY;
	(*out)->child = more;
	end = &more->next;
	do {
		TRY(kind == NODE_OR ? parse_chain(ps, NODE_AND, &more) : parse_not(ps, &more));
		*end = more;
		end = &more->next;
	} while (take_joint(ps, kind));
	return STATUS_OK;
}

enum status parse_or(struct parse *ps, struct expr_node **out)
{
	return parse_chain(ps, NODE_OR, out);
}
