/* bind_edit_field.c: the type of writable views: fields of an edit, found by id.
 *
 * f.tag f.ind1 f.ind2 f.value are assignable; the verbs return the view. A view of a dropped field raises
 * (handle.c), and so does one whose last subfield was removed, for that takes the field with it. Reading is
 * bind_field.c's. */
#include "script/bind_edit.h"

static const char *const view_names[] = {
	"set", "map", "add", "insert", "remove", "rename", "drop", NULL,
};

struct view {
	struct edit *edit;
	struct draft *draft;
	uint32_t at;
};

static struct view check_view(lua_State *L)
{
	struct view v = { .edit = NULL };

	check_field(L, 1, &v.edit, &v.at);
	if (!v.edit)
		luaL_argerror(L, 1,
			      "field of an edit expected, got one of a record; use rec:edit():fields(…)");
	v.draft = v.edit->draft;
	return v;
}

/* As check_view, for verbs that work on subfields. */
static struct view check_data(lua_State *L)
{
	struct view v = check_view(L);
	unsigned flags = v.draft->fields[v.at].flags;

	if (flags & FIELD_CONTROL)
		luaL_error(L, "a control field has no subfields; assign to its value");
	if (flags & FIELD_MALFORMED)
		luaL_error(L, "the field is damaged: two indicators and a subfield are missing");
	return v;
}

static int give_back_view(lua_State *L)
{
	lua_settop(L, 1);
	return 1;
}

static bool nth_of_code(const struct field *f, uint8_t code, uint32_t *nth)
{
	struct subfield_walk w = subfields_of(f);
	struct subfield sub;

	for (*nth = 0; subfield_next(&w, &sub); (*nth)++)
		if (sub.code == code)
			return true;
	return false;
}

/* ---- verbs ---- */

/* f:set(code, value): the first such subfield, appended if lacking */
static int view_set(lua_State *L)
{
	struct view v = check_data(L);
	uint8_t code = check_code(L, 2);
	struct span value = check_value(L, 3);
	uint32_t nth;

	check_last(L, 3);
	if (nth_of_code(&v.draft->fields[v.at], code, &nth))
		luaX_check(L, draft_subfield_set(v.draft, v.at, nth, value));
	else
		luaX_check(L, draft_subfield_insert(v.draft, v.at, nth, code, value));
	return give_back_view(L);
}

/* f:map(codes, function(value, field, code) … end) */
static int view_map(lua_State *L)
{
	struct view v = check_data(L);
	struct codes codes = check_codes(L, 2);
	struct targets ts;

	luaL_checktype(L, 3, LUA_TFUNCTION);
	lua_settop(L, 3);
	targets_take_codes(L, v.edit, v.at, &codes, &ts);
	run_map(L, v.edit, &ts, 3, 1);
	return give_back_view(L);
}

/* f:add(code, value): behind the last subfield; nil adds nothing */
static int view_add(lua_State *L)
{
	struct view v = check_data(L);
	uint8_t code = check_code(L, 2);
	struct subfield_walk w = subfields_of(&v.draft->fields[v.at]);
	struct subfield sub;
	uint32_t count = 0;

	check_last(L, 3);
	if (lua_gettop(L) >= 3 && lua_isnil(L, 3))
		return give_back_view(L);

	struct span value = check_value(L, 3);

	while (subfield_next(&w, &sub))
		count++;
	luaX_check(L, draft_subfield_insert(v.draft, v.at, count, code, value));
	return give_back_view(L);
}

/* f:insert(n, code, value): it becomes subfield n, counted from 1 */
static int view_insert(lua_State *L)
{
	struct view v = check_data(L);
	lua_Integer n = luaL_checkinteger(L, 2);
	uint8_t code = check_code(L, 3);

	check_last(L, 4);
	if (lua_gettop(L) >= 4 && lua_isnil(L, 4))
		return give_back_view(L);

	struct span value = check_value(L, 4);

	if (n < 1 || n > UINT32_MAX)
		luaL_argerror(L, 2, "place expected: 1 up to the number of subfields and one more");
	check_done(L, draft_subfield_insert(v.draft, v.at, (uint32_t)(n - 1), code, value), 2,
		   "place expected: 1 up to the number of subfields and one more");
	return give_back_view(L);
}

/* f:remove(codes): every such subfield */
static int view_remove(lua_State *L)
{
	struct view v = check_data(L);
	struct targets ts;

	luaL_checktype(L, 2, LUA_TSTRING);

	struct codes codes = check_codes(L, 2);

	targets_take_codes(L, v.edit, v.at, &codes, &ts);
	for (uint32_t i = ts.count; i-- > 0;)
		luaX_check(L, draft_subfield_remove(v.draft, v.at, (uint32_t)ts.item[i].nth));
	return give_back_view(L);
}

/* f:rename(a, b): every subfield a becomes b */
static int view_rename(lua_State *L)
{
	struct view v = check_data(L);
	uint8_t from = check_code(L, 2), to = check_code(L, 3);
	struct subfield_walk w = subfields_of(&v.draft->fields[v.at]);
	struct subfield sub;

	for (uint32_t nth = 0; subfield_next(&w, &sub); nth++) /* the walk goes on in the old bytes */
		if (sub.code == from)
			luaX_check(L, draft_subfield_recode(v.draft, v.at, nth, to));
	return give_back_view(L);
}

/* f:drop(): the field itself */
static int view_drop(lua_State *L)
{
	struct view v = check_view(L);

	draft_remove(v.draft, v.at);
	return 0;
}

/* ---- metamethods ---- */

/* Upvalue 2: the methods. */
static int view_index(lua_State *L)
{
	size_t len;

	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(2)) != LUA_TNIL)
		return 1;
	const struct field *f = check_field(L, 1, NULL, NULL);
	if (lua_type(L, 2) == LUA_TSTRING) {
		const char *key = lua_tolstring(L, 2, &len);

		if (bind_field_property(L, script_of(L), f, key, len))
			return 1;
	}
	const char *key = luaX_keytext(L, 2);
	return luaX_unknown(L, "field", key, luaX_nearest(key, view_names) ? view_names : bind_field_names);
}

static void assign_tag(lua_State *L, const struct view *v)
{
	check_done(L, draft_retag(v->draft, v->at, check_tag(L, 3)), 3,
		   "a control field cannot become a data field, nor the other way round");
}

static void assign_value(lua_State *L, const struct view *v)
{
	if (!field_is_control(&v->draft->fields[v->at]))
		luaL_error(L, "a data field has no single value; use f:set(code, value)");
	luaX_check(L, draft_replace(v->draft, v->at, check_value(L, 3)));
}

static int view_newindex(lua_State *L)
{
	static const char *const assignable[] = { "tag", "ind1", "ind2", "value", NULL };
	const char *key = luaX_keytext(L, 2);
	struct view v;

	if (strcmp(key, "tag") == 0) {
		v = check_view(L);
		assign_tag(L, &v);
	} else if (strcmp(key, "value") == 0) {
		v = check_view(L);
		assign_value(L, &v);
	} else if (strcmp(key, "ind1") == 0 || strcmp(key, "ind2") == 0) {
		v = check_data(L);
		luaX_check(L, draft_set_indicator(v.draft, v.at, key[3] - '0', check_indicator(L, 3)));
	} else {
		return luaX_unknown(L, "assignable field", key, assignable);
	}
	return 0;
}

static void push_methods(lua_State *L, struct script *s)
{
	static const luaL_Reg methods[] = {
		{ "set", view_set },
		{ "map", view_map },
		{ "add", view_add },
		{ "insert", view_insert },
		{ "remove", view_remove },
		{ "rename", view_rename },
		{ "drop", view_drop },
		{ NULL, NULL },
	};

	lua_newtable(L);
	bind_field_methods(L, s);
	luaX_setfuncs(L, s, methods);
}

void bind_edit_field_open(lua_State *L, struct script *s)
{
	static const luaL_Reg meta[] = {
		{ "__newindex", view_newindex },
		{ "__tostring", bind_field_tostring },
		{ "__eq", bind_field_eq },
		{ NULL, NULL },
	};

	s->mt_edit_field = luaX_newtype(L, s, "field", meta);
	lua_pushlightuserdata(L, s);
	push_methods(L, s);
	lua_pushcclosure(L, view_index, 2);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}
