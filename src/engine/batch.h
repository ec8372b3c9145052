/* batch.h: what crosses threads: some records of one input, from raw bytes to output.
 *
 * Layer engine. A batch has one owner at a time, so it needs no lock; sending is giving. The source fills raw and
 * frames, a parse worker makes the records, a script worker fills the yield, the sink empties it and sends the batch home. */
#ifndef MRRC_ENGINE_BATCH_H
#define MRRC_ENGINE_BATCH_H

#include "base/arena.h"
#include "script/script.h"

/* One span of the input: a record or bytes that belong to none. */
struct piece {
	uint32_t at, len;      /* bytes, in raw */
	enum fault_code code;  /* as iso2709_frame says; FAULT_NONE for a good record */
	bool junk;
};

struct batch {
	uint64_t seq;          /* 0, 1, 2 … over the whole run */
	uint32_t source;
	uint64_t offset;       /* of raw[0] in its source */
	uint64_t number, index; /* of the first record: in its source, over all; from 1 */
	struct buf raw;
	struct piece *piece;
	size_t piece_count, piece_cap;
	size_t record_count;   /* pieces that are records */
	struct arena arena;
	struct record *records; /* in the arena, after parsing */
	size_t usable;         /* records the script may see: up to the first damage under ERROR_FAIL */
	bool damaged;          /* ERROR_FAIL: the last piece is the first damage; the run ends behind it */
	struct yield yield;
	bool last_of_source;

	/* the environment failed this batch: the sink stops here, in order */
	enum status status;
	int error;             /* errno */
	const char *failed;    /* constant text: what failed, "read error" … */
	uint32_t vanished;     /* place of the input that could not be opened behind this one, 0: none */
	enum fault_code fatal; /* FAULT_NOT_MARC */
	struct problem problem; /* a state that could not be made again */
};

enum status batch_init(struct batch *b, size_t raw_bytes) MUST_CHECK;
void batch_release(struct batch *b);
/* Ready for the source. Buffers that one huge record has blown up are given back. */
void batch_reset(struct batch *b, size_t raw_keep);
enum status batch_add(struct batch *b, size_t at, size_t len, enum fault_code code, bool junk) MUST_CHECK;

#endif
