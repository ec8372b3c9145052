/* result_finish.c: agg, the first argument of finish: name -> result, to read.
 *
 * The objects point into the master set, which lives as long as finish runs; afterwards (in a finalizer)
 * they raise. */
#include "base/alloc.h"
#include "script/result.h"

static const char row_key = 0; /* its address names the metatable of rows in the registry */

/* A result in finish. */
struct finished {
	size_t i;
	const struct agg_set *set;
};

/* Upvalues of the methods: script, identity of the type. */
static const struct finished *check_finished(lua_State *L, int arg)
{
	const struct script *s = script_of(L);
	const struct finished *f = luaX_is(L, arg, lua_touserdata(L, lua_upvalueindex(2)));

	if (!f)
		luaL_typeerror(L, arg, "result");
	if (!s->hook || strcmp(s->hook, "finish") != 0)
		luaL_error(L, "results can be read in finish alone");
	return f;
}

/* ---- counter ---- */

static int counter_get(lua_State *L)
{
	const struct finished *f = check_finished(L, 1);

	lua_pushinteger(L, lua_isnoneornil(L, 2) ? 0 : agg_counter_get(f->set, f->i, result_key(L, 2)));
	return 1;
}

static int counter_total(lua_State *L)
{
	const struct finished *f = check_finished(L, 1);

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

/* The rows in memory of Lua: nothing of ours may be held while it allocates. [-0, +1, e] */
static const struct agg_row *push_sorted(lua_State *L, const struct finished *f, bool by_count, size_t *count)
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
	const struct agg_row *rows = push_sorted(L, f, by_count, &count);

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
	const struct finished *f = check_finished(L, 1);
	lua_Integer n = luaL_optinteger(L, 2, 10);

	luaL_argcheck(L, n >= 0, 2, "must not be negative");
	return push_rows(L, f, true, (size_t)n);
}

static int counter_rows(lua_State *L)
{
	return push_rows(L, check_finished(L, 1), false, SIZE_MAX);
}

/* ---- table, output, reducer ---- */

static int stream_count(lua_State *L)
{
	const struct finished *f = check_finished(L, 1);

	lua_pushinteger(L, (lua_Integer)agg_stream_count(f->set, f->i));
	return 1;
}

static int reducer_value(lua_State *L)
{
	const struct finished *f = check_finished(L, 1);

	result_push_merged(L, script_of(L), f->i);
	return 1;
}

/* ---- sum ---- */

static void push_number(lua_State *L, bool is_int, int64_t i, double d)
{
	if (is_int)
		lua_pushinteger(L, i);
	else
		lua_pushnumber(L, d);
}

/* n, sum, min, max, mean; of no numbers the last three are nil. false: no such property. [-0, +(0|1), -] */
static bool push_sum_property(lua_State *L, const struct finished *f, const char *key)
{
	struct agg_sum_result r;

	agg_sum_result(f->set, f->i, &r);
	if (strcmp(key, "n") == 0)
		lua_pushinteger(L, (lua_Integer)r.n);
	else if (strcmp(key, "sum") == 0)
		push_number(L, r.is_int, r.int_value, r.value);
	else if (strcmp(key, "min") != 0 && strcmp(key, "max") != 0 && strcmp(key, "mean") != 0)
		return false;
	else if (r.n == 0)
		lua_pushnil(L);
	else if (key[1] == 'i')
		push_number(L, r.min_is_int, r.int_min, r.min);
	else if (key[1] == 'a')
		push_number(L, r.max_is_int, r.int_max, r.max);
	else
		lua_pushnumber(L, r.value / (double)r.n);
	return true;
}

/* ---- the type ---- */

static const luaL_Reg counter_methods[] = {
	{ "get", counter_get },   { "top", counter_top }, { "rows", counter_rows },
	{ "total", counter_total }, { NULL, NULL },
};
static const luaL_Reg sum_methods[] = { { NULL, NULL } };
static const luaL_Reg stream_methods[] = { { "count", stream_count }, { NULL, NULL } };
static const luaL_Reg reducer_methods[] = { { "value", reducer_value }, { NULL, NULL } };

/* names: what can be read, for suggestions; early: what hooks do. */
static const struct {
	const luaL_Reg *methods;
	const char *names[6], *early[3];
} kinds[RESULT_KINDS] = {
	[AGG_COUNTER] = { counter_methods, { "get", "top", "rows", "total" }, { "add", "addn" } },
	[AGG_SUM] = { sum_methods, { "n", "sum", "min", "max", "mean" }, { "add" } },
	[AGG_TABLE] = { stream_methods, { "count" }, { "row" } },
	[AGG_OUTPUT] = { stream_methods, { "count" }, { "write" } },
	[AGG_REDUCER] = { reducer_methods, { "value" }, { "add" } },
};

static int unknown(lua_State *L, enum agg_kind kind, const char *key)
{
	for (const char *const *early = kinds[kind].early; *early; early++)
		if (strcmp(*early, key) == 0)
			return luaL_error(L,
					  "%s:%s works in the hooks that see records (filter, transform, "
					  "each), on what mrrc.%s returned; in finish results are only read",
					  result_kind(kind), key, result_kind(kind));
	return luaX_unknown(L, result_kind(kind), key, kinds[kind].names);
}

/* Upvalue 3: an array of method tables, by kind + 1. */
static int finished_index(lua_State *L)
{
	const struct finished *f = check_finished(L, 1);
	enum agg_kind kind = result_decl(script_of(L), f->i)->kind;
	const char *key = luaX_keytext(L, 2);

	if (kind == AGG_SUM && push_sum_property(L, f, key))
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

	lua_pushfstring(L, "%s '%s'", result_kind(d->kind), d->name);
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
	lua_createtable(L, RESULT_KINDS, 0);
	for (int kind = 0; kind < RESULT_KINDS; kind++) {
		lua_newtable(L);
		lua_pushlightuserdata(L, s);
		lua_pushlightuserdata(L, (void *)(intptr_t)type);
		luaL_setfuncs(L, kinds[kind].methods, 2);
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

	if (d->kind == AGG_COUNTER && !agg_counter_fits(set, i))
		luaL_error(L, "counter '%s': a count went beyond what a Lua integer holds (2^63)", d->name);
	f = lua_newuserdatauv(L, sizeof(*f), 0);
	*f = (struct finished){ i, set };
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
