/* result_hook.c: adding to results, in a hook: into the journal of the record at hand.
 *
 * These are the hot calls of most scripts: a method is one table look-up away (methods are __index
 * itself), and knows its type by upvalue. What is not a method ends in `unknown`, which tells methods of
 * finish from slips. */
#include <math.h>

#include "script/result.h"

/* ---- who may add, and when ---- */

static const char *when_now(const struct script *s)
{
	if (s->loading)
		return "the script is still loading";
	if (s->hook && strcmp(s->hook, "finish") == 0)
		return "in finish results are only read, from its argument agg";
	return "there is no record here";
}

const struct result_handle *result_hooked(lua_State *L, const char *method)
{
	const struct script *s = script_of(L);
	const struct result_handle *h = luaX_is(L, 1, lua_touserdata(L, lua_upvalueindex(2)));
	enum agg_kind kind = (enum agg_kind)lua_tointeger(L, lua_upvalueindex(3));

	if (!h)
		luaL_typeerror(L, 1, agg_kind_name(kind));
	if (!s->yield || !s->yield->aggs)
		luaL_error(L, "%s:%s works in the hooks that see records (filter, transform, each): %s",
			   agg_kind_name(kind), method, when_now(s));
	return h;
}

struct span result_key(lua_State *L, int arg)
{
	size_t len;
	int exact;

	if (lua_type(L, arg) == LUA_TNUMBER && !lua_isinteger(L, arg)) {
		lua_Integer whole = lua_tointegerx(L, arg, &exact);

		if (exact) {
			lua_pushinteger(L, whole);
			lua_replace(L, arg);
		} else if (isnan(lua_tonumber(L, arg))) {
			luaL_argerror(L, arg, "a key must not be NaN");
		}
	}
	if (lua_type(L, arg) != LUA_TSTRING && lua_type(L, arg) != LUA_TNUMBER)
		luaL_typeerror(L, arg, "string, number or nil");
	const char *text = lua_tolstring(L, arg, &len);
	return span_of(text, len);
}

/* ---- what is no method ---- */

static bool has(const luaL_Reg *methods, const char *name)
{
	while (methods->name && strcmp(methods->name, name) != 0)
		methods++;
	return methods->name;
}

static bool is_late(const struct result_type *type, const char *key)
{
	for (const char *const *name = type->properties; name && *name; name++)
		if (strcmp(*name, key) == 0)
			return true;
	return has(type->finish, key);
}

/* __index of the method tables. [-2, +0, e] */
static int unknown(lua_State *L)
{
	enum agg_kind kind = (enum agg_kind)lua_tointeger(L, lua_upvalueindex(1));
	const struct result_type *type = result_type_of(kind);
	const char *key = luaX_keytext(L, 2), *name = agg_kind_name(kind), *names[RESULT_NAMES];

	if (is_late(type, key))
		return luaL_error(L, "%s.%s works in finish, on agg.NAME, not on what mrrc.%s returned", name,
				  key, name);
	result_names(type->hook, NULL, names);
	return luaX_unknown(L, name, key, names);
}

void result_names(const luaL_Reg *methods, const char *const *properties, const char **names)
{
	size_t n = 0;

	for (; methods->name && n < RESULT_NAMES - 1; methods++)
		names[n++] = methods->name;
	for (; properties && *properties && n < RESULT_NAMES - 1; properties++)
		names[n++] = *properties;
	names[n] = NULL;
}

void result_hook_methods(lua_State *L, struct script *s, enum agg_kind kind, const void *type)
{
	lua_pushlightuserdata(L, s);
	lua_pushlightuserdata(L, (void *)(intptr_t)type);
	lua_pushinteger(L, (lua_Integer)kind);
	luaL_setfuncs(L, result_type_of(kind)->hook, 3);
	lua_createtable(L, 0, 1);
	lua_pushinteger(L, (lua_Integer)kind);
	lua_pushcclosure(L, unknown, 1);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, -2);
}
