/* bind_edit_add.c: new fields: e:add, e:append, e:insert, and what a field may be given as.
 *
 *     tag, value          tag, "40", code, value, …          a view of any field
 *
 * The arguments are read twice: once to check and measure all of them, once to fill a block of exactly that
 * size, so that an error leaves nothing behind. The same reading serves the rows of mrrc.record{…}. */
#include "script/bind_edit.h"

/* Blame item i (from 0) of the arguments or the row. */
static int blame(lua_State *L, const struct field_args *a, int i, const char *message)
{
	if (a->row > 0)
		return luaL_error(L, "field %d of the record, item %d: %s", a->row, i + 1, message);
	return luaL_argerror(L, a->first + i, message);
}

static int blame_type(lua_State *L, const struct field_args *a, int i, const char *expected)
{
	return blame(L, a, i, lua_pushfstring(L, "%s expected, got %s", expected,
					      luaL_typename(L, a->first + i)));
}

/* Value i as text; false for nil. */
static bool read_value(lua_State *L, const struct field_args *a, int i, struct span *out)
{
	int at = a->first + i;
	size_t len;

	if (i >= a->count || lua_isnil(L, at))
		return false;
	if (lua_type(L, at) != LUA_TSTRING && !lua_isinteger(L, at))
		blame_type(L, a, i, "string or nil");
	const char *text = lua_tolstring(L, at, &len);
	*out = span_of(text, len);
	if (!draft_text_ok(*out))
		blame(L, a, i, "text without the delimiters 1D, 1E, 1F expected");
	return true;
}

static uint32_t read_tag(lua_State *L, const struct field_args *a)
{
	size_t len;

	if (lua_type(L, a->first) != LUA_TSTRING)
		blame_type(L, a, 0, "tag or field");
	const char *text = lua_tolstring(L, a->first, &len);
	struct span tag = span_of(text, len);
	if (len == 5 && text[3] == '$')
		blame(L, a, 0, lua_pushfstring(L, "a tag expected, got a path; a subfield is added to a "
						  "field: for f in e:fields(\"%s\") do "
						  "f:add(\"%s\", …) end",
					       lua_pushlstring(L, text, 3), text + 4));
	if (!draft_tag_ok(tag))
		blame(L, a, 0, "tag expected: three letters or digits, not 000");
	return MARC_TAG(tag.ptr[0], tag.ptr[1], tag.ptr[2]);
}

static bool control_from_args(lua_State *L, struct arena *arena, const struct field_args *a,
			      struct span *content)
{
	bool number_left = a->count == 3 && lua_isnumber(L, a->first + 2); /* of a gsub */
	struct span value;

	if (a->count > 2 && !number_left)
		blame(L, a, 2, "a control field has one value, no indicators and no subfields");
	if (a->count < 2)
		blame(L, a, 1, "value expected");
	if (!read_value(L, a, 1, &value))
		return false;
	uint8_t *copy = need_memory(L, arena, value.len);
	if (value.len)
		memcpy(copy, value.ptr, value.len);
	*content = span_of(copy, value.len);
	return true;
}

static void read_indicators(lua_State *L, const struct field_args *a, uint8_t ind[2])
{
	size_t len;

	if (a->count < 2 || lua_type(L, a->first + 1) != LUA_TSTRING)
		blame(L, a, 1, "two indicator characters expected, as in \"40\" or \"#0\"");
	const char *text = lua_tolstring(L, a->first + 1, &len);
	for (size_t i = 0; i < 2; i++) {
		uint8_t c = i < len ? (uint8_t)text[i] : 0;

		if (len != 2 || !draft_indicator_ok(c))
			blame(L, a, 1, lua_pushfstring(L, "two indicator characters expected, as in \"40\" "
							  "or \"#0\", got \"%s\"", text));
		ind[i] = c == '#' ? ' ' : c;
	}
}

/* A table ends where its last value is: behind the last code of a row may stand a nil that nobody sees. */
static uint8_t read_code(lua_State *L, const struct field_args *a, int i)
{
	size_t len;
	const char *text;

	if (lua_type(L, a->first + i) != LUA_TSTRING)
		blame(L, a, i, lua_pushfstring(L, "subfield code expected, got %s (wrap gsub in parentheses: "
						  "it gives two results)", luaL_typename(L, a->first + i)));
	text = lua_tolstring(L, a->first + i, &len);
	if (len != 1 || !draft_code_ok((uint8_t)text[0]))
		blame(L, a, i, "subfield code expected: one printable ASCII character");
	if (i + 1 == a->count && a->row == 0)
		blame(L, a, i, "a subfield code without a value (wrap gsub in parentheses: it gives two "
			       "results)");
	return (uint8_t)text[0];
}

static bool data_from_args(lua_State *L, struct arena *arena, const struct field_args *a,
			   struct span *content)
{
	uint8_t ind[2], *p, *start;
	struct span value;
	size_t len = 2;

	read_indicators(L, a, ind);
	if (a->count < 3)
		blame(L, a, 2, "subfield code expected");
	for (int i = 2; i < a->count; i += 2) {
		(void)read_code(L, a, i);
		if (read_value(L, a, i + 1, &value))
			len += 2 + value.len;
	}
	if (len == 2)
		return false;
	start = p = need_memory(L, arena, len);
	memcpy(p, ind, 2);
	p += 2;
	for (int i = 2; i < a->count; i += 2) {
		uint8_t code = read_code(L, a, i);

		if (!read_value(L, a, i + 1, &value))
			continue;
		*p++ = MARC_US;
		*p++ = code;
		if (value.len)
			memcpy(p, value.ptr, value.len);
		p += value.len;
	}
	*content = span_of(start, len);
	return true;
}

static void copy_of_view(lua_State *L, struct arena *arena, const struct field_args *a, const struct field *f,
			 uint32_t *tag, struct span *content)
{
	if (a->count > 1)
		blame(L, a, 1, "nothing more expected behind a field");
	uint8_t *copy = need_memory(L, arena, f->len);
	if (f->len)
		memcpy(copy, f->ptr, f->len);
	*tag = f->tag;
	*content = span_of(copy, f->len);
}

bool field_from_args(lua_State *L, struct arena *arena, const struct field_args *a, uint32_t *tag,
		     struct span *content)
{
	const struct field *f;

	if (a->count < 1)
		blame(L, a, 0, "tag or field expected");
	f = test_field(L, a->first, NULL, NULL);
	if (f) {
		copy_of_view(L, arena, a, f, tag, content);
		return true;
	}
	if (a->count == 1 && lua_isnil(L, a->first)) /* e:add(rec:field("100")) of a record without one */
		return false;
	*tag = read_tag(L, a);
	if (tag_is_control(*tag))
		return control_from_args(L, arena, a, content);
	return data_from_args(L, arena, a, content);
}

static int give_back_edit(lua_State *L)
{
	lua_settop(L, 1);
	return 1;
}

/* e:add(tag, value), e:add(tag, indicators, code, value, …), e:add(field) */
static int edit_add(lua_State *L)
{
	struct edit *e = check_edit(L, 1);
	struct field_args a = { 2, lua_gettop(L) - 1, 0 };
	struct span content;
	uint32_t tag;

	if (field_from_args(L, e->draft->arena, &a, &tag, &content))
		luaX_check(L, draft_insert_kept(e->draft, draft_place_of(e->draft, tag), tag, content));
	return give_back_edit(L);
}

static int edit_append(lua_State *L)
{
	struct edit *e = check_edit(L, 1);
	struct field_args a = { 2, lua_gettop(L) - 1, 0 };
	struct span content;
	uint32_t tag;

	if (field_from_args(L, e->draft->arena, &a, &tag, &content))
		luaX_check(L, draft_insert_kept(e->draft, e->draft->view.count, tag, content));
	return give_back_edit(L);
}

/* The only key of the table at argument 2, and its path pushed: true for after. [-0, +1, e] */
static bool check_where(lua_State *L)
{
	static const char *const keys[] = { "before", "after", NULL };
	bool before, after;

	luaL_checktype(L, 2, LUA_TTABLE);
	for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
		const char *key = luaX_keytext(L, -2);

		if (strcmp(key, "before") != 0 && strcmp(key, "after") != 0)
			luaX_unknown(L, "option", key, keys);
	}
	lua_pushstring(L, "before");
	before = lua_rawget(L, 2) == LUA_TSTRING;
	lua_pushstring(L, "after");
	after = lua_rawget(L, 2) == LUA_TSTRING;
	if (before == after)
		luaL_argerror(L, 2, "{before = PATH} or {after = PATH} expected");
	lua_remove(L, after ? -2 : -1);
	return after;
}

/* e:insert({before = PATH}, …): in front of the first match; {after = PATH}: behind the last. None: in tag
 * order. */
static int edit_insert(lua_State *L)
{
	struct edit *e = check_edit(L, 1);
	struct field_args a = { 3, lua_gettop(L) - 2, 0 };
	bool after = check_where(L);
	const struct path *p = check_path(L, lua_gettop(L));
	struct path_walk w;
	struct span content;
	uint32_t tag, at, place = UINT32_MAX;

	if (!field_from_args(L, e->draft->arena, &a, &tag, &content))
		return give_back_edit(L);
	for (path_begin(&w, p, &e->draft->view); path_next_field(&w, &at);) {
		place = after ? at + 1 : at;
		if (!after)
			break;
	}
	if (place == UINT32_MAX)
		place = draft_place_of(e->draft, tag);
	luaX_check(L, draft_insert_kept(e->draft, place, tag, content));
	return give_back_edit(L);
}

void bind_edit_add_methods(lua_State *L, struct script *s)
{
	static const luaL_Reg methods[] = {
		{ "add", edit_add },
		{ "append", edit_append },
		{ "insert", edit_insert },
		{ NULL, NULL },
	};

	luaX_setfuncs(L, s, methods);
}
