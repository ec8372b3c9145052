/* set.h: inside of a struct agg_set, for the files of src/agg alone. */
#ifndef MRRC_AGG_SET_H
#define MRRC_AGG_SET_H

#include "agg/kind.h"

struct agg_set {
	const struct agg_decls *decls;
	struct buf journal;     /* struct agg_piece + key + bytes, one after the other: the record at hand */
	struct buf stream;      /* the same: committed rows and records */
	void *result[];         /* by declaration, in the same block; what it is, its struct agg_type knows */
};

static inline const struct agg_type *agg_set_type(const struct agg_set *set, size_t i)
{
	return agg_type_of(set->decls->decl[i].kind);
}

/* The piece at *pos, which moves behind it; false at the end. */
bool agg_piece_next(const struct buf *from, size_t *pos, struct agg_piece *piece, struct span *key,
		    struct span *bytes);
enum status agg_piece_add(struct buf *to, const struct agg_piece *piece, struct span key,
			  struct span bytes) MUST_CHECK;
/* A piece into the journal. */
enum status agg_note(struct agg_set *set, size_t i, enum agg_op op, uint64_t value, struct span key,
		     struct span bytes) MUST_CHECK;

#endif
