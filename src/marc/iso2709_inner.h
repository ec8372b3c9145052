/* iso2709_inner.h: what the files of the ISO 2709 reader share, and nobody else needs.
 *
 * Layer marc. iso2709_read.c is the fast road for records without a fault; whatever it does not like goes
 * to iso2709_repair.c, which walks three steps over one struct repair: leader (iso2709_leader.c), directory
 * (iso2709_directory.c), content of each field (iso2709_content.c). */
#ifndef MRRC_MARC_ISO2709_INNER_H
#define MRRC_MARC_ISO2709_INNER_H

#include "marc/iso2709.h"

#define ISO2709_MAX_RECORD 99999u /* five digits, ISO 2709 leader 0-4 */
#define ISO2709_MAX_FIELD 9999u   /* four digits of the directory entry, MARC 21 leader/20 */
#define REPAIR_FAULTS 64u         /* notes kept for one record; a rejecting one is always kept */

/* An entry of the directory as read, and the place that was settled for it. */
struct entry {
	uint32_t tag;
	uint32_t len, start;  /* as the directory says: with the terminator, from the base address */
	uint32_t at;          /* where the entry stands, from the record's first byte */
	uint32_t from, end;   /* settled content in raw, terminator not included */
	bool digits;          /* len and start are numbers */
	bool fits;            /* in range, on a field boundary at both ends */
	bool dropped;
};

struct repair {
	struct span raw;
	enum recovery recovery;
	struct arena *arena;
	struct record *out;
	uint32_t leader_len; /* 24; 23, 25 when a byte was lost or added */
	uint32_t base, end;  /* data area: from base to end, the record terminator not included */
	uint32_t dir_end;    /* behind the last byte of the directory, its terminator not included */
	uint32_t tag;        /* of the field that is looked at, for notes */
	bool reframed;       /* length, base address or directory are wrong: raw must not leave as it is */
	bool rejected;
	struct entry *entry;
	uint32_t entries;
	struct field *field;
	uint32_t fields;
	struct fault fault[REPAIR_FAULTS];
	uint32_t faults;
};

/* ---- iso2709_repair.c ---- */

/* The slow road: name every fault, mend what can be mended. Same contract as iso2709_read. */
enum status iso2709_repair(struct span raw, enum fault_code framing, enum recovery recovery,
			   struct arena *arena, struct record *out) MUST_CHECK;

/* A fault that lenient mends and strict rejects. */
void repair_note(struct repair *r, enum fault_code code, uint32_t offset, uint32_t found, uint32_t expected);
/* A fault that every mode lets pass with a warning. */
void repair_warn(struct repair *r, enum fault_code code, uint32_t offset);
/* A fault that cannot be mended. */
void repair_reject(struct repair *r, enum fault_code code, uint32_t offset, uint32_t found,
		   uint32_t expected);
/* Place of the first byte of this value in raw[from..end), or end. */
uint32_t repair_find(const struct repair *r, uint8_t byte, uint32_t from, uint32_t end);
/* Number of these bytes in raw[from..end). */
uint32_t repair_tally(const struct repair *r, uint8_t byte, uint32_t from, uint32_t end);
/* Decimal digits at p, at most nine; UINT32_MAX when some byte is no digit. */
uint32_t repair_number(const uint8_t *p, uint32_t digits);

/* ---- the steps ---- */

/* Copies the leader, settles leader_len, base, end and dir_end; false when there is nothing to look into. */
bool repair_leader(struct repair *r);
/* Reads the entries and settles where each field lies. */
enum status repair_directory(struct repair *r) MUST_CHECK;
/* Checks the bytes of one field and mends what subfield_next cannot step over. */
enum status repair_content(struct repair *r, struct field *f) MUST_CHECK;

#endif
