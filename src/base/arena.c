/* arena.c: the blocks behind arena.h.
 *
 * A block is a header and its bytes in one allocation; the header's len counts both, so that
 * "keep 64 kB" means 64 kB of real memory. Blocks double, and the step that would jump over
 * `keep` stops there once: what a steady load needs is then kept whole by reset. */
#include "base/arena.h"

#include "base/alloc.h"

#define ARENA_FIRST 4096u /* bytes of the first block */

struct arena_block {
	struct arena_block *older;
	size_t len; /* bytes, this header included */
};

_Static_assert(sizeof(struct arena_block) % 16 == 0, "bytes behind the header are 16-aligned");

void arena_init(struct arena *a, size_t keep)
{
	*a = (struct arena){ .keep = keep };
}

/* Make block the one that is filled, with all its bytes free. */
static void arena_use(struct arena *a, struct arena_block *block)
{
	a->block = block;
	a->next = block ? (uint8_t *)(block + 1) : NULL;
	a->end = block ? (uint8_t *)block + block->len : NULL;
}

/* The largest block that may stay over a reset. */
static struct arena_block *arena_kept(const struct arena *a)
{
	struct arena_block *best = NULL;

	for (struct arena_block *b = a->block; b; b = b->older)
		if (b->len <= a->keep && (!best || b->len > best->len))
			best = b;
	return best;
}

static void arena_free_but(struct arena *a, struct arena_block *kept)
{
	struct arena_block *older;

	for (struct arena_block *b = a->block; b; b = older) {
		older = b->older;
		if (b != kept)
			mem_free(b);
	}
	if (kept)
		kept->older = NULL;
	arena_use(a, kept);
}

void arena_release(struct arena *a)
{
	arena_free_but(a, NULL);
}

void arena_reset(struct arena *a)
{
	a->full = false;
	if (a->block && !a->block->older && a->block->len <= a->keep)
		arena_use(a, a->block);
	else
		arena_free_but(a, arena_kept(a));
}

/* Bytes for the next block, which must hold `need` bytes behind its header. */
static size_t arena_block_len(const struct arena *a, size_t need)
{
	size_t last = a->block ? a->block->len : ARENA_FIRST / 2;
	size_t len = last <= SIZE_MAX / 2 ? last * 2 : last;

	if (len > a->keep && last < a->keep)
		len = a->keep;
	need += sizeof(struct arena_block);
	return need > len ? need : len;
}

void *arena_alloc_slow(struct arena *a, size_t len)
{
	struct arena_block *block;
	size_t need;

	if (len > SIZE_MAX / 2)
		return NULL;
	need = (len + (len == 0) + 15u) & ~(size_t)15u;
	len = arena_block_len(a, need);
	if (a->limit && arena_bytes(a) + len > a->limit) {
		a->full = true;
		return NULL;
	}
	block = mem_alloc(len);
	if (!block)
		return NULL;
	*block = (struct arena_block){ .older = a->block, .len = len };
	arena_use(a, block);
	a->next += need;
	return block + 1;
}

size_t arena_bytes(const struct arena *a)
{
	size_t sum = 0;

	for (const struct arena_block *b = a->block; b; b = b->older)
		sum += b->len;
	return sum;
}
