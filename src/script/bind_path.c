/* bind_path.c: compiled paths, found again by the string that a script passes.
 *
 * A path is compiled once per state and kept to its end. The table ref_paths (text -> struct path) anchors
 * the key strings, so that an address names a string for good; in front of it stand PATH_FAST places keyed
 * by that address alone. Lua interns short strings: the same literal always arrives at the same address.
 * Beyond PATH_LIMIT texts (a script that builds paths from data) nothing is kept: the argument is replaced
 * by a box that frees the path. */
#include "base/alloc.h"
#include "script/bind.h"

#define PATH_LIMIT 1000

/* ---- errors ---- */

int raise_path_error(lua_State *L, const char *what, struct span text, const struct path_error *err)
{
	struct buf *b = luaX_text(script_of(L));

	luaX_check(L, path_error_text(text, err, b));
	luaL_where(L, 1);
	lua_pushstring(L, what);
	lua_pushstring(L, ": ");
	luaX_pushspan(L, buf_span(b));
	lua_concat(L, 4);
	return lua_error(L);
}

void check_walk(lua_State *L, const struct path_walk *w)
{
	if (w->status != STATUS_OK)
		luaL_error(L, "a condition of this path gave up: not enough memory, or its pattern "
			      "reached the limit");
}

void check_compiled(lua_State *L, const char *what, enum status st, struct span text,
		    const struct path_error *err)
{
	if (st == STATUS_INVALID)
		raise_path_error(L, what, text, err);
	luaX_check(L, st);
}

/* ---- paths ---- */

static size_t fast_place(const char *key)
{
	return (size_t)((uint64_t)(uintptr_t)key * UINT64_C(0x9E3779B97F4A7C15) >> 58);
}

_Static_assert(PATH_FAST == 64, "fast_place gives six bits");

/* Two places a key: the one it hashes to and its neighbour, which takes what was there before. */
static void fast_put(struct script *s, const char *key, const struct path *p)
{
	size_t i = fast_place(key);

	s->path_fast[i ^ 1] = s->path_fast[i];
	s->path_fast[i].key = key;
	s->path_fast[i].path = p;
}

/* Is the string at this address the only one with its text? Lua alone knows which lengths it interns. [-0,
 * +0, m] */
static bool is_interned(lua_State *L, struct span text)
{
	const char *again = lua_pushlstring(L, (const char *)text.ptr, text.len);

	lua_pop(L, 1);
	return again == (const char *)text.ptr;
}

static void grow_paths(lua_State *L, struct script *s)
{
	size_t cap = s->path_cap ? s->path_cap * 2 : 32;

	if (s->path_count < s->path_cap)
		return;
	struct path **grown = mem_realloc(s->paths, cap * sizeof(*grown));
	if (!grown)
		luaX_check(L, STATUS_MEMORY);
	s->paths = grown;
	s->path_cap = cap;
}

/* The script owns the path before Lua is asked for anything, which may raise. */
static const struct path *compile_kept(lua_State *L, struct script *s, int arg, struct span text)
{
	struct path_error err;
	struct path *p;

	grow_paths(L, s);
	check_compiled(L, "path", path_compile(text, &p, &err), text, &err);
	s->paths[s->path_count++] = p;
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref_paths);
	lua_pushvalue(L, arg);
	lua_pushlightuserdata(L, p);
	lua_rawset(L, -3);
	lua_pop(L, 1);
	fast_put(s, (const char *)text.ptr, p);
	return p;
}

static void release_path(void *box)
{
	path_free(*(struct path **)box);
}

static const struct path *compile_boxed(lua_State *L, struct script *s, int arg, struct span text)
{
	struct path_error err;
	struct path **box = luaX_pushbox(L, s, sizeof(*box), release_path);

	check_compiled(L, "path", path_compile(text, box, &err), text, &err);
	s->paths_full = true; /* the host says so once, at the end */
	lua_replace(L, arg);
	return *box;
}

static const struct path *find_path(lua_State *L, struct script *s, int arg)
{
	struct span text = luaX_checkspan(L, arg);

	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref_paths);
	lua_pushvalue(L, arg);
	lua_rawget(L, -2);
	const struct path *p = lua_touserdata(L, -1);
	lua_pop(L, 2);
	if (!p && s->path_count < PATH_LIMIT)
		return compile_kept(L, s, arg, text);
	if (!p)
		return compile_boxed(L, s, arg, text);
	if (is_interned(L, text))
		fast_put(s, (const char *)text.ptr, p);
	return p;
}

const struct path *check_path(lua_State *L, int arg)
{
	struct script *s = script_of(L);

	if (lua_type(L, arg) == LUA_TSTRING) {
		const char *key = lua_tostring(L, arg);
		size_t i = fast_place(key);

		if (s->path_fast[i].key == key)
			return s->path_fast[i].path;
		if (s->path_fast[i ^ 1].key == key)
			return s->path_fast[i ^ 1].path;
		return find_path(L, s, arg);
	}
	struct path **box = luaX_testbox(L, arg, release_path);
	if (!box)
		luaL_typeerror(L, arg, "path");
	return *box;
}
