/* path_subspec.c: conditions in braces behind a field, a subfield or an index.
 *
 * {a}{b} is and, {a|b} is or. What is inside is an expression (expr_parse.c) that knows what stands in
 * front of the brace; only MARCspec's comparison strings (\text) are read here. */
#include "marc/path_internal.h"

static enum status parse_condition(struct parse *ps, const struct outer_spec *outer, struct expr_node **out)
{
	const struct outer_spec *above = ps->outer;
	const uint8_t *open = ps->at++;

	TRY(parse_deeper(ps));
	ps->outer = outer;
	TRY(parse_or(ps, out));
	ps->outer = above;
	ps->depth--;
	lex_blanks(ps);
	if (ps->at == ps->end)
		return parse_fail(ps, open, "the brace is not closed");
	if (!lex_take(ps, "}"))
		return parse_fail(ps, ps->at, "here the condition should end with } or go on with |, and, "
				  "or");
	return STATUS_OK;
}

static enum status join(struct parse *ps, const struct expr_node **where, struct expr_node *more)
{
	struct expr_node *both;

	if (!*where) {
		*where = more;
		return STATUS_OK;
	}
	both = parse_node(ps, NODE_AND);
	struct expr_node *first = pool_alloc(ps->pool, sizeof(*first));
	if (!both || !first)
		return STATUS_MEMORY;
	*first = **where;
	first->next = more;
	both->child = first;
	*where = both;
	return STATUS_OK;
}

/* Many braces in a row are counted as depth too: each makes the tree one deeper. */
enum status parse_conditions(struct parse *ps, const struct path_part *part, const struct path_item *item,
			     const struct expr_node **where)
{
	struct outer_spec outer = { part, item };
	unsigned depth = ps->depth;

	while (lex_peek(ps, 0) == '{') {
		struct expr_node *more;

		TRY(parse_condition(ps, &outer, &more));
		TRY(join(ps, where, more));
		TRY(parse_deeper(ps));
	}
	ps->depth = depth;
	return STATUS_OK;
}

static bool is_escaped(int c)
{
	return c > 0 && strchr("${}!=~?|", c) != NULL;
}

/* MARCspec: \s is a blank, signs of the grammar follow a backslash, others stand for themselves. An =
 * needs none. */
enum status parse_comparison_string(struct parse *ps, struct span *out)
{
	uint8_t *text = pool_alloc(ps->pool, (size_t)(ps->end - ps->at));
	size_t len = 0;

	if (!text)
		return STATUS_MEMORY;
	ps->at++;
	for (; ps->at < ps->end && *ps->at != '}' && *ps->at != '|' && *ps->at > ' '; ps->at++) {
		int after = lex_peek(ps, 1);

		text[len] = *ps->at;
		if (*ps->at == '\\' && (is_escaped(after) || after == 's')) {
			text[len] = after == 's' ? ' ' : (uint8_t)after;
			ps->at++;
		} else if (is_escaped(*ps->at) && *ps->at != '=') {
			return parse_fail(ps, ps->at, "in a comparison string %c is written \\%c, a blank "
					  "\\s", *ps->at,
					  *ps->at);
		}
		len++;
	}
	return pool_nfc(ps->pool, span_of(text, len), out);
}
