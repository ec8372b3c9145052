/* result_histogram.c: mrrc.histogram{name, edges}: numbers by the edges that they lie between. */
#include <math.h>

#include "script/result.h"
#include "script/result_options.h"

static int declare(lua_State *L)
{
	struct script *s = script_of(L);
	struct agg_decl d = { .kind = AGG_HISTOGRAM };

	result_check_loading(L, s, AGG_HISTOGRAM);
	result_histogram_options(L, &d);
	result_declare(L, s, &d);
	return 1;
}

static int histogram_add(lua_State *L)
{
	const struct result_handle *h = result_hooked(L, "add");
	struct agg_set *aggs = script_of(L)->yield->aggs;
	struct number n;

	if (!result_checknumber(L, &n))
		return 0;
	if (isnan(n.d))
		return luaL_argerror(L, 2, "a histogram has no place for NaN");
	luaX_check(L, n.is_int ? agg_sum_int(aggs, h->i, n.i) : agg_sum_double(aggs, h->i, n.d));
	return 0;
}

/* The edge at place `at`, or nothing beyond the ends, as a field of the table on top. [-0, +0, e] */
static void set_edge(lua_State *L, const struct agg_decl *d, size_t at, const char *name)
{
	if (at >= d->edge_count)
		return;
	result_push_number(L, d->edge[at].is_int, d->edge[at].i, d->edge[at].d);
	lua_setfield(L, -2, name);
}

/* {from, to, count}: the first has no from, the last no to. */
static int histogram_rows(lua_State *L)
{
	const struct finished *f = result_finished(L);
	const struct agg_decl *d = result_decl(script_of(L), f->i);

	lua_createtable(L, (int)d->edge_count + 1, 0);
	for (size_t i = 0; i <= d->edge_count; i++) {
		lua_createtable(L, 0, 3);
		set_edge(L, d, i - 1, "from"); /* i = 0: SIZE_MAX, beyond the end */
		set_edge(L, d, i, "to");
		lua_pushinteger(L, (lua_Integer)agg_histogram_count(f->set, f->i, i));
		lua_setfield(L, -2, "count");
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	return 1;
}

static const luaL_Reg hook_methods[] = { { "add", histogram_add }, { NULL, NULL } };
static const luaL_Reg finish_methods[] = { { "rows", histogram_rows }, { NULL, NULL } };

const struct result_type result_histogram_type = {
	.declare = declare,
	.hook = hook_methods,
	.finish = finish_methods,
};
