/* expr.c: compiling an expression and asking it. The work is in expr_parse.c and expr_eval.c. */
#include "base/alloc.h"
#include "marc/path_internal.h"

static enum status parse_all(struct parse *ps, struct expr *e)
{
	struct expr_node *root;

	TRY(parse_check_text(ps));
	lex_blanks(ps);
	if (ps->at == ps->end)
		return parse_fail(ps, ps->at, "the expression is empty");
	TRY(parse_or(ps, &root));
	lex_blanks(ps);
	if (ps->at < ps->end)
		return parse_fail(ps, ps->at, "here the expression should end or go on with and, or");
	e->root = root;
	return STATUS_OK;
}

enum status expr_compile(struct span text, struct expr **out, struct path_error *err)
{
	struct pool pool = { NULL, NULL };
	struct expr *e = pool_alloc(&pool, sizeof(*e));
	struct parse ps;

	*out = NULL;
	if (!e)
		return STATUS_MEMORY;
	parse_init(&ps, text, &pool, err);
	ps.expr = e;
	enum status st = parse_all(&ps, e);
	if (st != STATUS_OK) {
		pool_release(&pool);
		return st;
	}
	e->pool = pool;
	*out = e;
	return STATUS_OK;
}

/* The expression itself lies in its pool. */
void expr_free(struct expr *e)
{
	if (!e)
		return;
	struct pool pool = e->pool;

	pool_release(&pool);
}

uint32_t expr_binding_count(const struct expr *e)
{
	return e->binding_count;
}

struct span expr_binding_name(const struct expr *e, uint32_t i)
{
	const struct binding_name *b = e->bindings;

	for (uint32_t n = e->binding_count; b && n > i + 1; n--)
		b = b->next;
	return b && i < e->binding_count ? b->name : span_of(NULL, 0);
}

enum status expr_match_with(const struct expr *e, const struct record *r, const struct span *bound, bool *out)
{
	enum status status = STATUS_OK;
	struct scene scene = { r, NULL, bound, &status };
	bool yes = node_true(e->root, &scene);

	*out = yes && status == STATUS_OK;
	return status;
}

bool expr_match(const struct expr *e, const struct record *r)
{
	bool yes;

	return expr_match_with(e, r, NULL, &yes) == STATUS_OK && yes;
}
