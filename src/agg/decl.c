/* decl.c: the list of declared results: deep copies, so that it outlives the script text that made it.
 *
 * Every script worker declares the same results in the same order; the engine compares the lists
 * (agg_decls_equal) before it lets two sets meet. */
#include "agg/kind.h"

#include "base/alloc.h"

static void decl_release(struct agg_decl *d)
{
	for (size_t i = 0; d->columns && i < d->column_count; i++)
		mem_free(d->columns[i]);
	mem_free(d->columns);
	mem_free(d->name);
	mem_free(d->path);
	mem_free(d->list);
	mem_free(d->edge);
	*d = (struct agg_decl){ 0 };
}

static enum status copy_text(const char *from, char **to)
{
	*to = NULL;
	if (from) {
		*to = mem_dup(from, strlen(from) + 1);
		if (!*to)
			return STATUS_MEMORY;
	}
	return STATUS_OK;
}

static enum status copy_columns(const struct agg_decl *from, struct agg_decl *to)
{
	if (from->column_count == 0)
		return STATUS_OK;
	to->columns = mem_array(from->column_count, sizeof(*to->columns));
	if (!to->columns)
		return STATUS_MEMORY;
	for (; to->column_count < from->column_count; to->column_count++)
		TRY(copy_text(from->columns[to->column_count], &to->columns[to->column_count]));
	return STATUS_OK;
}

static enum status copy_texts(const struct agg_decl *from, struct agg_decl *to)
{
	TRY(copy_text(from->name, &to->name));
	TRY(copy_text(from->path, &to->path));
	TRY(copy_text(from->list, &to->list));
	if (from->edge_count > 0) {
		to->edge = mem_dup(from->edge, from->edge_count * sizeof(*to->edge));
		if (!to->edge)
			return STATUS_MEMORY;
	}
	return copy_columns(from, to);
}

enum status agg_decls_add(struct agg_decls *d, const struct agg_decl *decl)
{
	struct agg_decl copy = *decl;
	struct agg_decl *grown;

	copy.name = copy.path = copy.list = NULL;
	copy.columns = NULL;
	copy.edge = NULL;
	copy.column_count = 0;
	enum status st = copy_texts(decl, &copy);
	if (st != STATUS_OK) {
		decl_release(&copy);
		return st;
	}
	grown = mem_realloc(d->decl, (d->count + 1) * sizeof(*grown));
	if (!grown) {
		decl_release(&copy);
		return STATUS_MEMORY;
	}
	d->decl = grown;
	d->decl[d->count++] = copy;
	return STATUS_OK;
}

void agg_decls_release(struct agg_decls *d)
{
	for (size_t i = 0; i < d->count; i++)
		decl_release(&d->decl[i]);
	mem_free(d->decl);
	*d = (struct agg_decls){ 0 };
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool agg_decl_equal(const struct agg_decl *a, const struct agg_decl *b)
{
	if (a->kind != b->kind || !same_text(a->name, b->name) || !same_text(a->path, b->path) ||
	    !same_text(a->list, b->list) || a->format != b->format || a->delimiter != b->delimiter ||
	    a->bom != b->bom || a->max_open != b->max_open || a->column_count != b->column_count ||
	    a->n != b->n || a->edge_count != b->edge_count)
		return false;
	for (size_t i = 0; i < a->edge_count; i++)
		if (number_compare(&a->edge[i], &b->edge[i]) != 0)
			return false;
	for (size_t i = 0; i < a->column_count; i++)
		if (!same_text(a->columns[i], b->columns[i]))
			return false;
	return true;
}

bool agg_decls_equal(const struct agg_decls *a, const struct agg_decls *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!agg_decl_equal(&a->decl[i], &b->decl[i]))
			return false;
	return true;
}
