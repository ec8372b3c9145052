/* arena.h: bump memory that is given back in one go.
 *
 * Layer base. One thread at a time. Blocks come from mem_alloc and grow by doubling; reset
 * keeps one block of at most `keep` bytes, so that a single huge record does not stay paid
 * for. Pointers handed out are valid until the next reset or release; alignment is 16. */
#ifndef MRRC_BASE_ARENA_H
#define MRRC_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct arena_block;

struct arena {
	struct arena_block *block; /* the one that is filled; older ones behind it */
	uint8_t *next, *end;       /* free bytes of that block */
	size_t keep;               /* bytes kept over a reset */
	size_t limit;              /* bytes held at most; 0: as many as there are */
	bool full;                 /* the limit was met, since the last reset */
};

void arena_init(struct arena *a, size_t keep);
void arena_release(struct arena *a);
void arena_reset(struct arena *a);
/* NULL when there is no memory, or no more is allowed. */
void *arena_alloc_slow(struct arena *a, size_t len) MUST_CHECK;
size_t arena_bytes(const struct arena *a); /* held from the system, for --stats */

static inline void *arena_alloc(struct arena *a, size_t len)
{
	size_t need = (len + (len == 0) + 15u) & ~(size_t)15u; /* 0 bytes have an address too */

	if (need >= len && need <= (size_t)(a->end - a->next)) {
		void *p = a->next;
		a->next += need;
		return p;
	}
	return arena_alloc_slow(a, len);
}

#endif
