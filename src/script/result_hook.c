/* result_hook.c: adding to results, in a hook: into the journal of the record at hand.
 *
 * These are the hot calls of most scripts: a method is one table look-up away (methods are __index
 * itself), and knows its type by upvalue. What is not a method ends in `unknown`, which tells methods of
 * finish from slips. */
#include <math.h>

#include "marc/iso2709.h"
#include "marc/mrk.h"
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

const struct result_handle *result_hooked(lua_State *L, enum agg_kind kind, const char *method)
{
	const struct script *s = script_of(L);
	const struct result_handle *h = luaX_is(L, 1, lua_touserdata(L, lua_upvalueindex(2)));

	if (!h)
		luaL_typeerror(L, 1, result_kind(kind));
	if (!s->yield || !s->yield->aggs)
		luaL_error(L, "%s:%s works in the hooks that see records (filter, transform, each): %s",
			   result_kind(kind), method, when_now(s));
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

/* ---- counter, sum ---- */

static int counter_add(lua_State *L)
{
	const struct result_handle *h = result_hooked(L, AGG_COUNTER, "add");

	if (!lua_isnoneornil(L, 2))
		luaX_check(L, agg_count(script_of(L)->yield->aggs, h->i, 1, result_key(L, 2)));
	return 0;
}

static int counter_addn(lua_State *L)
{
	const struct result_handle *h = result_hooked(L, AGG_COUNTER, "addn");
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

static int sum_add(lua_State *L)
{
	const struct result_handle *h = result_hooked(L, AGG_SUM, "add");
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

/* ---- output ---- */

static struct span output_key(lua_State *L, const struct agg_decl *d)
{
	if (lua_isnoneornil(L, 3))
		return span_of(NULL, 0);
	if (!strstr(d->path, "{key}"))
		luaL_error(L, "output '%s': a key chooses the file, but there is no {key} in its path",
			   d->name);
	return result_key(L, 3);
}

static bool wants_mrk(const struct agg_decl *d)
{
	size_t len = strlen(d->path);

	return len > 4 && strcmp(d->path + len - 4, ".mrk") == 0;
}

/* The record in the form that the suffix of the path asks for. In text_buf. */
static struct span serialise(lua_State *L, struct script *s, const struct agg_decl *d, const struct record *r)
{
	struct buf *out = luaX_text(s);
	struct fault why = { 0 };
	enum status st = wants_mrk(d) ? mrk_write(r, false, out) : iso2709_write(r, out, &why);

	if (st == STATUS_INVALID)
		luaL_error(L, "output '%s': %s: %s", d->name, fault_code_text(why.code),
			   fault_message(why.code));
	luaX_check(L, st);
	return buf_span(out);
}

static int output_write(lua_State *L)
{
	struct script *s = script_of(L);
	const struct result_handle *h = result_hooked(L, AGG_OUTPUT, "write");
	const struct agg_decl *d = result_decl(s, h->i);

	if (lua_isnoneornil(L, 2))
		return 0;
	const struct record *r = check_record(L, 2);
	struct edit *edit = test_edit(L, 2);
	struct span key = output_key(L, d);
	struct span bytes = serialise(L, s, d, r);
	enum status st = agg_stream(s->yield->aggs, h->i, key, bytes);
	s->text_buf.len = 0;
	luaX_check(L, st);
	if (edit)
		edit->settled = true;
	return 0;
}

/* ---- the method tables ---- */

static const luaL_Reg counter_methods[] = {
	{ "add", counter_add }, { "addn", counter_addn }, { NULL, NULL },
};
static const luaL_Reg sum_methods[] = { { "add", sum_add }, { NULL, NULL } };
static const luaL_Reg table_methods[] = { { "row", result_table_row }, { NULL, NULL } };
static const luaL_Reg output_methods[] = { { "write", output_write }, { NULL, NULL } };
static const luaL_Reg reducer_methods[] = { { "add", result_reducer_add }, { NULL, NULL } };

/* All names of a kind, those for hooks first: for suggestions. */
struct kind {
	const luaL_Reg *methods;
	int methods_count;
	const char *names[8];
};
static const struct kind kinds[RESULT_KINDS] = {
	[AGG_COUNTER] = { counter_methods, 2, { "add", "addn", "get", "top", "rows", "total" } },
	[AGG_SUM] = { sum_methods, 1, { "add", "n", "sum", "min", "max", "mean" } },
	[AGG_TABLE] = { table_methods, 1, { "row", "count" } },
	[AGG_OUTPUT] = { output_methods, 1, { "write", "count" } },
	[AGG_REDUCER] = { reducer_methods, 1, { "add", "value" } },
};

/* __index of the method tables. [-2, +0, e] */
static int unknown(lua_State *L)
{
	int kind = (int)lua_tointeger(L, lua_upvalueindex(1));
	const char *key = luaX_keytext(L, 2), *name = result_kind((enum agg_kind)kind);

	for (const char *const *late = kinds[kind].names + kinds[kind].methods_count; *late; late++)
		if (strcmp(*late, key) == 0)
			return luaL_error(L,
					  "%s.%s works in finish, on agg.NAME, not on what mrrc.%s returned",
					  name, key, name);
	return luaX_unknown(L, name, key, kinds[kind].names);
}

void result_hook_methods(lua_State *L, struct script *s, enum agg_kind kind, const void *type)
{
	lua_pushlightuserdata(L, s);
	lua_pushlightuserdata(L, (void *)(intptr_t)type);
	luaL_setfuncs(L, kinds[kind].methods, 2);
	lua_createtable(L, 0, 1);
	lua_pushinteger(L, (lua_Integer)kind);
	lua_pushcclosure(L, unknown, 1);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, -2);
}
