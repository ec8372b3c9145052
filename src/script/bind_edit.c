/* bind_edit.c: the type of edits in Lua: metamethods, what becomes of an edit, and the arguments that verbs
 * share.
 *
 * An edit answers every reading call, from the same functions as a record. The verbs live in files of their
 * own, by concept: add, remove, set, map, move, order; writable views of fields are bind_edit_field.c.
 * Verbs return the edit. */
#include "script/bind_edit.h"

#include "marc/mrk.h"

const char *const bind_edit_names[] = {
	"add", "append", "insert", "remove", "set", "map", "sub", "move", "copy", "dedup",
	"sort", "fields", "changed", "done",
	"discard", NULL,
};

/* ---- arguments ---- */

/* Integers are written out; 2.0 is no text, and whether it means 2 or 2.0 only the script knows. */
struct span check_value(lua_State *L, int arg)
{
	size_t len;

	if (lua_isnoneornil(L, arg))
		luaL_argerror(L, arg, "string expected, got nil (a subfield is deleted with remove)");
	if (lua_type(L, arg) != LUA_TSTRING && !lua_isinteger(L, arg))
		luaL_typeerror(L, arg, "string");
	const char *text = lua_tolstring(L, arg, &len);
	if (!draft_text_ok(span_of(text, len)))
		luaL_argerror(L, arg, "text without the delimiters 1D, 1E, 1F expected");
	return span_of(text, len);
}

uint8_t check_indicator(lua_State *L, int arg)
{
	struct span text = luaX_checkspan(L, arg);

	if (text.len != 1 || !draft_indicator_ok(text.ptr[0]))
		luaL_argerror(L, arg, "indicator expected: one printable ASCII character, # for blank");
	return text.ptr[0] == '#' ? ' ' : text.ptr[0];
}

uint8_t check_code(lua_State *L, int arg)
{
	struct span text = luaX_checkspan(L, arg);

	if (text.len != 1 || !draft_code_ok(text.ptr[0]))
		luaL_argerror(L, arg, "subfield code expected: one printable ASCII character");
	return text.ptr[0];
}

uint32_t check_tag(lua_State *L, int arg)
{
	struct span text = luaX_checkspan(L, arg);

	if (!draft_tag_ok(text))
		luaL_argerror(L, arg, "tag expected: three letters or digits, not 000");
	return MARC_TAG(text.ptr[0], text.ptr[1], text.ptr[2]);
}

void check_last(lua_State *L, int last)
{
	int top = lua_gettop(L);

	if (top > last + 1 || (top == last + 1 && !lua_isnumber(L, top) && !lua_isnil(L, top)))
		luaL_argerror(L, last + 1, "nothing more expected");
}

void check_done(lua_State *L, enum status st, int arg, const char *expected)
{
	if (st == STATUS_INVALID)
		luaL_argerror(L, arg, expected);
	luaX_check(L, st);
}

void *need_memory(lua_State *L, struct arena *arena, size_t len)
{
	void *p = arena_alloc(arena, len);

	luaX_check(L, p ? STATUS_OK : STATUS_MEMORY);
	return p;
}

void check_alive(lua_State *L, const struct edit *e)
{
	if (e->dead)
		luaL_error(L, "the edit was ended by the function that it called; end it afterwards");
}

/* ---- what becomes of it ---- */

static int edit_changed(lua_State *L)
{
	lua_pushboolean(L, check_edit(L, 1)->draft->changed);
	return 1;
}

static void end_edit(struct edit *e)
{
	e->settled = true;
	e->dead = true;
}

/* e:done(): a record that owns its bytes. */
static int edit_done(lua_State *L)
{
	struct edit *e = check_edit(L, 1);

	push_record_copy(L, script_of(L), &e->draft->view);
	end_edit(e);
	return 1;
}

static int edit_discard(lua_State *L)
{
	end_edit(check_edit(L, 1));
	return 0;
}

/* ---- metamethods ---- */

/* Upvalue 2: the methods. */
static int edit_index(lua_State *L)
{
	size_t len;

	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(2)) != LUA_TNIL)
		return 1;
	struct edit *e = check_edit(L, 1);
	if (lua_type(L, 2) == LUA_TSTRING) {
		const char *key = lua_tolstring(L, 2, &len);

		if (bind_record_property(L, script_of(L), &e->draft->view, key, len))
			return 1;
	}
	const char *key = luaX_keytext(L, 2);
	return luaX_unknown(L, "edit", key,
			    luaX_nearest(key, bind_edit_names) ? bind_edit_names : bind_record_names);
}

static int edit_newindex(lua_State *L)
{
	return luaL_error(L, "edit key '%s' cannot be assigned; write e:set(path, value)",
			  luaX_keytext(L, 2));
}

static int edit_tostring(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	struct buf *b = luaX_text(script_of(L));

	luaX_check(L, mrk_write(r, false, b));
	luaX_pushspan(L, buf_span(b));
	return 1;
}

static int edit_eq(lua_State *L)
{
	const struct record *a = test_record(L, 1);
	const struct record *b = test_record(L, 2);

	lua_pushboolean(L, a && b && record_equal(a, b));
	return 1;
}

static void push_methods(lua_State *L, struct script *s)
{
	static const luaL_Reg methods[] = {
		{ "changed", edit_changed },
		{ "done", edit_done },
		{ "discard", edit_discard },
		{ NULL, NULL },
	};

	lua_newtable(L);
	bind_record_methods(L, s);
	luaX_setfuncs(L, s, methods);
	bind_edit_add_methods(L, s);
	bind_edit_remove_methods(L, s);
	bind_edit_set_methods(L, s);
	bind_edit_map_methods(L, s);
	bind_edit_move_methods(L, s);
	bind_edit_order_methods(L, s);
}

void bind_edit_open(lua_State *L, struct script *s)
{
	static const luaL_Reg meta[] = {
		{ "__newindex", edit_newindex },
		{ "__tostring", edit_tostring },
		{ "__eq", edit_eq },
		{ NULL, NULL },
	};

	s->mt_edit = luaX_newtype(L, s, "edit", meta);
	lua_pushlightuserdata(L, s);
	push_methods(L, s);
	lua_pushcclosure(L, edit_index, 2);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
	bind_edit_field_open(L, s);
}
