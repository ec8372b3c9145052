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

/* The next place that is still there; UINT32_MAX at the end. */
static uint32_t next_place(const struct edit *e, struct places *p)
{
	while (p->next < p->count) {
		uint32_t place = p->at[p->next++];

		if (e)
			place = draft_find(e->draft, place);
		if (place != UINT32_MAX)
			return place;
	}
	return UINT32_MAX;
}

/* The edit that is walked, NULL for a record. [-0, +0, e] */
static struct edit *walked_edit(lua_State *L)
{
	struct edit *e = test_edit(L, lua_upvalueindex(UP_OWNER));

	if (!e)
		check_record(L, lua_upvalueindex(UP_OWNER));
	return e;
}

static int fields_step(lua_State *L)
{
	struct places *p = lua_touserdata(L, lua_upvalueindex(UP_STATE));
	uint32_t place = next_place(walked_edit(L), p);

	if (place == UINT32_MAX)
		return luaX_nil(L);
	push_field(L, script_of(L), lua_upvalueindex(UP_OWNER), place);
	return 1;
}

/* Room for places, on the stack between the script and the owner as the closures want them. [-0, +2, m] */
static struct places *push_places(lua_State *L, uint32_t count)
{
	lua_pushlightuserdata(L, script_of(L));
	struct places *p = lua_newuserdatauv(L, sizeof(*p) + count * sizeof(p->at[0]), 0);
	p->count = count;
	p->next = 0;
	return p;
}

/* Places of an edit move; its ids stay. */
static void places_to_ids(const struct edit *e, struct places *p)
{
	for (uint32_t i = 0; e && i < p->count; i++)
		p->at[i] = e->draft->ids[p->at[i]];
}

static int view_fields(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	const struct path *path = lua_isnoneornil(L, 2) ? NULL : check_path(L, 2);
	struct places *p = push_places(L, find_places(L, r, path, NULL));

	find_places(L, r, path, p->at);
	places_to_ids(test_edit(L, 1), p);
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

/* Does g belong to a field with this tag and link, and say so itself? */
static bool is_linked(const struct field *g, uint32_t tag, const struct link *link)
{
	struct link theirs;

	return g->tag == link->tag && read_link(g, &theirs) && theirs.tag == tag &&
	       memcmp(theirs.occurrence, link->occurrence, 2) == 0;
}

static int view_linked(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	const struct field *f = check_field(L, 2, NULL, NULL);
	struct script *s = script_of(L);
	struct link link;
	lua_Integer n = 0;
	uint32_t tag = f->tag;

	lua_newtable(L);
	if (!read_link(f, &link))
		return 1;
	for (uint32_t i = 0; i < r->count; i++) {
		if (!is_linked(&r->field[i], tag, &link))
			continue;
		push_field(L, s, 1, i);
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

/* ---- rec:linked_pairs(path): fields that the path names, each with one linked to it ---- */

/* Places of both, one behind the other; at NULL: only count. [-0, +0, e] */
static uint32_t find_pairs(lua_State *L, const struct record *r, const struct path *p, uint32_t *at)
{
	struct path_walk w;
	struct link link;
	uint32_t count = 0, place;

	for (path_begin(&w, p, r); path_next_field(&w, &place);) {
		bool linked = place < r->count && read_link(&r->field[place], &link);

		for (uint32_t i = 0; linked && i < r->count; i++) {
			if (!is_linked(&r->field[i], r->field[place].tag, &link))
				continue;
			if (at) {
				at[count] = place;
				at[count + 1] = i;
			}
			count += 2;
		}
	}
	check_walk(L, &w);
	return count;
}

/* A pair of which one was dropped meanwhile is none. */
static int pairs_step(lua_State *L)
{
	struct places *p = lua_touserdata(L, lua_upvalueindex(UP_STATE));
	const struct edit *e = walked_edit(L);

	for (; p->next < p->count; p->next += 2) {
		uint32_t f = p->at[p->next], g = p->at[p->next + 1];

		if (e) {
			f = draft_find(e->draft, f);
			g = draft_find(e->draft, g);
		}
		if (f == UINT32_MAX || g == UINT32_MAX)
			continue;
		p->next += 2;
		push_field(L, script_of(L), lua_upvalueindex(UP_OWNER), f);
		push_field(L, script_of(L), lua_upvalueindex(UP_OWNER), g);
		return 2;
	}
	return luaX_nil(L);
}

static int view_linked_pairs(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	const struct path *path = check_path(L, 2);
	struct places *p = push_places(L, find_pairs(L, r, path, NULL));

	find_pairs(L, r, path, p->at);
	places_to_ids(test_edit(L, 1), p);
	lua_pushvalue(L, 1);
	lua_pushcclosure(L, pairs_step, UP_OWNER);
	return 1;
}

void bind_view_methods(lua_State *L, struct script *s)
{
	static const luaL_Reg methods[] = {
		{ "field", view_field },
		{ "fields", view_fields },
		{ "linked", view_linked },
		{ "linked_pairs", view_linked_pairs },
		{ NULL, NULL },
	};

	luaX_setfuncs(L, s, methods);
}
