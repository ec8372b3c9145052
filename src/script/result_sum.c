/* result_sum.c: mrrc.sum and mrrc.stats, which knows the standard deviation too. */
#include "script/result.h"

static int declare(lua_State *L)
{
	return result_declare_named(L, AGG_SUM);
}

static int declare_stats(lua_State *L)
{
	return result_declare_named(L, AGG_STATS);
}

bool result_checknumber(lua_State *L, struct number *n)
{
	if (lua_isnoneornil(L, 2))
		return false;
	if (lua_type(L, 2) != LUA_TNUMBER) {
		const struct result_handle *h = lua_touserdata(L, 1);

		luaL_error(L, "%s:add wants a number, not a %s (tonumber and rec:number make one)",
			   agg_kind_name(result_decl(script_of(L), h->i)->kind), luaL_typename(L, 2));
	}
	*n = (struct number){ lua_isinteger(L, 2), lua_tointeger(L, 2), lua_tonumber(L, 2) };
	return true;
}

static int sum_add(lua_State *L)
{
	const struct result_handle *h = result_hooked(L, "add");
	struct agg_set *aggs = script_of(L)->yield->aggs;
	struct number n;

	if (result_checknumber(L, &n))
		luaX_check(L, n.is_int ? agg_sum_int(aggs, h->i, n.i) : agg_sum_double(aggs, h->i, n.d));
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

/* sd, of fewer than two numbers nil. [-0, +(0|1), -] */
static bool push_stats_property(lua_State *L, const struct finished *f, const char *key)
{
	struct agg_sum_result r;

	if (strcmp(key, "sd") != 0)
		return push_property(L, f, key);
	agg_sum_result(f->set, f->i, &r);
	if (r.n < 2)
		lua_pushnil(L);
	else
		lua_pushnumber(L, agg_stats_deviation(f->set, f->i));
	return true;
}

static const char *const stats_properties[] = { "n", "sum", "min", "max", "mean", "sd", NULL };

const struct result_type result_stats_type = {
	.declare = declare_stats,
	.hook = hook_methods,
	.finish = finish_methods,
	.property = push_stats_property,
	.properties = stats_properties,
};
