/* bind_record.c: the type of records in Lua: metamethods, properties, and the methods that change what
 * becomes of one.
 *
 * A key is looked for among the methods first, because scripts mostly call; then among the properties;
 * anything else raises. The reading methods live in bind_value.c, bind_match.c, bind_view.c,
 * bind_source.c, bind_reader.c and bind_fixed.c and serve edits as well. */
#include "marc/kind.h"
#include "marc/mrk.h"
#include "script/bind.h"

const char *const bind_record_names[] = {
	"id", "leader", "type", "level", "kind", "encoding", "errors", "source",
	"get", "all", "values", "text", "has", "count", "number", "match",
	"field", "fields", "linked", "linked_pairs", "raw", "to", "table", "keep", "reject", "edit",
	"fixed", "meaning", "pubyear", "heading_tag", "record_kind", "establishment_level",
#define READER(name, shape) #name,
#include "marc/reader.def"
#undef READER
#define MATERIAL(name, types, levels) #name,
#include "marc/material.def"
#undef MATERIAL
	NULL,
};

/* ---- properties ---- */

static void push_id(lua_State *L, const struct record *r)
{
	const struct field *f = record_first(r, MARC_TAG('0', '0', '1'));

	if (f)
		luaX_pushspan(L, field_span(f));
	else
		lua_pushnil(L);
}

static void push_byte(lua_State *L, uint8_t byte)
{
	char c = (char)byte;

	lua_pushlstring(L, &c, 1);
}

static bool key_is(const char *key, size_t len, const char *name)
{
	return strlen(name) == len && memcmp(key, name, len) == 0;
}

bool bind_record_property(lua_State *L, struct script *s, const struct record *r, const char *key, size_t len)
{
	if (key_is(key, len, "id"))
		push_id(L, r);
	else if (key_is(key, len, "leader"))
		push_leader(L, s, 1);
	else if (key_is(key, len, "type"))
		push_byte(L, r->leader[6]);
	else if (key_is(key, len, "level"))
		push_byte(L, r->leader[7]);
	else if (key_is(key, len, "kind"))
		lua_pushstring(L, record_kind_name(record_kind(r)));
	else if (key_is(key, len, "encoding"))
		lua_pushstring(L, record_encoding(r));
	else if (key_is(key, len, "errors"))
		push_record_errors(L, r);
	else if (key_is(key, len, "source"))
		push_record_source(L, s, r);
	else
		return false;
	return true;
}

/* ---- metamethods ---- */

/* A verb of edits is the likeliest slip: rec:remove("9.."). */
static int unknown_key(lua_State *L, const char *key)
{
	const char *nearest = luaX_nearest(key, bind_edit_names);

	if (nearest && strcmp(key, nearest) == 0)
		return luaL_error(L, "unknown record key '%s': a record does not change; "
				     "local e = rec:edit(), then e:%s(…) and return e", key, key);
	return luaX_unknown(L, "record", key, bind_record_names);
}

/* Upvalue 2: the methods. */
static int record_index(lua_State *L)
{
	size_t len;

	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(2)) != LUA_TNIL)
		return 1;
	const struct record *r = check_record(L, 1);
	if (lua_type(L, 2) == LUA_TSTRING) {
		const char *key = lua_tolstring(L, 2, &len);

		if (bind_record_property(L, script_of(L), r, key, len))
			return 1;
	}
	return unknown_key(L, luaX_keytext(L, 2));
}

static int record_newindex(lua_State *L)
{
	const char *key = luaX_keytext(L, 2);
	const char *nearest = luaX_nearest(key, bind_record_names);

	if (nearest && strcmp(key, nearest) == 0)
		return luaL_error(L, "record key '%s' cannot be assigned: a record does not change; "
				     "use rec:edit()", key);
	return luaX_unknown(L, "record", key, bind_record_names);
}

static int record_tostring(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	struct buf *b = luaX_text(script_of(L));

	luaX_check(L, mrk_write(r, false, b));
	luaX_pushspan(L, buf_span(b));
	return 1;
}

static int record_eq(lua_State *L)
{
	const struct record *a = test_record(L, 1);
	const struct record *b = test_record(L, 2);

	lua_pushboolean(L, a && b && record_equal(a, b));
	return 1;
}

/* ---- what becomes of it ---- */

/* rec:keep(): an owned record; one that is owned already is its own. */
static int record_keep(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	struct script *s = script_of(L);
	const struct record_handle *h = luaX_is(L, 1, s->mt_record);

	if (h && h->generation == ALWAYS)
		lua_settop(L, 1);
	else
		push_record_copy(L, s, r);
	return 1;
}

/* rec:edit(): the draft leans on the content of its original, so the edit keeps it. */
static int record_edit(lua_State *L)
{
	const struct record *r = check_record(L, 1);

	push_edit(L, script_of(L), r);
	lua_pushvalue(L, 1);
	lua_setiuservalue(L, -2, 1);
	return 1;
}

/* rec:reject(reason): of the record at hand, or of an edit of it. */
static int record_reject(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	struct span reason = luaX_checkspan(L, 2);
	struct script *s = script_of(L);

	if (!s->record)
		return luaL_error(L, "reject is for hooks: no record is being processed");
	if (r != s->record && !test_edit(L, 1))
		return luaL_error(L, "reject is for the record of the hook, not one that was kept or made");
	char *copy = arena_alloc(&s->scratch, reason.len + 1);
	if (!copy)
		luaX_check(L, STATUS_MEMORY);
	if (reason.len > 0)
		memcpy(copy, reason.ptr, reason.len);
	s->rejected = true;
	s->reject_reason = copy;
	s->reject_reason_len = reason.len;
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref_drop);
	return 1;
}

void bind_record_methods(lua_State *L, struct script *s)
{
	static const luaL_Reg methods[] = {
		{ "keep", record_keep },
		{ "edit", record_edit },
		{ "reject", record_reject },
		{ NULL, NULL },
	};

	bind_value_methods(L, s);
	bind_match_methods(L, s);
	bind_view_methods(L, s);
	bind_source_methods(L, s);
	bind_reader_methods(L, s);
	bind_fixed_methods(L, s);
	luaX_setfuncs(L, s, methods);
}

void bind_record_open(lua_State *L, struct script *s)
{
	static const luaL_Reg meta[] = {
		{ "__newindex", record_newindex },
		{ "__tostring", record_tostring },
		{ "__eq", record_eq },
		{ NULL, NULL },
	};

	s->mt_record = luaX_newtype(L, s, "record", meta);
	lua_pushlightuserdata(L, s);
	lua_newtable(L);
	bind_record_methods(L, s);
	lua_pushcclosure(L, record_index, 2);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}
