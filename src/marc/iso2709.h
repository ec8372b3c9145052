/* iso2709.h: ISO 2709 (MARC 21 exchange format): where records end, what they hold, how they leave.
 *
 * Layer marc. Pure functions, any thread, no state between calls. */
#ifndef MRRC_MARC_ISO2709_H
#define MRRC_MARC_ISO2709_H

#include "base/arena.h"
#include "base/buf.h"
#include "marc/record.h"

/* ---- split: iso2709_split.c ---- */

enum frame_kind {
	FRAME_MORE,   /* undecidable without more bytes: call again with more, or with last = true */
	FRAME_RECORD, /* len bytes are one record, good or damaged */
	FRAME_JUNK,   /* len bytes belong to no record */
	FRAME_END,    /* no bytes left (only with last) */
};

struct frame {
	enum frame_kind kind;
	enum fault_code code; /* JUNK: FAULT_JUNK (blanks), FAULT_BOM or FAULT_GARBAGE; RECORD: FAULT_NONE,
	                         FAULT_NO_TERMINATOR (cut at the stated length or at a leader), FAULT_TRUNCATED, FAULT_TOO_LONG */
	size_t len;           /* bytes, > 0 for RECORD and JUNK */
};

/* What stands at the start of p[0..n)? `last`: the source ends behind p+n. Decides by the bytes near the
 * boundary alone (docs/ARCHITECTURE.md, framing): an RT that is followed, after at most 4 KiB of junk, by
 * the end or a plausible leader; the stated length only where a plausible leader stands there; otherwise
 * the candidate with the best directory score. A span longer than max_record is given in pieces of
 * max_record bytes with FAULT_TOO_LONG. */
struct frame iso2709_frame(const uint8_t *p, size_t n, bool last, size_t max_record);
/* 24 bytes that look like a leader: digits at 0-4, 12-16; printable 5-8; "22" or blanks at 10-11. */
bool iso2709_plausible_leader(const uint8_t *p);

/* ---- read: iso2709_read.c ---- */

enum recovery { RECOVERY_STRICT, RECOVERY_LENIENT, RECOVERY_PERMISSIVE };

/* Make *out (fields in the arena, content in place inside raw, which must outlive it) from the bytes of one
 * frame. Sets leader, count, field, raw, flags and faults; the caller sets offset, number, index, source. A
 * record that the recovery mode cannot accept has RECORD_REJECTED and at least one fault. STATUS_MEMORY only. */
enum status iso2709_read(struct span raw, enum fault_code framing, enum recovery recovery,
			 struct arena *arena, struct record *out) MUST_CHECK;

/* ---- write: iso2709_write.c ---- */

/* Append r to out. A VERBATIM record that is not a draft leaves byte for byte; otherwise record length, base
 * address and directory are made anew and leader/10-11, 20-23 set to 22 and 4500. On a record that cannot be
 * written (field > 9,999 or record > 99,999 bytes, a tag with a delimiter) nothing is appended, *why is filled and
 * STATUS_INVALID returned. STATUS_MEMORY when out is full. */
enum status iso2709_write(const struct record *r, struct buf *out, struct fault *why) MUST_CHECK;

#endif
