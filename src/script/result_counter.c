/* result_counter.c: mrrc.counter and mrrc.topk, which counts all keys and shows the most frequent. */
#include "base/alloc.h"
#include "script/result.h"

static const char row_key = 0; /* its address names the metatable of rows in the registry */

static int declare_counter(lua_State *L)
{
	return result_declare_named(L, AGG_COUNTER);
}

static int declare_topk(lua_State *L)
{
	return result_declare_sized(L, AGG_TOPK);
}

/* ---- in hooks ---- */

int result_add_key(lua_State *L)
{
	const struct result_handle *h = result_hooked(L, "add");

	if (!lua_isnoneornil(L, 2))
		luaX_check(L, agg_count(script_of(L)->yield->aggs, h->i, 1, result_key(L, 2)));
	return 0;
}

static int counter_addn(lua_State *L)
{
	const struct result_handle *h = result_hooked(L, "addn");
	int exact = 0;

	if (lua_isnoneornil(L, 2) || lua_isnoneornil(L, 3))
		return 0;
	if (lua_type(L, 2) != LUA_TNUMBER)
		return luaL_argerror(L, 2, "the number comes first: addn(n, key)");
	lua_Integer n = lua_tointegerx(L, 2, &exact);
	if (!exact)
		return luaL_argerror(L, 2, "a counter counts in integers; use a sum, or // to round");
	luaX_check(L, agg_count(script_of(L)->yield->aggs, h->i, n, result_key(L, 3)));
	return 0;
}

/* ---- in finish ---- */

static int counter_get(lua_State *L)
{
	const struct finished *f = result_finished(L);

	lua_pushinteger(L, lua_isnoneornil(L, 2) ? 0 : agg_counter_get(f->set, f->i, result_key(L, 2)));
	return 1;
}

static int counter_total(lua_State *L)
{
	const struct finished *f = result_finished(L);

	lua_pushinteger(L, agg_counter_total(f->set, f->i));
	return 1;
}

/* Rows are arrays {key, count} that answer .key and .count too. */
static int row_index(lua_State *L)
{
	const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";

	if (strcmp(key, "key") == 0)
		lua_rawgeti(L, 1, 1);
	else if (strcmp(key, "count") == 0)
		lua_rawgeti(L, 1, 2);
	else
		lua_pushnil(L);
	return 1;
}

/* [-0, +1, m] */
static void push_row_type(lua_State *L)
{
	if (lua_rawgetp(L, LUA_REGISTRYINDEX, &row_key) == LUA_TTABLE)
		return;
	lua_pop(L, 1);
	lua_createtable(L, 0, 1);
	lua_pushcfunction(L, row_index);
	lua_setfield(L, -2, "__index");
	lua_pushvalue(L, -1);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &row_key);
}

const struct agg_row *result_push_sorted(lua_State *L, const struct finished *f, bool by_count,
					 size_t *count)
{
	size_t len = agg_counter_distinct(f->set, f->i) * sizeof(struct agg_row);
	void *copy = lua_newuserdatauv(L, len ? len : 1, 0);
	struct agg_row *rows;

	luaX_check(L, agg_counter_rows(f->set, f->i, by_count, &rows, count));
	memcpy(copy, rows, len);
	mem_free(rows);
	return copy;
}

static int push_rows(lua_State *L, const struct finished *f, bool by_count, size_t most)
{
	size_t count;
	const struct agg_row *rows = result_push_sorted(L, f, by_count, &count);

	if (count > most)
		count = most;
	push_row_type(L);
	lua_createtable(L, (int)(count < 1u << 30 ? count : 1u << 30), 0);
	for (size_t i = 0; i < count; i++) {
		lua_createtable(L, 2, 0);
		luaX_pushspan(L, rows[i].key);
		lua_rawseti(L, -2, 1);
		lua_pushinteger(L, rows[i].count);
		lua_rawseti(L, -2, 2);
		lua_pushvalue(L, -3);
		lua_setmetatable(L, -2);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	return 1;
}

static int counter_top(lua_State *L)
{
	const struct finished *f = result_finished(L);
	lua_Integer n = luaL_optinteger(L, 2, 10);

	luaL_argcheck(L, n >= 0, 2, "must not be negative");
	return push_rows(L, f, true, (size_t)n);
}

static int counter_rows(lua_State *L)
{
	return push_rows(L, result_finished(L), false, SIZE_MAX);
}

static int topk_rows(lua_State *L)
{
	const struct finished *f = result_finished(L);

	return push_rows(L, f, true, result_decl(script_of(L), f->i)->n);
}

static void check(lua_State *L, const struct agg_decl *d, const struct finished *f)
{
	if (!agg_counter_fits(f->set, f->i))
		luaL_error(L, "%s '%s': a count went beyond what a Lua integer holds (2^63)",
			   agg_kind_name(d->kind), d->name);
}

static const luaL_Reg hook_methods[] = {
	{ "add", result_add_key }, { "addn", counter_addn }, { NULL, NULL },
};
static const luaL_Reg finish_methods[] = {
	{ "get", counter_get },     { "top", counter_top }, { "rows", counter_rows },
	{ "total", counter_total }, { NULL, NULL },
};

const struct result_type result_counter_type = {
	.declare = declare_counter,
	.hook = hook_methods,
	.finish = finish_methods,
	.check = check,
};

static const luaL_Reg topk_hook[] = { { "add", result_add_key }, { NULL, NULL } };
static const luaL_Reg topk_finish[] = { { "rows", topk_rows }, { NULL, NULL } };

const struct result_type result_topk_type = {
	.declare = declare_topk,
	.hook = topk_hook,
	.finish = topk_finish,
};
