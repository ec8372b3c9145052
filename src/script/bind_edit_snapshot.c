/* bind_edit_snapshot.c: what a path names at one moment, and where that is later.
 *
 * Verbs change the record they walk, and functions of the script may change it in between. So a verb first
 * writes down ids of fields and targets (values with their place), and finds each again when its turn
 * comes. A subfield is known by its ordinal as long as code and value there are what the snapshot saw, else
 * by code and value. */
#include "script/bind_edit.h"

/* A larger array in the arena with the same contents. */
static void *grown(lua_State *L, struct edit *e, const void *old, uint32_t count, size_t len, uint32_t *cap)
{
	void *larger = need_memory(L, e->draft->arena, (size_t)*cap * 2 * len);

	*cap *= 2;
	memcpy(larger, old, count * len);
	return larger;
}

void ids_init(struct field_ids *ids)
{
	ids->id = ids->few;
	ids->count = 0;
	ids->cap = SNAPSHOT_FEW;
}

void ids_add(lua_State *L, struct edit *e, struct field_ids *ids, uint32_t id)
{
	if (ids->count == ids->cap)
		ids->id = grown(L, e, ids->id, ids->count, sizeof(*ids->id), &ids->cap);
	ids->id[ids->count++] = id;
}

void ids_take(lua_State *L, struct edit *e, const struct path *p, struct field_ids *ids)
{
	const struct draft *d = e->draft;
	struct path_walk w;
	uint32_t at;

	ids_init(ids);
	if (!p) {
		for (at = 0; at < d->view.count; at++)
			ids_add(L, e, ids, d->ids[at]);
		return;
	}
	for (path_begin(&w, p, &d->view); path_next_field(&w, &at);)
		ids_add(L, e, ids, d->ids[at]);
}

static struct target *add_target(lua_State *L, struct edit *e, struct targets *ts)
{
	if (ts->count == ts->cap)
		ts->item = grown(L, e, ts->item, ts->count, sizeof(*ts->item), &ts->cap);
	return &ts->item[ts->count++];
}

static struct target target_of(const struct draft *d, const struct match *m)
{
	struct target t = { .nth = m->nth, .code = m->code, .value = m->value, .first = m->chars_first,
			    .count = m->chars_count };

	if (m->field == UINT32_MAX) {
		t.kind = TARGET_LEADER;
		t.first = (uint32_t)(m->value.ptr - d->view.leader);
		t.count = (uint32_t)m->value.len;
		return t;
	}
	const struct field *f = &d->fields[m->field];

	t.id = d->ids[m->field];
	if (m->whole) {
		t.kind = TARGET_DATA;
	} else if (m->chars_count > 0) {
		t.kind = TARGET_CHARS;
	} else if (m->nth >= 0) {
		t.kind = TARGET_SUBFIELD;
	} else if (field_is_control(f)) {
		t.kind = TARGET_CONTROL;
	} else {
		t.kind = TARGET_INDICATOR;
		t.first = m->value.ptr == f->ptr ? 1 : 2;
	}
	return t;
}

static void targets_init(struct targets *ts)
{
	ts->item = ts->few;
	ts->count = 0;
	ts->cap = SNAPSHOT_FEW / 2;
}

void targets_take(lua_State *L, struct edit *e, const struct path *p, struct targets *ts)
{
	struct path_walk w;
	struct match m;

	targets_init(ts);
	for (path_begin(&w, p, &e->draft->view); path_next(&w, &m);)
		*add_target(L, e, ts) = target_of(e->draft, &m);
}

void targets_take_codes(lua_State *L, struct edit *e, uint32_t at, const struct codes *codes,
			struct targets *ts)
{
	const struct draft *d = e->draft;
	struct subfield_walk w = subfields_of(&d->fields[at]);
	struct subfield sub;

	targets_init(ts);
	for (int32_t nth = 0; subfield_next(&w, &sub); nth++)
		if (codes_have(codes, sub.code))
			*add_target(L, e, ts) = (struct target){ .kind = TARGET_SUBFIELD, .id = d->ids[at],
								 .nth = nth,
								 .code = sub.code, .value = sub.value };
}

/* The snapshot of characters holds a part of the value: there the code must do. */
static bool is_target(const struct target *t, const struct subfield *sub)
{
	return sub->code == t->code && (t->kind == TARGET_CHARS || span_eq(sub->value, t->value));
}

static bool find_subfield(const struct field *f, const struct target *t, uint32_t *nth)
{
	struct subfield_walk w = subfields_of(f);
	struct subfield sub;
	bool found = false;

	for (uint32_t i = 0; subfield_next(&w, &sub); i++) {
		if (!is_target(t, &sub))
			continue;
		if (i == (uint32_t)t->nth || !found)
			*nth = i;
		found = true;
		if (i >= (uint32_t)t->nth)
			break;
	}
	return found;
}

bool target_find(const struct edit *e, const struct target *t, uint32_t *at, uint32_t *nth)
{
	const struct draft *d = e->draft;

	*at = *nth = 0;
	if (t->kind == TARGET_LEADER)
		return true;
	*at = draft_find(d, t->id);
	if (*at == UINT32_MAX)
		return false;

	const struct field *f = &d->fields[*at];

	if (t->nth >= 0)
		return find_subfield(f, t, nth);
	return t->kind != TARGET_CONTROL || span_eq(field_span(f), t->value);
}

static void put_indicator(lua_State *L, struct edit *e, const struct target *t, uint32_t at,
			  struct span value, int arg)
{
	uint8_t c = value.len == 1 ? value.ptr[0] : 0;

	check_done(L, draft_set_indicator(e->draft, at, (int)t->first, c == '#' ? ' ' : c), arg,
		   "an indicator is one printable ASCII character, # for blank");
}

static void put_chars(lua_State *L, struct edit *e, const struct target *t, uint32_t at, uint32_t nth,
		      struct span value, int arg)
{
	enum status st = draft_set_chars(e->draft, at, t->nth < 0 ? -1 : (int)nth, t->first, t->count, value);

	if (st == STATUS_INVALID)
		luaL_argerror(L, arg, lua_pushfstring(L, "exactly %d character(s) expected, got '%s'",
						      (int)t->count,
						      lua_pushlstring(L, (const char *)value.ptr,
								      value.len)));
	luaX_check(L, st);
}

void target_put(lua_State *L, struct edit *e, const struct target *t, struct span value, int arg)
{
	uint32_t at, nth;

	if (!target_find(e, t, &at, &nth))
		return;
	switch (t->kind) {
	case TARGET_LEADER:
		if (value.len != t->count)
			luaL_argerror(L, arg, lua_pushfstring(L, "exactly %d character(s) expected",
							      (int)t->count));
		check_done(L, draft_set_leader(e->draft, t->first, value), arg,
			   "leader positions 0-4 and 12-16 are computed; the others take printable ASCII "
			   "characters");
		return;
	case TARGET_INDICATOR:
		put_indicator(L, e, t, at, value, arg);
		return;
	case TARGET_CHARS:
		put_chars(L, e, t, at, nth, value, arg);
		return;
	case TARGET_SUBFIELD:
		luaX_check(L, draft_subfield_set(e->draft, at, nth, value));
		return;
	case TARGET_CONTROL:
		luaX_check(L, draft_replace(e->draft, at, value));
		return;
	case TARGET_DATA:
		luaL_argerror(L, arg, "a whole data field has no single value");
	}
}

void target_drop(lua_State *L, struct edit *e, struct targets *ts, uint32_t i, int arg)
{
	const struct target *t = &ts->item[i];
	uint32_t at, nth;

	if (t->kind != TARGET_SUBFIELD && t->kind != TARGET_CONTROL)
		luaL_argerror(L, arg,
			      "only subfields and control fields can be dropped; write blanks instead");
	if (!target_find(e, t, &at, &nth))
		return;
	if (t->kind == TARGET_CONTROL) {
		draft_remove(e->draft, at);
		return;
	}
	luaX_check(L, draft_subfield_remove(e->draft, at, nth));
	for (uint32_t k = i + 1; k < ts->count && ts->item[k].id == t->id; k++)
		ts->item[k].nth--; /* they moved up with it */
}
