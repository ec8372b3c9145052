/* bind_view.c: from a record to views of its fields: the first of a path, all of it, the linked ones.
 *
 * fields() walks a snapshot of places (of ids, for an edit), taken when the loop begins: dropping and
 * adding fields in the loop is safe. */
#include "script/bind.h"

/* rec:field(path) */
static int view_field(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	const struct path *p = check_path(L, 2);
	struct path_walk w;
	uint32_t place;

	path_begin(&w, p, r);
	if (!path_next_field(&w, &place)) {
		check_walk(L, &w);
		return luaX_nil(L);
	}
	push_field(L, script_of(L), 1, place);
	return 1;
}

/* ---- rec:fields([path]) ---- */

struct places {
	uint32_t count, next;
	uint32_t at[]; /* places in a record, ids in an edit */
};

enum { UP_STATE = 2, UP_OWNER = 3 };

/* How many fields p names (NULL: all), and where; at NULL: only count. [-0, +0, e] */
static uint32_t find_places(lua_State *L, const struct record *r, const struct path *p, uint32_t *at)
{
	struct path_walk w;
	uint32_t count = 0, place;

	if (!p) {
		for (uint32_t i = 0; at && i < r->count; i++)
			at[i] = i;
		return r->count;
	}
	for (path_begin(&w, p, r); path_next_field(&w, &place); count++)
		if (at)
			at[count] = place;
	check_walk(L, &w);
	return count;
}

static int fields_step(lua_State *L)
{
	struct places *p = lua_touserdata(L, lua_upvalueindex(UP_STATE));
	struct edit *e = test_edit(L, lua_upvalueindex(UP_OWNER));
	uint32_t place;

	if (!e)
		check_record(L, lua_upvalueindex(UP_OWNER));
	do {
		if (p->next == p->count)
			return luaX_nil(L);
		place = p->at[p->next++];
		if (e)
			place = draft_find(e->draft, place);
	} while (place == UINT32_MAX);
	push_field(L, script_of(L), lua_upvalueindex(UP_OWNER), place);
	return 1;
}

static int view_fields(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	const struct path *path = lua_isnoneornil(L, 2) ? NULL : check_path(L, 2);
	struct edit *e = test_edit(L, 1);
	uint32_t count = find_places(L, r, path, NULL);

	lua_pushlightuserdata(L, script_of(L));
	struct places *p = lua_newuserdatauv(L, sizeof(*p) + count * sizeof(p->at[0]), 0);
	p->count = find_places(L, r, path, p->at);
	p->next = 0;
	for (uint32_t i = 0; e && i < count; i++)
		p->at[i] = e->draft->ids[p->at[i]];
	lua_pushvalue(L, 1);
	lua_pushcclosure(L, fields_step, UP_OWNER);
	return 1;
}

/* ---- rec:linked(field): MARC 21, Appendix A: $6 [linking tag]-[occurrence number]/… ---- */

struct link {
	uint32_t tag;
	uint8_t occurrence[2];
};

static bool read_link(const struct field *f, struct link *out)
{
	struct subfield_walk w = subfields_of(f);
	struct subfield sub;

	while (subfield_next(&w, &sub)) {
		const uint8_t *p = sub.value.ptr;

		if (sub.code != '6')
			continue;
		if (sub.value.len < 6 || p[3] != '-')
			return false;
		out->tag = MARC_TAG(p[0], p[1], p[2]);
		memcpy(out->occurrence, p + 4, 2);
		return memcmp(out->occurrence, "00", 2) != 0; /* 00: no counterpart */
	}
	return false;
}

static int view_linked(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	const struct field *f = check_field(L, 2, NULL, NULL);
	struct script *s = script_of(L);
	struct link ours, theirs;
	lua_Integer n = 0;
	uint32_t tag = f->tag;

	lua_newtable(L);
	if (!read_link(f, &ours))
		return 1;
	for (uint32_t i = 0; i < r->count; i++) {
		const struct field *g = &r->field[i];

		if (g->tag != ours.tag || !read_link(g, &theirs) || theirs.tag != tag)
			continue;
		if (memcmp(theirs.occurrence, ours.occurrence, 2) != 0)
			continue;
		push_field(L, s, 1, i);
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

void bind_view_methods(lua_State *L, struct script *s)
{
	static const luaL_Reg methods[] = {
		{ "field", view_field },
		{ "fields", view_fields },
		{ "linked", view_linked },
		{ NULL, NULL },
	};

	luaX_setfuncs(L, s, methods);
}
