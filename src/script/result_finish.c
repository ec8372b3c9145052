/* result_finish.c: agg, the first argument of finish: name -> result, to read.
 *
 * The objects point into the master set, which lives as long as finish runs; afterwards (in a finalizer)
 * they raise. */
#include "script/result.h"

/* Upvalues of the methods: script, identity of the type. */
const struct finished *result_finished(lua_State *L)
{
	const struct script *s = script_of(L);
	const struct finished *f = luaX_is(L, 1, lua_touserdata(L, lua_upvalueindex(2)));

	if (!f)
		luaL_typeerror(L, 1, "result");
	if (!s->hook || strcmp(s->hook, "finish") != 0)
		luaL_error(L, "results can be read in finish alone");
	return f;
}

void result_push_number(lua_State *L, bool is_int, int64_t i, double d)
{
	if (is_int)
		lua_pushinteger(L, i);
	else
		lua_pushnumber(L, d);
}

/* ---- the type ---- */

static int unknown(lua_State *L, enum agg_kind kind, const char *key)
{
	const struct result_type *type = result_type_of(kind);
	const char *names[RESULT_NAMES];

	for (const luaL_Reg *early = type->hook; early->name; early++)
		if (strcmp(early->name, key) == 0)
			return luaL_error(L,
					  "%s:%s works in the hooks that see records (filter, transform, "
					  "each), on what mrrc.%s returned; in finish results are only read",
					  agg_kind_name(kind), key, agg_kind_name(kind));
	result_names(type->finish, type->properties, names);
	return luaX_unknown(L, agg_kind_name(kind), key, names);
}

/* Upvalue 3: an array of method tables, by kind + 1. */
static int finished_index(lua_State *L)
{
	const struct finished *f = result_finished(L);
	enum agg_kind kind = result_decl(script_of(L), f->i)->kind;
	const char *key = luaX_keytext(L, 2);

	if (result_type_of(kind)->property && result_type_of(kind)->property(L, f, key))
		return 1;
	lua_rawgeti(L, lua_upvalueindex(3), (lua_Integer)kind + 1);
	if (lua_getfield(L, -1, key) != LUA_TNIL)
		return 1;
	return unknown(L, kind, key);
}

static int finished_tostring(lua_State *L)
{
	const struct finished *f = lua_touserdata(L, 1);
	const struct agg_decl *d = result_decl(script_of(L), f->i);

	lua_pushfstring(L, "%s '%s'", agg_kind_name(d->kind), d->name);
	return 1;
}

static int read_only(lua_State *L)
{
	return luaL_error(L, "results are only read in finish");
}

/* [-0, +0, m] */
static const void *new_type(lua_State *L, struct script *s)
{
	static const luaL_Reg meta[] = {
		{ "__tostring", finished_tostring },
		{ "__newindex", read_only },
		{ NULL, NULL },
	};
	const void *type = luaX_newtype(L, s, "result", meta);

	lua_pushlightuserdata(L, s);
	lua_pushlightuserdata(L, (void *)(intptr_t)type);
	lua_createtable(L, AGG_KINDS, 0);
	for (int kind = 0; kind < AGG_KINDS; kind++) {
		lua_newtable(L);
		lua_pushlightuserdata(L, s);
		lua_pushlightuserdata(L, (void *)(intptr_t)type);
		luaL_setfuncs(L, result_type_of((enum agg_kind)kind)->finish, 2);
		lua_rawseti(L, -2, kind + 1);
	}
	lua_pushcclosure(L, finished_index, 3);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
	return type;
}

/* ---- agg itself ---- */

/* __index of agg, for names that are not there. */
static int no_result(lua_State *L)
{
	const struct script *s = script_of(L);
	const char *key = luaX_keytext(L, 2);
	const char **names = lua_newuserdatauv(L, (s->decls.count + 1) * sizeof(*names), 0);

	for (size_t i = 0; i < s->decls.count; i++)
		names[i] = s->decls.decl[i].name;
	names[s->decls.count] = NULL;
	const char *nearest = luaX_nearest(key, names);
	if (nearest)
		return luaL_error(L, "no result named '%s' was declared (did you mean '%s'?)", key, nearest);
	return luaL_error(L, "no result named '%s' was declared", key);
}

static void push_finished(lua_State *L, const struct script *s, const struct agg_set *set, size_t i,
			  const void *type)
{
	const struct agg_decl *d = result_decl(s, i);
	struct finished *f;

	f = lua_newuserdatauv(L, sizeof(*f), 0);
	*f = (struct finished){ i, set };
	if (result_type_of(d->kind)->check)
		result_type_of(d->kind)->check(L, d, f);
	luaX_settype(L, type);
}

void result_push_finished(lua_State *L, struct script *s, const struct agg_set *master)
{
	static const luaL_Reg meta[] = {
		{ "__index", no_result },
		{ "__newindex", read_only },
		{ NULL, NULL },
	};
	size_t count = master ? s->decls.count : 0; /* all states declare the same */

	luaL_checkstack(L, 10, NULL);
	const void *type = new_type(L, s);
	lua_createtable(L, 0, (int)count);
	for (size_t i = 0; i < count; i++) {
		push_finished(L, s, master, i, type);
		lua_setfield(L, -2, result_decl(s, i)->name);
	}
	luaX_newtype(L, s, "agg", meta);
	lua_setmetatable(L, -2);
}
