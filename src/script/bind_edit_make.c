/* bind_edit_make.c: what the table mrrc has for making: mrrc.field, mrrc.record, mrrc.drop.
 *
 * Both makers fill an edit of an empty record, copy it out as an owned record and end the edit: the one
 * place that knows how fields are put together serves all, and an error halfway leaves nothing but garbage
 * for the collector. */
#include "script/bind_edit.h"

/* An edit of nothing, which no one misses. [-0, +1, m] */
static struct edit *push_workshop(lua_State *L, struct script *s)
{
	push_edit(L, s, NULL);

	struct edit *e = check_edit(L, lua_gettop(L));

	e->settled = true;
	return e;
}

/* mrrc.field(tag, indicators, code, value, …): the view of the only field of a record of its own; nil when
 * all values are */
static int make_field(lua_State *L)
{
	struct script *s = script_of(L);
	struct field_args a = { 1, lua_gettop(L), 0 };
	struct span content;
	uint32_t tag;

	luaL_checkstack(L, 8, NULL);

	struct edit *e = push_workshop(L, s);
	bool any = field_from_args(L, e->draft->arena, &a, &tag, &content);

	if (any) {
		luaX_check(L, draft_insert_kept(e->draft, 0, tag, content));
		push_record_copy(L, s, &e->draft->view);
		push_field(L, s, lua_gettop(L), 0);
	} else {
		lua_pushnil(L);
	}
	e->dead = true;
	return 1;
}

/* The largest key of the list at idx: behind a nil in the middle the length of a table is anybody's guess.
 * [-0, +0, e] */
static int list_length(lua_State *L, int idx, const char *what)
{
	lua_Integer n = 0;

	for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1)) {
		if (!lua_isinteger(L, -2) || lua_tointeger(L, -2) < 1 || lua_tointeger(L, -2) > 100000)
			luaL_error(L, "%s holds the key '%s'; a list is expected", what, luaX_keytext(L, -2));
		if (lua_tointeger(L, -2) > n)
			n = lua_tointeger(L, -2);
	}
	return (int)n;
}

/* Row number `row` stands at the top of the stack: a list or a view. */
static void add_row(lua_State *L, struct edit *e, int row)
{
	int at = lua_gettop(L);
	struct field_args a = { at, 1, row };
	struct span content;
	uint32_t tag;

	if (lua_istable(L, at)) {
		a.first = at + 1;
		a.count = list_length(L, at, "a field");
		luaL_checkstack(L, a.count + 8, "too many subfields");
		for (int i = 1; i <= a.count; i++)
			lua_rawgeti(L, at, i);
	}
	if (field_from_args(L, e->draft->arena, &a, &tag, &content))
		luaX_check(L, draft_insert_kept(e->draft, e->draft->view.count, tag, content));
	lua_settop(L, at);
}

static void set_leader(lua_State *L, struct edit *e)
{
	static const uint32_t part[][2] = { { 5, 7 }, { 17, 7 } }; /* all but what the writer computes */
	size_t len;
	const char *text;

	lua_pushstring(L, "leader");
	if (lua_rawget(L, 1) == LUA_TNIL)
		return;
	text = luaL_tolstring(L, -1, &len); /* a view of a leader, too */
	if (len != LEADER_LEN)
		luaL_argerror(L, 1, lua_pushfstring(L, "a leader of 24 characters expected, got %d",
						    (int)len));
	for (int i = 0; i < 2; i++)
		check_done(L, draft_set_leader(e->draft, part[i][0], span_of(text + part[i][0], part[i][1])),
			   1,
			   "a leader of 24 printable ASCII characters expected");
}

/* Only "leader" and 1, 2, 3 …; gives the number of rows. */
static int check_rows(lua_State *L)
{
	static const char *const keys[] = { "leader", NULL };
	lua_Integer n = 0;

	for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) {
		if (lua_isinteger(L, -2) && lua_tointeger(L, -2) >= 1 && lua_tointeger(L, -2) <= 100000) {
			if (lua_tointeger(L, -2) > n)
				n = lua_tointeger(L, -2);
		} else if (strcmp(luaX_keytext(L, -2), "leader") != 0) {
			luaX_unknown(L, "record", luaX_keytext(L, -2), keys);
		}
	}
	return (int)n;
}

/* mrrc.record{leader = …, {"001", "x"}, {"245", "10", "a", "…"}}: fields stay in the order given */
static int make_record(lua_State *L)
{
	struct script *s = script_of(L);

	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 1);

	struct edit *e = push_workshop(L, s);
	int count = check_rows(L);

	set_leader(L, e);
	for (int i = 1; i <= count; i++) {
		lua_settop(L, 2);
		if (lua_rawgeti(L, 1, i) != LUA_TNIL)
			add_row(L, e, i);
	}
	push_record_copy(L, s, &e->draft->view);
	e->dead = true;
	return 1;
}

/* ---- mrrc.drop ---- */

static int drop_tostring(lua_State *L)
{
	lua_pushliteral(L, "mrrc.drop");
	return 1;
}

/* A userdata: nothing a script can write is equal to it by chance, nor filled by mistake. [-0, +1, m] */
static void push_drop(lua_State *L, struct script *s)
{
	static const luaL_Reg meta[] = { { "__tostring", drop_tostring }, { NULL, NULL } };

	lua_newuserdatauv(L, 0, 0);
	luaX_newtype(L, s, "mrrc.drop", meta);
	lua_setmetatable(L, -2);
	s->drop = lua_topointer(L, -1);
	lua_pushvalue(L, -1);
	s->ref_drop = luaL_ref(L, LUA_REGISTRYINDEX);
}

void bind_edit_functions(lua_State *L, struct script *s)
{
	static const luaL_Reg functions[] = {
		{ "field", make_field },
		{ "record", make_record },
		{ NULL, NULL },
	};

	luaX_setfuncs(L, s, functions);
	push_drop(L, s);
	lua_setfield(L, -2, "drop");
}
