/* counter.h: how often each key was seen.
 *
 * Layer agg. One thread. A hash map that keeps its entries, key behind count, in one growing block in the
 * order of first sight; the table of slots holds hash and place, so that a probe meets an entry only when
 * it is very likely the right one, and merging two counters never hashes a key twice. */
#ifndef MRRC_AGG_COUNTER_H
#define MRRC_AGG_COUNTER_H

#include "agg/agg.h"

/* A count of 128 bits, two's complement: no sum of int64 that a run can make overflows it, in any order. */
struct wide {
	uint64_t low;
	int64_t high;
};

struct counter_entry {
	struct wide count;
	uint32_t hash;
	uint32_t len;
	uint8_t key[];
};

struct counter_slot {
	uint32_t hash;
	uint32_t at; /* place of the entry in units of 8 bytes, plus 1; 0: free */
};

struct counter {
	struct buf entries;         /* struct counter_entry, each rounded up to 8 bytes */
	struct counter_slot *slot;
	size_t slots;               /* 0 or a power of two */
	size_t count;               /* distinct keys */
	struct wide total;
};

void counter_init(struct counter *c);
void counter_release(struct counter *c);
/* Empty; memory beyond about a megabyte is given back. */
void counter_reset(struct counter *c);
/* On STATUS_MEMORY the counter is as it was. */
enum status counter_add(struct counter *c, int64_t n, struct span key) MUST_CHECK;
/* into += from. On STATUS_MEMORY a part of from is in. */
enum status counter_merge(struct counter *into, const struct counter *from) MUST_CHECK;
/* NULL when the key was never added. Valid until the counter changes. */
const struct counter_entry *counter_find(const struct counter *c, struct span key);
/* Entries in order of first sight; *pos starts at 0, NULL at the end. */
const struct counter_entry *counter_next(const struct counter *c, size_t *pos);
/* rows.c. All entries by key, or by count downwards then key, in an array that is the caller's (mem_free). */
enum status counter_rows(const struct counter *c, bool by_count, struct agg_row **rows,
			 size_t *count) MUST_CHECK;
/* Every count and the total are within int64. Looks at all entries. */
bool counter_fits(const struct counter *c);

static inline void wide_add(struct wide *to, struct wide n)
{
	to->low += n.low;
	to->high = (int64_t)((uint64_t)to->high + (uint64_t)n.high + (to->low < n.low));
}

static inline struct wide wide_of(int64_t n)
{
	return (struct wide){ (uint64_t)n, n < 0 ? -1 : 0 };
}

static inline bool wide_fits(struct wide w)
{
	return w.high == ((int64_t)w.low < 0 ? -1 : 0);
}

/* The value, clipped to int64. */
static inline int64_t wide_clip(struct wide w)
{
	if (wide_fits(w))
		return (int64_t)w.low;
	return w.high < 0 ? INT64_MIN : INT64_MAX;
}

#endif
