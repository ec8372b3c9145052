/* bind_leader.c: rec.leader: the 24 bytes by name (rec.leader.status) and by position (rec.leader[5]).
 *
 * The view holds nothing but its record or edit (user value 1) and asks it at every access, so that it
 * grows stale with it and sees the changes of an edit. Positions count from 0, as in the manual (MARC 21
 * Leader). */
#include "marc/fixed.h"
#include "script/bind.h"

struct part {
	const char *name;
	uint8_t at, len;
	bool number;
};

static const struct part parts[] = {
	{ "length", 0, 5, true },	  /* 00-04 record length */
	{ "status", 5, 1, false },	  /* 05 */
	{ "type", 6, 1, false },	  /* 06 type of record */
	{ "level", 7, 1, false },	  /* 07 bibliographic level */
	{ "control", 8, 1, false },	  /* 08 type of control */
	{ "encoding", 9, 1, false },	  /* 09 character coding scheme */
	{ "base", 12, 5, true },	  /* 12-16 base address of data */
	{ "encoding_level", 17, 1, false }, /* 17 */
	{ "form", 18, 1, false },	  /* 18 descriptive cataloging form */
	{ "multipart", 19, 1, false },	  /* 19 multipart resource record level */
	{ "reserved", 20, 4, false },	  /* 20-23 entry map */
};

static const char *const leader_names[] = {
	"length", "status", "type", "level", "control", "encoding", "base", "encoding_level", "form",
	"multipart", "reserved", "meaning", "values", "valid", NULL,
};

void push_leader(lua_State *L, struct script *s, int owner)
{
	owner = lua_absindex(L, owner);
	lua_newuserdatauv(L, 1, 1);
	lua_pushvalue(L, owner);
	lua_setiuservalue(L, -2, 1);
	luaX_settype(L, s->mt_leader);
}

/* The record below the leader at stack index idx; NULL when it is no leader. [-0, +0, e] */
static const struct record *leader_record(lua_State *L, int idx)
{
	if (!luaX_is(L, idx, script_of(L)->mt_leader))
		return NULL;
	lua_getiuservalue(L, idx, 1);
	const struct record *r = check_record(L, lua_gettop(L));
	lua_pop(L, 1);
	return r;
}

static const struct record *check_leader(lua_State *L, int arg)
{
	const struct record *r = leader_record(L, arg);

	if (!r)
		luaL_typeerror(L, arg, "leader");
	return r;
}

/* Digits only; anything else is nil. */
static void push_number(lua_State *L, const uint8_t *p, size_t len)
{
	lua_Integer n = 0;

	for (size_t i = 0; i < len; i++) {
		if (p[i] < '0' || p[i] > '9') {
			lua_pushnil(L);
			return;
		}
		n = n * 10 + (p[i] - '0');
	}
	lua_pushinteger(L, n);
}

static int push_position(lua_State *L, const struct record *r)
{
	int exact;
	lua_Integer at = lua_tointegerx(L, 2, &exact);

	if (!exact || at < 0 || at >= LEADER_LEN)
		return luaL_error(L, "leader positions are 0 to 23");
	luaX_pushspan(L, span_of(r->leader + at, 1));
	return 1;
}

static const struct part *find_part(const char *name)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strcmp(parts[i].name, name) == 0)
			return &parts[i];
	return NULL;
}

/* Upvalue 2: the methods. */
static int leader_index(lua_State *L)
{
	const struct record *r = check_leader(L, 1);

	if (lua_type(L, 2) == LUA_TNUMBER)
		return push_position(L, r);
	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(2)) != LUA_TNIL)
		return 1;
	const char *key = luaX_keytext(L, 2);
	const struct part *p = find_part(key);
	if (!p)
		return luaX_unknown(L, "leader", key, leader_names);
	if (p->number)
		push_number(L, r->leader + p->at, p->len);
	else
		luaX_pushspan(L, span_of(r->leader + p->at, p->len));
	return 1;
}

static int leader_newindex(lua_State *L)
{
	return luaL_error(L, "the leader is changed through an edit: e:set(\"LDR/05\", value)");
}

static int leader_tostring(lua_State *L)
{
	const struct record *r = check_leader(L, 1);

	luaX_pushspan(L, span_of(r->leader, LEADER_LEN));
	return 1;
}

static int leader_eq(lua_State *L)
{
	const struct record *a = leader_record(L, 1);
	const struct record *b = leader_record(L, 2);

	lua_pushboolean(L, a && b && memcmp(a->leader, b->leader, LEADER_LEN) == 0);
	return 1;
}

/* ---- what MARC 21 allows ---- */

/* A position, or the name of one: argument `arg` as an offset. [-0, +1, e] */
static unsigned check_place(lua_State *L, int arg)
{
	int exact;
	lua_Integer at = lua_tointegerx(L, arg, &exact);

	if (lua_type(L, arg) == LUA_TNUMBER) {
		if (!exact || at < 0 || at >= LEADER_LEN)
			luaL_argerror(L, arg, "leader positions are 0 to 23");
		return (unsigned)at;
	}
	luaX_checkspan(L, arg);
	const char *key = luaX_keytext(L, arg);
	const struct part *p = find_part(key);
	if (!p)
		luaX_unknown(L, "leader", key, leader_names);
	return p ? p->at : 0;
}

static bool is_valid(const struct record *r, unsigned at)
{
	const struct coded *v = leader_values(record_kind(r), at);

	if (!v)
		return true;
	while (v->code && (uint8_t)v->code[0] != r->leader[at])
		v++;
	return v->code;
}

/* leader:meaning(place) */
static int leader_meaning(lua_State *L)
{
	const struct record *r = check_leader(L, 1);
	unsigned at = check_place(L, 2);

	push_meaning(L, script_of(L), leader_values(record_kind(r), at), span_of(r->leader + at, 1));
	return 1;
}

/* leader:values(place): array of {value, meaning}, nil where nothing is listed. */
static int leader_values_(lua_State *L)
{
	const struct record *r = check_leader(L, 1);
	const struct coded *v = leader_values(record_kind(r), check_place(L, 2));
	lua_Integer n = 0;

	if (!v)
		return luaX_nil(L);
	lua_newtable(L);
	for (; v->code; v++) {
		lua_createtable(L, 0, 2);
		lua_pushstring(L, v->code);
		lua_setfield(L, -2, "value");
		lua_pushstring(L, v->meaning);
		lua_setfield(L, -2, "meaning");
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

/* leader:valid([place]): without one, all positions. */
static int leader_valid(lua_State *L)
{
	const struct record *r = check_leader(L, 1);
	bool valid = true;

	if (!lua_isnoneornil(L, 2)) {
		valid = is_valid(r, check_place(L, 2));
	} else {
		for (unsigned at = 0; valid && at < LEADER_LEN; at++)
			valid = is_valid(r, at);
	}
	lua_pushboolean(L, valid);
	return 1;
}

void bind_leader_open(lua_State *L, struct script *s)
{
	static const luaL_Reg meta[] = {
		{ "__newindex", leader_newindex },
		{ "__tostring", leader_tostring },
		{ "__eq", leader_eq },
		{ NULL, NULL },
	};
	static const luaL_Reg methods[] = {
		{ "meaning", leader_meaning },
		{ "values", leader_values_ },
		{ "valid", leader_valid },
		{ NULL, NULL },
	};

	s->mt_leader = luaX_newtype(L, s, "leader", meta);
	lua_pushlightuserdata(L, s);
	lua_newtable(L);
	luaX_setfuncs(L, s, methods);
	lua_pushcclosure(L, leader_index, 2);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}
