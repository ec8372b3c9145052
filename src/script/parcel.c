/* parcel.c: packing and unpacking; the wire form is told in parcel_bytes.h.
 *
 * Tables are read raw. Their keys are first gathered in a Lua table, which keeps the strings alive while C
 * sorts pointers to them: a finalizer that runs in between may change the packed table, but can pull
 * nothing from under the sort. */
#include "script/parcel.h"

#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "script/parcel_bytes.h"
#include "script/state.h"

struct pack {
	lua_State *L;
	const char *what;
	struct buf *out;
	size_t start, limit;
};

/* Where we are: one for each table around the value, and how we came there. */
struct level {
	const struct level *up;
	const void *table;
	int depth;
	int key; /* stack index of the key, 0 for an item of the array */
	lua_Integer item;
};

struct key {
	int rank;   /* 0 number, 1 string, 2 boolean */
	bool is_int;
	lua_Integer i;
	double d;
	struct span text;
};

/* ---- messages ---- */

static bool is_name(const char *s)
{
	if (!isalpha((unsigned char)*s) && *s != '_')
		return false;
	while (isalnum((unsigned char)*s) || *s == '_')
		s++;
	return *s == '\0';
}

/* Push "value.by_year[3]". [-0, +1, m] */
static void push_path(lua_State *L, const struct level *at)
{
	if (!at) {
		lua_pushliteral(L, "value");
		return;
	}
	luaL_checkstack(L, 4, NULL);
	push_path(L, at->up);
	if (!at->key) {
		lua_pushfstring(L, "%s[%I]", lua_tostring(L, -1), (LUAI_UACINT)at->item);
	} else if (lua_type(L, at->key) == LUA_TSTRING) {
		const char *key = lua_tostring(L, at->key);

		lua_pushfstring(L, is_name(key) ? "%s.%s" : "%s[\"%s\"]", lua_tostring(L, -1), key);
	} else {
		const char *before = lua_tostring(L, -1);

		luaL_tolstring(L, at->key, NULL);
		lua_pushfstring(L, "%s[%s]", before, lua_tostring(L, -1));
		lua_remove(L, -2);
	}
	lua_remove(L, -2);
}

static void refuse(struct pack *p, const struct level *at, const char *why)
{
	p->out->len = p->start;
	push_path(p->L, at);
	luaL_error(p->L, "%s: %s %s", p->what, lua_tostring(p->L, -1), why);
}

static void put(struct pack *p, enum status st)
{
	if (st == STATUS_OK && (!p->limit || p->out->len - p->start <= p->limit))
		return;
	p->out->len = p->start;
	luaX_check(p->L, st);
	luaL_error(p->L, "%s: the value takes more than %I bytes", p->what, (LUAI_UACINT)p->limit);
}

/* ---- packing ---- */

static void put_tag(struct pack *p, char tag)
{
	put(p, buf_add_byte(p->out, (uint8_t)tag));
}

static void put_int(struct pack *p, lua_Integer v)
{
	uint64_t bits = (uint64_t)v;

	put_tag(p, 'i');
	put(p, parcel_put_varint(p->out, bits << 1 ^ (v < 0 ? UINT64_MAX : 0)));
}

static void put_double(struct pack *p, double v)
{
	uint64_t bits = UINT64_C(0x7FF8000000000000);
	uint8_t bytes[8];

	if (!isnan(v))
		memcpy(&bits, &v, sizeof(bits));
	for (unsigned i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(bits >> 8 * i);
	put_tag(p, 'd');
	put(p, buf_add(p->out, bytes, sizeof(bytes)));
}

static void put_string(struct pack *p, struct span s)
{
	put_tag(p, 's');
	put(p, parcel_put_varint(p->out, s.len));
	put(p, buf_add_span(p->out, s));
}

static void pack_table(struct pack *p, int idx, struct level *at);

static void pack_value(struct pack *p, int idx, const struct level *at)
{
	lua_State *L = p->L;
	struct level below = { .up = at, .depth = at ? at->depth + 1 : 1 };
	size_t len;

	switch (lua_type(L, idx)) {
	case LUA_TNIL:
		put_tag(p, 'n');
		break;
	case LUA_TBOOLEAN:
		put_tag(p, lua_toboolean(L, idx) ? 't' : 'f');
		break;
	case LUA_TNUMBER:
		if (lua_isinteger(L, idx))
			put_int(p, lua_tointeger(L, idx));
		else
			put_double(p, lua_tonumber(L, idx));
		break;
	case LUA_TSTRING: {
		const char *text = lua_tolstring(L, idx, &len);

		put_string(p, span_of(text, len));
		break;
	}
	case LUA_TTABLE:
		pack_table(p, idx, &below);
		break;
	default:
		lua_pushfstring(L, "is a %s; only booleans, numbers, strings and tables of them can travel",
				luaL_getmetafield(L, idx, "__name") == LUA_TSTRING ? lua_tostring(L, -1)
										   : luaL_typename(L, idx));
		refuse(p, at, lua_tostring(L, -1));
	}
}

static int compare_numbers(const struct key *a, const struct key *b)
{
	if (a->is_int && b->is_int)
		return (a->i > b->i) - (a->i < b->i);
	/* a float key is no integer, hence below 2^53 or infinite: rounding the other one decides nothing */
	double x = a->is_int ? (double)a->i : a->d, y = b->is_int ? (double)b->i : b->d;

	return (x > y) - (x < y);
}

static int compare_keys(const void *va, const void *vb)
{
	const struct key *a = va, *b = vb;

	if (a->rank != b->rank)
		return a->rank - b->rank;
	if (a->rank == 0)
		return compare_numbers(a, b);
	return a->rank == 1 ? span_cmp(a->text, b->text) : (int)(a->i - b->i);
}

/* The key at idx as C sees it; its text belongs to the Lua string. */
static struct key key_of(struct pack *p, int idx, const struct level *at)
{
	lua_State *L = p->L;
	struct key k = { 0 };
	size_t len;

	switch (lua_type(L, idx)) {
	case LUA_TNUMBER:
		k.is_int = lua_isinteger(L, idx);
		k.i = lua_tointeger(L, idx);
		k.d = lua_tonumber(L, idx);
		break;
	case LUA_TSTRING:
		k.rank = 1;
		k.text.ptr = (const uint8_t *)lua_tolstring(L, idx, &len);
		k.text.len = len;
		break;
	case LUA_TBOOLEAN:
		k.rank = 2;
		k.i = lua_toboolean(L, idx);
		break;
	default:
		lua_pushfstring(L, "has a %s for a key; only strings, numbers and booleans can travel",
				luaL_typename(L, idx));
		refuse(p, at, lua_tostring(L, -1));
	}
	return k;
}

/* Push a Lua table of the keys that are not 1..n; returns how many. [-0, +1, m] */
static lua_Integer gather_keys(lua_State *L, int idx, lua_Integer n)
{
	lua_Integer count = 0;

	lua_newtable(L);
	int keys = lua_gettop(L);
	lua_pushnil(L);
	while (lua_next(L, idx)) {
		lua_pop(L, 1);
		if (lua_isinteger(L, -1) && lua_tointeger(L, -1) >= 1 && lua_tointeger(L, -1) <= n)
			continue;
		lua_pushvalue(L, -1);
		lua_rawseti(L, keys, ++count);
	}
	return count;
}

static void push_key(lua_State *L, const struct key *k)
{
	if (k->rank == 1)
		luaX_pushspan(L, k->text);
	else if (k->rank == 2)
		lua_pushboolean(L, (int)k->i);
	else if (k->is_int)
		lua_pushinteger(L, k->i);
	else
		lua_pushnumber(L, k->d);
}

/* The keys gathered at stack index `keys`, sorted; leaves a userdata on the stack. `at` is the table's own
 * level, at->up where it was found. [-0, +1, e] */
static struct key *sort_keys(struct pack *p, int keys, lua_Integer count, const struct level *at)
{
	lua_State *L = p->L;
	struct key *key = lua_newuserdatauv(L, (size_t)count * sizeof(*key), 0);

	for (lua_Integer i = 0; i < count; i++) {
		lua_rawgeti(L, keys, i + 1);
		key[i] = key_of(p, lua_gettop(L), at->up);
		lua_pop(L, 1);
	}
	qsort(key, (size_t)count, sizeof(*key), compare_keys);
	return key;
}

static void pack_pairs(struct pack *p, int idx, int keys, lua_Integer count, struct level *at)
{
	lua_State *L = p->L;

	if (count == 0)
		return;
	const struct key *key = sort_keys(p, keys, count, at);
	for (lua_Integer i = 0; i < count; i++) {
		push_key(L, &key[i]);
		at->key = lua_gettop(L);
		pack_value(p, at->key, at);
		lua_pushvalue(L, at->key);
		lua_rawget(L, idx);
		pack_value(p, lua_gettop(L), at);
		lua_settop(L, at->key - 1);
	}
	lua_pop(L, 1);
}

static void check_level(struct pack *p, const struct level *at)
{
	for (const struct level *l = at->up; l; l = l->up)
		if (l->table == at->table)
			refuse(p, at->up, "is a table that contains itself");
	if (at->depth > PARCEL_DEPTH)
		refuse(p, NULL, "has too many tables within tables (more than 100)");
}

static void pack_table(struct pack *p, int idx, struct level *at)
{
	lua_State *L = p->L;
	lua_Integer n = 0;

	at->table = lua_topointer(L, idx);
	check_level(p, at);
	luaL_checkstack(L, 10, NULL);
	for (; lua_rawgeti(L, idx, n + 1) != LUA_TNIL; n++)
		lua_pop(L, 1);
	lua_pop(L, 1);
	lua_Integer count = gather_keys(L, idx, n);
	int keys = lua_gettop(L);
	put_tag(p, 'T');
	put(p, parcel_put_varint(p->out, (uint64_t)n));
	put(p, parcel_put_varint(p->out, (uint64_t)count));
	for (at->item = 1; at->item <= n; at->item++) {
		lua_rawgeti(L, idx, at->item);
		pack_value(p, lua_gettop(L), at);
		lua_pop(L, 1);
	}
	pack_pairs(p, idx, keys, count, at);
	lua_settop(L, keys - 1);
}

void parcel_pack(lua_State *L, int idx, const char *what, size_t limit, struct buf *out)
{
	struct pack p = { L, what, out, out->len, limit };
	int top = lua_gettop(L);

	luaL_checkstack(L, 10, NULL);
	pack_value(&p, lua_absindex(L, idx), NULL);
	lua_settop(L, top);
}

/* ---- unpacking ---- */

static int damaged(lua_State *L)
{
	return luaL_error(L, "a packed value is damaged");
}

static void unpack_value(lua_State *L, struct span *in, int depth);

static void unpack_table(lua_State *L, struct span *in, int depth)
{
	size_t n = 0, pairs = 0;

	if (depth >= PARCEL_DEPTH || !parcel_get_counts(in, &n, &pairs))
		damaged(L);
	luaL_checkstack(L, 6, NULL);
	lua_createtable(L, n < INT_MAX ? (int)n : INT_MAX, 0);
	for (size_t i = 1; i <= n; i++) {
		unpack_value(L, in, depth + 1);
		lua_rawseti(L, -2, (lua_Integer)i);
	}
	for (; pairs > 0; pairs--) {
		unpack_value(L, in, depth + 1);
		if (lua_isnil(L, -1) || lua_istable(L, -1) || !lua_rawequal(L, -1, -1))
			damaged(L);
		unpack_value(L, in, depth + 1);
		lua_rawset(L, -3);
	}
}

static void unpack_value(lua_State *L, struct span *in, int depth)
{
	uint8_t tag = 0;
	int64_t i;
	double d;
	struct span s;

	if (!parcel_get_byte(in, &tag))
		damaged(L);
	if (tag == 'n')
		lua_pushnil(L);
	else if (tag == 't' || tag == 'f')
		lua_pushboolean(L, tag == 't');
	else if (tag == 'i' && parcel_get_int(in, &i))
		lua_pushinteger(L, i);
	else if (tag == 'd' && parcel_get_double(in, &d))
		lua_pushnumber(L, d);
	else if (tag == 's' && parcel_get_string(in, &s))
		luaX_pushspan(L, s);
	else if (tag == 'T')
		unpack_table(L, in, depth);
	else
		damaged(L);
}

void parcel_unpack(lua_State *L, struct span *in)
{
	luaL_checkstack(L, 6, NULL);
	unpack_value(L, in, 0);
}
