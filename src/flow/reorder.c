/* reorder.c: a ring of slots that gives items back in the order of their numbers.
 *
 * As no more than `window` items are alive, two of them never share a slot, and putting never waits. Only
 * the item the taker waits for wakes it: the others would be wakes for nothing. Waiting goes by the
 * monotonic clock, so a clock set back cannot stop the progress line. */
#include "flow/reorder.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "base/alloc.h"
#include "flow/must.h"
#include "flow/thread.h"

struct reorder { /* all of it under the lock, but window and slot, which never change */
	pthread_mutex_t lock;
	pthread_cond_t ready;
	size_t window;
	uint64_t next, total;
	uint64_t waited_ns;
	void **slot;
};

static void init_monotonic(pthread_cond_t *cond)
{
	pthread_condattr_t attr;

	must(pthread_condattr_init(&attr));
	must(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC));
	must(pthread_cond_init(cond, &attr));
	must(pthread_condattr_destroy(&attr));
}

struct reorder *reorder_new(size_t window)
{
	struct reorder *ro = mem_zalloc(sizeof(*ro));

	assert(window >= 1);
	if (ro == NULL)
		return NULL;
	ro->slot = mem_array(window, sizeof(*ro->slot));
	if (ro->slot == NULL) {
		mem_free(ro);
		return NULL;
	}
	for (size_t i = 0; i < window; i++)
		ro->slot[i] = NULL;
	ro->window = window;
	ro->total = UINT64_MAX;
	must(pthread_mutex_init(&ro->lock, NULL));
	init_monotonic(&ro->ready);
	return ro;
}

void reorder_free(struct reorder *ro)
{
	if (ro == NULL)
		return;
	for (size_t i = 0; i < ro->window; i++)
		assert(ro->slot[i] == NULL);
	must(pthread_cond_destroy(&ro->ready));
	must(pthread_mutex_destroy(&ro->lock));
	mem_free(ro->slot);
	mem_free(ro);
}

static void **slot_of(const struct reorder *ro, uint64_t seq)
{
	return &ro->slot[seq % ro->window];
}

void reorder_put(struct reorder *ro, uint64_t seq, void *item)
{
	must(pthread_mutex_lock(&ro->lock));
	assert(item != NULL && seq < ro->total);
	assert(seq >= ro->next && seq - ro->next < ro->window && *slot_of(ro, seq) == NULL);
	*slot_of(ro, seq) = item;
	if (seq == ro->next)
		must(pthread_cond_signal(&ro->ready));
	must(pthread_mutex_unlock(&ro->lock));
}

static bool must_wait(const struct reorder *ro)
{
	return *slot_of(ro, ro->next) == NULL && ro->next < ro->total;
}

/* until NULL: as long as it takes. */
static void wait_for_next(struct reorder *ro, const struct timespec *until)
{
	uint64_t since = clock_mono_ns();
	int rc = 0;

	while (must_wait(ro) && rc != ETIMEDOUT) {
		rc = until == NULL ? pthread_cond_wait(&ro->ready, &ro->lock)
				   : pthread_cond_timedwait(&ro->ready, &ro->lock, until);
		must(rc == ETIMEDOUT ? 0 : rc);
	}
	ro->waited_ns += clock_mono_ns() - since;
}

static void *take_next(struct reorder *ro)
{
	void **slot = slot_of(ro, ro->next);
	void *item = *slot;

	if (item != NULL) {
		*slot = NULL;
		ro->next++;
	}
	return item;
}

void *reorder_take(struct reorder *ro)
{
	void *item;

	must(pthread_mutex_lock(&ro->lock));
	if (must_wait(ro))
		wait_for_next(ro, NULL);
	item = take_next(ro);
	must(pthread_mutex_unlock(&ro->lock));
	return item;
}

static struct timespec after_ms(unsigned ms)
{
	uint64_t ns = clock_mono_ns() + (uint64_t)ms * 1000000;

	return (struct timespec){ .tv_sec = (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000) };
}

void *reorder_take_for(struct reorder *ro, unsigned ms, int *timeout)
{
	struct timespec until;
	void *item;

	must(pthread_mutex_lock(&ro->lock));
	if (must_wait(ro)) {
		until = after_ms(ms);
		wait_for_next(ro, &until);
	}
	*timeout = must_wait(ro);
	item = take_next(ro);
	must(pthread_mutex_unlock(&ro->lock));
	return item;
}

void reorder_end(struct reorder *ro, uint64_t total)
{
	must(pthread_mutex_lock(&ro->lock));
	assert(total >= ro->next);
	ro->total = total;
	must(pthread_cond_signal(&ro->ready));
	must(pthread_mutex_unlock(&ro->lock));
}

uint64_t reorder_waited_ns(struct reorder *ro)
{
	uint64_t ns;

	must(pthread_mutex_lock(&ro->lock));
	ns = ro->waited_ns;
	must(pthread_mutex_unlock(&ro->lock));
	return ns;
}
