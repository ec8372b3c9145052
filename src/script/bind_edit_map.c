/* bind_edit_map.c: e:map(path, fn) and e:sub(path, pattern, repl): new values from old ones.
 *
 * Values are taken down before the first call; what the function does to the edit meanwhile is allowed, and
 * a value that it removed or changed itself is found gone. string.gsub is fetched when the state is made
 * and held as an upvalue, so that a script's own string table does not matter. */
#include <lualib.h>

#include "script/bind_edit.h"

enum { UP_GSUB = 2 };

static void refuse_whole(lua_State *L, const struct targets *ts)
{
	for (uint32_t i = 0; i < ts->count; i++)
		if (ts->item[i].kind == TARGET_DATA)
			luaL_argerror(L, 2,
				      "a data field has no single value; name subfields, as in 650$a-z");
}

/* Does the function look at more than the value? A view costs as much as the call. [-0, +0, -] */
static bool wants_field(lua_State *L, int fn)
{
	lua_Debug ar;

	lua_pushvalue(L, fn);
	lua_getinfo(L, ">u", &ar);
	return ar.nparams > 1 || ar.isvararg;
}

/* May text replace the value? A delimiter is the script's mistake, unless the value had one before: damaged
 * data is left as it is. */
static bool judge(lua_State *L, const struct target *t, struct span text, int arg, const char *message)
{
	if (draft_text_ok(text))
		return true;
	if (draft_text_ok(t->value))
		luaL_argerror(L, arg, message);
	return false;
}

static int refuse_result(lua_State *L, int fn)
{
	const char *what = luaL_typename(L, -1);

	if (lua_isboolean(L, -1))
		what = lua_toboolean(L, -1) ? "true" : "false";
	return luaL_argerror(L, fn, lua_pushfstring(L, "the function gave %s; a string replaces the value, "
						       "nil "
						       "leaves it, mrrc.drop deletes it", what));
}

/* What fn gave stands at the top of the stack. */
static void use_result(lua_State *L, struct edit *e, struct targets *ts, uint32_t i, int fn)
{
	const struct target *t = &ts->item[i];
	uint32_t at, nth;

	if (lua_isnil(L, -1))
		return;
	if (lua_topointer(L, -1) == script_of(L)->drop) {
		target_drop(L, e, ts, i, fn);
		return;
	}
	if (lua_type(L, -1) != LUA_TSTRING && !lua_isinteger(L, -1))
		refuse_result(L, fn);
	size_t len;
	const char *text = lua_tolstring(L, -1, &len);

	if (!judge(L, t, span_of(text, len), fn, "the function gave text with one of the delimiters 1D, 1E, "
						 "1F"))
		return;
	if (!target_find(e, t, &at, &nth))
		luaL_argerror(L, fn, "the function removed or changed the value itself and gave another one");
	target_put(L, e, t, span_of(text, len), fn);
}

/* The view for target t at stack index `slot`: made when the field is another than before. */
static void set_view(lua_State *L, const struct targets *ts, uint32_t i, uint32_t at, int slot)
{
	const struct target *t = &ts->item[i];

	if (t->kind == TARGET_LEADER) {
		lua_pushnil(L);
		lua_replace(L, slot);
	} else if (i == 0 || t->id != ts->item[i - 1].id || lua_isnil(L, slot)) {
		push_field(L, script_of(L), 1, at);
		lua_replace(L, slot);
	}
}

static struct span current_value(const struct edit *e, const struct target *t)
{
	return t->kind == TARGET_LEADER ? span_of(e->draft->view.leader + t->first, t->count) : t->value;
}

void run_map(lua_State *L, struct edit *e, struct targets *ts, int fn, int view)
{
	bool wanted = wants_field(L, fn);
	int slot = lua_gettop(L) + 1;

	luaL_checkstack(L, 8, NULL);
	if (view)
		lua_pushvalue(L, view);
	else
		lua_pushnil(L);
	for (uint32_t i = 0; i < ts->count; i++) {
		const struct target *t = &ts->item[i];
		uint32_t at, nth;

		if (!target_find(e, t, &at, &nth))
			continue;
		if (wanted && !view)
			set_view(L, ts, i, at, slot);
		lua_pushvalue(L, fn);
		luaX_pushspan(L, current_value(e, t));
		lua_pushvalue(L, slot);
		if (t->code && t->code < 0x80)
			lua_pushfstring(L, "%c", t->code);
		else
			lua_pushnil(L);
		lua_call(L, 3, 1);
		check_alive(L, e);
		use_result(L, e, ts, i, fn);
		lua_settop(L, slot);
	}
}

/* e:map(path, function(value, field, code) … end) */
static int edit_map(lua_State *L)
{
	struct edit *e = check_edit(L, 1);
	const struct path *p = check_path(L, 2);
	struct targets ts;

	luaL_checktype(L, 3, LUA_TFUNCTION);
	lua_settop(L, 3);
	targets_take(L, e, p, &ts);
	refuse_whole(L, &ts);
	run_map(L, e, &ts, 3, 0);
	lua_settop(L, 1);
	return 1;
}

/* ---- sub ---- */

/* A pattern without magic characters: values that do not hold it need not become Lua strings. */
static bool is_plain(struct span pattern)
{
	for (size_t i = 0; i < pattern.len; i++)
		if (!pattern.ptr[i] || strchr("^$*+?.([%-", pattern.ptr[i]))
			return false;
	return true;
}

/* Push the function to call and what stands before the value: string.gsub, or the method of a regex. */
static void push_gsub(lua_State *L)
{
	if (lua_type(L, 3) == LUA_TSTRING) {
		lua_pushvalue(L, lua_upvalueindex(UP_GSUB));
		return;
	}
	lua_getfield(L, 3, "gsub");
	lua_pushvalue(L, 3);
}

static void check_sub_arguments(lua_State *L)
{
	int repl = lua_type(L, 4);

	if (lua_type(L, 3) != LUA_TSTRING &&
	    (lua_type(L, 3) != LUA_TUSERDATA || lua_getfield(L, 3, "gsub") == LUA_TNIL))
		luaL_typeerror(L, 3, "pattern or regex");
	if (repl != LUA_TSTRING && repl != LUA_TTABLE && repl != LUA_TFUNCTION)
		luaL_typeerror(L, 4, "string, table or function");
	check_last(L, lua_type(L, 3) == LUA_TSTRING ? 4 : 5);
}

/* Replace value i when gsub found something; it may have called the script. */
static void sub_value(lua_State *L, struct edit *e, const struct targets *ts, uint32_t i, bool regex)
{
	const struct target *t = &ts->item[i];
	size_t len;

	push_gsub(L);
	luaX_pushspan(L, current_value(e, t));
	if (!regex)
		lua_pushvalue(L, 3);
	lua_pushvalue(L, 4);
	lua_call(L, 3, 2);
	check_alive(L, e);
	if (lua_type(L, -2) == LUA_TSTRING && lua_tointeger(L, -1) != 0) {
		const char *text = lua_tolstring(L, -2, &len);

		if (judge(L, t, span_of(text, len), 4, "text without the delimiters 1D, 1E, 1F expected"))
			target_put(L, e, t, span_of(text, len), 4);
	}
	lua_settop(L, 4);
}

/* e:sub(path, pattern, repl): as string.gsub on every value */
static int edit_sub(lua_State *L)
{
	struct edit *e = check_edit(L, 1);
	const struct path *p = check_path(L, 2);
	struct targets ts;
	uint32_t at, nth;

	check_sub_arguments(L);
	lua_settop(L, 4);
	targets_take(L, e, p, &ts);
	refuse_whole(L, &ts);

	bool regex = lua_type(L, 3) != LUA_TSTRING;
	struct span pattern = regex ? span_of(NULL, 0) : luaX_checkspan(L, 3);
	bool plain = pattern.len > 0 && is_plain(pattern);

	for (uint32_t i = 0; i < ts.count; i++) {
		struct span value = current_value(e, &ts.item[i]);

		if (plain && !memmem(value.ptr, value.len, pattern.ptr, pattern.len))
			continue;
		if (target_find(e, &ts.item[i], &at, &nth))
			sub_value(L, e, &ts, i, regex);
	}
	lua_settop(L, 1);
	return 1;
}

void bind_edit_map_methods(lua_State *L, struct script *s)
{
	static const luaL_Reg methods[] = { { "map", edit_map }, { NULL, NULL } };

	luaX_setfuncs(L, s, methods);
	lua_pushlightuserdata(L, s);
	luaL_requiref(L, LUA_STRLIBNAME, luaopen_string, 0);
	lua_getfield(L, -1, "gsub");
	lua_remove(L, -2);
	lua_pushcclosure(L, edit_sub, UP_GSUB);
	lua_setfield(L, -2, "sub");
}
