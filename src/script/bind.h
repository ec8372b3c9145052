/* bind.h: what the files of the reading side of the bindings share with each other and with bind_edit.c.
 *
 * Layer script. state.h is the frame; this adds the pieces that more than one type of userdata is made of. */
#ifndef MRRC_SCRIPT_BIND_H
#define MRRC_SCRIPT_BIND_H

#include "script/state.h"

/* ---- luax.c ---- */
/* Give the userdata at the top of the stack its metatable, by identity (luaX_newtype keeps it in the
 * registry). [-0, +0, -] */
void luaX_settype(lua_State *L, const void *type);
/* Push a box: a userdata with `room` zeroed bytes that calls release on them when it is collected. For C
 * memory that has to live as long as something in Lua; returns the bytes. [-0, +1, m] */
void *luaX_pushbox(lua_State *L, struct script *s, size_t room, void (*release)(void *));
/* The bytes of a box with this release function, or NULL. [-0, +0, -] */
void *luaX_testbox(lua_State *L, int idx, void (*release)(void *));
/* A string argument, or `otherwise` for nil and none. [-0, +0, e] */
struct span luaX_optspan(lua_State *L, int arg, struct span otherwise);
/* return luaX_nil(L): one nil, where no result at all would surprise tostring(). [-0, +1, -] */
static inline int luaX_nil(lua_State *L)
{
	lua_pushnil(L);
	return 1;
}
/* Empty s->text_buf and return it. [-0, +0, -] */
struct buf *luaX_text(struct script *s);

/* The key at idx as text for messages; what is no string or number is named by its type. [-0, +0, m] (may
 * push one value) */
const char *luaX_keytext(lua_State *L, int idx);

/* ---- handle.c ---- */
/* Raise when a handle of this generation is too old. [-0, +0, e] */
void check_generation(lua_State *L, const struct script *s, uint64_t generation, const char *what);

/* ---- bind_record.c ---- */
/* Names of all properties and reading methods, NULL-ended: for suggestions. */
extern const char *const bind_record_names[];
extern const char *const bind_edit_names[]; /* what an edit has besides */

/* ---- bind_value.c; bind_match.c (expressions); bind_source.c (bytes, origin); bind_view.c (fields); bind_reader.c
 * (title, author …); bind_fixed.c (006-008 by name) ---- */
/* Fill the method table at the top of the stack. [-0, +0, m] */
void bind_value_methods(lua_State *L, struct script *s);
void bind_match_methods(lua_State *L, struct script *s);
void bind_source_methods(lua_State *L, struct script *s);
void bind_view_methods(lua_State *L, struct script *s);
void bind_reader_methods(lua_State *L, struct script *s);
void bind_fixed_methods(lua_State *L, struct script *s);
/* rec.errors, rec.source [-0, +1, m]; rec.encoding: constant text. */
void push_record_errors(lua_State *L, const struct record *r);
void push_record_source(lua_State *L, const struct script *s, const struct record *r);
const char *record_encoding(const struct record *r);
/* Push one match as text. [-0, +1, m] */
void push_match(lua_State *L, struct script *s, const struct match *m);

/* ---- bind_path.c ---- */
/* Raise "WHAT: message (column N)", the text below it and a caret below that. [-0, +0, e] */
int raise_path_error(lua_State *L, const char *what, struct span text, const struct path_error *err);
/* Raise when the walk ended because a condition could not be evaluated. [-0, +0, e] */
void check_walk(lua_State *L, const struct path_walk *w);
/* Raise unless st is STATUS_OK: raise_path_error for STATUS_INVALID. [-0, +0, e] */
void check_compiled(lua_State *L, const char *what, enum status st, struct span text,
		    const struct path_error *err);

/* ---- bind_field.c ---- */
/* Fill the table at the top of the stack with the readers of field views. [-0, +0, m] */
void bind_field_methods(lua_State *L, struct script *s);
/* f.tag f.ind1 f.ind2 f.value: pushes the property and returns true. [-0, +(0|1), m] */
bool bind_field_property(lua_State *L, struct script *s, const struct field *f, const char *key, size_t len);
/* Names of all properties and readers of field views, NULL-ended: for suggestions. */
extern const char *const bind_field_names[];
/* tostring(f), f1 == f2: metamethods that views of both kinds may use. */
int bind_field_tostring(lua_State *L);
int bind_field_eq(lua_State *L);

/* ---- codes.c: which subfields "abn-p", "^0-9" … mean ---- */
struct codes {
	uint64_t set[2];    /* bit c: code c belongs */
	uint8_t order[96];  /* as written, without repeats: for {order = "spec"} */
	uint8_t count;      /* of order */
	bool negated, by_spec;
};
/* Read argument `arg`: letters in any order, ranges a-z, a leading ^ negates; nil or none: every code. [-0,
 * +0, e] */
struct codes check_codes(lua_State *L, int arg);
/* Read {order = "spec" | "record"} at `arg`; nil or none: nothing. [-0, +0, e] */
void check_codes_order(lua_State *L, int arg, struct codes *c);
static inline bool codes_have(const struct codes *c, uint8_t code)
{
	return code < 128 ? c->set[code >> 6] >> (code & 63) & 1 : c->negated;
}
/* Walk the subfields of f that belong to c, in record order or that of the text. The walk keeps no pointer
 * to f. */
struct codes_walk {
	struct codes codes;
	struct field field;
	struct subfield_walk sub;
	uint8_t turn; /* by_spec: which of order */
};
void codes_begin(struct codes_walk *w, const struct codes *c, const struct field *f);
bool codes_next(struct codes_walk *w, struct subfield *out);

/* ---- bind_fixed.c ---- */
struct coded;
/* Push what the codes in value mean, nil when that is not known. [-0, +1, m] */
void push_meaning(lua_State *L, struct script *s, const struct coded *values, struct span value);

/* ---- bind_leader.c ---- */
/* Push a view of the leader of the record or edit at stack index `owner`. [-0, +1, m] */
void push_leader(lua_State *L, struct script *s, int owner);

#endif
