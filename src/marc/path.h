/* path.h: the path language: which values of a record a text like 245$a or 856|40|$u{$3 == "Contents"}
 * names.
 *
 * Layer marc. A path is compiled once and const from then on; any thread may evaluate it. Evaluation of a
 * path allocates nothing as long as no condition has to normalise a long text. The language is MARCspec
 * and its extensions (docs/PATHS.md). The record must not change during a walk. */
#ifndef MRRC_MARC_PATH_H
#define MRRC_MARC_PATH_H

#include "base/buf.h"
#include "marc/record.h"

struct path;
struct expr;

/* Where and why a text is wrong. */
struct path_error {
	size_t column;     /* from 0, bytes into the text */
	char message[200]; /* one sentence, NUL-ended, without position */
};

/* STATUS_INVALID fills err (which may be NULL); STATUS_MEMORY leaves it alone. */
enum status path_compile(struct span text, struct path **out, struct path_error *err) MUST_CHECK;
void path_free(struct path *p);
/* Append message and column, the line of the text that is meant, and a caret under the place. */
enum status path_error_text(struct span text, const struct path_error *err, struct buf *out) MUST_CHECK;

/* What a path names, for calls that need to know. Of a union (100a:110a): what its first part names. */
enum path_target {
	PATH_FIELD,     /* whole fields: 650, 6.. */
	PATH_SUBFIELD,  /* 245$a, 245abn */
	PATH_INDICATOR, /* 245^2 */
	PATH_CHARS,     /* 008/35-37, 245$a/0-3, LDR/06 */
	PATH_LEADER,    /* LDR, ldr.type */
};
enum path_target path_target(const struct path *p);

#define PATH_SLOTS 16 /* occurrences of fields ([0]) one path can count */

/* One value, as the walk meets it. */
struct match {
	struct span value;   /* bytes in the record; for a whole data field the wire form: use match_text */
	uint32_t field;      /* place in record->field; UINT32_MAX for the leader */
	int32_t nth;         /* ordinal of the subfield in its field, from 0; -1 when none */
	uint8_t code;        /* its code, 0 when none */
	bool whole;          /* value is a whole data field */
	/* characters asked for (PATH_CHARS, ldr.type), before clipping; count 0: none asked */
	uint32_t chars_first, chars_count;
};

struct path_slot {
	uint32_t seen, first, end; /* occurrences met; those wanted are first..end-1 */
};

struct path_here;

/* The walk: for (path_begin(&w, p, r); path_next(&w, &m);). Results come in record order. */
struct path_walk {
	/* STATUS_MEMORY: a condition ran out of memory or into the limit of a regex; values may be
	 * missing. */
	enum status status;
	/* private to path_walk.c from here */
	const struct path *path;
	const struct record *record;
	const struct path_here *here; /* inside of a condition: what is at hand */
	uint32_t next, end;           /* fields not yet looked at */
	uint32_t place;               /* the field at hand; UINT32_MAX: the leader */
	uint32_t turn;                /* values of this field or subfield already tried */
	uint64_t active;              /* parts of the path that take the field at hand */
	struct subfield_walk sub;
	struct subfield at;
	int32_t nth;
	uint8_t stage;
	bool gave_whole;
	struct path_slot slot[PATH_SLOTS];
	uint32_t code_seen[128], code_total[128]; /* of the field at hand, only for $a[0] */
};
void path_begin(struct path_walk *w, const struct path *p, const struct record *r);
bool path_next(struct path_walk *w, struct match *m);
/* Skip what is left of the field the last match came from. */
void path_skip_field(struct path_walk *w);
/* Next field that has at least one match (or that the path names whole), once per field: for fields(),
 * edits. The leader is no field. */
bool path_next_field(struct path_walk *w, uint32_t *place);
/* Next field that tag, indicators, occurrence and conditions of the path choose, whether or not it has
 * one of the codes: where set() appends what is lacking. */
bool path_next_chosen(struct path_walk *w, uint32_t *place);

/* ---- what a compiled path consists of ---- */

/* Parts joined by colons; the questions below that speak of "the part" answer for the first. */
uint32_t path_part_count(const struct path *p);
/* Does code of this field belong to the path (the codes part alone)? A path without codes names all of
 * them. */
bool path_has_code(const struct path *p, uint8_t code);
/* The only code named, or 0 when the path names none or several: for set and map. */
uint8_t path_single_code(const struct path *p);
/* The codes in the order written, without repeats (a range counts upwards, $^6 in ASCII order); NULL when
 * none. */
const uint8_t *path_codes(const struct path *p, uint32_t *count);
/* 1 or 2 for 245^1, 245^2; else 0. */
int path_indicator(const struct path *p);
/* Characters the part names: true and first, count when they are fixed (/6, /35-37, ldr.type); false when
 * there are none or they depend on the length (/#, /3-#). */
bool path_chars(const struct path *p, uint32_t *first, uint32_t *count);
/* MARC_TAG when the part names one tag exactly; 0 for wildcards, ranges and the leader. */
uint32_t path_tag(const struct path *p);
/* Indicators between bars; 0 stands for any. False when the part has no bars. */
bool path_bars(const struct path *p, uint8_t out[2]);
bool path_is_leader(const struct path *p);
/* Is there a condition in braces, or an occurrence in brackets, anywhere? */
bool path_has_conditions(const struct path *p);
bool path_has_occurrence(const struct path *p);
/* Could a field of this tag give a value (some part names the tag)? Conditions are not asked. */
bool path_names_tag(const struct path *p, uint32_t tag);

/* Append a match as text: a whole data field is its subfield values joined by a blank. */
enum status match_text(const struct match *m, struct buf *out) MUST_CHECK;

/* ---- expressions ---- */
enum status expr_compile(struct span text, struct expr **out, struct path_error *err) MUST_CHECK;
void expr_free(struct expr *e);
bool expr_match(const struct expr *e, const struct record *r);

/* Values that the expression leaves open, :name; the same name twice is one. */
uint32_t expr_binding_count(const struct expr *e);
struct span expr_binding_name(const struct expr *e, uint32_t i);
/* expr_match with values for them, expr_binding_count(e) many, UTF-8 (NULL: each is empty).
 * STATUS_MEMORY: no memory to normalise a text, or a regex gave up at its limit; *out is false then. */
enum status expr_match_with(const struct expr *e, const struct record *r, const struct span *bound,
			    bool *out) MUST_CHECK;

#endif
