/* luax.c: what every binding needs of Lua and its auxiliary library does not give.
 *
 * Types are known by the identity of their metatable, never by a name in the registry: a script cannot
 * forge one. luaX_newtype therefore keeps each metatable in the registry under its own address. Boxes tie C
 * memory to the life of a Lua value, so that no error can leak it. */
#include <stdio.h>

#include "script/bind.h"

#define NAME_ROOM 64 /* bytes of a key that are looked at and shown */

void luaX_setfuncs(lua_State *L, struct script *s, const luaL_Reg *funcs)
{
	lua_pushlightuserdata(L, s);
	luaL_setfuncs(L, funcs, 1);
}

const void *luaX_newtype(lua_State *L, struct script *s, const char *name, const luaL_Reg *meta)
{
	const void *type;

	lua_createtable(L, 0, 12);
	type = lua_topointer(L, -1);
	lua_pushstring(L, name);
	lua_setfield(L, -2, "__name");
	lua_pushboolean(L, 0);
	lua_setfield(L, -2, "__metatable");
	luaX_setfuncs(L, s, meta);
	lua_pushvalue(L, -1);
	lua_rawsetp(L, LUA_REGISTRYINDEX, type);
	return type;
}

void luaX_settype(lua_State *L, const void *type)
{
	lua_rawgetp(L, LUA_REGISTRYINDEX, type);
	lua_setmetatable(L, -2);
}

/* ---- arguments ---- */

/* Numbers are not taken for text: rec:get(245) is a slip, and 008 would be 8. */
struct span luaX_checkspan(lua_State *L, int arg)
{
	size_t len;

	if (lua_type(L, arg) != LUA_TSTRING)
		luaL_typeerror(L, arg, "string");
	const char *text = lua_tolstring(L, arg, &len);
	return span_of(text, len);
}

struct buf *luaX_text(struct script *s)
{
	s->text_buf.len = 0;
	return &s->text_buf;
}

struct span luaX_optspan(lua_State *L, int arg, struct span otherwise)
{
	return lua_isnoneornil(L, arg) ? otherwise : luaX_checkspan(L, arg);
}

void luaX_check(lua_State *L, enum status st)
{
	if (st == STATUS_OK)
		return;

	const struct script *s = script_behind(L);

	if (st == STATUS_MEMORY && s && s->scratch.full) /* raises what Lua raises when its own share is used up */
		lua_newuserdatauv(L, s->program->memory_limit, 0);
	luaL_error(L, st == STATUS_MEMORY ? "not enough memory" : "the host could not do this");
}

const char *luaX_keytext(lua_State *L, int idx)
{
	if (lua_type(L, idx) == LUA_TSTRING)
		return lua_tostring(L, idx);
	if (lua_type(L, idx) != LUA_TNUMBER)
		return lua_pushfstring(L, "(a %s)", luaL_typename(L, idx));
	lua_pushvalue(L, idx); /* the conversion is done in place */
	return lua_tostring(L, -1);
}

/* ---- suggestions ---- */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Edits (insert, delete, replace, swap of neighbours) from a to b; both shorter than NAME_ROOM. */
static size_t edits_between(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t row[3][NAME_ROOM + 1];
	size_t *before = row[0], *last = row[1], *now = row[2];

	for (size_t j = 0; j <= b_len; j++)
		last[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		now[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
		size_t *spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[b_len];
}

/* Two edits away, but one for words of up to four letters: there nearly everything is near. */
const char *luaX_nearest(const char *key, const char *const *names)
{
	size_t len = strlen(key), best = SIZE_MAX;
	const char *nearest = NULL;

	if (len >= NAME_ROOM)
		return NULL;
	for (; *names; names++) {
		size_t name_len = strlen(*names);

		if (name_len >= NAME_ROOM)
			continue;
		size_t edits = edits_between(key, len, *names, name_len);
		size_t allowed = (len > name_len ? len : name_len) <= 4 ? 1 : 2;
		if (edits <= allowed && edits < best) {
			best = edits;
			nearest = *names;
		}
	}
	return nearest;
}

int luaX_unknown(lua_State *L, const char *type, const char *key, const char *const *names)
{
	const char *nearest = luaX_nearest(key, names);
	char shown[NAME_ROOM + 4];

	snprintf(shown, sizeof(shown), strlen(key) > NAME_ROOM ? "%.60s..." : "%.64s", key);
	if (nearest)
		return luaL_error(L, "unknown %s key '%s' (did you mean '%s'?)", type, shown, nearest);
	return luaL_error(L, "unknown %s key '%s'", type, shown);
}

/* ---- boxes ---- */

struct box {
	void (*release)(void *);
	_Alignas(8) uint8_t bytes[]; /* Lua promises no more than that */
};

static const char box_key = 0; /* its address names the metatable of boxes in the registry */

static struct box *box_at(lua_State *L, int idx)
{
	void *p = lua_touserdata(L, idx);

	if (!p || !lua_getmetatable(L, idx))
		return NULL;
	lua_rawgetp(L, LUA_REGISTRYINDEX, &box_key);
	bool same = lua_rawequal(L, -1, -2);
	lua_pop(L, 2);
	return same ? p : NULL;
}

/* May be called twice. */
static int box_gc(lua_State *L)
{
	struct box *b = box_at(L, 1);

	if (b && b->release) {
		void (*release)(void *) = b->release;

		b->release = NULL;
		release(b->bytes);
	}
	return 0;
}

static void push_box_type(lua_State *L, struct script *s)
{
	static const luaL_Reg meta[] = { { "__gc", box_gc }, { NULL, NULL } };

	if (lua_rawgetp(L, LUA_REGISTRYINDEX, &box_key) == LUA_TTABLE)
		return;
	lua_pop(L, 1);
	luaX_newtype(L, s, "box", meta);
	lua_pushvalue(L, -1);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &box_key);
}

void *luaX_pushbox(lua_State *L, struct script *s, size_t room, void (*release)(void *))
{
	luaL_checkstack(L, 4, NULL);
	push_box_type(L, s);
	struct box *b = lua_newuserdatauv(L, sizeof(*b) + room, 0);
	b->release = release;
	memset(b->bytes, 0, room);
	lua_insert(L, -2);
	lua_setmetatable(L, -2);
	return b->bytes;
}

void *luaX_testbox(lua_State *L, int idx, void (*release)(void *))
{
	struct box *b = box_at(L, idx);

	return b && b->release == release ? b->bytes : NULL;
}
