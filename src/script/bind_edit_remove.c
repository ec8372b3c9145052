/* bind_edit_remove.c: e:remove(path [, {linked = true}]): fields or subfields.
 *
 * A field left without subfields goes too. Linked fields: an 880 belongs to a field when its $6 names the
 * field's tag and the occurrence number that the field's own $6 gives (MARC 21, Appendix A); occurrence 00
 * links to nothing. */
#include "script/bind_edit.h"

#define TAG_880 MARC_TAG('8', '8', '0')

struct link {
	uint32_t tag;
	uint8_t occurrence[2];
};

/* $6 of f: tag, hyphen, two digits. */
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
		return memcmp(out->occurrence, "00", 2) != 0;
	}
	return false;
}

/* Add the 880 fields of field f to ids. */
static void take_linked(lua_State *L, struct edit *e, const struct field *f, struct field_ids *ids)
{
	const struct draft *d = e->draft;
	struct link ours, theirs;

	if (!read_link(f, &ours) || ours.tag != TAG_880)
		return;
	for (uint32_t i = 0; i < d->view.count; i++) {
		const struct field *g = &d->fields[i];

		if (g->tag == TAG_880 && read_link(g, &theirs) && theirs.tag == f->tag &&
		    memcmp(theirs.occurrence, ours.occurrence, 2) == 0)
			ids_add(L, e, ids, d->ids[i]);
	}
}

static void remove_ids(struct edit *e, const struct field_ids *ids)
{
	/* from the end: ids before it still stand at their places */
	for (uint32_t i = ids->count; i-- > 0;) {
		uint32_t at = draft_find(e->draft, ids->id[i]);

		if (at != UINT32_MAX)
			draft_remove(e->draft, at);
	}
}

static void remove_fields(lua_State *L, struct edit *e, const struct path *p, bool linked)
{
	struct field_ids ids;
	uint32_t count;

	ids_take(L, e, p, &ids);
	count = ids.count;
	for (uint32_t i = 0; linked && i < count; i++)
		take_linked(L, e, &e->draft->fields[draft_find(e->draft, ids.id[i])], &ids);
	remove_ids(e, &ids);
}

/* From the last to the first: ordinals of the earlier ones stay. */
static void remove_subfields(lua_State *L, struct edit *e, const struct path *p, bool linked)
{
	struct targets ts;
	struct field_ids gone;

	targets_take(L, e, p, &ts);
	ids_init(&gone);
	for (uint32_t i = ts.count; i-- > 0;) {
		const struct target *t = &ts.item[i];
		uint32_t at, nth;

		if (!target_find(e, t, &at, &nth))
			continue;

		struct field before = e->draft->fields[at];

		if (t->kind == TARGET_CONTROL || t->kind == TARGET_DATA)
			draft_remove(e->draft, at);
		else
			luaX_check(L, draft_subfield_remove(e->draft, at, nth));
		if (linked && draft_find(e->draft, t->id) == UINT32_MAX)
			take_linked(L, e, &before, &gone);
	}
	remove_ids(e, &gone);
}

static bool check_linked(lua_State *L, int arg)
{
	static const char *const keys[] = { "linked", NULL };
	bool linked;

	if (lua_isnoneornil(L, arg))
		return false;
	luaL_checktype(L, arg, LUA_TTABLE);
	for (lua_pushnil(L); lua_next(L, arg); lua_pop(L, 1))
		if (strcmp(luaX_keytext(L, -2), "linked") != 0)
			luaX_unknown(L, "option", luaX_keytext(L, -2), keys);
	lua_pushstring(L, "linked");
	lua_rawget(L, arg);
	linked = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return linked;
}

static int edit_remove(lua_State *L)
{
	struct edit *e = check_edit(L, 1);
	const struct path *p = check_path(L, 2);
	bool linked = check_linked(L, 3);

	switch (path_target(p)) {
	case PATH_FIELD:
		remove_fields(L, e, p, linked);
		break;
	case PATH_SUBFIELD:
		remove_subfields(L, e, p, linked);
		break;
	default:
		luaL_argerror(L, 2, "fields or subfields expected; characters, indicators and the leader are "
				    "overwritten with set");
	}
	lua_settop(L, 1);
	return 1;
}

void bind_edit_remove_methods(lua_State *L, struct script *s)
{
	static const luaL_Reg methods[] = { { "remove", edit_remove }, { NULL, NULL } };

	luaX_setfuncs(L, s, methods);
}
