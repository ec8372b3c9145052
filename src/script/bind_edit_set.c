/* bind_edit_set.c: e:set(path, value): one place, by overwriting it.
 *
 * In each field that the field part of the path names, the first such subfield is replaced, or appended if
 * lacking. A missing control field is created in tag order, a missing data field is not: its indicators are
 * unknown. All arguments are judged before the first change. */
#include "script/bind_edit.h"

#include "base/utf8.h"

#define PATH_ARG 2
#define VALUE_ARG 3

static const char name_a_subfield[] = "a data field has no single value; name a subfield, as in 245$a";

/* A path as one place to write to. */
struct place {
	uint32_t tag;      /* 0: several tags */
	bool bare;         /* nothing but tag and place */
	uint8_t code;      /* 0: none */
	int which;         /* indicator 1 or 2; 0: none */
	bool chars;
	uint32_t first, count;
};

/* The place in the leader that p names, and the value for it. LDR as a whole keeps what the writer
 * computes. */
static void set_leader(lua_State *L, struct edit *e, const struct path *p, struct span value)
{
	static const uint32_t part[][2] = { { 5, 7 }, { 17, 7 } }; /* all but 00-04 and 12-16 */
	struct targets ts;

	targets_take(L, e, p, &ts);
	if (ts.count != 1)
		luaL_argerror(L, PATH_ARG, "one place in the leader (LDR/00 to LDR/23) expected");
	if (ts.item[0].count != LEADER_LEN || value.len != LEADER_LEN) {
		target_put(L, e, &ts.item[0], value, VALUE_ARG);
		return;
	}
	for (size_t i = 0; i < LEADER_LEN; i++)
		if (!draft_indicator_ok(value.ptr[i]))
			luaL_argerror(L, VALUE_ARG, "a leader of 24 printable ASCII characters expected");
	for (int i = 0; i < 2; i++)
		luaX_check(L, draft_set_leader(e->draft, part[i][0],
					       span_of(value.ptr + part[i][0], part[i][1])));
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

/* Damaged fields are left as they are: bad data is no error of the script. */
static bool can_hold(const struct field *f, const struct place *pl)
{
	bool data = pl->code || pl->which;

	return data ? !(f->flags & (FIELD_CONTROL | FIELD_MALFORMED)) : field_is_control(f);
}

static void set_in_field(lua_State *L, struct edit *e, uint32_t at, const struct place *pl, struct span value)
{
	struct draft *d = e->draft;
	uint32_t nth = 0;
	bool there = pl->code && nth_of_code(&d->fields[at], pl->code, &nth);
	enum status st = STATUS_OK;

	if (!can_hold(&d->fields[at], pl))
		return;
	if (pl->which)
		st = draft_set_indicator(d, at, pl->which, value.ptr[0] == '#' ? ' ' : value.ptr[0]);
	else if (pl->chars && (there || !pl->code))
		st = draft_set_chars(d, at, pl->code ? (int)nth : -1, pl->first, pl->count, value);
	else if (there)
		st = draft_subfield_set(d, at, nth, value);
	else if (pl->code && !pl->chars)
		st = draft_subfield_insert(d, at, nth, pl->code, value);
	else if (!pl->code)
		st = draft_replace(d, at, value);
	check_done(L, st, PATH_ARG, "position beyond what a field can hold");
}

static void create_control(lua_State *L, struct edit *e, const struct place *pl, struct span value)
{
	struct draft *d = e->draft;
	uint32_t at = draft_place_of(d, pl->tag);

	luaX_check(L, draft_insert(d, at, pl->tag, pl->chars ? span_of(NULL, 0) : value));
	if (pl->chars)
		check_done(L, draft_set_chars(d, at, -1, pl->first, pl->count, value), PATH_ARG,
			   "position beyond what a field can hold");
}

/* The value must fit whatever field it meets. */
static void check_fit(lua_State *L, const struct place *pl, struct span value)
{
	if (pl->which)
		(void)check_indicator(L, VALUE_ARG);
	if (pl->chars && (pl->count >= 100000 || pl->first >= 100000))
		luaL_argerror(L, PATH_ARG, "position beyond what a field can hold");
	if (pl->chars && utf8_count(value) != pl->count)
		luaL_argerror(L, VALUE_ARG, lua_pushfstring(L, "exactly %d character(s) expected, got %d",
							    (int)pl->count, (int)utf8_count(value)));
	if (!pl->code && !pl->which && pl->tag && !tag_is_control(pl->tag))
		luaL_argerror(L, PATH_ARG, name_a_subfield);
}

static void refuse_data(lua_State *L, struct edit *e, const struct field_ids *ids, const struct place *pl)
{
	for (uint32_t i = 0; !pl->code && !pl->which && i < ids->count; i++)
		if (!field_is_control(&e->draft->fields[draft_find(e->draft, ids->id[i])]))
			luaL_argerror(L, PATH_ARG, name_a_subfield);
}

static void set_place(lua_State *L, struct edit *e, const struct path *p, const struct place *pl,
		      struct span value)
{
	struct field_ids ids;
	struct path_walk w;
	uint32_t at;

	check_fit(L, pl, value);
	ids_init(&ids);
	for (path_begin(&w, p, &e->draft->view); path_next_chosen(&w, &at);)
		ids_add(L, e, &ids, e->draft->ids[at]);
	refuse_data(L, e, &ids, pl);
	for (uint32_t i = 0; i < ids.count; i++)
		set_in_field(L, e, draft_find(e->draft, ids.id[i]), pl, value);
	if (ids.count == 0 && pl->bare && pl->tag && tag_is_control(pl->tag) && !pl->code && !pl->which)
		create_control(L, e, pl, value);
}

/* More than a plain place (245$a[1], 020$c{$a}, 008/#): what is there is replaced, once in each field. */
static void set_matches(lua_State *L, struct edit *e, const struct path *p, struct span value)
{
	struct targets ts;

	targets_take(L, e, p, &ts);
	for (uint32_t i = 0; i < ts.count; i++)
		if (ts.item[i].kind == TARGET_DATA)
			luaL_argerror(L, PATH_ARG, name_a_subfield);
	for (uint32_t i = 0; i < ts.count; i++)
		if (i == 0 || ts.item[i].id != ts.item[i - 1].id)
			target_put(L, e, &ts.item[i], value, VALUE_ARG);
}

/* Does an occurrence or a condition stand behind the code, and not only behind the tag? */
static bool picks_subfield(struct span text)
{
	size_t end = text.len;

	while (end > 0 && memchr("0123456789-#", text.ptr[end - 1], 12))
		end--;
	if (end > 0 && end < text.len && text.ptr[end - 1] == '/')
		end--; /* characters */
	else
		end = text.len;
	return end > 0 && (text.ptr[end - 1] == ']' || text.ptr[end - 1] == '}');
}

/* false: not plain, the matches must do. */
static bool read_place(lua_State *L, const struct path *p, struct span text, struct place *out)
{
	uint32_t codes;

	*out = (struct place){ .tag = path_tag(p), .code = path_single_code(p), .which = path_indicator(p) };
	(void)path_codes(p, &codes);
	if (path_part_count(p) != 1 || codes > 1)
		luaL_argerror(L, PATH_ARG, "one place expected, as in 245$a, 245^2 or 008/35-37");

	uint8_t bars[2];

	out->bare = !path_bars(p, bars) && !path_has_conditions(p) && !path_has_occurrence(p);
	out->chars = path_chars(p, &out->first, &out->count);
	if (path_target(p) == PATH_CHARS && !out->chars)
		return false;
	return !out->code || !picks_subfield(text);
}

static int edit_set(lua_State *L)
{
	struct edit *e = check_edit(L, 1);
	struct span text = luaX_checkspan(L, PATH_ARG);
	struct span value = check_value(L, VALUE_ARG);
	struct place pl;

	check_last(L, VALUE_ARG);
	lua_settop(L, VALUE_ARG);
	lua_pushvalue(L, PATH_ARG); /* keeps text; check_path may put something else in its place */
	const struct path *p = check_path(L, PATH_ARG);
	if (path_is_leader(p) && path_part_count(p) == 1)
		set_leader(L, e, p, value);
	else if (read_place(L, p, text, &pl))
		set_place(L, e, p, &pl, value);
	else
		set_matches(L, e, p, value);
	lua_settop(L, 1);
	return 1;
}

void bind_edit_set_methods(lua_State *L, struct script *s)
{
	static const luaL_Reg methods[] = { { "set", edit_set }, { NULL, NULL } };

	luaX_setfuncs(L, s, methods);
}
