/* bind_result.c: mrrc.counter, mrrc.sum …: declaring results while the script loads.
 *
 * Every state runs the same chunk and so declares the same list; the host compares the lists. A
 * declaration gives a handle that knows its place in the list and nothing else. */
#include "script/result.h"

#define MOST_KEPT 1000000

static const char results_key = 0; /* its address names the userdata in the registry */

struct results *result_state(lua_State *L)
{
	lua_rawgetp(L, LUA_REGISTRYINDEX, &results_key);
	return lua_touserdata(L, -1);
}

static const struct result_type *const types[AGG_KINDS] = {
	[AGG_COUNTER] = &result_counter_type,
	[AGG_TOPK] = &result_topk_type,
	[AGG_SUM] = &result_sum_type,
	[AGG_STATS] = &result_stats_type,
	[AGG_HISTOGRAM] = &result_histogram_type,
	[AGG_SET] = &result_set_type,
	[AGG_DISTINCT] = &result_distinct_type,
	[AGG_FIRST] = &result_first_type,
	[AGG_SAMPLE] = &result_sample_type,
	[AGG_ISSUES] = &result_issues_type,
	[AGG_TABLE] = &result_table_type,
	[AGG_OUTPUT] = &result_output_type,
	[AGG_REDUCER] = &result_reducer_type,
};

const struct result_type *result_type_of(enum agg_kind kind)
{
	return types[kind];
}

void result_check_loading(lua_State *L, const struct script *s, enum agg_kind kind)
{
	if (!s->loading)
		luaL_error(L, "mrrc.%s: declare results at the top of the script, outside of its functions",
			   agg_kind_name(kind));
}

/* A name that is new. [-0, +0, e] */
static void check_name(lua_State *L, const struct script *s, const struct agg_decl *d)
{
	const char *kind = agg_kind_name(d->kind);

	if (!d->name || !*d->name)
		luaL_error(L, "mrrc.%s: a result needs a name", kind);
	for (size_t i = 0; i < s->decls.count; i++)
		if (strcmp(s->decls.decl[i].name, d->name) == 0)
			luaL_error(L, "mrrc.%s: there is a %s named '%s' already", kind,
				   agg_kind_name(s->decls.decl[i].kind), d->name);
}

struct result_handle *result_declare(lua_State *L, struct script *s, const struct agg_decl *d)
{
	struct result_handle *h;

	check_name(L, s, d);
	const struct results *r = result_state(L);
	h = lua_newuserdatauv(L, sizeof(*h), 1);
	h->i = s->decls.count;
	luaX_settype(L, r->type[d->kind]);
	luaX_check(L, agg_decls_add(&s->decls, d));
	lua_remove(L, -2);
	return h;
}

/* The name at argument 1 into *d. [-0, +0, e] */
static void check_named(lua_State *L, struct agg_decl *d)
{
	result_check_loading(L, script_of(L), d->kind);
	luaX_checkspan(L, 1);
	d->name = (char *)(intptr_t)luaL_checkstring(L, 1);
}

int result_declare_named(lua_State *L, enum agg_kind kind)
{
	struct agg_decl d = { .kind = kind };

	check_named(L, &d);
	result_declare(L, script_of(L), &d);
	return 1;
}

int result_declare_sized(lua_State *L, enum agg_kind kind)
{
	struct agg_decl d = { .kind = kind };
	int exact = 0;

	check_named(L, &d);
	lua_Integer n = lua_type(L, 2) == LUA_TNUMBER ? lua_tointegerx(L, 2, &exact) : 0;
	if (!exact || n < 1 || n > MOST_KEPT)
		return luaL_error(L, "mrrc.%s %s: how many? a whole number from 1 to %d: mrrc.%s(name, n)",
				  agg_kind_name(kind), d.name, MOST_KEPT, agg_kind_name(kind));
	d.n = (size_t)n;
	result_declare(L, script_of(L), &d);
	return 1;
}

/* ---- types of the handles ---- */

static int handle_tostring(lua_State *L)
{
	const struct script *s = script_of(L);
	const struct result_handle *h = lua_touserdata(L, 1);
	const struct agg_decl *d = result_decl(s, h->i);

	lua_pushfstring(L, "%s '%s'", agg_kind_name(d->kind), d->name);
	return 1;
}

static int handle_newindex(lua_State *L)
{
	return luaL_error(L, "a result has no fields to set");
}

static const void *new_type(lua_State *L, struct script *s, enum agg_kind kind)
{
	static const luaL_Reg meta[] = {
		{ "__tostring", handle_tostring },
		{ "__newindex", handle_newindex },
		{ NULL, NULL },
	};
	const void *type = luaX_newtype(L, s, agg_kind_name(kind), meta);

	lua_newtable(L);
	result_hook_methods(L, s, kind, type);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
	return type;
}

static void new_state(lua_State *L, struct script *s)
{
	struct results *r = lua_newuserdatauv(L, sizeof(*r), RESULT_MERGED);

	*r = (struct results){ 0 };
	for (int i = RESULT_PENDING; i <= RESULT_MERGED; i++) {
		lua_newtable(L);
		lua_setiuservalue(L, -2, i);
	}
	for (int kind = 0; kind < AGG_KINDS; kind++)
		r->type[kind] = new_type(L, s, (enum agg_kind)kind);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &results_key);
}

void bind_result_functions(lua_State *L, struct script *s)
{
	new_state(L, s);
	for (int kind = 0; kind < AGG_KINDS; kind++) {
		lua_pushlightuserdata(L, s);
		lua_pushcclosure(L, types[kind]->declare, 1);
		lua_setfield(L, -2, agg_kind_name((enum agg_kind)kind));
	}
}
