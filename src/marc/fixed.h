/* fixed.h: the elements of 006, 007 and 008 by name, and the codes of these and of the leader with what
 * they mean.
 *
 * Layer marc. All of it is data of MARC 21 (fixed_008.c, fixed_007.c, fixed_leader.c) and a few lines
 * that look things up (fixed.c). A name means one thing wherever it stands: "audience" is 008/22 of a
 * book and 006/05 of its map. */
#ifndef MRRC_MARC_FIXED_H
#define MRRC_MARC_FIXED_H

#include "base/buf.h"
#include "marc/kind.h"

/* One allowed value. Lists end with a code of NULL; all codes of a list have one length. */
struct coded {
	const char *code, *meaning;
};

/* Consecutive characters. Several may share a name when they lie elsewhere in other materials. */
struct element {
	const char *name;
	uint32_t where;             /* enum material, or bits of FIXED_007 */
	uint8_t first, len;         /* characters; in 006 elements 008/18-34 stand 17 lower */
	const struct coded *values; /* NULL when they are no codes, or too many to list */
};
/* Bit i stands for the i-th of these, the categories of 007/00. */
#define FIXED_007 "acdfghkmoqrstvz"

/* Ended by a name of NULL. */
extern const struct element fixed_008[], fixed_007[];

struct fixed {
	const struct element *element; /* NULL: this record has no such element */
	struct span value;             /* its characters, fewer when the field is cut short */
};
/* Look `name` up in the field 006, 007 or 008 (field is 6, 7 or 8); of repeated ones the first that has
 * it counts. False: there is no such name in this field, whatever the material. */
bool fixed_find(const struct record *r, unsigned field, struct span name, struct fixed *out);
/* Names of the field, each once, NULL-ended; room for FIXED_NAMES. */
#define FIXED_NAMES 128
void fixed_names(unsigned field, const char **names);
/* Append what the codes in value mean, joined by "; "; blanks among others are left out. Nothing when it
 * is not known. */
enum status fixed_meaning(const struct coded *values, struct span value, struct buf *out) MUST_CHECK;
/* Characters first, first + 1, … of a text (count of them at most), as far as they exist. */
struct span fixed_chars(struct span text, size_t first, size_t count);

/* Values that MARC 21 allows at this position of the leader in a record of this kind; NULL where it
 * lists none. */
const struct coded *leader_values(enum record_kind kind, unsigned at);

#endif
