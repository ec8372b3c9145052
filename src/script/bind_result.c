/* bind_result.c: mrrc.counter, sum, table, output, reducer: declaring results while the script loads.
 *
 * Every state runs the same chunk and so declares the same list; the host compares the lists. A
 * declaration gives a handle that knows its place in the list and nothing else. Reading options lives in
 * result_options.c. */
#include "script/result.h"
#include "script/result_options.h"

static const char results_key = 0; /* its address names the userdata in the registry */

struct results *result_state(lua_State *L)
{
	lua_rawgetp(L, LUA_REGISTRYINDEX, &results_key);
	return lua_touserdata(L, -1);
}

const char *result_kind(enum agg_kind kind)
{
	static const char *const names[RESULT_KINDS] = { "counter", "sum", "table", "output", "reducer" };

	return names[kind];
}

static void check_loading(lua_State *L, const struct script *s, enum agg_kind kind)
{
	if (!s->loading)
		luaL_error(L, "mrrc.%s: declare results at the top of the script, outside of its functions",
			   result_kind(kind));
}

/* A name that is new. [-0, +0, e] */
static void check_name(lua_State *L, const struct script *s, const struct agg_decl *d)
{
	const char *kind = result_kind(d->kind);

	if (!d->name || !*d->name)
		luaL_error(L, "mrrc.%s: a result needs a name", kind);
	for (size_t i = 0; i < s->decls.count; i++)
		if (strcmp(s->decls.decl[i].name, d->name) == 0)
			luaL_error(L, "mrrc.%s: there is a %s named '%s' already", kind,
				   result_kind(s->decls.decl[i].kind), d->name);
}

/* Enter d in the list and push its handle. [-0, +1, e] */
static struct result_handle *declare(lua_State *L, struct script *s, const struct agg_decl *d)
{
	struct result_handle *h;

	check_name(L, s, d);
	const struct results *r = result_state(L);
	h = lua_newuserdatauv(L, sizeof(*h), 1);
	h->i = s->decls.count;
	luaX_settype(L, r->type[d->kind]);
	luaX_check(L, agg_decls_add(&s->decls, d));
	lua_remove(L, -2);
	return h;
}

static int declare_named(lua_State *L, enum agg_kind kind)
{
	struct script *s = script_of(L);
	struct agg_decl d = { .kind = kind };

	check_loading(L, s, kind);
	luaX_checkspan(L, 1);
	d.name = (char *)(intptr_t)luaL_checkstring(L, 1);
	declare(L, s, &d);
	return 1;
}

static int mrrc_counter(lua_State *L)
{
	return declare_named(L, AGG_COUNTER);
}

static int mrrc_sum(lua_State *L)
{
	return declare_named(L, AGG_SUM);
}

/* Column names of d by place, and places by name. [-0, +1, m] */
static void push_columns(lua_State *L, const struct agg_decl *d)
{
	lua_createtable(L, (int)d->column_count, (int)d->column_count);
	for (size_t i = 0; i < d->column_count; i++) {
		lua_pushstring(L, d->columns[i]);
		lua_pushvalue(L, -1);
		lua_rawseti(L, -3, (lua_Integer)i + 1);
		lua_pushinteger(L, (lua_Integer)i + 1);
		lua_rawset(L, -3);
	}
}

static int mrrc_table(lua_State *L)
{
	struct script *s = script_of(L);
	struct agg_decl d = { .kind = AGG_TABLE };

	check_loading(L, s, AGG_TABLE);
	result_table_options(L, &d);
	declare(L, s, &d);
	push_columns(L, &d);
	lua_setiuservalue(L, -2, 1);
	return 1;
}

static int mrrc_output(lua_State *L)
{
	struct script *s = script_of(L);
	struct agg_decl d = { .kind = AGG_OUTPUT };

	check_loading(L, s, AGG_OUTPUT);
	result_output_options(L, &d);
	declare(L, s, &d);
	return 1;
}

/* Leaves the definition {init, add, merge} in RESULT_DEFS. */
static int mrrc_reducer(lua_State *L)
{
	struct script *s = script_of(L);
	struct agg_decl d = { .kind = AGG_REDUCER };

	check_loading(L, s, AGG_REDUCER);
	result_reducer_options(L, &d); /* pushes the definition */
	int def = lua_gettop(L);
	const struct result_handle *h = declare(L, s, &d);
	result_state(L);
	lua_getiuservalue(L, -1, RESULT_DEFS);
	lua_pushvalue(L, def);
	lua_rawseti(L, -2, (lua_Integer)h->i + 1);
	lua_pop(L, 2);
	return 1;
}

/* ---- types of the handles ---- */

static int handle_tostring(lua_State *L)
{
	const struct script *s = script_of(L);
	const struct result_handle *h = lua_touserdata(L, 1);
	const struct agg_decl *d = result_decl(s, h->i);

	lua_pushfstring(L, "%s '%s'", result_kind(d->kind), d->name);
	return 1;
}

static int handle_newindex(lua_State *L)
{
	return luaL_error(L, "a result has no fields to set");
}

static const void *new_type(lua_State *L, struct script *s, enum agg_kind kind)
{
	static const luaL_Reg meta[] = {
		{ "__tostring", handle_tostring },
		{ "__newindex", handle_newindex },
		{ NULL, NULL },
	};
	const void *type = luaX_newtype(L, s, result_kind(kind), meta);

	lua_newtable(L);
	result_hook_methods(L, s, kind, type);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
	return type;
}

static void new_state(lua_State *L, struct script *s)
{
	struct results *r = lua_newuserdatauv(L, sizeof(*r), RESULT_MERGED);

	*r = (struct results){ 0 };
	for (int i = RESULT_PENDING; i <= RESULT_MERGED; i++) {
		lua_newtable(L);
		lua_setiuservalue(L, -2, i);
	}
	for (int kind = 0; kind < RESULT_KINDS; kind++)
		r->type[kind] = new_type(L, s, (enum agg_kind)kind);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &results_key);
}

void bind_result_functions(lua_State *L, struct script *s)
{
	static const luaL_Reg functions[] = {
		{ "counter", mrrc_counter }, { "sum", mrrc_sum },         { "table", mrrc_table },
		{ "output", mrrc_output },   { "reducer", mrrc_reducer }, { NULL, NULL },
	};

	new_state(L, s);
	luaX_setfuncs(L, s, functions);
}
