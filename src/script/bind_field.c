/* bind_field.c: the reading half of field views: f.tag, f:get("a"), for code, value in f:subfields() ….
 *
 * Views of records and of edits answer alike: check_field tells them apart. What an edit's view can do
 * beyond this is in bind_edit.c, which fills its own method table with bind_field_methods first. */
#include "marc/mrk.h"
#include "script/bind.h"

const char *const bind_field_names[] = {
	"tag", "ind1", "ind2", "value", "get", "all", "values", "text", "has", "subfields", "format", "raw",
	"is_control", NULL,
};

static const struct field *this_field(lua_State *L)
{
	return check_field(L, 1, NULL, NULL);
}

static bool has_indicators(const struct field *f)
{
	return !(f->flags & (FIELD_CONTROL | FIELD_MALFORMED)) && f->len >= 2;
}

/* ---- values ---- */

/* f:get(codes [, default]) */
static int field_get(lua_State *L)
{
	const struct field *f = this_field(L);
	struct codes c = check_codes(L, 2);
	struct subfield_walk w = subfields_of(f);
	struct subfield sub;

	luaL_checktype(L, 2, LUA_TSTRING);
	while (subfield_next(&w, &sub)) {
		if (!codes_have(&c, sub.code))
			continue;
		luaX_pushspan(L, sub.value);
		return 1;
	}
	lua_settop(L, 3);
	return 1;
}

/* f:has(codes) */
static int field_has(lua_State *L)
{
	const struct field *f = this_field(L);
	struct codes c = check_codes(L, 2);
	struct codes_walk w;
	struct subfield sub;

	codes_begin(&w, &c, f);
	lua_pushboolean(L, codes_next(&w, &sub));
	return 1;
}

/* f:all([codes [, options]]) */
static int field_all(lua_State *L)
{
	const struct field *f = this_field(L);
	struct codes c = check_codes(L, 2);
	struct codes_walk w;
	struct subfield sub;
	lua_Integer n = 0;

	check_codes_order(L, 3, &c);
	codes_begin(&w, &c, f);
	lua_newtable(L);
	while (codes_next(&w, &sub)) {
		luaX_pushspan(L, sub.value);
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

/* f:text([codes [, sep [, options]]]); the options may stand in the place of sep. */
static int field_text(lua_State *L)
{
	const struct field *f = this_field(L);
	struct codes c = check_codes(L, 2);
	bool no_sep = lua_type(L, 3) == LUA_TTABLE;
	struct span sep = no_sep ? SPAN_LIT(" ") : luaX_optspan(L, 3, SPAN_LIT(" "));
	struct buf *b = luaX_text(script_of(L));
	struct codes_walk w;
	struct subfield sub;
	bool any = false;

	check_codes_order(L, no_sep ? 3 : 4, &c);
	for (codes_begin(&w, &c, f); codes_next(&w, &sub); any = true) {
		if (any)
			luaX_check(L, buf_add_span(b, sep));
		luaX_check(L, buf_add_span(b, sub.value));
	}
	if (!any)
		return luaX_nil(L);
	luaX_pushspan(L, buf_span(b));
	return 1;
}

/* ---- iterators: closures over (script, walk, field) ---- */

enum { UP_WALK = 2, UP_FIELD = 3 };

static bool step(lua_State *L, struct subfield *sub)
{
	struct codes_walk *w = lua_touserdata(L, lua_upvalueindex(UP_WALK));

	check_field(L, lua_upvalueindex(UP_FIELD), NULL, NULL);
	return codes_next(w, sub);
}

static int values_step(lua_State *L)
{
	struct subfield sub;

	if (!step(L, &sub))
		return luaX_nil(L);
	luaX_pushspan(L, sub.value);
	return 1;
}

static int subfields_step(lua_State *L)
{
	struct subfield sub;

	if (!step(L, &sub))
		return luaX_nil(L);
	luaX_pushspan(L, span_of(&sub.code, 1));
	luaX_pushspan(L, sub.value);
	return 2;
}

static int push_walk(lua_State *L, const struct field *f, const struct codes *c, lua_CFunction step_function)
{
	lua_pushlightuserdata(L, script_of(L));
	codes_begin(lua_newuserdatauv(L, sizeof(struct codes_walk), 0), c, f);
	lua_pushvalue(L, 1);
	lua_pushcclosure(L, step_function, UP_FIELD);
	return 1;
}

/* for value in f:values([codes [, options]]) */
static int field_values(lua_State *L)
{
	const struct field *f = this_field(L);
	struct codes c = check_codes(L, 2);

	check_codes_order(L, 3, &c);
	return push_walk(L, f, &c, values_step);
}

/* for code, value in f:subfields([codes]) */
static int field_subfields(lua_State *L)
{
	const struct field *f = this_field(L);
	struct codes c = check_codes(L, 2);

	return push_walk(L, f, &c, subfields_step);
}

/* ---- the field as a whole ---- */

/* 600-651, 653-654, 656-658, 662 and 69X hold subjects (MARC 21 Bibliographic, 6XX). */
static bool is_subject(uint32_t tag)
{
	uint32_t tens = tag >> 8 & 0xff, ones = tag & 0xff;

	if (tag >> 16 != '6')
		return false;
	if (tens == '5')
		return ones != '2' && ones != '5' && ones != '9';
	return tens == '6' ? ones == '2' : true;
}

/* $0-$9 but $3 are for machines: links, sources, control numbers (MARC 21, Appendix A). */
static bool is_for_people(uint8_t code)
{
	return code < '0' || code > '9' || code == '3';
}

/* f:format(): as a catalogue shows it; subjects with " -- " before $v $x $y $z. */
static int field_format(lua_State *L)
{
	const struct field *f = this_field(L);
	struct buf *b = luaX_text(script_of(L));
	struct subfield_walk w = subfields_of(f);
	struct subfield sub;
	bool subject = is_subject(f->tag);

	if (field_is_control(f))
		luaX_check(L, buf_add_span(b, field_span(f)));
	while (subfield_next(&w, &sub)) {
		bool division = subject && sub.code && strchr("vxyz", sub.code);

		if (!is_for_people(sub.code))
			continue;
		if (b->len > 0)
			luaX_check(L, buf_add_str(b, division ? " -- " : " "));
		luaX_check(L, buf_add_span(b, sub.value));
	}
	luaX_pushspan(L, buf_span(b));
	return 1;
}

/* f:raw(): the content as ISO 2709 has it, without the terminator. */
static int field_raw(lua_State *L)
{
	luaX_pushspan(L, field_span(this_field(L)));
	return 1;
}

static int field_is_control_(lua_State *L)
{
	lua_pushboolean(L, field_is_control(this_field(L)));
	return 1;
}

/* ---- properties ---- */

static void push_indicator(lua_State *L, const struct field *f, int which)
{
	if (has_indicators(f))
		luaX_pushspan(L, span_of(f->ptr + which - 1, 1));
	else
		lua_pushnil(L);
}

static void push_value(lua_State *L, struct script *s, const struct field *f)
{
	struct match m = { .value = field_span(f), .whole = !field_is_control(f), .nth = -1 };

	if (f->flags & FIELD_MALFORMED)
		lua_pushnil(L);
	else
		push_match(L, s, &m);
}

bool bind_field_property(lua_State *L, struct script *s, const struct field *f, const char *key, size_t len)
{
	struct span name = span_of(key, len);

	if (span_eq(name, SPAN_LIT("tag"))) {
		uint32_t t = f->tag;
		uint8_t tag[3] = { (uint8_t)(t >> 16), (uint8_t)(t >> 8 & 0xff), (uint8_t)(t & 0xff) };

		luaX_pushspan(L, span_of(tag, 3));
	} else if (span_eq(name, SPAN_LIT("ind1"))) {
		push_indicator(L, f, 1);
	} else if (span_eq(name, SPAN_LIT("ind2"))) {
		push_indicator(L, f, 2);
	} else if (span_eq(name, SPAN_LIT("value"))) {
		push_value(L, s, f);
	} else {
		return false;
	}
	return true;
}

/* ---- the type ---- */

/* Upvalue 2: the methods. */
static int field_index(lua_State *L)
{
	size_t len;

	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(2)) != LUA_TNIL)
		return 1;
	const struct field *f = this_field(L);
	if (lua_type(L, 2) == LUA_TSTRING) {
		const char *key = lua_tolstring(L, 2, &len);

		if (bind_field_property(L, script_of(L), f, key, len))
			return 1;
	}
	return luaX_unknown(L, "field", luaX_keytext(L, 2), bind_field_names);
}

static int field_newindex(lua_State *L)
{
	const char *key = luaX_keytext(L, 2);
	const char *nearest = luaX_nearest(key, bind_field_names);

	if (nearest && strcmp(key, nearest) == 0)
		return luaL_error(L, "field key '%s' cannot be assigned: a record does not change; "
				     "walk the fields of rec:edit()", key);
	return luaX_unknown(L, "field", key, bind_field_names);
}

/* The line of mrk: a record of this field alone, without its leader. */
int bind_field_tostring(lua_State *L)
{
	const struct field *f = this_field(L);
	struct buf *b = luaX_text(script_of(L));
	struct record alone = { .count = 1, .flags = RECORD_UTF8, .field = f };

	memset(alone.leader, ' ', LEADER_LEN);
	luaX_check(L, mrk_write(&alone, false, b));
	const uint8_t *line = memchr(b->ptr, '\n', b->len);
	size_t from = line ? (size_t)(line - b->ptr) + 1 : 0;
	const uint8_t *end = memchr(b->ptr + from, '\n', b->len - from);
	luaX_pushspan(L, span_of(b->ptr + from, end ? (size_t)(end - b->ptr) - from : b->len - from));
	return 1;
}

int bind_field_eq(lua_State *L)
{
	const struct field *a = test_field(L, 1, NULL, NULL);
	const struct field *b = test_field(L, 2, NULL, NULL);

	lua_pushboolean(L, a && b && a->tag == b->tag && span_eq(field_span(a), field_span(b)));
	return 1;
}

void bind_field_methods(lua_State *L, struct script *s)
{
	static const luaL_Reg methods[] = {
		{ "get", field_get },
		{ "all", field_all },
		{ "values", field_values },
		{ "text", field_text },
		{ "has", field_has },
		{ "subfields", field_subfields },
		{ "format", field_format },
		{ "raw", field_raw },
		{ "is_control", field_is_control_ },
		{ NULL, NULL },
	};

	luaX_setfuncs(L, s, methods);
}

void bind_field_open(lua_State *L, struct script *s)
{
	static const luaL_Reg meta[] = {
		{ "__newindex", field_newindex },
		{ "__tostring", bind_field_tostring },
		{ "__eq", bind_field_eq },
		{ NULL, NULL },
	};

	s->mt_field = luaX_newtype(L, s, "field", meta);
	lua_pushlightuserdata(L, s);
	lua_newtable(L);
	bind_field_methods(L, s);
	lua_pushcclosure(L, field_index, 2);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}
