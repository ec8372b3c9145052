/* state.h: inside of a struct script, for the files of src/script alone.
 *
 * Every C function that Lua sees carries its script as upvalue 1 (a light userdata): no globals, no registry
 * strings. luaX_setfuncs does that. Stack effects are written [-popped, +pushed, x]: x is '-' never raises, 'm' memory, 'e' any error. */
#ifndef MRRC_SCRIPT_STATE_H
#define MRRC_SCRIPT_STATE_H

#include <lauxlib.h>
#include <lua.h>
#include <signal.h>

#include "base/arena.h"
#include "marc/draft.h"
#include "marc/path.h"
#include "script/script.h"

#define ALWAYS UINT64_MAX /* generation of things that own themselves */

#define PATH_FAST 64 /* places in the pointer-keyed front of the path cache */

struct edit;

struct script {
	lua_State *L;
	const struct script_program *program;
	unsigned thread;
	unsigned hooks;              /* enum script_hook */
	int ref_filter, ref_transform, ref_each, ref_finish, ref_on_error; /* registry references, LUA_NOREF when absent */
	int ref_program;             /* the table that the prelude made: hooks, ctx, usage */
	struct expr *where;
	struct agg_decls decls;
	bool loading;                /* results may be declared */

	/* the record at hand */
	uint64_t generation;         /* of handles: grows with every record; handles of older ones raise */
	struct record *record;       /* NULL outside of hooks */
	const struct record *base;   /* records[0] of the batch, for places */
	const char *hook;            /* name of the running hook */
	const char *failed_hook;     /* of the last error */
	bool ready;                  /* the message handler is installed */
	struct yield *yield;
	struct arena scratch;        /* drafts; reset after each record */
	struct edit *edits;          /* edits made for this record, newest first */
	bool rejected;               /* rec:reject was called */
	const char *reject_reason;   /* in scratch */
	size_t reject_reason_len;

	/* identity of our userdata types: lua_topointer of the metatables */
	const void *mt_record, *mt_edit, *mt_field, *mt_edit_field, *mt_leader, *mt_regex;
	int ref_drop;                /* mrrc.drop */
	const void *drop;            /* lua_topointer of it */

	/* compiled paths: Lua table (string -> light userdata) anchored in the registry, with a pointer-keyed front */
	int ref_paths;
	size_t path_count;
	struct { const char *key; const struct path *path; } path_fast[PATH_FAST];
	struct path **paths;         /* all of them, for freeing */
	size_t path_cap;
	bool paths_full;             /* some were compiled at every use */

	/* memory of the Lua state */
	size_t memory, memory_peak;
	bool memory_hit;             /* the limit was reached since the last record */
	bool unlimited;              /* while the host itself must not fail */

	volatile sig_atomic_t interrupted; /* set by script_interrupt */
	bool broken;                 /* out of memory or interrupted: the state must be thrown away */
	struct buf setup;            /* what the script printed while it loaded */
	struct buf *text;            /* where print goes now: setup, the yield's text or finish's */
	struct buf trace;            /* traceback of the last error */
	struct buf text_buf;         /* scratch for joined text: len 0 between calls, survives longjmp */
	uint64_t random[4];          /* xoshiro256** of this record */
	uint64_t random_generation;  /* generation it was seeded for */
};

/* ---- handles ---- */

/* A record as userdata. Owned ones (rec:keep, edit:done, readers) carry their block behind the handle. */
struct record_handle {
	const struct record *rec;
	uint64_t generation; /* of the script when made; ALWAYS for owned records */
};

/* An edit: a draft and what became of it. Lives in the scratch arena of its record, or, outside of hooks, in its userdata. */
struct edit {
	struct draft *draft;
	struct edit *older;
	const char *hook; /* that made it, for the error when it is forgotten */
	bool settled; /* returned, done, written or discarded */
	bool dead;    /* done or discarded: using it raises */
};
struct edit_handle {
	struct edit *edit;
	uint64_t generation;
};

/* A field view of a record: `at` is its place. Uservalue 1 is the record (keeps an owned one alive). */
struct field_handle {
	const struct record *rec;
	uint64_t generation;
	uint32_t at;
};
/* A field view of an edit: found by id, so that places may change. Uservalue 1 is the edit. */
struct edit_field_handle {
	struct edit *edit;
	uint64_t generation;
	uint32_t id;
};

static inline struct script *script_of(lua_State *L)
{
	return lua_touserdata(L, lua_upvalueindex(1));
}

/* The same from anywhere; NULL for a Lua state that is not ours. script.c */
struct script *script_behind(lua_State *L);

/* ---- luax.c: helpers ---- */
/* luaL_setfuncs with the script as upvalue 1 of each. [-0, +0, m] */
void luaX_setfuncs(lua_State *L, struct script *s, const luaL_Reg *funcs);
/* Make a metatable for a type: __name, __metatable = false, funcs as metamethods; leaves it on the stack and returns its
 * identity. methods live in a table of their own. [-0, +1, m] */
const void *luaX_newtype(lua_State *L, struct script *s, const char *name, const luaL_Reg *meta);
/* Is the value at idx a userdata of this type? [-0, +0, -] */
static inline void *luaX_is(lua_State *L, int idx, const void *type)
{
	void *p = lua_touserdata(L, idx);

	if (!p || !lua_getmetatable(L, idx))
		return NULL;
	const void *mt = lua_topointer(L, -1);
	lua_pop(L, 1);
	return mt == type ? p : NULL;
}
struct span luaX_checkspan(lua_State *L, int arg);
static inline void luaX_pushspan(lua_State *L, struct span s)
{
	lua_pushlstring(L, s.len ? (const char *)s.ptr : "", s.len);
}
/* Raise "not enough memory" when st is STATUS_MEMORY. [-0, +0, e] */
void luaX_check(lua_State *L, enum status st);
/* Raise "unknown TYPE key 'tranform' (did you mean 'transform'?)": names is NULL-ended. [-0, +0, e] */
int luaX_unknown(lua_State *L, const char *type, const char *key, const char *const *names);
/* The nearest of names (NULL-ended) to key within two edits, or NULL. */
const char *luaX_nearest(const char *key, const char *const *names);

/* ---- handle.c ---- */
/* The record behind argument `arg`: a record or an edit (its view). Raises with advice when it is stale or dead. [-0, +0, e] */
const struct record *check_record(lua_State *L, int arg);
/* The same without raising: NULL when it is neither. Stale ones raise all the same. */
const struct record *test_record(lua_State *L, int idx);
struct edit *check_edit(lua_State *L, int arg);
struct edit *test_edit(lua_State *L, int idx);
/* Push a handle for a record of this batch. [-0, +1, m] */
void push_record(lua_State *L, struct script *s, const struct record *rec);
/* Push an owned copy. [-0, +1, m] */
void push_record_copy(lua_State *L, struct script *s, const struct record *rec);
/* Push an edit of rec (NULL: of an empty record). [-0, +1, m] */
void push_edit(lua_State *L, struct script *s, const struct record *rec);
/* Push a view of field `at`; owner is the stack index of its record or edit. [-0, +1, m] */
void push_field(lua_State *L, struct script *s, int owner, uint32_t at);
/* The field behind argument `arg` (view of a record or of an edit); *edit and *at are set for views of edits (NULL, place). [-0, +0, e] */
const struct field *check_field(lua_State *L, int arg, struct edit **edit, uint32_t *at);
const struct field *test_field(lua_State *L, int idx, struct edit **edit, uint32_t *at);

/* ---- bind_path.c ---- */
/* The compiled path of string argument `arg`; raises with column and caret. Cached. [-0, +0, e] */
const struct path *check_path(lua_State *L, int arg);

/* ---- types: each registers its metatable and sets the identity in s. [-0, +0, m] ---- */
void bind_record_open(lua_State *L, struct script *s);
void bind_field_open(lua_State *L, struct script *s);
void bind_leader_open(lua_State *L, struct script *s);
void bind_edit_open(lua_State *L, struct script *s);
/* The reading methods (get all values text has count number field fields raw table …), shared by records and edits:
 * fill the table at the top of the stack. [-0, +0, m] */
void bind_record_methods(lua_State *L, struct script *s);
/* rec.id .leader … for records and edits: pushes the property and returns true. [-0, +(0|1), m] */
bool bind_record_property(lua_State *L, struct script *s, const struct record *r, const char *key, size_t len);
/* Functions of the table mrrc, which is at the top of the stack. [-0, +0, m] */
void bind_edit_functions(lua_State *L, struct script *s);    /* field, record, drop */
void bind_result_functions(lua_State *L, struct script *s);  /* counter, sum, table, output, reducer */
void bind_host_functions(lua_State *L, struct script *s);    /* warn, print, io.write, pairs, math.random, os.exit … */

/* ---- for result.c and run.c: reducers ---- */
enum status result_take_reducers(struct script *s, struct buf *parcels) MUST_CHECK; /* protected; values of this batch, then reset */
/* Push agg for finish: a table name -> result object. [-0, +1, m] */
void result_push_finished(lua_State *L, struct script *s, const struct agg_set *master);
/* Apply reducer:add values that wait for the record's success; drop them. [-0, +0, e] / [-0, +0, -] */
void result_commit_pending(lua_State *L, struct script *s);
void result_forget_pending(lua_State *L, struct script *s);
bool result_has_reducers(const struct script *s);
/* Fill {args.NAME} into the declared paths; args: stack index of the script's arguments. [-0, +0, e] */
void result_fill_paths(lua_State *L, struct script *s, int args);

#endif
