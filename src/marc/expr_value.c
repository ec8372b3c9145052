/* expr_value.c: the right side of a comparison: "text", number, /regex/i, [list], :name; in braces
 * MARCspec's \text and paths as well.
 *
 * A bare word is always an error: `eng` would be a legal tag, and a comparison with a field that does not
 * exist is never what was meant. Texts are normalised (NFC) once, here. */
#include "marc/path_internal.h"

#include <stdlib.h>

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static enum status fail_word(struct parse *ps)
{
	struct span word = lex_word(ps, ps->at);

	if (word.len > 0)
		return parse_fail(ps, ps->at, "a value is a quoted string, a number, a /regex/ or a [list]; "
				  "write \"%.*s\"",
				  (int)word.len, (const char *)word.ptr);
	if (lex_peek(ps, 0) == '\\')
		return parse_fail(ps, ps->at, "\\text is for comparisons in braces; write \"text\"");
	if (ps->at == ps->end)
		return parse_fail(ps, ps->at, "the value to compare with is missing: a quoted string, a "
				  "number or a list");
	return parse_fail(ps, ps->at, "here comes a value: a quoted string, a number, a /regex/ or a [list]");
}

static bool is_quote(int c)
{
	return c == '"' || c == '\'';
}

static enum status parse_text(struct parse *ps, struct span *out)
{
	TRY(lex_quoted(ps, out));
	return pool_nfc(ps->pool, *out, out);
}

/* -?digits[.digits], copied: the text of the expression does not live as long as its tree. */
static enum status parse_number(struct parse *ps, struct span *out)
{
	const uint8_t *from = ps->at;

	lex_take(ps, "-");
	while (is_digit(lex_peek(ps, 0)) || (lex_peek(ps, 0) == '.' && is_digit(lex_peek(ps, 1))))
		ps->at++;
	*out = span_of(from, (size_t)(ps->at - from));
	if (!is_decimal(*out) || lex_word(ps, ps->at).len > 0 || lex_peek(ps, 0) == '$' ||
	    lex_peek(ps, 0) == '/') {
		ps->at = from;
		return fail_word(ps);
	}
	uint8_t *copy = pool_alloc(ps->pool, out->len);
	if (!copy)
		return STATUS_MEMORY;
	memcpy(copy, from, out->len);
	out->ptr = copy;
	return STATUS_OK;
}

static enum status parse_literal(struct parse *ps, struct span *out)
{
	int c = lex_peek(ps, 0);

	if (is_quote(c))
		return parse_text(ps, out);
	if (is_digit(c) || (c == '-' && is_digit(lex_peek(ps, 1))))
		return parse_number(ps, out);
	if (c == '/')
		return parse_fail(ps, ps->at, "a regex is compared with =~ or !~");
	return fail_word(ps);
}

/* ---- lists ---- */

static int cmp_spans(const void *a, const void *b)
{
	const struct span *one = a, *two = b;

	return span_cmp(*one, *two);
}

static enum status parse_list(struct parse *ps, struct expr_node *node)
{
	const uint8_t *open = ps->at;
	struct span *list = NULL;

	if (!lex_take(ps, "["))
		return parse_fail(ps, ps->at, "behind in comes a list: in [\"eng\", \"fre\"]");
	do {
		lex_blanks(ps);
		list = pool_grown(ps->pool, list, node->list_count, sizeof(*list));
		if (!list)
			return STATUS_MEMORY;
		TRY(parse_literal(ps, &list[node->list_count]));
		node->list_count++;
		lex_blanks(ps);
	} while (lex_take(ps, ","));
	if (ps->at == ps->end)
		return parse_fail(ps, open, "the list is not closed");
	if (!lex_take(ps, "]"))
		return parse_fail(ps, ps->at, "the values of a list are separated by commas and end with ]");
	qsort(list, node->list_count, sizeof(*list), cmp_spans);
	node->list = list;
	return STATUS_OK;
}

/* ---- regexes ---- */

/* The slash inside is written \/, which PCRE2 reads as a slash: the text goes through as it stands. */
static enum status parse_slashed(struct parse *ps, struct expr_node *node)
{
	const uint8_t *open = ps->at++;

	for (; ps->at < ps->end && *ps->at != '/'; ps->at++)
		if (*ps->at == '\\' && ps->at + 1 < ps->end)
			ps->at++;
	if (ps->at == ps->end)
		return parse_fail(ps, open, "the regex has no closing slash; a slash inside is written \\/");
	struct span pattern = span_of(open + 1, (size_t)(ps->at - open - 1));

	ps->at++;
	struct span flags = lex_word(ps, ps->at);
	ps->at += flags.len;
	return regex_compile(ps, open + 1, pattern, flags, &node->regex);
}

static enum status parse_regex(struct parse *ps, struct expr_node *node)
{
	const uint8_t *from = ps->at;
	struct span pattern;

	if (lex_peek(ps, 0) == '/')
		return parse_slashed(ps, node);
	if (!is_quote(lex_peek(ps, 0)))
		return parse_fail(ps, from, "behind =~ and !~ comes a regex: /text/ or /text/i");
	TRY(lex_quoted(ps, &pattern));
	return regex_compile(ps, from + 1, pattern, span_of(NULL, 0), &node->regex);
}

/* ---- :name ---- */

static enum status new_binding(struct parse *ps, struct span name, uint32_t *out)
{
	struct binding_name *b = pool_alloc(ps->pool, sizeof(*b));
	uint8_t *copy = pool_alloc(ps->pool, name.len);

	if (!b || !copy)
		return STATUS_MEMORY;
	memcpy(copy, name.ptr, name.len);
	b->name = span_of(copy, name.len);
	b->next = ps->expr->bindings;
	ps->expr->bindings = b;
	*out = ps->expr->binding_count++;
	return STATUS_OK;
}

/* The list is newest first, so places count down along it. */
static enum status parse_binding(struct parse *ps, struct operand *out)
{
	const uint8_t *colon = ps->at++;
	struct span name = lex_word(ps, ps->at);

	if (ps->outer || !ps->expr)
		return parse_fail(ps, colon, "a :name stands in expressions, outside of braces");
	if (name.len == 0)
		return parse_fail(ps, colon, "behind : comes the name of a value: 001 == :id");
	ps->at += name.len;
	out->kind = OPERAND_BINDING;
	out->binding = ps->expr->binding_count;
	for (const struct binding_name *b = ps->expr->bindings; b; b = b->next) {
		out->binding--;
		if (span_eq(b->name, name))
			return STATUS_OK;
	}
	return new_binding(ps, name, &out->binding);
}

/* ---- the value ---- */

static bool is_order(enum node_test test)
{
	return test == TEST_LESS || test == TEST_LESS_EQUAL || test == TEST_MORE || test == TEST_MORE_EQUAL;
}

static enum status parse_path_operand(struct parse *ps, struct operand *out)
{
	struct path *p;

	TRY(parse_path(ps, &p));
	out->kind = OPERAND_PATH;
	out->path = p;
	return STATUS_OK;
}

static bool is_path_operand(const struct parse *ps, const struct operator *op)
{
	int c = lex_peek(ps, 0);

	if (!ps->outer || is_quote(c))
		return false;
	return c == '$' || c == '^' || c == '/' || (op->marcspec && (c == '[' || is_tag_char(c)));
}

enum status parse_value(struct parse *ps, const struct operator *op, struct expr_node *node)
{
	const uint8_t *from = ps->at;

	if (op->test == TEST_REGEX)
		return parse_regex(ps, node);
	if (op->test == TEST_IN)
		return parse_list(ps, node);
	if (is_path_operand(ps, op) && (op->marcspec || is_order(op->test)))
		return parse_path_operand(ps, &node->right);
	node->right.kind = OPERAND_TEXT;
	if (op->marcspec && lex_peek(ps, 0) == '\\')
		return parse_comparison_string(ps, &node->right.text);
	if (lex_peek(ps, 0) == ':')
		return parse_binding(ps, &node->right);
	TRY(parse_literal(ps, &node->right.text));
	if (is_order(op->test) && !is_decimal(node->right.text))
		return parse_fail(ps, from, "< <= > >= compare numbers, digits with or without a fraction");
	return STATUS_OK;
}
