/* bind_reader.c: the readers that know MARC, as methods: rec:title(), rec:isbns{raw = true},
 * rec:is_book() …
 *
 * What they read is data (marc/reader.def, marc/material.def); here each becomes a closure of two
 * functions, over the place of its row. */
#include "marc/fixed.h"
#include "marc/reader.h"
#include "script/bind.h"

/* The options of a reader at `arg`: is it {raw = true}? [-0, +0, e] */
static bool check_raw(lua_State *L, int arg)
{
	static const char *const keys[] = { "raw", NULL };
	bool raw = false;

	if (lua_isnoneornil(L, arg))
		return false;
	if (!lua_istable(L, arg))
		luaL_typeerror(L, arg, "table {raw = true}");
	for (lua_pushnil(L); lua_next(L, arg) != 0; lua_pop(L, 1)) {
		if (lua_type(L, -2) != LUA_TSTRING || strcmp(lua_tostring(L, -2), keys[0]) != 0)
			luaX_unknown(L, "option", luaX_keytext(L, -2), keys);
		if (!lua_isboolean(L, -1))
			luaL_argerror(L, arg, "raw is true or false");
		raw = lua_toboolean(L, -1);
	}
	return raw;
}

/* ---- texts: upvalue 2 is the place in readers[] ---- */

static void begin(lua_State *L, struct reader_walk *w)
{
	const struct record *r = check_record(L, 1);

	reader_begin(w, &readers[lua_tointeger(L, lua_upvalueindex(2))], r, check_raw(L, 2));
}

static int read_string(lua_State *L)
{
	struct buf *b = luaX_text(script_of(L));
	struct reader_walk w;
	bool more;

	begin(L, &w);
	luaX_check(L, reader_next(&w, b, &more));
	if (!more)
		return luaX_nil(L);
	luaX_pushspan(L, buf_span(b));
	return 1;
}

enum { ARRAY = 3, SEEN = 4 }; /* places on the stack */

/* Is the string on top new? Then the table SEEN knows it from now on. [-0, +0, m] */
static bool is_new(lua_State *L)
{
	lua_pushvalue(L, -1);
	bool new = lua_rawget(L, SEEN) == LUA_TNIL;
	lua_pop(L, 1);
	if (new) {
		lua_pushvalue(L, -1);
		lua_pushboolean(L, 1);
		lua_rawset(L, SEEN);
	}
	return new;
}

static int read_array(lua_State *L)
{
	struct buf *b = luaX_text(script_of(L));
	struct reader_walk w;
	lua_Integer n = 0;
	bool more;

	lua_settop(L, 2);
	begin(L, &w);
	bool set = w.reader->shape == READER_SET;
	lua_newtable(L); /* ARRAY */
	if (set)
		lua_newtable(L); /* SEEN */
	for (;;) {
		luaX_check(L, reader_next(&w, b, &more));
		if (!more)
			break;
		luaX_pushspan(L, buf_span(b));
		if (!set || is_new(L))
			lua_rawseti(L, ARRAY, ++n);
		else
			lua_pop(L, 1);
	}
	lua_settop(L, ARRAY);
	return 1;
}

/* ---- questions about the leader: upvalue 2 is the place in materials[] ---- */

static const struct {
	const char *name, *types, *levels;
} materials[] = {
#define MATERIAL(name, types, levels) { #name, types, levels },
#include "marc/material.def"
#undef MATERIAL
};

static bool is_one_of(uint8_t byte, const char *set)
{
	return byte && strchr(set, byte);
}

static int read_material(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	size_t i = (size_t)lua_tointeger(L, lua_upvalueindex(2));

	lua_pushboolean(L, record_kind(r) == KIND_BIBLIOGRAPHIC &&
				   (!materials[i].types || is_one_of(r->leader[6], materials[i].types)) &&
				   (!materials[i].levels || is_one_of(r->leader[7], materials[i].levels)));
	return 1;
}

/* ---- those that are no texts of fields ---- */

/* rec:pubyear() */
static int read_pubyear(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	int year;

	luaX_check(L, reader_year(r, luaX_text(script_of(L)), &year));
	if (year < 0)
		return luaX_nil(L);
	lua_pushinteger(L, year);
	return 1;
}

/* rec:heading_tag() */
static int read_heading_tag(lua_State *L)
{
	const struct field *f = reader_heading(check_record(L, 1));

	if (!f)
		return luaX_nil(L);
	char tag[3] = { (char)(f->tag >> 16), (char)(f->tag >> 8), (char)f->tag };
	lua_pushlstring(L, tag, sizeof(tag));
	return 1;
}

/* A coded element of 008 in words, or as stored. */
static int read_coded(lua_State *L, struct span name)
{
	const struct record *r = check_record(L, 1);
	bool raw = check_raw(L, 2);
	struct fixed found;

	if (!fixed_find(r, 8, name, &found) || !found.element)
		return luaX_nil(L);
	if (raw)
		luaX_pushspan(L, found.value);
	else
		push_meaning(L, script_of(L), found.element->values, found.value);
	return 1;
}

/* rec:record_kind() */
static int read_record_kind(lua_State *L)
{
	return read_coded(L, SPAN_LIT("record_kind"));
}

/* rec:establishment_level() */
static int read_establishment_level(lua_State *L)
{
	return read_coded(L, SPAN_LIT("establishment_level"));
}

static void add_reader(lua_State *L, struct script *s, const char *name, lua_CFunction function, size_t place)
{
	lua_pushlightuserdata(L, s);
	lua_pushinteger(L, (lua_Integer)place);
	lua_pushcclosure(L, function, 2);
	lua_setfield(L, -2, name);
}

void bind_reader_methods(lua_State *L, struct script *s)
{
	static const luaL_Reg methods[] = {
		{ "pubyear", read_pubyear },
		{ "heading_tag", read_heading_tag },
		{ "record_kind", read_record_kind },
		{ "establishment_level", read_establishment_level },
		{ NULL, NULL },
	};

	luaX_setfuncs(L, s, methods);
	for (size_t i = 0; i < reader_count; i++)
		add_reader(L, s, readers[i].name, readers[i].shape == READER_STRING ? read_string : read_array, i);
	for (size_t i = 0; i < sizeof(materials) / sizeof(materials[0]); i++)
		add_reader(L, s, materials[i].name, read_material, i);
}
