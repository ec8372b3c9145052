/* set.h: inside of a struct agg_set, for the files of src/agg alone. */
#ifndef MRRC_AGG_SET_H
#define MRRC_AGG_SET_H

#include "agg/agg.h"
#include "agg/counter.h"
#include "agg/sum.h"

/* One declaration's result; which member lives is the declaration's kind. Reducers live in Lua and have
 * none. */
union agg_result {
	struct counter counter; /* AGG_COUNTER */
	struct sum sum;         /* AGG_SUM */
	uint64_t pieces;        /* AGG_TABLE, AGG_OUTPUT: rows, records */
};

struct agg_set {
	const struct agg_decls *decls;
	struct buf journal;     /* struct agg_piece + key + bytes, one after the other: the record at hand */
	struct buf stream;      /* the same: committed rows and records */
	union agg_result result[];
};

/* One addition as it lies in a buffer (unaligned: copied out). */
enum agg_op { OP_COUNT, OP_SUM_INT, OP_SUM_DOUBLE, OP_STREAM };
struct agg_piece {
	uint32_t i;       /* declaration */
	uint32_t op;      /* enum agg_op */
	uint64_t value;   /* the integer, the bits of the double; OP_STREAM: how many bytes behind the key */
	uint64_t key_len;
};

/* The piece at *pos, which moves behind it; false at the end. */
bool agg_piece_next(const struct buf *from, size_t *pos, struct agg_piece *piece, struct span *key,
		    struct span *bytes);
enum status agg_piece_add(struct buf *to, const struct agg_piece *piece, struct span key,
			  struct span bytes) MUST_CHECK;

#endif
