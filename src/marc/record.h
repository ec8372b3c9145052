/* record.h: a MARC record in memory; const after parsing.
 *
 * Layer marc. A record owns nothing: its fields and bytes lie in the arena or buffer of its batch
 * (or in one block of its own, record_copy). Fields stand in the record's own order, control
 * and data fields together. One form for all formats: the content of a field is its ISO 2709
 * wire form without the field terminator:
 *
 *     control field   text
 *     data field      ind1 ind2 (1F code text)*
 *
 * A draft (marc/draft.h) shows itself as a record too, so everything that reads, reads both. */
#ifndef MRRC_MARC_RECORD_H
#define MRRC_MARC_RECORD_H

#include "base/fault.h"
#include "base/span.h"
#include "base/status.h"

#define MARC_RT 0x1D /* record terminator, ISO 2709 */
#define MARC_FT 0x1E /* field terminator */
#define MARC_US 0x1F /* subfield delimiter (IS1) */
#define LEADER_LEN 24
#define DIRECTORY_ENTRY_LEN 12

/* A tag as a number, comparable in tag order: '2','4','5' -> 0x323435. */
#define MARC_TAG(a, b, c) ((uint32_t)(uint8_t)(a) << 16 | (uint32_t)(uint8_t)(b) << 8 | (uint8_t)(c))

enum field_flag {
	FIELD_CONTROL = 1, /* tag 00X: no indicators, no subfields */
	FIELD_CHANGED = 2, /* drafts: content is not the input's */
	FIELD_MALFORMED = 4, /* data field without two indicators and a delimiter: readable raw only */
};

struct field {
	const uint8_t *ptr; /* content, without the field terminator */
	uint32_t len;       /* bytes */
	uint32_t tag : 24;  /* MARC_TAG */
	uint32_t flags : 8; /* enum field_flag */
};

enum record_flag {
	RECORD_VERBATIM = 1, /* raw may leave byte for byte: framing, lengths and directory were right */
	RECORD_REJECTED = 2, /* cannot be used: only raw, offset, faults and a 001 are meaningful */
	RECORD_HIGH = 4,     /* some byte is 0x80 or above */
	RECORD_UTF8 = 8,     /* leader/09 is 'a' (or the caller knows): text is UTF-8 */
	RECORD_DRAFT = 16,   /* the view of a draft */
	RECORD_RESCUED = 32, /* rejected, but on_error gave a record in its place */
};

struct record {
	uint8_t leader[LEADER_LEN];
	uint32_t count;            /* fields */
	uint32_t flags;            /* enum record_flag */
	const struct field *field; /* count of them */
	struct span raw;           /* the bytes as they came, terminator included; empty for new records */
	uint64_t offset;           /* bytes from the start of its source, decompressed */
	uint64_t number;           /* within its source, from 1 */
	uint64_t index;            /* over all sources, from 1 */
	uint32_t source;           /* which source, from 0 */
	uint32_t fault_count;
	const struct fault *fault; /* what was noted while parsing, in order of position */
};

static inline struct span field_span(const struct field *f)
{
	return span_of(f->ptr, f->len);
}

static inline bool field_is_control(const struct field *f)
{
	return f->flags & FIELD_CONTROL;
}

/* Tags 000-009 and 00x of any letter are control fields (MARC 21, directory). */
static inline bool tag_is_control(uint32_t tag)
{
	return tag >> 8 == 0x3030;
}

/* First field of the tag at or behind *from, NULL when none; sets *from behind it. */
const struct field *record_next(const struct record *r, uint32_t tag, uint32_t *from);
const struct field *record_first(const struct record *r, uint32_t tag);
/* 001, or an empty span. */
struct span record_id(const struct record *r);

/* Walk the subfields of a data field. Start with SUBFIELDS(f); false at the end. */
struct subfield {
	uint8_t code;
	struct span value;
};
struct subfield_walk {
	const uint8_t *next, *end;
};
/* Positions at the first delimiter; a control or malformed field gives none. */
struct subfield_walk subfields_of(const struct field *f);
bool subfield_next(struct subfield_walk *w, struct subfield *out);

/* Bytes that record_copy needs for r: fields, content, raw and faults in one block. */
size_t record_copy_len(const struct record *r);
/* Copy r into block (16-aligned, record_copy_len bytes); returns the copy, which lies at its start. The copy
 * of a draft is a plain record with no raw bytes. */
struct record *record_copy(const struct record *r, void *block);

/* Same leader (lengths and base address, 0-4 and 12-16, apart) and the same fields in the same order. */
bool record_equal(const struct record *a, const struct record *b);

#endif
