/* bind_edit_move.c: e:move and e:copy: fields to another tag, a subfield to another code.
 *
 *     e:move("260", "264|#1|")     fields, in tag order, indicators when given (* keeps the field's own)
 *     e:move("245$h", "245$x")     within each field
 *
 * Everything else is an error: a move between different fields would need rules that only the script knows.
 * */
#include "script/bind_edit.h"

struct destination {
	uint32_t tag;
	bool has_bars;
	uint8_t ind[2]; /* 0: the field's own */
};

static int refuse(lua_State *L)
{
	return luaL_argerror(L, 3, "fields go to a tag (\"264\", \"264|#1|\"), a subfield to a code of its "
				   "own field "
				   "(\"245$h\" to \"245$x\")");
}

/* The field's content with the indicators that the destination gives; damaged fields keep what they have. */
static enum status put_indicators(struct draft *d, uint32_t at, const struct destination *to)
{
	if (!to->has_bars || d->fields[at].flags & FIELD_MALFORMED)
		return STATUS_OK;
	for (int i = 0; i < 2; i++)
		if (to->ind[i])
			TRY(draft_set_indicator(d, at, i + 1, to->ind[i]));
	return STATUS_OK;
}

/* Where field `from`, with its new tag, belongs among the others (counted without it). */
static uint32_t place_among_others(const struct draft *d, uint32_t from, uint32_t tag)
{
	uint32_t at = d->view.count;

	while (at > 0 && (at - 1 == from || d->fields[at - 1].tag > tag))
		at--;
	return at > from ? at - 1 : at;
}

static enum status move_field(struct draft *d, uint32_t at, const struct destination *to)
{
	TRY(put_indicators(d, at, to));
	if (d->fields[at].tag == to->tag)
		return STATUS_OK;
	TRY(draft_retag(d, at, to->tag));
	draft_move(d, at, place_among_others(d, at, to->tag));
	return STATUS_OK;
}

static enum status copy_field(struct draft *d, uint32_t at, const struct destination *to)
{
	uint32_t place = draft_place_of(d, to->tag);

	TRY(draft_insert_kept(d, place, to->tag, field_span(&d->fields[at])));
	return put_indicators(d, place, to);
}

static void fields_to_tag(lua_State *L, struct edit *e, const struct path *p, const struct destination *to,
			  bool copy)
{
	struct draft *d = e->draft;
	struct field_ids ids;

	if (tag_is_control(to->tag) && to->has_bars)
		luaL_argerror(L, 3, "a control field has no indicators");
	ids_take(L, e, p, &ids);
	for (uint32_t i = 0; i < ids.count; i++)
		if (tag_is_control(d->fields[draft_find(d, ids.id[i])].tag) != tag_is_control(to->tag))
			luaL_argerror(L, 3, "a control field cannot become a data field, nor the other way "
					    "round");
	for (uint32_t i = 0; i < ids.count; i++) {
		uint32_t at = draft_find(d, ids.id[i]);

		luaX_check(L, copy ? copy_field(d, at, to) : move_field(d, at, to));
	}
}

static void subfields_to_code(lua_State *L, struct edit *e, const struct path *p, uint8_t code, bool copy)
{
	struct targets ts;
	uint32_t at, nth;

	targets_take(L, e, p, &ts);
	for (uint32_t i = ts.count; i-- > 0;) {
		const struct target *t = &ts.item[i];

		if (!target_find(e, t, &at, &nth) || !draft_text_ok(t->value)) /* damaged: stays */
			continue;
		luaX_check(L, copy ? draft_subfield_insert(e->draft, at, nth + 1, code, t->value) :
				     draft_subfield_recode(e->draft, at, nth, code));
	}
}

/* Nothing but a tag, and perhaps indicators or a code. */
static bool is_plain(const struct path *p)
{
	return path_part_count(p) == 1 && !path_is_leader(p) && !path_has_conditions(p) &&
	       !path_has_occurrence(p);
}

static int transfer(lua_State *L, bool copy)
{
	struct edit *e = check_edit(L, 1);
	struct span from = luaX_checkspan(L, 2), to = luaX_checkspan(L, 3);
	bool same_tag = from.len >= 3 && to.len >= 3 && memcmp(from.ptr, to.ptr, 3) == 0;

	lua_settop(L, 3);
	const struct path *p = check_path(L, 2), *q = check_path(L, 3);
	struct destination dest = { .tag = path_tag(q) };

	dest.has_bars = path_bars(q, dest.ind);
	if (!is_plain(q))
		return refuse(L);
	if (path_target(p) == PATH_FIELD && path_target(q) == PATH_FIELD && dest.tag)
		fields_to_tag(L, e, p, &dest, copy);
	else if (path_target(p) == PATH_SUBFIELD && path_target(q) == PATH_SUBFIELD && path_single_code(p) &&
		 path_single_code(q) && path_part_count(p) == 1 && same_tag && !dest.has_bars)
		subfields_to_code(L, e, p, path_single_code(q), copy);
	else
		return refuse(L);
	lua_settop(L, 1);
	return 1;
}

static int edit_move(lua_State *L)
{
	return transfer(L, false);
}

static int edit_copy(lua_State *L)
{
	return transfer(L, true);
}

void bind_edit_move_methods(lua_State *L, struct script *s)
{
	static const luaL_Reg methods[] = {
		{ "move", edit_move },
		{ "copy", edit_copy },
		{ NULL, NULL },
	};

	luaX_setfuncs(L, s, methods);
}
