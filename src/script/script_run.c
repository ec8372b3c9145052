/* script_run.c: one batch through the hooks: the hot loop, and the one door into Lua.
 *
 * The loop runs inside one protected call for as long as nothing raises. When a record's hook raises, all that
 * the record gave so far (output, text, additions to results) is taken back to the marks of its beginning,
 * the error becomes an event, and the loop is entered again behind it, or ends there (SCRIPT_FAIL). */
#include "script/internal.h"

#include "base/alloc.h"

struct run {
	struct script *s;
	struct record *records;
	size_t count, at;
	struct yield *y;
	size_t records_mark, text_mark, aggs_mark, events_mark;
	uint64_t written_mark, dropped_mark, changed_mark, rejected_mark;
};

static char *text_copy(struct span text)
{
	char *copy = mem_alloc(text.len + 1);

	if (copy) {
		if (text.len)
			memcpy(copy, text.ptr, text.len);
		copy[text.len] = '\0';
	}
	return copy;
}

struct entry {
	struct script *s;
	lua_CFunction fn;
	void *arg;
};

/* Everything that needs memory, the closure included, happens on this side of the protected call. */
static int enter_protected(lua_State *L)
{
	const struct entry *e = lua_touserdata(L, 1);

	lua_pushlightuserdata(L, e->s);
	lua_pushcclosure(L, e->fn, 1);
	lua_pushlightuserdata(L, e->arg);
	lua_call(L, 1, 0);
	return 0;
}

static int enter(struct script *s, lua_CFunction fn, void *arg)
{
	struct entry e = { s, fn, arg };
	lua_State *L = s->L;

	lua_settop(L, 0);
	lua_rawgetp(L, LUA_REGISTRYINDEX, s); /* the handler, kept since the first entry */
	lua_pushcfunction(L, enter_protected);
	lua_pushlightuserdata(L, &e);
	return lua_pcall(L, 1, 0, 1);
}

static int install_handler(lua_State *L)
{
	struct script *s = lua_touserdata(L, 1);

	lua_pushlightuserdata(L, s);
	lua_pushcclosure(L, script_traceback, 1);
	lua_rawsetp(L, LUA_REGISTRYINDEX, s);
	return 0;
}

/* The first entry makes the handler; before it there is none to call. */
static int enter_first(struct script *s)
{
	lua_pushcfunction(s->L, install_handler);
	lua_pushlightuserdata(s->L, s);
	return lua_pcall(s->L, 1, 0, 0);
}

enum status script_enter(struct script *s, lua_CFunction fn, void *arg, const char *hook, struct problem *problem)
{
	if (s->ready == false) {
		if (enter_first(s) != LUA_OK)
			return STATUS_MEMORY;
		s->ready = true;
	}
	s->memory_hit = false;
	s->hook = hook;

	int rc = enter(s, fn, arg);

	s->failed_hook = s->hook;
	s->hook = NULL;
	if (rc == LUA_OK)
		return STATUS_OK;
	problem->hook = hook;
	problem->memory = rc == LUA_ERRMEM;
	problem->message = text_copy(script_error_text(s->L));
	problem->trace = text_copy(buf_span(&s->trace));
	lua_settop(s->L, 0);
	if (s->interrupted)
		return STATUS_STOPPED;
	if (problem->memory && !s->memory_hit)
		return STATUS_MEMORY; /* the machine's memory, not the script's share of it */
	return problem->message && problem->trace ? STATUS_INVALID : STATUS_MEMORY;
}

/* ---- the loop ---- */

/* What a record may give more than it has, in each way; 0: without a limit. A script that prints or returns without end fails there
 * and takes nothing along; nothing else bounds memory that is not the Lua state's. */
static void limit_yield(struct yield *y, size_t more)
{
	struct buf *all[] = { &y->records, &y->text, &y->messages };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		all[i]->limit = more ? all[i]->len + more : BUF_NO_LIMIT;
}

static void begin_record(struct run *run, struct record *rec)
{
	struct script *s = run->s;

	s->generation++;
	s->record = rec;
	s->edits = NULL;
	s->rejected = false;
	arena_reset(&s->scratch);
	limit_yield(run->y, RECORD_GIVES);
	run->records_mark = run->y->records.len;
	run->text_mark = run->y->text.len;
	run->aggs_mark = run->y->aggs ? agg_mark(run->y->aggs) : 0;
	run->events_mark = run->y->event_count;
	run->written_mark = run->y->written;
	run->dropped_mark = run->y->dropped;
	run->changed_mark = run->y->changed;
	run->rejected_mark = run->y->rejected;
}

/* What could not be written no longer matters; what the script warned of does. */
static void take_back_events(struct run *run)
{
	struct yield *y = run->y;
	size_t kept = run->events_mark;

	for (size_t i = kept; i < y->event_count; i++)
		if (y->event[i].kind != EVENT_UNWRITABLE)
			y->event[kept++] = y->event[i];
	y->event_count = kept;
}

static void take_back(struct run *run)
{
	struct yield *y = run->y;

	y->records.len = run->records_mark;
	y->text.len = run->text_mark;
	y->written = run->written_mark;
	y->dropped = run->dropped_mark;
	y->changed = run->changed_mark;
	y->rejected = run->rejected_mark;
	if (run->s->record)
		run->s->record->flags &= ~(uint32_t)RECORD_RESCUED;
	take_back_events(run);
	if (y->aggs)
		agg_rollback(y->aggs, run->aggs_mark);
	result_forget_pending(run->s->L, run->s);
}

/* false: the record is not wanted */
static bool call_filter(lua_State *L, struct script *s)
{
	bool keep;

	s->hook = "filter";
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref_filter);
	push_record(L, s, s->record);
	lua_call(L, 1, 1);
	if (s->rejected) { /* return rec:reject(…) gives mrrc.drop: it says no */
		lua_pop(L, 1);
		return false;
	}
	if (lua_isuserdata(L, -1)) {
		push_where(L, s->ref_filter);
		luaL_error(L, "%sfilter returned a record or an edit; it says yes or no: changes belong into transform",
			   lua_tostring(L, -1));
	}
	keep = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return keep;
}

static void call_transform(lua_State *L, struct script *s)
{
	s->hook = "transform";
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref_transform);
	push_record(L, s, s->record);
	lua_call(L, 1, 1);
	return_transform(L, s, lua_gettop(L));
	lua_pop(L, 1);
}

static bool where_matches(lua_State *L, struct script *s)
{
	bool yes;

	s->hook = "where";
	if (expr_match_with(s->where, s->record, NULL, &yes) != STATUS_OK)
		luaL_error(L, "where gave up: not enough memory, or its pattern reached the limit");
	return yes;
}

static void run_hooks(lua_State *L, struct script *s)
{
	unsigned hooks = s->hooks;

	if (hooks & HOOK_WHERE && !where_matches(L, s)) {
		/* left out: dropped by a filter, passed on by a transform alone, not seen by each */
		if (hooks & HOOK_FILTER)
			s->yield->dropped++;
		else if (hooks & HOOK_TRANSFORM)
			return_unseen(L, s);
		return;
	}
	s->yield->seen++;
	if (hooks & HOOK_FILTER && !call_filter(L, s)) {
		s->yield->dropped++;
		return;
	}
	if (s->rejected)
		return;
	if (hooks & HOOK_TRANSFORM)
		call_transform(L, s);
	else
		return_unchanged(L, s);
}

static void finish_record(lua_State *L, struct run *run)
{
	struct script *s = run->s;

	if (s->rejected) {
		take_back(run);
		run->y->rejected++;
		luaX_check(L, yield_event(run->y, EVENT_REJECT, (uint32_t)run->at, s->hook,
					  span_of(s->reject_reason, s->reject_reason_len), span_of(NULL, 0)));
		return;
	}
	return_check_edits(L, s);
	if (result_has_reducers(s))
		result_commit_pending(L, s);
	if (run->y->aggs)
		luaX_check(L, agg_commit(run->y->aggs));
	luaX_check(L, yield_printed(run->y, (uint32_t)run->at));
}

static int run_records(lua_State *L)
{
	struct run *run = lua_touserdata(L, 1);
	struct script *s = run->s;

	lua_settop(L, 0);
	for (; run->at < run->count; run->at++) {
		struct record *rec = &run->records[run->at];

		if (rec->flags & RECORD_REJECTED && !(s->hooks & HOOK_ON_ERROR))
			continue;
		begin_record(run, rec);
		if (rec->flags & RECORD_REJECTED)
			return_on_error(L, s);
		else
			run_hooks(L, s);
		finish_record(L, run);
	}
	return 0;
}

/* The record at run->at failed: its event, and whether the loop goes on. */
static enum status note_failure(struct run *run, const struct problem *p)
{
	struct yield *y = run->y;
	struct span message = span_str(p->message ? p->message : "not enough memory");

	if (run->s->broken)
		message = SPAN_LIT("the script used more memory than it may (--lua-mem)");
	y->failed++;
	if (y->on_error == SCRIPT_FAIL)
		y->stopped = true;
	TRY(yield_event(y, EVENT_SCRIPT_ERROR, (uint32_t)run->at, p->hook, message,
			span_str(p->trace ? p->trace : "")));
	y->event[y->event_count - 1].fault.code = run->s->broken ? FAULT_SCRIPT_MEMORY : FAULT_SCRIPT;
	return STATUS_OK;
}

static enum status run_guarded(struct run *run)
{
	struct script *s = run->s;
	struct problem problem = { 0 };
	enum status st = script_enter(s, run_records, run, NULL, &problem);

	limit_yield(run->y, 0);
	if (st == STATUS_INVALID) {
		problem.hook = s->failed_hook;
		s->broken = problem.memory;
		take_back(run);
		st = note_failure(run, &problem);
		run->at++;
	}
	problem_release(&problem);
	return st;
}

/* The values of this batch's reducers, from a state that may have hit its memory limit. */
static enum status take_reducers(struct script *s, struct yield *y)
{
	s->unlimited = true;
	enum status st = result_take_reducers(s, &y->reducers);

	s->unlimited = false;
	return st;
}

enum status script_run(struct script *s, struct record *records, size_t from, size_t count, struct yield *y)
{
	struct run run = { .s = s, .records = records, .count = count, .at = from, .y = y };
	enum status st = STATUS_OK;

	s->yield = y;
	s->base = records;
	s->text = &y->text;
	while (st == STATUS_OK && run.at < count && !y->stopped && !s->broken)
		st = run_guarded(&run);
	if (st == STATUS_OK && result_has_reducers(s))
		st = take_reducers(s, y);
	y->done = run.at;
	s->generation++;
	s->record = NULL;
	s->edits = NULL;
	s->yield = NULL;
	s->text = &s->setup;
	arena_reset(&s->scratch);
	return st;
}

/* ---- interruption ---- */

static void raise_interrupt(lua_State *L, lua_Debug *ar)
{
	(void)ar;
	luaL_error(L, "interrupted");
}

void script_interrupt(struct script *s)
{
	s->interrupted = 1;
	/* lua_sethook is the one call that Lua allows from a signal handler; the hook stays armed, so that a pcall in the
	 * script cannot swallow it */
	lua_sethook(s->L, raise_interrupt, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}
