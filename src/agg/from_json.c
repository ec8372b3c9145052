/* from_json.c: reads what agg_to_json wrote, and tells whether two such files belong together. Jansson
 * reads the JSON; what a result's members mean, its kind knows. */
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>

#include "agg/set.h"
#include "base/alloc.h"

__attribute__((format(printf, 2, 3)))
static enum status refuse(struct agg_refusal *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return STATUS_INVALID;
}

/* AGG_KINDS: no such kind. */
static enum agg_kind kind_named(const char *name)
{
	int kind = 0;

	while (kind < AGG_KINDS && (!name || strcmp(agg_kind_name((enum agg_kind)kind), name) != 0))
		kind++;
	return (enum agg_kind)kind;
}

static enum status no_such(struct agg_refusal *why, const char *name, const struct agg_type *type)
{
	return refuse(why, "'%s' is no %s as --agg-out writes it", name, type->name);
}

static enum status declare(const char *name, const json_t *from, struct agg_decls *decls,
			   struct agg_refusal *why)
{
	const char *kind = json_string_value(json_object_get(from, "kind"));
	struct agg_decl d = { .kind = kind_named(kind), .name = (char *)(intptr_t)name };
	enum status st = STATUS_OK;

	if (d.kind == AGG_KINDS)
		return refuse(why, "'%s' is no result as --agg-out writes them", name);
	const struct agg_type *type = agg_type_of(d.kind);
	if (!type->read)
		return refuse(why, "'%s': results of the kind %s cannot be merged here: %s", name, type->name,
			      type->unmergeable);
	if (type->read_decl)
		st = type->read_decl(&d, from);
	if (st == STATUS_OK)
		st = agg_decls_add(decls, &d);
	mem_free(d.edge);
	return st == STATUS_INVALID ? no_such(why, name, type) : st;
}

static enum status read_all(json_t *root, struct agg_decls *decls, struct agg_set **set,
			    struct agg_refusal *why)
{
	const char *name;
	json_t *from;
	size_t i = 0;

	json_object_foreach(root, name, from)
		TRY(declare(name, from, decls, why));
	*set = agg_set_new(decls);
	if (!*set)
		return STATUS_MEMORY;
	json_object_foreach(root, name, from) {
		enum status st = agg_set_type(*set, i)->read((*set)->result[i], &decls->decl[i], from);

		if (st == STATUS_INVALID)
			return no_such(why, name, agg_set_type(*set, i));
		TRY(st);
		i++;
	}
	return STATUS_OK;
}

/* Jansson calls a text that it had no memory for ill-formed. */
static _Thread_local bool refused_memory;

static void *allocate(size_t len)
{
	void *p = mem_alloc(len);

	refused_memory |= !p;
	return p;
}

enum status agg_from_json(struct span json, struct agg_decls *decls, struct agg_set **set,
			  struct agg_refusal *why)
{
	json_error_t error;

	*decls = (struct agg_decls){ 0 };
	*set = NULL;
	json_set_alloc_funcs(allocate, mem_free);
	refused_memory = false;
	json_t *root = json_loadb((const char *)json.ptr, json.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL,
				  &error);
	if (!root && refused_memory)
		return STATUS_MEMORY;
	if (!root)
		return refuse(why, "line %d, column %d: %s", error.line, error.column, error.text);
	enum status st = json_is_object(root) ? read_all(root, decls, set, why) :
						refuse(why, "results are an object; this is something else");
	json_decref(root);
	return st;
}

/* x in the one file, y in the other, at place i; NULL: it ends before. */
static void name_difference(const struct agg_decl *x, const char *x_file, const struct agg_decl *y, size_t i,
			    struct agg_refusal *why)
{
	const struct agg_decl *d = x ? x : y;
	const char *kind = agg_kind_name(d->kind);

	if (!y)
		refuse(why, "has no %s '%s' that %s has", kind, d->name, x_file);
	else if (!x)
		refuse(why, "has a %s '%s' that %s has not", kind, d->name, x_file);
	else if (x->kind == y->kind && strcmp(x->name, y->name) == 0)
		refuse(why, "%s '%s' has other limits than in %s", kind, d->name, x_file);
	else
		refuse(why, "result %zu is %s '%s', in %s it is %s '%s'", i + 1, agg_kind_name(y->kind),
		       y->name, x_file, kind, x->name);
}

bool agg_decls_match(const struct agg_decls *a, const char *a_name, const struct agg_decls *b,
		     struct agg_refusal *why)
{
	size_t most = a->count > b->count ? a->count : b->count;

	for (size_t i = 0; i < most; i++) {
		const struct agg_decl *x = i < a->count ? &a->decl[i] : NULL;
		const struct agg_decl *y = i < b->count ? &b->decl[i] : NULL;

		if (x && y && agg_decl_equal(x, y))
			continue;
		name_difference(x, a_name, y, i, why);
		return false;
	}
	return true;
}
