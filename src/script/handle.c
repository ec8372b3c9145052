/* handle.c: the userdata through which Lua holds records, edits and fields.
 *
 * A handle of the batch is a pointer and the generation it was made in: the host adds one to the script's
 * generation with every record, so that a handle that outlived its hook raises instead of reading freed
 * memory. Owned records carry their bytes behind the handle and live as long as Lua keeps them. What a
 * handle leans on (the record below a field, the source of an edit) is its user value, so that the
 * collector keeps both. */
#include "script/bind.h"

enum { EDIT_SOURCE = 1, EDIT_ARENA = 2 }; /* user values of an edit */

void check_generation(lua_State *L, const struct script *s, uint64_t generation, const char *what)
{
	if (generation == s->generation || generation == ALWAYS)
		return;
	luaL_error(L, "%s used after its hook; keep it with %s", what,
		   what[0] == 'e' ? "e:done()" : "rec:keep()");
}

/* ---- records ---- */

static struct edit *live_edit(lua_State *L, const struct script *s, const struct edit_handle *h)
{
	check_generation(L, s, h->generation, "edit");
	if (h->edit->dead)
		luaL_error(L, "edit used after done() or discard()");
	return h->edit;
}

const struct record *test_record(lua_State *L, int idx)
{
	const struct script *s = script_of(L);
	const void *p = lua_touserdata(L, idx);

	if (!p || !lua_getmetatable(L, idx))
		return NULL;
	const void *type = lua_topointer(L, -1);
	lua_pop(L, 1);
	if (type == s->mt_record) {
		const struct record_handle *h = p;

		check_generation(L, s, h->generation, "record");
		return h->rec;
	}
	return type == s->mt_edit ? &live_edit(L, s, p)->draft->view : NULL;
}

const struct record *check_record(lua_State *L, int arg)
{
	const struct record *r = test_record(L, arg);

	if (!r)
		luaL_argerror(L, arg, lua_pushfstring(L, "record expected, got %s%s", luaL_typename(L, arg),
						      arg == 1 ? "; methods are called with a colon, as in "
								 "rec:get(…)" : ""));
	return r;
}

struct edit *test_edit(lua_State *L, int idx)
{
	const struct script *s = script_of(L);
	const struct edit_handle *h = luaX_is(L, idx, s->mt_edit);

	return h ? live_edit(L, s, h) : NULL;
}

struct edit *check_edit(lua_State *L, int arg)
{
	struct edit *e = test_edit(L, arg);

	if (!e)
		luaL_typeerror(L, arg, "edit");
	return e;
}

void push_record(lua_State *L, struct script *s, const struct record *rec)
{
	struct record_handle *h = lua_newuserdatauv(L, sizeof(*h), 0);

	h->rec = rec;
	h->generation = s->generation;
	luaX_settype(L, s->mt_record);
}

/* The block of record_copy wants 16-aligned memory, Lua promises less. */
void push_record_copy(lua_State *L, struct script *s, const struct record *rec)
{
	size_t len = record_copy_len(rec);
	struct record_handle *h = lua_newuserdatauv(L, sizeof(*h) + 15 + len, 0);
	uintptr_t block = ((uintptr_t)(h + 1) + 15) & ~(uintptr_t)15;

	h->rec = record_copy(rec, (void *)block);
	h->generation = ALWAYS;
	luaX_settype(L, s->mt_record);
}

/* ---- edits ---- */

static void release_arena(void *p)
{
	arena_release(p);
}

/* Outside of hooks there is no record whose end would free the draft: the edit has an arena in its second
 * user value. */
static struct arena *push_arena(lua_State *L, struct script *s)
{
	struct arena *a = luaX_pushbox(L, s, sizeof(*a), release_arena);

	arena_init(a, 0);
	a->limit = s->program->memory_limit;
	return a;
}

void push_edit(lua_State *L, struct script *s, const struct record *rec)
{
	struct edit_handle *h = lua_newuserdatauv(L, sizeof(*h), 2);
	struct arena *a = &s->scratch;

	h->generation = s->record ? s->generation : ALWAYS;
	if (!s->record) {
		a = push_arena(L, s);
		lua_setiuservalue(L, -2, EDIT_ARENA);
	}
	struct edit *e = arena_alloc(a, sizeof(*e));
	struct draft *d = e ? draft_new(a, rec) : NULL;
	if (!d)
		luaX_check(L, STATUS_MEMORY);
	*e = (struct edit){ .draft = d, .hook = s->hook };
	h->edit = e;
	luaX_settype(L, s->mt_edit);
	if (s->record) {
		e->older = s->edits;
		s->edits = e;
	}
}

/* ---- fields ---- */

static void push_record_field(lua_State *L, struct script *s, int owner, uint32_t at)
{
	const struct record_handle *from = lua_touserdata(L, owner);
	struct field_handle *h = lua_newuserdatauv(L, sizeof(*h), 1);

	h->rec = from->rec;
	h->generation = from->generation;
	h->at = at;
	lua_pushvalue(L, owner);
	lua_setiuservalue(L, -2, 1);
	luaX_settype(L, s->mt_field);
}

static void push_edit_field(lua_State *L, struct script *s, int owner, uint32_t at)
{
	const struct edit_handle *from = lua_touserdata(L, owner);
	struct edit_field_handle *h = lua_newuserdatauv(L, sizeof(*h), 1);

	h->edit = from->edit;
	h->generation = from->generation;
	h->id = from->edit->draft->ids[at];
	lua_pushvalue(L, owner);
	lua_setiuservalue(L, -2, 1);
	luaX_settype(L, s->mt_edit_field);
}

void push_field(lua_State *L, struct script *s, int owner, uint32_t at)
{
	owner = lua_absindex(L, owner);
	if (luaX_is(L, owner, s->mt_edit))
		push_edit_field(L, s, owner, at);
	else
		push_record_field(L, s, owner, at);
}

static const struct field *edit_field(lua_State *L, const struct script *s, const struct edit_field_handle *h,
				      struct edit **edit, uint32_t *at)
{
	check_generation(L, s, h->generation, "edit");
	if (h->edit->dead)
		luaL_error(L, "field used after done() or discard() of its edit");
	uint32_t place = draft_find(h->edit->draft, h->id);
	if (place == UINT32_MAX)
		luaL_error(L, "field used after it was dropped from its edit");
	if (edit)
		*edit = h->edit;
	if (at)
		*at = place;
	return &h->edit->draft->view.field[place];
}

const struct field *test_field(lua_State *L, int idx, struct edit **edit, uint32_t *at)
{
	const struct script *s = script_of(L);
	const void *p = lua_touserdata(L, idx);

	if (!p || !lua_getmetatable(L, idx))
		return NULL;
	const void *type = lua_topointer(L, -1);
	lua_pop(L, 1);
	if (type == s->mt_edit_field)
		return edit_field(L, s, p, edit, at);
	if (type != s->mt_field)
		return NULL;
	const struct field_handle *h = p;
	check_generation(L, s, h->generation, "field");
	if (edit)
		*edit = NULL;
	if (at)
		*at = h->at;
	return &h->rec->field[h->at];
}

const struct field *check_field(lua_State *L, int arg, struct edit **edit, uint32_t *at)
{
	const struct field *f = test_field(L, arg, edit, at);

	if (!f)
		luaL_typeerror(L, arg, "field");
	return f;
}
