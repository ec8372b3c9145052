/* result_keep.c: mrrc.first and mrrc.sample: a few values, from the beginning or by lot. A record is kept
 * as the text that mrrc print shows. */
#include "base/siphash.h"
#include "marc/mrk.h"
#include "script/result.h"

static int declare_first(lua_State *L)
{
	return result_declare_sized(L, AGG_FIRST);
}

static int declare_sample(lua_State *L)
{
	return result_declare_sized(L, AGG_SAMPLE);
}

/* ---- in hooks ---- */

static enum status write_record(const struct record *r, struct buf *out)
{
	TRY(buf_add_byte(out, VALUE_STRING));
	return mrk_write(r, false, out);
}

/* The value at 2 as bytes, in text_buf. [-0, +0, e] */
static struct span value_bytes(lua_State *L, struct script *s)
{
	struct agg_value v = { .type = VALUE_STRING };
	const struct record *r = test_record(L, 2);
	struct buf *out;
	size_t len;

	switch (r ? LUA_TUSERDATA : lua_type(L, 2)) {
	case LUA_TUSERDATA:
		if (!r)
			luaL_typeerror(L, 2, "string, number, boolean, record or nil");
		out = luaX_text(s);
		luaX_check(L, write_record(r, out));
		return buf_span(out);
	case LUA_TSTRING:
		v.text.ptr = (const uint8_t *)lua_tolstring(L, 2, &len);
		v.text.len = len;
		break;
	case LUA_TNUMBER:
		v.type = lua_isinteger(L, 2) ? VALUE_INT : VALUE_DOUBLE;
		v.number.i = lua_tointeger(L, 2);
		v.number.d = lua_tonumber(L, 2);
		break;
	case LUA_TBOOLEAN:
		v.type = lua_toboolean(L, 2) ? VALUE_TRUE : VALUE_FALSE;
		break;
	default:
		luaL_typeerror(L, 2, "string, number, boolean, record or nil");
	}
	out = luaX_text(s);
	luaX_check(L, agg_value_write(&v, out));
	return buf_span(out);
}

/* The same in every run over this input with this seed, whatever the threads. */
static uint64_t place_of(const struct script *s)
{
	uint64_t place[2] = { s->record->source, s->record->offset };

	return siphash128(s->program->seed, 0, span_of(place, sizeof(place))).low;
}

static int keep_add(lua_State *L)
{
	struct script *s = script_of(L);
	const struct result_handle *h = result_hooked(L, "add");

	if (lua_isnoneornil(L, 2))
		return 0;
	enum status st = agg_keep(s->yield->aggs, h->i, place_of(s), value_bytes(L, s));
	s->text_buf.len = 0;
	luaX_check(L, st);
	return 0;
}

/* ---- in finish ---- */

static void push_value(lua_State *L, const struct agg_value *v)
{
	if (v->type == VALUE_STRING)
		luaX_pushspan(L, v->text);
	else if (v->type == VALUE_TRUE || v->type == VALUE_FALSE)
		lua_pushboolean(L, v->type == VALUE_TRUE);
	else
		result_push_number(L, v->number.is_int, v->number.i, v->number.d);
}

static int keep_values(lua_State *L)
{
	const struct finished *f = result_finished(L);
	struct span bytes;
	size_t pos = 0;

	lua_newtable(L);
	for (lua_Integer n = 1; agg_kept_next(f->set, f->i, &pos, &bytes); n++) {
		struct agg_value v = agg_value_read(bytes);

		push_value(L, &v);
		lua_rawseti(L, -2, n);
	}
	return 1;
}

static const luaL_Reg hook_methods[] = { { "add", keep_add }, { NULL, NULL } };
static const luaL_Reg finish_methods[] = { { "values", keep_values }, { NULL, NULL } };

const struct result_type result_first_type = {
	.declare = declare_first,
	.hook = hook_methods,
	.finish = finish_methods,
};

const struct result_type result_sample_type = {
	.declare = declare_sample,
	.hook = hook_methods,
	.finish = finish_methods,
};
