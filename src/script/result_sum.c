/* result_sum.c: mrrc.sum. */
#include "script/result.h"

static int declare(lua_State *L)
{
	return result_declare_named(L, AGG_SUM);
}

static int sum_add(lua_State *L)
{
	const struct result_handle *h = result_hooked(L, "add");
	struct agg_set *aggs = script_of(L)->yield->aggs;

	if (lua_isnoneornil(L, 2))
		return 0;
	if (lua_type(L, 2) != LUA_TNUMBER)
		return luaL_error(L,
				  "sum:add wants a number, not a %s (tonumber and rec:number make one)",
				  luaL_typename(L, 2));
	if (lua_isinteger(L, 2))
		luaX_check(L, agg_sum_int(aggs, h->i, lua_tointeger(L, 2)));
	else
		luaX_check(L, agg_sum_double(aggs, h->i, lua_tonumber(L, 2)));
	return 0;
}

/* n, sum, min, max, mean; of no numbers the last three are nil. false: no such property. [-0, +(0|1), -] */
static bool push_property(lua_State *L, const struct finished *f, const char *key)
{
	struct agg_sum_result r;

	agg_sum_result(f->set, f->i, &r);
	if (strcmp(key, "n") == 0)
		lua_pushinteger(L, (lua_Integer)r.n);
	else if (strcmp(key, "sum") == 0)
		result_push_number(L, r.is_int, r.int_value, r.value);
	else if (strcmp(key, "min") != 0 && strcmp(key, "max") != 0 && strcmp(key, "mean") != 0)
		return false;
	else if (r.n == 0)
		lua_pushnil(L);
	else if (key[1] == 'i')
		result_push_number(L, r.min_is_int, r.int_min, r.min);
	else if (key[1] == 'a')
		result_push_number(L, r.max_is_int, r.int_max, r.max);
	else
		lua_pushnumber(L, r.value / (double)r.n);
	return true;
}

static const luaL_Reg hook_methods[] = { { "add", sum_add }, { NULL, NULL } };
static const luaL_Reg finish_methods[] = { { NULL, NULL } };
static const char *const properties[] = { "n", "sum", "min", "max", "mean", NULL };

const struct result_type result_sum_type = {
	.declare = declare,
	.hook = hook_methods,
	.finish = finish_methods,
	.property = push_property,
	.properties = properties,
};
