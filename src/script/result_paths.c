/* result_paths.c: the last touch to declared results, once the script has loaded: {args.NAME} in their
 * paths, and what follows from the path: the format of a table and its delimiter. */
#include "base/alloc.h"
#include "script/result.h"
#include "script/result_options.h"

static bool ends_in(const char *path, const char *suffix)
{
	size_t len = path ? strlen(path) : 0, n = strlen(suffix);

	return len > n && strcmp(path + len - n, suffix) == 0;
}

enum table_format result_format_of(const char *path)
{
	if (ends_in(path, ".tsv") || ends_in(path, ".tab"))
		return TABLE_TSV;
	if (ends_in(path, ".jsonl") || ends_in(path, ".ndjson") || ends_in(path, ".json"))
		return TABLE_JSONL;
	return TABLE_CSV;
}

/* Push the value of an argument; args raises for names that the script does not know. [-0, +2, e] */
static void push_argument(lua_State *L, const struct agg_decl *d, int args, const char *from, const char *end)
{
	const char *name;

	lua_pushlstring(L, from, (size_t)(end - from));
	name = lua_tostring(L, -1);
	if (lua_getfield(L, args, name) == LUA_TNIL)
		luaL_error(L, "mrrc.%s %s: path names {args.%s}, but there is no -a %s=… and no default",
			   agg_kind_name(d->kind), d->name, name, name);
	if (strpbrk(luaL_tolstring(L, -1, NULL), "{}"))
		luaL_error(L, "mrrc.%s %s: -a %s has braces, and is part of a path", agg_kind_name(d->kind), d->name, name);
	lua_remove(L, -2);
}

/* Push the path of d with its arguments. [-0, +1, e] */
static const char *push_filled(lua_State *L, const struct agg_decl *d, int args)
{
	const char *path = d->path, *brace;

	lua_pushliteral(L, "");
	while ((brace = strstr(path, "{args.")) != NULL) {
		const char *end = strchr(brace, '}');

		lua_pushlstring(L, path, (size_t)(brace - path));
		push_argument(L, d, args, brace + 6, end);
		lua_remove(L, -2); /* the name */
		lua_concat(L, 3);
		path = end + 1;
	}
	lua_pushstring(L, path);
	lua_concat(L, 2);
	return lua_tostring(L, -1);
}

static void fill(lua_State *L, struct agg_decl *d, int args)
{
	const char *filled = push_filled(L, d, args);
	char *copy = mem_dup(filled, strlen(filled) + 1);

	luaX_check(L, copy ? STATUS_OK : STATUS_MEMORY);
	mem_free(d->path);
	d->path = copy;
	lua_pop(L, 1);
}

/* Their rows would be mixed. */
static void check_pathless(lua_State *L, const struct script *s)
{
	const char *first = NULL;

	for (size_t i = 0; i < s->decls.count; i++) {
		const struct agg_decl *d = &s->decls.decl[i];

		if (d->kind != AGG_TABLE || d->path)
			continue;
		if (first)
			luaL_error(L, "mrrc.table %s: only one table may be without a path, and %s is", d->name, first);
		first = d->name;
	}
}

void result_fill_paths(lua_State *L, struct script *s, int args)
{
	check_pathless(L, s);
	luaL_checkstack(L, 10, NULL);
	for (size_t i = 0; i < s->decls.count; i++) {
		struct agg_decl *d = &s->decls.decl[i];

		if (d->path && strstr(d->path, "{args."))
			fill(L, d, args);
		if (d->kind != AGG_TABLE)
			continue;
		if (d->format_by_path)
			d->format = result_format_of(d->path);
		if (d->delimiter == 0)
			d->delimiter = d->format == TABLE_TSV ? '\t' : ',';
	}
}
