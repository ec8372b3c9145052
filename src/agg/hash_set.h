/* hash_set.h: a set of 128-bit hashes: 24 to 48 bytes for each. Layer agg. One thread. */
#ifndef MRRC_AGG_HASH_SET_H
#define MRRC_AGG_HASH_SET_H

#include "base/siphash.h"
#include "base/status.h"

struct hash_set {
	struct hash128 *slot; /* all zeros: free */
	size_t slots;         /* 0 or a power of two */
	size_t count;
};

void hash_set_release(struct hash_set *s);
/* Empty; memory beyond half a megabyte is given back. */
void hash_set_reset(struct hash_set *s);
/* On STATUS_MEMORY the set is as it was. */
enum status hash_set_add(struct hash_set *s, struct hash128 h) MUST_CHECK;
enum status hash_set_merge(struct hash_set *into, const struct hash_set *from) MUST_CHECK;
/* In order; the array is the caller's (mem_free). */
enum status hash_set_sorted(const struct hash_set *s, struct hash128 **out) MUST_CHECK;

#endif
