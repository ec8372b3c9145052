/* kind.h: what a kind of result is: one struct of functions over the memory of one result.
 *
 * Layer agg, for its own files alone. A new kind is a file with such a struct, a word in enum agg_kind and a
 * row in kind.c; journal, set and JSON ask the struct and know no kind by name. */
#ifndef MRRC_AGG_KIND_H
#define MRRC_AGG_KIND_H

#include "agg/agg.h"

struct json_t; /* jansson's */

/* One addition as it lies in a buffer (unaligned: copied out). */
enum agg_op { OP_COUNT, OP_INT, OP_DOUBLE, OP_STREAM, OP_KEEP, OP_ISSUE };
struct agg_piece {
	uint32_t i;       /* declaration */
	uint32_t op;      /* enum agg_op */
	uint64_t value;   /* the integer, the bits of the double, where a kept value comes from */
	uint64_t key_len, bytes_len;
};

struct agg_type {
	const char *name;    /* as in mrrc.NAME and in JSON */
	size_t size;         /* bytes of a result, which begin as zeros */
	unsigned takes;      /* which ops, 1 << enum agg_op */
	bool streams;        /* additions are also kept, in their order, for the sink to write */
	/* NULL: nothing to do */
	void (*init)(void *result, const struct agg_decl *d);
	void (*release)(void *result);
	void (*reset)(void *result);
	enum status (*add)(void *result, const struct agg_decl *d, const struct agg_piece *piece,
			   struct span key, struct span bytes);
	/* into += from; both of one declaration */
	enum status (*merge)(void *into, const void *from, const struct agg_decl *d);
	/* Members of the JSON object behind "kind", each with its leading comma. NULL: they come from
	 * outside (reducers). */
	enum status (*write)(const void *result, const struct agg_decl *d, struct buf *out);
	/* The reverse: what the JSON says of the declaration (what it allocates is copied by
	 * agg_decls_add and freed), and of the result. STATUS_INVALID: it is not what write writes. read
	 * NULL: such results cannot be merged outside of a run. */
	enum status (*read_decl)(struct agg_decl *d, const struct json_t *from);
	enum status (*read)(void *result, const struct agg_decl *d, const struct json_t *from);
	const char *unmergeable; /* why, when read is NULL */
};

bool agg_decl_equal(const struct agg_decl *a, const struct agg_decl *b);

extern const struct agg_type agg_type_counter, agg_type_topk, agg_type_sum, agg_type_stats,
	agg_type_histogram, agg_type_set, agg_type_distinct, agg_type_first, agg_type_sample, agg_type_issues, agg_type_table,
	agg_type_output, agg_type_reducer;

const struct agg_type *agg_type_of(enum agg_kind kind);

#endif
