/* draft.h: the mutable twin of a record: copy on write, field by field.
 *
 * Layer marc. One thread. A draft lives in an arena (its own memory is never freed one by one, so a span
 * into a field stays readable after the field has changed); content of untouched fields stays where the
 * original has it. `view` is a valid record at every moment, so all reading functions work on a draft. Verbs
 * check their arguments before they change anything: on STATUS_INVALID nothing changed. STATUS_MEMORY: that
 * verb did nothing; the draft is as it was. */
#ifndef MRRC_MARC_DRAFT_H
#define MRRC_MARC_DRAFT_H

#include "base/arena.h"
#include "marc/record.h"

struct draft {
	/* field points at `fields`; RECORD_DRAFT (and no longer VERBATIM) from the first change on, so that
	 * an untouched draft leaves as its original would */
	struct record view;
	struct field *fields;
	uint32_t *ids;      /* ids[i]: identity of field i, stable while places change; never reused */
	uint32_t cap;       /* places in fields and ids */
	uint32_t next_id;
	bool changed;       /* something differs from the original */
	struct arena *arena;
};

/* A draft of r (NULL: an empty record with the default leader 00000nam a2200000   4500). NULL: no memory. */
struct draft *draft_new(struct arena *arena, const struct record *r) MUST_CHECK;

/* Insert a field with this content (wire form; copied into the arena) before place `at` (<= count). */
enum status draft_insert(struct draft *d, uint32_t at, uint32_t tag, struct span content) MUST_CHECK;
/* Place behind the last field whose tag is not greater (tag order, as far as the record has one). */
uint32_t draft_place_of(const struct draft *d, uint32_t tag);
void draft_remove(struct draft *d, uint32_t at);
/* Replace the content of field `at` (copied). Equal content changes nothing. */
enum status draft_replace(struct draft *d, uint32_t at, struct span content) MUST_CHECK;
/* The same two for content that already lies in the arena (or lives as long) and is either checked or
 * another field's, which may be damaged: nothing is copied, and neither tag nor content is judged. */
enum status draft_insert_kept(struct draft *d, uint32_t at, uint32_t tag, struct span content) MUST_CHECK;
enum status draft_replace_kept(struct draft *d, uint32_t at, struct span content) MUST_CHECK;
/* New tag for a field, same place. Data and control tags do not mix: STATUS_INVALID. */
enum status draft_retag(struct draft *d, uint32_t at, uint32_t tag) MUST_CHECK;
/* Move field `from` to place `to` (counted after its removal). */
void draft_move(struct draft *d, uint32_t from, uint32_t to);
/* Give the fields at from[0..n) the places place[0..n): both hold the same numbers, in different order. */
enum status draft_reorder(struct draft *d, uint32_t n, const uint32_t *place,
			  const uint32_t *from) MUST_CHECK;
/* Place of the field with this id, or UINT32_MAX when it was removed. */
uint32_t draft_find(const struct draft *d, uint32_t id);

/* Leader bytes at pos..pos+len-1, printable ASCII (not the computed 0-4, 12-16: those are STATUS_INVALID). */
enum status draft_set_leader(struct draft *d, uint32_t pos, struct span value) MUST_CHECK;

/* ---- inside of a field: draft_field.c; STATUS_INVALID, too, when the field is of the wrong kind ---- */

enum status draft_set_indicator(struct draft *d, uint32_t at, int which /* 1, 2 */, uint8_t value) MUST_CHECK;
/* Characters from `first` (code points from 0) of a control field, or of subfield `nth` (from 0) when nth
 * >= 0; a short text is first filled with blanks; value has exactly `count` code points, else
 * STATUS_INVALID. */
enum status draft_set_chars(struct draft *d, uint32_t at, int nth, size_t first, size_t count,
			    struct span value) MUST_CHECK;

/* Subfields by their ordinal within the field, from 0. Removing the last one removes the field. */
enum status draft_subfield_set(struct draft *d, uint32_t at, uint32_t nth, struct span value) MUST_CHECK;
enum status draft_subfield_insert(struct draft *d, uint32_t at, uint32_t nth /* count appends */,
				  uint8_t code,
				  struct span value) MUST_CHECK;
enum status draft_subfield_remove(struct draft *d, uint32_t at, uint32_t nth) MUST_CHECK;
enum status draft_subfield_recode(struct draft *d, uint32_t at, uint32_t nth, uint8_t code) MUST_CHECK;

/* What may stand in a record: tag of three ASCII letters or digits; an indicator of one printable ASCII
 * byte; a code of one printable ASCII byte but blank; text without 1D 1E 1F. */
bool draft_tag_ok(struct span tag);
bool draft_indicator_ok(uint8_t c);
bool draft_code_ok(uint8_t c);
bool draft_text_ok(struct span text);

#endif
