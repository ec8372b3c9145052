/* script_return.c: what a transform may return, and what becomes of it.
 *
 *   nil                 the record, unchanged          mrrc.drop or {}   nothing
 *   a record, an edit   that one in its place          a list of them    all of them
 *
 * Everything else is an error that says what to write: `return rec:has("9..") and rec:edit()…` gives false for a record
 * without such a field, and must not delete it. */
#include "script/internal.h"

void push_where(lua_State *L, int ref)
{
	lua_Debug ar;

	lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
	lua_getinfo(L, ">S", &ar);
	lua_pushfstring(L, "%s:%d: ", ar.short_src, ar.linedefined);
}

static bool writes(const struct script *s)
{
	return s->yield->write && s->hooks & (HOOK_FILTER | HOOK_TRANSFORM | HOOK_ON_ERROR);
}

static void show_each(lua_State *L, struct script *s, const struct record *rec)
{
	s->hook = "each";
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref_each);
	push_record(L, s, rec);
	lua_call(L, 1, 0);
}

/* Once for a record, however many of a list cannot be written: its bytes are rejected once. */
static void note_unwritable(lua_State *L, struct script *s, const struct fault *why)
{
	struct yield *y = s->yield;
	const struct event *last = y->event_count ? &y->event[y->event_count - 1] : NULL;
	uint32_t record = (uint32_t)(s->record - s->base);

	if (last && last->kind == EVENT_UNWRITABLE && last->record == record)
		return;
	luaX_check(L, yield_event(y, EVENT_UNWRITABLE, record, s->hook, span_str(fault_message(why->code)),
				  span_of(NULL, 0)));
	y->event[y->event_count - 1].fault = *why;
	y->rejected++;
}

/* false: it cannot be written, and that is noted */
static bool write_record(lua_State *L, struct script *s, const struct record *rec)
{
	struct fault why = { 0 };
	enum status st = s->yield->write(rec, &s->yield->records, &why);

	if (st == STATUS_INVALID) {
		note_unwritable(L, s, &why);
		return false;
	}
	luaX_check(L, st);
	s->yield->written++;
	return true;
}

static void emit(lua_State *L, struct script *s, const struct record *rec)
{
	if (writes(s) && !write_record(L, s, rec))
		return;
	if (s->hooks & HOOK_EACH)
		show_each(L, s, rec);
}

void return_unchanged(lua_State *L, struct script *s)
{
	emit(L, s, s->record);
}

/* A record that where left out of a transform: written, not shown. */
void return_unseen(lua_State *L, struct script *s)
{
	if (writes(s))
		write_record(L, s, s->record);
}

/* The function that a hook's name stands for. */
static int ref_of_hook(const struct script *s, const char *hook)
{
	if (hook && strcmp(hook, "filter") == 0)
		return s->ref_filter;
	if (hook && strcmp(hook, "each") == 0)
		return s->ref_each;
	if (hook && strcmp(hook, "on_error") == 0)
		return s->ref_on_error;
	return s->ref_transform;
}

/* Nothing of Lua's runs here, so the line that the message names is that of the hook. */
static void check_fresh(lua_State *L, const struct script *s, int idx)
{
	const struct record_handle *r = luaX_is(L, idx, s->mt_record);
	const struct edit_handle *e = r ? NULL : luaX_is(L, idx, s->mt_edit);
	uint64_t generation = r ? r->generation : e ? e->generation : ALWAYS;
	bool stale = generation != ALWAYS && generation != s->generation;

	if (!stale && !(e && e->edit->dead))
		return;
	push_where(L, ref_of_hook(s, s->hook));
	luaL_error(L, "%s%s returned %s", lua_tostring(L, -1), s->hook,
		   !stale ? "an edit after done() or discard()" :
		   r ? "a record used after its hook; keep it with rec:keep()" :
		       "an edit used after its hook; keep it with e:done()");
}

/* The record behind idx when it may be written; an edit counts as returned. */
static const struct record *returned(lua_State *L, struct script *s, int idx)
{
	check_fresh(L, s, idx);

	struct edit *e = test_edit(L, idx);

	if (e) {
		e->settled = true;
		if (e->draft->changed)
			s->yield->changed++;
		return &e->draft->view;
	}

	const struct record *rec = test_record(L, idx);

	if (rec && rec != s->record)
		s->yield->changed++;
	return rec;
}

static int refuse(lua_State *L, struct script *s, const char *what)
{
	push_where(L, s->ref_transform);
	return luaL_error(L,
			  "%stransform returned %s; return nil (unchanged), a record or an edit, "
			  "a list of them, or mrrc.drop",
			  lua_tostring(L, -1), what);
}

static void return_list(lua_State *L, struct script *s, int idx)
{
	lua_Integer n = (lua_Integer)lua_rawlen(L, idx);

	lua_pushnil(L);
	for (lua_Integer have = 0; lua_next(L, idx); lua_pop(L, 1))
		if (++have > n || !lua_isinteger(L, -2))
			refuse(L, s, "a table that is no list");
	if (n == 0)
		s->yield->dropped++;
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, idx, i);

		const struct record *rec = returned(L, s, lua_gettop(L));

		if (!rec) {
			lua_pushfstring(L, "a list with %s in it at place %d", luaL_typename(L, -1), (int)i);
			refuse(L, s, lua_tostring(L, -1));
		}
		emit(L, s, rec);
		s->hook = "transform";
		lua_pop(L, 1);
	}
}

void return_transform(lua_State *L, struct script *s, int idx)
{
	if (s->rejected)
		return;
	if (lua_isnil(L, idx)) {
		return_unchanged(L, s);
		return;
	}
	if (lua_topointer(L, idx) == s->drop) {
		s->yield->dropped++;
		return;
	}

	const struct record *rec = returned(L, s, idx);

	if (rec)
		emit(L, s, rec);
	else if (lua_istable(L, idx))
		return_list(L, s, idx);
	else if (lua_isboolean(L, idx))
		refuse(L, s, lua_toboolean(L, idx) ? "true" : "false");
	else
		refuse(L, s, luaL_typename(L, idx));
}

void return_check_edits(lua_State *L, struct script *s)
{
	for (const struct edit *e = s->edits; e; e = e->older) {
		if (!e->draft->changed || e->settled || e->dead)
			continue;
		s->hook = e->hook;
		push_where(L, ref_of_hook(s, e->hook));
		luaL_error(L, "%sa changed edit was forgotten: return it, write it to an output, "
			      "or end it with done() or discard()", lua_tostring(L, -1));
	}
}

/* ---- on_error ---- */

static void set_text(lua_State *L, const char *key, const char *text)
{
	lua_pushstring(L, text);
	lua_setfield(L, -2, key);
}

static void set_number(lua_State *L, const char *key, uint64_t n)
{
	lua_pushinteger(L, (lua_Integer)n);
	lua_setfield(L, -2, key);
}

/* The error object of a rejected record. [-0, +1, m] */
static void push_error(lua_State *L, struct script *s)
{
	const struct record *r = s->record;
	const struct fault *f = r->fault_count ? &r->fault[r->fault_count - 1] : NULL;
	struct span id = record_id(r);

	for (uint32_t i = 0; i < r->fault_count && f->repaired; i++)
		f = &r->fault[i];
	lua_createtable(L, 0, 10);
	set_text(L, "kind", "data");
	set_text(L, "code", f ? fault_code_text(f->code) : "E099");
	set_text(L, "message", f ? fault_message(f->code) : "record is damaged");
	if (s->program->source_count > r->source)
		set_text(L, "file", s->program->source_name[r->source]);
	set_number(L, "number", r->number);
	set_number(L, "index", r->index);
	set_number(L, "offset", r->offset);
	if (id.len) {
		luaX_pushspan(L, id);
		lua_setfield(L, -2, "id");
	}
	if (f && f->tag) {
		lua_pushfstring(L, "%c%c%c", (int)(f->tag >> 16), (int)(f->tag >> 8 & 0xff), (int)(f->tag & 0xff));
		lua_setfield(L, -2, "tag");
	}
	luaX_pushspan(L, r->raw);
	lua_setfield(L, -2, "raw");
}

void return_on_error(lua_State *L, struct script *s)
{
	s->hook = "on_error";
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref_on_error);
	push_error(L, s);
	lua_call(L, 1, 1);
	if (!lua_isnil(L, -1)) {
		const struct record *rec = returned(L, s, lua_gettop(L));

		if (!rec) {
			push_where(L, s->ref_on_error);
			luaL_error(L, "%son_error returned %s; return a record or nil", lua_tostring(L, -1),
				   luaL_typename(L, -2));
		}
		s->record->flags |= RECORD_RESCUED;
		emit(L, s, rec);
	}
	lua_pop(L, 1);
}
