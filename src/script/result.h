/* result.h: what the files of the declared results share.
 *
 * Layer script. A kind is one struct result_type, in a file named after it, and a row in bind_result.c;
 * result_hook.c has what all kinds need for adding, result_finish.c what they need for reading,
 * bind_result.c what they need to be declared. What all this must remember in Lua hangs on one userdata,
 * kept in the registry under an address of ours. */
#ifndef MRRC_SCRIPT_RESULT_H
#define MRRC_SCRIPT_RESULT_H

#include "script/bind.h"

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
	const void *type[AGG_KINDS]; /* handles that declarations gave */
};

/* What a declaration gave. User value 1 of a table: its columns, name by place and place by name. */
struct result_handle {
	size_t i;
};

/* Push the userdata, or nil (and NULL) when there is none yet. [-0, +1, -] */
struct results *result_state(lua_State *L);

/* A result in finish. */
struct finished {
	size_t i;
	const struct agg_set *set;
};

/* What Lua sees of a kind. */
struct result_type {
	lua_CFunction declare;         /* mrrc.NAME */
	const luaL_Reg *hook, *finish; /* methods in hooks; methods on agg.NAME */
	/* agg.NAME.key: push it; false: there is none. NULL: the kind has no properties. [-0, +(0|1), -] */
	bool (*property)(lua_State *L, const struct finished *f, const char *key);
	const char *const *properties; /* their names, NULL-ended; NULL: none */
	/* Raise when the merged result cannot be read. NULL: it always can. [-0, +0, e] */
	void (*check)(lua_State *L, const struct agg_decl *d, const struct finished *f);
};
extern const struct result_type result_counter_type, result_topk_type, result_sum_type, result_stats_type,
	result_histogram_type, result_set_type, result_distinct_type, result_first_type, result_sample_type,
	result_issues_type, result_table_type, result_output_type, result_reducer_type;
const struct result_type *result_type_of(enum agg_kind kind);

#define RESULT_NAMES 16
/* All names of methods and properties (NULL: none), NULL-ended: for suggestions. */
void result_names(const luaL_Reg *methods, const char *const *properties, const char **names);

/* ---- declaring ---- */

/* Raise unless the script is loading. [-0, +0, e] */
void result_check_loading(lua_State *L, const struct script *s, enum agg_kind kind);
/* Enter d in the list and push its handle. [-0, +1, e] */
struct result_handle *result_declare(lua_State *L, struct script *s, const struct agg_decl *d);
/* mrrc.KIND(name). [-0, +1, e] */
int result_declare_named(lua_State *L, enum agg_kind kind);
/* mrrc.KIND(name, n). [-0, +1, e] */
int result_declare_sized(lua_State *L, enum agg_kind kind);

/* Declaration i of s. */
static inline const struct agg_decl *result_decl(const struct script *s, size_t i)
{
	return &s->decls.decl[i];
}

/* ---- adding ---- */

/* Fill the table at the top of the stack with the methods for hooks; each has `type` as upvalue 2 and kind
 * as upvalue 3. [-0, +0, m] */
void result_hook_methods(lua_State *L, struct script *s, enum agg_kind kind, const void *type);
/* The handle of a method's argument 1, in a hook; raises else, saying when the method works. [-0, +0, e] */
const struct result_handle *result_hooked(lua_State *L, const char *method);
/* A key at `arg`: a string, or a number as Lua writes it (2.0 is 2). Not for nil. [-0, +0, e] */
struct span result_key(lua_State *L, int arg);

/* ---- reading ---- */

/* The result of a method's argument 1, in finish. [-0, +0, e] */
const struct finished *result_finished(lua_State *L);
void result_push_number(lua_State *L, bool is_int, int64_t i, double d);
/* c:add(key) of all kinds that take keys. */
int result_add_key(lua_State *L);
/* n:add(number): the number at 2; nil is false. [-0, +0, e] */
bool result_checknumber(lua_State *L, struct number *n);
/* Rows of a counter in memory of Lua, which is pushed: nothing of ours may be held while Lua allocates.
 * [-0, +1, e] */
const struct agg_row *result_push_sorted(lua_State *L, const struct finished *f, bool by_count,
					 size_t *count);
/* t:count(): rows of a table, records of an output. */
int result_stream_count(lua_State *L);
/* Push what reducer i came to: merged over all batches, or a fresh accumulator. [-0, +1, e] */
void result_push_merged(lua_State *L, struct script *s, size_t i);

#endif
