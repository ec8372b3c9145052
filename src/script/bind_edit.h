/* bind_edit.h: what the files of the writing side of the bindings (bind_edit*.c) share.
 *
 * Layer script. A verb takes a snapshot of what its path names before it changes anything or calls into
 * Lua: fields by their ids, values as targets. Snapshots lie on the C stack, larger ones in the draft's
 * arena; a longjmp loses nothing. */
#ifndef MRRC_SCRIPT_BIND_EDIT_H
#define MRRC_SCRIPT_BIND_EDIT_H

#include "script/bind.h"

/* ---- bind_edit_snapshot.c ---- */

#define SNAPSHOT_FEW 48

/* Fields, by id. */
struct field_ids {
	uint32_t *id;
	uint32_t count, cap;
	uint32_t few[SNAPSHOT_FEW];
};

enum target_kind {
	TARGET_LEADER,    /* leader bytes */
	TARGET_INDICATOR,
	TARGET_CONTROL,   /* a whole control field */
	TARGET_DATA,      /* a whole data field: no single value */
	TARGET_SUBFIELD,
	TARGET_CHARS,     /* characters of a control field or of a subfield */
};

/* One value that a path named when the verb began. Its bytes stay readable after the field has changed. */
struct target {
	enum target_kind kind;
	uint32_t id;           /* of the field */
	int32_t nth;           /* ordinal of the subfield, -1 when none */
	uint8_t code;
	uint32_t first, count; /* CHARS: code points; LEADER: bytes; INDICATOR: first is 1 or 2 */
	struct span value;
};
struct targets {
	struct target *item;
	uint32_t count, cap;
	struct target few[SNAPSHOT_FEW / 2];
};

/* Start empty; append. [-0, +0, m] */
void ids_init(struct field_ids *ids);
void ids_add(lua_State *L, struct edit *e, struct field_ids *ids, uint32_t id);
/* The fields with at least one match of p (all fields when p is NULL), in record order. [-0, +0, m] */
void ids_take(lua_State *L, struct edit *e, const struct path *p, struct field_ids *ids);
void targets_take(lua_State *L, struct edit *e, const struct path *p, struct targets *ts);
/* The subfields of one field that belong to codes. */
void targets_take_codes(lua_State *L, struct edit *e, uint32_t at, const struct codes *codes,
			struct targets *ts);
/* Where target t of e is now: false when it is gone or no longer has the value that the snapshot saw.
 * [-0, +0, -] */
bool target_find(const struct edit *e, const struct target *t, uint32_t *at, uint32_t *nth);
/* Replace, delete. *t must still be there; arg is the argument to blame for a value that does not fit.
 * [-0, +0, e] */
void target_put(lua_State *L, struct edit *e, const struct target *t, struct span value, int arg);
void target_drop(lua_State *L, struct edit *e, struct targets *ts, uint32_t i, int arg);

/* ---- arguments: bind_edit.c ---- */

/* Text for a record at `arg`: a string or an integer, without delimiters. [-0, +0, e] */
struct span check_value(lua_State *L, int arg);
/* One printable ASCII character, # for blank. [-0, +0, e] */
uint8_t check_indicator(lua_State *L, int arg);
uint8_t check_code(lua_State *L, int arg);
uint32_t check_tag(lua_State *L, int arg);
/* Nothing may follow argument `last` but one number: what a gsub brings along. [-0, +0, e] */
void check_last(lua_State *L, int last);
/* "not enough memory", or blame argument `arg` with what was expected there. [-0, +0, e] */
void check_done(lua_State *L, enum status st, int arg, const char *expected);
/* arena_alloc, or raise. [-0, +0, m] */
void *need_memory(lua_State *L, struct arena *arena, size_t len);
/* Raise when a callback ended the edit that is being walked. [-0, +0, e] */
void check_alive(lua_State *L, const struct edit *e);

/* ---- bind_edit_add.c: a field given by arguments or by a row of a table ---- */

struct field_args {
	int first, count; /* stack places */
	int row;          /* 0: arguments of the call; else the row of mrrc.record{…} to blame */
};
/* Make the field in the arena; false when nothing is to be added. [-0, +0, e] */
bool field_from_args(lua_State *L, struct arena *arena, const struct field_args *a, uint32_t *tag,
		     struct span *content);

/* ---- bind_edit_map.c ---- */
/* Call the function at stack index fn for every target; view is the index of the field's view, or 0.
 * [-0, +0, e] */
void run_map(lua_State *L, struct edit *e, struct targets *ts, int fn, int view);

/* ---- verbs: each file fills the method table at the top of the stack [-0, +0, m] ---- */
void bind_edit_add_methods(lua_State *L, struct script *s);
void bind_edit_remove_methods(lua_State *L, struct script *s);
void bind_edit_set_methods(lua_State *L, struct script *s);
void bind_edit_map_methods(lua_State *L, struct script *s);
void bind_edit_move_methods(lua_State *L, struct script *s);
void bind_edit_order_methods(lua_State *L, struct script *s);
/* The type of writable views. */
void bind_edit_field_open(lua_State *L, struct script *s);

#endif
