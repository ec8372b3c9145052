/* alloc.c: malloc and its family, with a gate that tests can close.
 *
 * The gate is one number: negative means open for ever, anything else is the count of
 * allocations that still succeed. Production pays one relaxed load for it. Living blocks are
 * counted in shards: each of the first threads has one for itself, on a cache line of its own, and
 * adds without a locked instruction; later threads share the last. Only the sum of all means
 * anything. Who may allocate how much is no concern of this file. */
#include "base/alloc.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define GATE_OPEN (-1L)
#define SHARDS 64u

static struct {
	_Alignas(64) atomic_long left; /* set by tests, read by all threads */
	atomic_bool for_ever;          /* set by tests before left */
	atomic_long refused;
} gate = { .left = GATE_OPEN };

static struct {
	_Alignas(64) atomic_long live; /* written by its one thread, the last by many; summed by mem_live */
} shards[SHARDS];

static atomic_uint threads_seen;
static _Thread_local unsigned own_shard; /* from 1; 0 before the first allocation of a thread */

void mem_fail_after(long allocations, bool for_ever)
{
	atomic_store(&gate.left, GATE_OPEN);
	atomic_store(&gate.for_ever, for_ever);
	atomic_store(&gate.refused, 0);
	atomic_store(&gate.left, allocations < 0 ? GATE_OPEN : allocations);
}

long mem_refused(void)
{
	return atomic_load(&gate.refused);
}

long mem_live(void)
{
	long sum = 0;

	for (unsigned i = 0; i < SHARDS; i++)
		sum += atomic_load(&shards[i].live);
	return sum;
}

static unsigned take_shard(void)
{
	unsigned seen = atomic_fetch_add(&threads_seen, 1u);

	return own_shard = seen < SHARDS - 1 ? seen + 1 : SHARDS;
}

static inline void count_live(long change)
{
	unsigned shard = own_shard ? own_shard : take_shard();
	atomic_long *live = &shards[shard - 1].live;

	if (shard == SHARDS)
		atomic_fetch_add_explicit(live, change, memory_order_relaxed);
	else
		atomic_store_explicit(live, atomic_load_explicit(live, memory_order_relaxed) + change,
				      memory_order_relaxed);
}

/* A countdown is running: take one from it, or refuse. */
static bool gate_pass(void)
{
	long left = atomic_load(&gate.left);

	while (left > 0)
		if (atomic_compare_exchange_weak(&gate.left, &left, left - 1))
			return true;
	if (left < 0)
		return true;
	if (!atomic_load(&gate.for_ever) &&
	    !atomic_compare_exchange_strong(&gate.left, &left, GATE_OPEN))
		return true; /* another thread took the one refusal */
	atomic_fetch_add(&gate.refused, 1);
	return false;
}

bool mem_may_allocate(void)
{
	if (__builtin_expect(atomic_load_explicit(&gate.left, memory_order_relaxed) < 0, 1))
		return true;
	return gate_pass();
}

static void *counted(void *ptr)
{
	if (ptr)
		count_live(1);
	return ptr;
}

void *mem_alloc(size_t len)
{
	return mem_may_allocate() ? counted(malloc(len ? len : 1)) : NULL;
}

void *mem_zalloc(size_t len)
{
	return mem_may_allocate() ? counted(calloc(1, len ? len : 1)) : NULL;
}

void *mem_realloc(void *ptr, size_t len)
{
	if (!ptr)
		return mem_alloc(len);
	return mem_may_allocate() ? realloc(ptr, len ? len : 1) : NULL;
}

void *mem_array(size_t count, size_t len)
{
	if (len > 0 && count > SIZE_MAX / len)
		return NULL;
	return mem_alloc(count * len);
}

void *mem_dup(const void *ptr, size_t len)
{
	void *copy = mem_alloc(len);

	if (copy && len > 0)
		memcpy(copy, ptr, len);
	return copy;
}

void mem_free(void *ptr)
{
	if (!ptr)
		return;
	count_live(-1);
	free(ptr);
}
