/* result.h: what the files of the declared results share.
 *
 * Layer script. bind_result.c declares, result_hook.c and result_row.c add, result_finish.c reads,
 * result_reducer.c keeps the values of reducers. What all this needs to remember in Lua hangs on one
 * userdata, kept in the registry under an address of ours. */
#ifndef MRRC_SCRIPT_RESULT_H
#define MRRC_SCRIPT_RESULT_H

#include "script/bind.h"

#define RESULT_KINDS 5 /* enum agg_kind */

/* User values of the userdata behind struct results. Reducers are found at their declaration's place + 1. */
enum {
	RESULT_PENDING = 1, /* place + 1, value, place + 1, value …: reducer:add of the record at hand */
	RESULT_DEFS,        /* {init, add, merge} of each reducer */
	RESULT_BATCH,       /* accumulators of this batch */
	RESULT_MERGED,      /* accumulators over all batches: the state that runs finish */
};

struct results {
	size_t pending; /* values that wait */
	bool adding;    /* a reducer's add is running */
	const void *type[RESULT_KINDS]; /* handles that declarations gave */
};

/* What a declaration gave. User value 1 of a table: its columns, name by place and place by name. */
struct result_handle {
	size_t i;
};

/* Push the userdata, or nil (and NULL) when there is none yet. [-0, +1, -] */
struct results *result_state(lua_State *L);
/* The kind's name, as in mrrc.NAME. */
const char *result_kind(enum agg_kind kind);
/* Declaration i of s. */
static inline const struct agg_decl *result_decl(const struct script *s, size_t i)
{
	return &s->decls.decl[i];
}

/* Fill the table at the top of the stack with the methods for hooks; each has `type` as upvalue 2. [-0,
 * +0, m] */
void result_hook_methods(lua_State *L, struct script *s, enum agg_kind kind, const void *type);
/* The handle of a method's argument 1, in a hook; raises else, saying when the method works. [-0, +0, e] */
const struct result_handle *result_hooked(lua_State *L, enum agg_kind kind, const char *method);
/* A key at `arg`: a string, or a number as Lua writes it (2.0 is 2). Not for nil. [-0, +0, e] */
struct span result_key(lua_State *L, int arg);
/* t:row{…} and r:add(v). */
int result_table_row(lua_State *L);
int result_reducer_add(lua_State *L);
/* Push what reducer i came to: merged over all batches, or a fresh accumulator. [-0, +1, e] */
void result_push_merged(lua_State *L, struct script *s, size_t i);

#endif
