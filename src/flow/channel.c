/* channel.c: lanes of items under one lock, and who is woken for which.
 *
 * The engine's channels are as large as there are batches, so pushing never waits there; it may here.
 * What needs thought is waking: poppers serve different sets of lanes, so one shared condition would
 * either wake the wrong one or everybody. Therefore each waiting popper sleeps on a condition of its own
 * and a push wakes exactly one sleeper that serves its lane. That wake is a debt to the lane. For each
 * lane this holds whenever the lock is free:
 *
 *     nobody who serves the lane sleeps,  or  debts to the lane >= items in the lane
 *
 * push adds an item and a debt; a pop without a debt takes an item; a woken popper pays with an item of
 * that lane, or, when it preferred a higher lane, hands the debt on to the next sleeper; somebody falls
 * asleep only when his lanes are empty. So no item waits beside a sleeper that nobody is about to wake. */
#include "flow/channel.h"

#include <assert.h>
#include <pthread.h>

#include "base/alloc.h"
#include "flow/must.h"
#include "flow/thread.h"

enum { LANES_MAX = 8, NO_LANE = LANES_MAX, ASLEEP };

struct sleeper {
	struct sleeper *next;
	pthread_cond_t wake;
	unsigned lanes; /* served by this popper */
	unsigned owes;  /* lane it was woken for, NO_LANE when by closing, ASLEEP while on the list */
};

struct lane {
	pthread_cond_t room;
	void **item; /* a ring of channel.capacity places */
	size_t head, count;
};

struct channel { /* all of it under the lock, but capacity, lane_count and items, which never change */
	pthread_mutex_t lock;
	struct sleeper *sleepers; /* the last to fall asleep, whose caches are warm, first */
	size_t capacity, count, peak;
	uint64_t waited_ns;
	unsigned lane_count;
	bool closed;
	void **items;
	struct lane lane[LANES_MAX];
};

struct channel *channel_new(size_t capacity, unsigned lanes)
{
	struct channel *ch;

	assert(capacity >= 1 && lanes >= 1 && lanes <= LANES_MAX);
	if (capacity > SIZE_MAX / lanes)
		return NULL;
	ch = mem_zalloc(sizeof(*ch));
	if (ch == NULL)
		return NULL;
	ch->items = mem_array(capacity * lanes, sizeof(*ch->items));
	if (ch->items == NULL) {
		mem_free(ch);
		return NULL;
	}
	ch->capacity = capacity;
	ch->lane_count = lanes;
	must(pthread_mutex_init(&ch->lock, NULL));
	for (unsigned i = 0; i < lanes; i++) {
		must(pthread_cond_init(&ch->lane[i].room, NULL));
		ch->lane[i].item = ch->items + capacity * i;
	}
	return ch;
}

void channel_free(struct channel *ch)
{
	if (ch == NULL)
		return;
	assert(ch->count == 0 && ch->sleepers == NULL);
	for (unsigned i = 0; i < ch->lane_count; i++)
		must(pthread_cond_destroy(&ch->lane[i].room));
	must(pthread_mutex_destroy(&ch->lock));
	mem_free(ch->items);
	mem_free(ch);
}

static void rouse(struct sleeper **link, unsigned lane)
{
	struct sleeper *who = *link;

	*link = who->next;
	who->owes = lane;
	must(pthread_cond_signal(&who->wake)); /* with the lock held: the condition lies on the sleeper's stack */
}

static void wake_one(struct channel *ch, unsigned lane)
{
	for (struct sleeper **link = &ch->sleepers; *link != NULL; link = &(*link)->next) {
		if ((*link)->lanes & 1u << lane) {
			rouse(link, lane);
			return;
		}
	}
}

bool channel_push(struct channel *ch, unsigned lane, void *item)
{
	struct lane *to = &ch->lane[lane];
	bool accepted;

	assert(lane < ch->lane_count && item != NULL);
	must(pthread_mutex_lock(&ch->lock));
	while (to->count == ch->capacity && !ch->closed)
		must(pthread_cond_wait(&to->room, &ch->lock));
	accepted = !ch->closed;
	if (accepted) {
		to->item[(to->head + to->count++) % ch->capacity] = item;
		if (++ch->count > ch->peak)
			ch->peak = ch->count;
		wake_one(ch, lane);
	}
	must(pthread_mutex_unlock(&ch->lock));
	return accepted;
}

static unsigned ready_lane(const struct channel *ch, unsigned lanes)
{
	for (unsigned i = ch->lane_count; i-- > 0;)
		if ((lanes & 1u << i) && ch->lane[i].count > 0)
			return i;
	return NO_LANE;
}

static void fall_asleep(struct channel *ch, struct sleeper *me)
{
	me->owes = ASLEEP;
	me->next = ch->sleepers;
	ch->sleepers = me;
	while (me->owes == ASLEEP)
		must(pthread_cond_wait(&me->wake, &ch->lock));
}

/* Kept apart so that a pop that finds something pays for neither clock nor condition. */
static unsigned wait_for_item(struct channel *ch, unsigned lanes)
{
	struct sleeper me = { .lanes = lanes };
	uint64_t since = clock_mono_ns();
	unsigned from;

	must(pthread_cond_init(&me.wake, NULL));
	do {
		fall_asleep(ch, &me);
		from = ready_lane(ch, lanes);
	} while (from == NO_LANE && !ch->closed);
	if (me.owes != NO_LANE && me.owes != from && ch->lane[me.owes].count > 0)
		wake_one(ch, me.owes);
	must(pthread_cond_destroy(&me.wake));
	ch->waited_ns += clock_mono_ns() - since;
	return from;
}

static void *take(struct channel *ch, struct lane *from)
{
	void *item = from->item[from->head];

	from->head = (from->head + 1) % ch->capacity;
	from->count--;
	ch->count--;
	must(pthread_cond_signal(&from->room));
	return item;
}

void *channel_pop(struct channel *ch, unsigned lanes, unsigned *lane)
{
	void *item = NULL;
	unsigned from;

	assert(lanes != 0 && lanes >> ch->lane_count == 0);
	must(pthread_mutex_lock(&ch->lock));
	from = ready_lane(ch, lanes);
	if (from == NO_LANE && !ch->closed)
		from = wait_for_item(ch, lanes);
	if (from != NO_LANE) {
		item = take(ch, &ch->lane[from]);
		if (lane != NULL)
			*lane = from;
	}
	must(pthread_mutex_unlock(&ch->lock));
	return item;
}

void channel_close(struct channel *ch)
{
	must(pthread_mutex_lock(&ch->lock));
	ch->closed = true;
	while (ch->sleepers != NULL)
		rouse(&ch->sleepers, NO_LANE);
	for (unsigned i = 0; i < ch->lane_count; i++)
		must(pthread_cond_broadcast(&ch->lane[i].room));
	must(pthread_mutex_unlock(&ch->lock));
}

uint64_t channel_waited_ns(struct channel *ch)
{
	uint64_t ns;

	must(pthread_mutex_lock(&ch->lock));
	ns = ch->waited_ns;
	must(pthread_mutex_unlock(&ch->lock));
	return ns;
}

size_t channel_peak(struct channel *ch)
{
	size_t count;

	must(pthread_mutex_lock(&ch->lock));
	count = ch->peak;
	must(pthread_mutex_unlock(&ch->lock));
	return count;
}
