/* bind_match.c: rec:match(expression): compiled once, kept by its text.
 *
 * Expressions are rarer than paths and dearer to evaluate, so a table of boxes (upvalue 2: text -> box,
 * place 1: how many) is quick enough; the boxes free what they hold when the state is closed. */
#include "script/bind.h"

#define EXPR_LIMIT 1000 /* beyond it, an expression is compiled at every use */

static void release_expr(void *box)
{
	expr_free(*(struct expr **)box);
}

static const char cache_key = 0; /* its address names the table in the registry */

/* Push the table text -> box of this state. [-0, +1, m] */
static void push_cache(lua_State *L)
{
	if (lua_rawgetp(L, LUA_REGISTRYINDEX, &cache_key) == LUA_TTABLE)
		return;
	lua_pop(L, 1);
	lua_newtable(L);
	lua_pushvalue(L, -1);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &cache_key);
}

/* Place 1 of the cache counts what it holds. The box is on top of the stack. */
static void keep_expr(lua_State *L, int arg)
{
	lua_rawgeti(L, lua_upvalueindex(2), 1);
	lua_Integer count = lua_tointeger(L, -1);
	lua_pop(L, 1);
	if (count >= EXPR_LIMIT)
		return;
	lua_pushvalue(L, arg);
	lua_pushvalue(L, -2);
	lua_rawset(L, lua_upvalueindex(2));
	lua_pushinteger(L, count + 1);
	lua_rawseti(L, lua_upvalueindex(2), 1);
}

/* The compiled expression of string argument `arg`, which its box replaces. [-0, +0, e] */
static const struct expr *check_expr(lua_State *L, int arg)
{
	struct span text = luaX_checkspan(L, arg);
	struct path_error err;

	lua_pushvalue(L, arg);
	lua_rawget(L, lua_upvalueindex(2));
	struct expr **box = luaX_testbox(L, -1, release_expr);
	if (!box) {
		lua_pop(L, 1);
		box = luaX_pushbox(L, script_of(L), sizeof(*box), release_expr);
		check_compiled(L, "expression", expr_compile(text, box, &err), text, &err);
		keep_expr(L, arg);
	}
	lua_replace(L, arg);
	return *box;
}

/* The values of :name in table argument `arg`, in Lua's memory and left on the stack. [-0, +1, e] */
static const struct span *check_bindings(lua_State *L, int arg, const struct expr *e)
{
	uint32_t count = expr_binding_count(e);
	struct span *bound = lua_newuserdatauv(L, count * sizeof(*bound), 0);

	for (uint32_t i = 0; i < count; i++) {
		size_t len;

		luaX_pushspan(L, expr_binding_name(e, i));
		lua_pushvalue(L, -1);
		if (lua_rawget(L, arg) != LUA_TSTRING)
			luaL_argerror(L, arg, lua_pushfstring(L, "no string for :%s", lua_tostring(L, -2)));
		const char *text = lua_tolstring(L, -1, &len); /* the table keeps it */
		bound[i] = span_of(text, len);
		lua_pop(L, 2);
	}
	return bound;
}

/* rec:match(expression [, bindings]) */
static int match(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	const struct expr *e = check_expr(L, 2);
	const struct span *bound = NULL;
	bool yes;

	if (expr_binding_count(e) > 0) {
		luaL_checktype(L, 3, LUA_TTABLE);
		bound = check_bindings(L, 3, e);
	}
	if (expr_match_with(e, r, bound, &yes) != STATUS_OK)
		luaL_error(L, "this expression gave up: not enough memory, or its pattern reached the limit");
	lua_pushboolean(L, yes);
	return 1;
}

void bind_match_methods(lua_State *L, struct script *s)
{
	lua_pushlightuserdata(L, s);
	push_cache(L);
	lua_pushcclosure(L, match, 2);
	lua_setfield(L, -2, "match");
}
