/* result_reducer.c: the values of reducers: waiting, accumulated in a batch, merged over all batches.
 *
 * r:add only lays its value by. When the record has succeeded, add(acc, value) runs for each; at the end
 * of the batch the accumulators leave as parcels, and the state that runs finish merges them in batch
 * order. A script that fails in `add` itself may leave its accumulator half changed: Lua tables cannot be
 * rolled back. */
#include <limits.h>

#include "script/internal.h"
#include "script/parcel.h"
#include "script/parcel_bytes.h"
#include "script/result.h"
#include "script/result_options.h"

enum { DEF_INIT = 1, DEF_ADD, DEF_MERGE };

bool result_has_reducers(const struct script *s)
{
	for (size_t i = 0; i < s->decls.count; i++)
		if (s->decls.decl[i].kind == AGG_REDUCER)
			return true;
	return false;
}

/* ---- a record's values ---- */

static int reducer_add(lua_State *L)
{
	const struct result_handle *h = result_hooked(L, "add");

	if (lua_isnoneornil(L, 2))
		return 0;
	struct results *r = result_state(L);
	if (r->adding)
		return luaL_error(L, "reducer:add inside of a reducer's add function");
	lua_getiuservalue(L, -1, RESULT_PENDING);
	lua_pushinteger(L, (lua_Integer)h->i + 1);
	lua_rawseti(L, -2, (lua_Integer)r->pending * 2 + 1);
	lua_pushvalue(L, 2);
	lua_rawseti(L, -2, (lua_Integer)r->pending * 2 + 2);
	r->pending++;
	return 0;
}

/* Push function `which` of reducer i. [-0, +1, -] */
static void push_function(lua_State *L, size_t i, int which)
{
	result_state(L);
	lua_getiuservalue(L, -1, RESULT_DEFS);
	lua_rawgeti(L, -1, (lua_Integer)i + 1);
	lua_rawgeti(L, -1, which);
	lua_replace(L, -4);
	lua_pop(L, 2);
}

/* Push the accumulator of reducer i from the table at `accs`, a fresh one when there is none. [-0, +1, e] */
static void push_accumulator(lua_State *L, const struct script *s, int accs, size_t i)
{
	if (lua_rawgeti(L, accs, (lua_Integer)i + 1) != LUA_TNIL)
		return;
	lua_pop(L, 1);
	push_function(L, i, DEF_INIT);
	lua_call(L, 0, 1);
	if (lua_isnil(L, -1))
		luaL_error(L, "reducer '%s': init returned nil", result_decl(s, i)->name);
	lua_pushvalue(L, -1);
	lua_rawseti(L, accs, (lua_Integer)i + 1);
}

/* acc = f(acc, value) for the value on top, which is popped; nil leaves the accumulator. [-1, +0, e] */
static void accumulate(lua_State *L, const struct script *s, int accs, size_t i, int which)
{
	int value = lua_gettop(L);

	push_function(L, i, which);
	push_accumulator(L, s, accs, i);
	lua_pushvalue(L, value);
	lua_call(L, 2, 1);
	if (!lua_isnil(L, -1))
		lua_rawseti(L, accs, (lua_Integer)i + 1);
	lua_settop(L, value - 1);
}

static void forget_value(lua_State *L, int pending, size_t k)
{
	lua_pushnil(L);
	lua_rawseti(L, pending, (lua_Integer)k * 2 + 2);
}

void result_commit_pending(lua_State *L, struct script *s)
{
	int top = lua_gettop(L);
	struct results *r = result_state(L);
	const char *hook = s->hook;

	if (!r || r->pending == 0) {
		lua_settop(L, top);
		return;
	}
	luaL_checkstack(L, 12, NULL);
	lua_getiuservalue(L, top + 1, RESULT_PENDING);
	lua_getiuservalue(L, top + 1, RESULT_BATCH);
	s->hook = "reducer";
	r->adding = true;
	for (size_t k = 0; k < r->pending; k++) {
		lua_rawgeti(L, top + 2, (lua_Integer)k * 2 + 1);
		size_t i = (size_t)lua_tointeger(L, -1) - 1;

		lua_pop(L, 1);
		lua_rawgeti(L, top + 2, (lua_Integer)k * 2 + 2);
		forget_value(L, top + 2, k);
		accumulate(L, s, top + 3, i, DEF_ADD);
	}
	r->adding = false;
	r->pending = 0;
	s->hook = hook;
	lua_settop(L, top);
}

/* Only clears places that exist: that never raises. */
void result_forget_pending(lua_State *L, struct script *s)
{
	int top = lua_gettop(L);
	struct results *r = result_state(L);

	(void)s;
	if (r && r->pending > 0) {
		lua_getiuservalue(L, top + 1, RESULT_PENDING);
		for (size_t k = 0; k < r->pending; k++)
			forget_value(L, top + 2, k);
		r->pending = 0;
	}
	if (r)
		r->adding = false;
	lua_settop(L, top);
}

/* ---- the end of a batch ---- */

struct taking {
	struct script *s;
	struct buf *parcels;
};

/* "reducer 'x'" [-0, +1, m] */
static const char *push_title(lua_State *L, const struct script *s, size_t i)
{
	return lua_pushfstring(L, "reducer '%s'", result_decl(s, i)->name);
}

static int pack_batch(lua_State *L)
{
	const struct taking *t = lua_touserdata(L, 1);
	struct script *s = t->s;

	lua_settop(L, 0);
	result_state(L);
	lua_getiuservalue(L, 1, RESULT_BATCH);
	for (size_t i = 0; i < s->decls.count; i++) {
		if (lua_rawgeti(L, 2, (lua_Integer)i + 1) != LUA_TNIL) {
			luaX_check(L, parcel_put_varint(t->parcels, i));
			parcel_pack(L, 3, push_title(L, s, i), s->program->memory_limit, t->parcels);
		}
		lua_settop(L, 2);
	}
	return 0;
}

/* Never raises. */
static void forget_batch(lua_State *L, const struct script *s)
{
	int top = lua_gettop(L);

	result_state(L);
	lua_getiuservalue(L, -1, RESULT_BATCH);
	for (size_t i = 0; i < s->decls.count; i++) {
		if (lua_rawgeti(L, top + 2, (lua_Integer)i + 1) != LUA_TNIL) {
			lua_pushnil(L);
			lua_rawseti(L, top + 2, (lua_Integer)i + 1);
		}
		lua_pop(L, 1);
	}
	lua_settop(L, top);
}

/* A value that cannot travel ends the run, whatever is to happen to failing records: a result without it
 * would be wrong. The event stands at the batch's last record. */
static enum status note_refusal(struct script *s, const struct problem *problem)
{
	struct yield *y = s->yield;

	y->stopped = true;
	return yield_event(y, EVENT_SCRIPT_ERROR, s->record ? (uint32_t)(s->record - s->base) : 0, "reducer",
			   span_str(problem->message ? problem->message : "not enough memory"),
			   span_str(problem->trace ? problem->trace : ""));
}

enum status result_take_reducers(struct script *s, struct buf *parcels)
{
	struct taking t = { s, parcels };
	struct problem problem = { 0 };
	size_t mark = parcels->len;
	enum status st = script_enter(s, pack_batch, &t, "reducer", &problem);

	forget_batch(s->L, s);
	if (st != STATUS_OK)
		parcels->len = mark;
	if (st == STATUS_INVALID)
		st = note_refusal(s, &problem);
	problem_release(&problem);
	return st;
}

/* ---- the state that runs finish ---- */

struct folding {
	struct script *s;
	struct span parcels;
};

static int merge_parcels(lua_State *L)
{
	struct folding *f = lua_touserdata(L, 1);
	const struct script *s = f->s;
	uint64_t i;

	lua_settop(L, 0);
	result_state(L);
	lua_getiuservalue(L, 1, RESULT_MERGED);
	while (f->parcels.len > 0) {
		if (!parcel_get_varint(&f->parcels, &i) || i >= s->decls.count ||
		    s->decls.decl[i].kind != AGG_REDUCER)
			return luaL_error(L, "packed reducer values are damaged");
		parcel_unpack(L, &f->parcels);
		accumulate(L, s, 2, (size_t)i, DEF_MERGE);
	}
	return 0;
}

enum status script_fold(struct script *s, struct span parcels, struct problem *problem)
{
	struct folding f = { s, parcels };

	return parcels.len ? script_enter(s, merge_parcels, &f, "merge", problem) : STATUS_OK;
}

void result_push_merged(lua_State *L, struct script *s, size_t i)
{
	luaL_checkstack(L, 10, NULL);
	result_state(L);
	lua_getiuservalue(L, -1, RESULT_MERGED);
	push_accumulator(L, s, lua_gettop(L), i);
	lua_replace(L, -3);
	lua_pop(L, 1);
}

struct packing {
	struct script *s;
	size_t i;
};

static int pack_merged(lua_State *L)
{
	const struct packing *p = lua_touserdata(L, 1);
	struct script *s = p->s;

	lua_settop(L, 0);
	result_push_merged(L, s, p->i);
	parcel_pack(L, 1, push_title(L, s, p->i), s->program->memory_limit, luaX_text(s));
	return 0;
}

enum status script_reducer_json(struct script *s, size_t i, struct buf *out)
{
	struct packing p = { s, i };
	struct problem problem = { 0 };
	enum status st = script_enter(s, pack_merged, &p, "reducer", &problem);

	if (st == STATUS_OK)
		st = parcel_to_json(buf_span(&s->text_buf), out);
	s->text_buf.len = 0;
	problem_release(&problem);
	return st;
}

/* ---- the kind ---- */

/* Leaves the definition {init, add, merge} in RESULT_DEFS. */
static int declare(lua_State *L)
{
	struct script *s = script_of(L);
	struct agg_decl d = { .kind = AGG_REDUCER };

	result_check_loading(L, s, AGG_REDUCER);
	result_reducer_options(L, &d); /* pushes the definition */
	int def = lua_gettop(L);
	const struct result_handle *h = result_declare(L, s, &d);
	result_state(L);
	lua_getiuservalue(L, -1, RESULT_DEFS);
	lua_pushvalue(L, def);
	lua_rawseti(L, -2, (lua_Integer)h->i + 1);
	lua_pop(L, 2);
	return 1;
}

static int reducer_value(lua_State *L)
{
	const struct finished *f = result_finished(L);

	result_push_merged(L, script_of(L), f->i);
	return 1;
}

static const luaL_Reg hook_methods[] = { { "add", reducer_add }, { NULL, NULL } };
static const luaL_Reg finish_methods[] = { { "value", reducer_value }, { NULL, NULL } };

const struct result_type result_reducer_type = {
	.declare = declare,
	.hook = hook_methods,
	.finish = finish_methods,
};
