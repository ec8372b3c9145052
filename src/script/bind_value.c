/* bind_value.c: the values that a path names, as Lua wants them: one, all, joined, counted, one after the
 * other.
 *
 * Everything here walks the record anew; nothing is decoded ahead and nothing is kept. Joined text is made
 * in the script's own buffer, which an error cannot leak. A missing path is nil, never an exception. */
#include "script/bind.h"

void push_match(lua_State *L, struct script *s, const struct match *m)
{
	if (!m->whole) {
		luaX_pushspan(L, m->value);
		return;
	}
	struct buf *b = luaX_text(s);
	luaX_check(L, match_text(m, b));
	luaX_pushspan(L, buf_span(b));
}

/* ---- one string per field ---- */

struct groups {
	struct match ahead; /* first match of the group to come */
	bool more;
	struct path_walk walk; /* last: walk_len */
};

/* Bytes of a walk that p will touch: the tables of codes at its end are only for occurrences. An iterator
 * without them costs Lua a tenth of the memory. */
_Static_assert(offsetof(struct path_walk, code_total) + sizeof((struct path_walk){ 0 }.code_total) ==
		       sizeof(struct path_walk), "the tables of codes end the walk");

static size_t walk_len(const struct path *p)
{
	return path_has_occurrence(p) ? sizeof(struct path_walk) : offsetof(struct path_walk, code_seen);
}

static void groups_begin(struct groups *g, const struct path *p, const struct record *r)
{
	path_begin(&g->walk, p, r);
	g->more = path_next(&g->walk, &g->ahead);
}

/* Append the values of the next field, joined by sep. [-0, +0, e] */
static bool groups_next(lua_State *L, struct groups *g, struct span sep, struct buf *out)
{
	uint32_t field = g->ahead.field;

	if (!g->more) {
		check_walk(L, &g->walk);
		return false;
	}
	luaX_check(L, match_text(&g->ahead, out));
	while ((g->more = path_next(&g->walk, &g->ahead)) && g->ahead.field == field) {
		luaX_check(L, buf_add_span(out, sep));
		luaX_check(L, match_text(&g->ahead, out));
	}
	return true;
}

/* Push an array of them. [-0, +1, e] */
static void push_groups(lua_State *L, const struct record *r, const struct path *p, struct span sep)
{
	struct script *s = script_of(L);
	struct groups g;
	lua_Integer n = 0;

	lua_newtable(L);
	groups_begin(&g, p, r);
	while (groups_next(L, &g, sep, luaX_text(s))) {
		luaX_pushspan(L, buf_span(&s->text_buf));
		lua_rawseti(L, -2, ++n);
	}
}

/* Push an array of the values themselves. [-0, +1, e] */
static void push_values(lua_State *L, const struct record *r, const struct path *p)
{
	struct script *s = script_of(L);
	struct path_walk w;
	struct match m;
	lua_Integer n = 0;

	lua_newtable(L);
	path_begin(&w, p, r);
	while (path_next(&w, &m)) {
		push_match(L, s, &m);
		lua_rawseti(L, -2, ++n);
	}
	check_walk(L, &w);
}

/* ---- methods ---- */

/* rec:get(path [, default]) */
static int value_get(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	const struct path *p = check_path(L, 2);
	struct path_walk w;
	struct match m;

	path_begin(&w, p, r);
	if (path_next(&w, &m)) {
		push_match(L, script_of(L), &m);
		return 1;
	}
	check_walk(L, &w);
	lua_settop(L, 3);
	return 1;
}

/* rec:all(path [, sep]) */
static int value_all(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	const struct path *p = check_path(L, 2);

	if (lua_isnoneornil(L, 3))
		push_values(L, r, p);
	else
		push_groups(L, r, p, luaX_checkspan(L, 3));
	return 1;
}

/* rec:text(path [, sep [, field_sep]]) */
static int value_text(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	const struct path *p = check_path(L, 2);
	struct span sep = luaX_optspan(L, 3, SPAN_LIT(" "));
	struct span field_sep = luaX_optspan(L, 4, SPAN_LIT("; "));
	struct buf *b = luaX_text(script_of(L));
	struct groups g;

	groups_begin(&g, p, r);
	bool any = g.more;
	while (groups_next(L, &g, sep, b))
		if (g.more)
			luaX_check(L, buf_add_span(b, field_sep));
	if (!any)
		return luaX_nil(L);
	luaX_pushspan(L, buf_span(b));
	return 1;
}

/* rec:has(path) */
static int value_has(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	const struct path *p = check_path(L, 2);
	struct path_walk w;
	struct match m;

	path_begin(&w, p, r);
	bool has = path_next(&w, &m);
	if (!has)
		check_walk(L, &w);
	lua_pushboolean(L, has);
	return 1;
}

/* rec:count(path) */
static int value_count(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	const struct path *p = check_path(L, 2);
	struct path_walk w;
	struct match m;
	lua_Integer n = 0;

	path_begin(&w, p, r);
	while (path_next(&w, &m))
		n++;
	check_walk(L, &w);
	lua_pushinteger(L, n);
	return 1;
}

/* ---- numbers: -?digits[.digits], blanks around; not Lua's own notation (0x1F, 1e5, inf) ---- */

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static size_t skip_digits(struct span t, size_t i)
{
	while (i < t.len && is_digit(t.ptr[i]))
		i++;
	return i;
}

static bool is_number(struct span t)
{
	size_t from = t.len > 0 && t.ptr[0] == '-';
	size_t point = skip_digits(t, from);

	if (point == from)
		return false;
	if (point == t.len)
		return true;
	size_t end = skip_digits(t, point + 1);
	return t.ptr[point] == '.' && end == t.len && end > point + 1;
}

static struct span trim_blanks(struct span t)
{
	while (t.len > 0 && t.ptr[0] == ' ')
		t = span_of(t.ptr + 1, t.len - 1);
	while (t.len > 0 && t.ptr[t.len - 1] == ' ')
		t.len--;
	return t;
}

/* rec:number(path): the first value; integer, float or nil */
static int value_number(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	const struct path *p = check_path(L, 2);
	struct path_walk w;
	struct match m;

	path_begin(&w, p, r);
	if (!path_next(&w, &m)) {
		check_walk(L, &w);
		return luaX_nil(L);
	}
	push_match(L, script_of(L), &m);
	size_t len;
	const char *text = lua_tolstring(L, -1, &len);
	struct span t = trim_blanks(span_of(text, len));
	if (!is_number(t) || lua_stringtonumber(L, text) == 0)
		return luaX_nil(L);
	return 1;
}

/* ---- iterators: a closure over (script, state, record, path, sep); the last three are anchors ---- */

enum { UP_STATE = 2, UP_OWNER = 3, UP_PATH = 4, UP_SEP = 5 };

/* The walk lives in a userdata that only the closure knows: no metatable, no check. The record is checked
 * at each step, because an iterator can outlive its hook. */
static int values_step(lua_State *L)
{
	struct path_walk *w = lua_touserdata(L, lua_upvalueindex(UP_STATE));
	struct match m;

	check_record(L, lua_upvalueindex(UP_OWNER));
	if (!path_next(w, &m)) {
		check_walk(L, w);
		return luaX_nil(L);
	}
	push_match(L, script_of(L), &m);
	return 1;
}

static int groups_step(lua_State *L)
{
	struct script *s = script_of(L);
	struct groups *g = lua_touserdata(L, lua_upvalueindex(UP_STATE));
	size_t len;

	check_record(L, lua_upvalueindex(UP_OWNER));
	const char *sep = lua_tolstring(L, lua_upvalueindex(UP_SEP), &len);
	if (!groups_next(L, g, span_of(sep, len), luaX_text(s)))
		return luaX_nil(L);
	luaX_pushspan(L, buf_span(&s->text_buf));
	return 1;
}

/* An edit may change between two steps: its values are taken beforehand. Upvalues: script, array, number of
 * the last one. */
static int array_step(lua_State *L)
{
	lua_Integer n = lua_tointeger(L, lua_upvalueindex(3)) + 1;

	lua_pushinteger(L, n);
	lua_replace(L, lua_upvalueindex(3));
	lua_rawgeti(L, lua_upvalueindex(2), n);
	return 1;
}

static int values_of_edit(lua_State *L)
{
	lua_pushlightuserdata(L, script_of(L));
	lua_insert(L, 1);
	lua_settop(L, 2);
	lua_pushinteger(L, 0);
	lua_pushcclosure(L, array_step, 3);
	return 1;
}

/* rec:values(path [, sep]) */
static int value_values(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	const struct path *p = check_path(L, 2);
	bool joined = !lua_isnoneornil(L, 3);

	if (joined)
		luaX_checkspan(L, 3);
	if (test_edit(L, 1)) {
		value_all(L);
		lua_replace(L, 1);
		return values_of_edit(L);
	}
	lua_settop(L, 3);
	lua_pushlightuserdata(L, script_of(L));
	if (joined)
		groups_begin(lua_newuserdatauv(L, offsetof(struct groups, walk) + walk_len(p), 0), p, r);
	else
		path_begin(lua_newuserdatauv(L, walk_len(p), 0), p, r);
	lua_rotate(L, 1, 2); /* script, state, record, path, sep */
	lua_pushcclosure(L, joined ? groups_step : values_step, UP_SEP);
	return 1;
}

void bind_value_methods(lua_State *L, struct script *s)
{
	static const luaL_Reg methods[] = {
		{ "get", value_get },
		{ "all", value_all },
		{ "values", value_values },
		{ "text", value_text },
		{ "has", value_has },
		{ "count", value_count },
		{ "number", value_number },
		{ NULL, NULL },
	};

	luaX_setfuncs(L, s, methods);
}
