/* result_set.c: mrrc.set, which keeps its values, and mrrc.distinct, which only tells them apart. */
#include "script/result.h"

static int declare_set(lua_State *L)
{
	return result_declare_named(L, AGG_SET);
}

static int declare_distinct(lua_State *L)
{
	return result_declare_named(L, AGG_DISTINCT);
}

static int set_count(lua_State *L)
{
	const struct finished *f = result_finished(L);

	lua_pushinteger(L, (lua_Integer)agg_counter_distinct(f->set, f->i));
	return 1;
}

static int distinct_count(lua_State *L)
{
	const struct finished *f = result_finished(L);

	lua_pushinteger(L, (lua_Integer)agg_distinct_count(f->set, f->i));
	return 1;
}

static int set_values(lua_State *L)
{
	size_t count;
	const struct agg_row *rows = result_push_sorted(L, result_finished(L), false, &count);

	lua_createtable(L, (int)(count < 1u << 30 ? count : 1u << 30), 0);
	for (size_t i = 0; i < count; i++) {
		luaX_pushspan(L, rows[i].key);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	return 1;
}

static int distinct_values(lua_State *L)
{
	return luaL_error(L, "mrrc.distinct counts its values and does not keep them; mrrc.set does");
}

static const luaL_Reg hook_methods[] = { { "add", result_add_key }, { NULL, NULL } };
static const luaL_Reg set_finish[] = { { "count", set_count }, { "values", set_values }, { NULL, NULL } };
static const luaL_Reg distinct_finish[] = {
	{ "count", distinct_count }, { "values", distinct_values }, { NULL, NULL },
};

const struct result_type result_set_type = {
	.declare = declare_set,
	.hook = hook_methods,
	.finish = set_finish,
};

const struct result_type result_distinct_type = {
	.declare = declare_distinct,
	.hook = hook_methods,
	.finish = distinct_finish,
};
