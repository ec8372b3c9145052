/* flow_stress_test.c: the shape of the pipeline under random delays, many times over.
 *
 * Two runs: the pipeline itself (K batches go round through a channel of two lanes and the reorder ring,
 * workers serve one lane or both, a fault travels in its batch and stops the run), and a crowd that
 * pushes into narrow lanes while the channel is closed under it. All choices follow from the number of
 * the round; the scheduler adds its own. A run that hangs is ended by an alarm. MRRC_STRESS_ROUNDS sets
 * the number of rounds. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "flow/channel.h"
#include "flow/reorder.h"
#include "flow/thread.h"

enum { RAW, PARSED, LANES, BATCHES_MAX = 8, WORKERS_MAX = 5, PATIENCE_S = 120, DEFAULT_ROUNDS = 150 };

#define NO_FAULT UINT64_MAX

static uint64_t mix(uint64_t x) /* splitmix64: the same answer for the same question, in every thread */
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static uint64_t draw(uint64_t *dice, uint64_t below)
{
	*dice = mix(*dice);
	return *dice % below;
}

static void dawdle(uint64_t *dice)
{
	switch (draw(dice, 24)) {
	case 0:
		usleep((useconds_t)draw(dice, 80));
		break;
	case 1:
	case 2:
	case 3:
		sched_yield();
		break;
	default:
		break;
	}
}

static long rounds(void)
{
	const char *text = getenv("MRRC_STRESS_ROUNDS");

	return text != NULL ? atol(text) : DEFAULT_ROUNDS;
}

struct batch {
	uint64_t seq;
	bool raw, parsed, fault;
};

struct line {
	uint64_t seed;
	size_t batch_count;
	uint64_t input_count; /* batches the input has */
	struct channel *idle, *work;
	struct reorder *done;
	atomic_bool stop;
	struct batch batch[BATCHES_MAX];
	/* the sink's own */
	uint64_t fault_seq, written, taken;
	bool in_order;
};

struct worker {
	struct thread thread;
	struct line *line;
	unsigned lanes;
	uint64_t dice;
	bool sane;
};

/* Faults arise in both stages; which batches have one is a matter of the seed alone. */
static bool has_fault(const struct line *l, uint64_t seq, unsigned stage)
{
	return l->seed % 3 != 0 && mix(l->seed * 31 + seq * LANES + stage) % 300 == 0;
}

static uint64_t first_fault(const struct line *l)
{
	for (uint64_t seq = 0; seq < l->input_count; seq++)
		if (has_fault(l, seq, RAW) || has_fault(l, seq, PARSED))
			return seq;
	return NO_FAULT;
}

static void work_on(struct worker *w, struct batch *b, unsigned lane)
{
	struct line *l = w->line;

	dawdle(&w->dice);
	b->fault = b->fault || has_fault(l, b->seq, lane);
	if (lane == RAW) {
		w->sane = w->sane && b->raw && !b->parsed;
		b->parsed = true;
		w->sane = channel_push(l->work, PARSED, b) && w->sane;
	} else {
		w->sane = w->sane && b->parsed;
		reorder_put(l->done, b->seq, b);
	}
}

static void *run_worker(void *arg)
{
	struct worker *w = arg;
	struct batch *b;
	unsigned lane;

	while ((b = channel_pop(w->line->work, w->lanes, &lane)) != NULL)
		work_on(w, b, lane);
	return NULL;
}

static struct batch *take_done(struct line *l, uint64_t *dice)
{
	struct batch *b = NULL;
	int timeout = 1;

	if (draw(dice, 2) == 0)
		return reorder_take(l->done);
	while (b == NULL && timeout)
		b = reorder_take_for(l->done, (unsigned)draw(dice, 3), &timeout);
	return b;
}

static void *run_sink(void *arg)
{
	struct line *l = arg;
	uint64_t dice = mix(l->seed + 77);
	struct batch *b;

	while ((b = take_done(l, &dice)) != NULL) {
		l->in_order = l->in_order && b->seq == l->taken && b->parsed;
		l->taken++;
		if (b->fault && !atomic_load(&l->stop)) {
			l->fault_seq = b->seq;
			atomic_store(&l->stop, true);
		}
		l->written += !atomic_load(&l->stop);
		dawdle(&dice);
		*b = (struct batch){ .seq = 0 };
		if (!channel_push(l->idle, 0, b))
			l->in_order = false;
	}
	return NULL;
}

/* Sends until the input or the wish to go on ends, then waits until all batches are home. */
static uint64_t run_source(struct line *l)
{
	uint64_t dice = mix(l->seed + 99), seq = 0;

	while (seq < l->input_count && !atomic_load(&l->stop)) {
		struct batch *b = channel_pop(l->idle, 1, NULL);

		b->seq = seq++;
		b->raw = true;
		dawdle(&dice);
		assert_true(channel_push(l->work, RAW, b));
	}
	for (size_t i = 0; i < l->batch_count; i++)
		assert_non_null(channel_pop(l->idle, 1, NULL));
	return seq;
}

static void open_line(struct line *l, uint64_t seed)
{
	static const size_t batch_counts[] = { 1, 2, 4, 8 };

	*l = (struct line){ .seed = seed, .fault_seq = NO_FAULT, .in_order = true };
	l->batch_count = batch_counts[seed % 4];
	l->input_count = 100 + mix(seed) % 200;
	l->idle = channel_new(l->batch_count, 1);
	l->work = channel_new(l->batch_count, LANES);
	l->done = reorder_new(l->batch_count);
	assert_true(l->idle != NULL && l->work != NULL && l->done != NULL);
	for (size_t i = 0; i < l->batch_count; i++)
		assert_true(channel_push(l->idle, 0, &l->batch[i]));
}

/* One worker serves both lanes; several share them out at random so that no lane is without. */
static size_t start_workers(struct line *l, struct worker *w)
{
	uint64_t dice = mix(l->seed + 55);
	size_t count = 1 + draw(&dice, WORKERS_MAX);
	unsigned served = 0;

	for (size_t i = 0; i < count; i++) {
		w[i] = (struct worker){ .line = l, .dice = mix(l->seed * 8 + i), .sane = true };
		w[i].lanes = 1 + (unsigned)draw(&dice, 3);
		if (i + 1 == count)
			w[i].lanes |= 3u & ~served;
		served |= w[i].lanes;
	}
	for (size_t i = 0; i < count; i++)
		assert_true(thread_start(&w[i].thread, run_worker, &w[i], "worker"));
	return count;
}

static void run_line(uint64_t seed)
{
	struct worker worker[WORKERS_MAX];
	struct line l;
	struct thread sink;
	size_t count;
	uint64_t sent, expected;

	open_line(&l, seed);
	expected = first_fault(&l);
	assert_true(thread_start(&sink, run_sink, &l, "sink"));
	count = start_workers(&l, worker);
	sent = run_source(&l);
	reorder_end(l.done, sent);
	thread_join(&sink);
	channel_close(l.work);
	for (size_t i = 0; i < count; i++) {
		thread_join(&worker[i].thread);
		assert_true(worker[i].sane);
	}
	assert_true(l.in_order);
	assert_int_equal(l.taken, sent);
	assert_int_equal(l.fault_seq, expected);
	assert_int_equal(l.written, expected == NO_FAULT ? l.input_count : expected);
	assert_true(channel_peak(l.work) <= l.batch_count);
	channel_free(l.idle);
	channel_free(l.work);
	reorder_free(l.done);
}

static void every_batch_comes_home_and_the_first_fault_in_order_wins(void **state)
{
	long before = mem_live();

	(void)state;
	alarm(PATIENCE_S);
	for (long i = 0; i < rounds(); i++)
		run_line((uint64_t)i);
	assert_int_equal(mem_live(), before);
	alarm(0);
}

/* --- a crowd at narrow lanes --- */

enum { CROWD_LANES = 3, PUSHERS = 4, POPPERS = 4, PER_PUSHER = 120 };

struct token {
	unsigned lane, pusher, number;
	atomic_uint popped;
};

struct crowd {
	struct channel *ch;
	struct token token[PUSHERS][PER_PUSHER];
};

struct member {
	struct thread thread;
	struct crowd *crowd;
	unsigned index, lanes, accepted, popped;
	uint64_t dice;
	bool sane;
};

static void *run_pusher(void *arg)
{
	struct member *m = arg;

	for (unsigned i = 0; i < PER_PUSHER; i++) {
		struct token *t = &m->crowd->token[m->index][i];

		*t = (struct token){ .lane = (unsigned)draw(&m->dice, CROWD_LANES), .pusher = m->index, .number = i };
		dawdle(&m->dice);
		if (!channel_push(m->crowd->ch, t->lane, t))
			break;
		m->accepted++;
	}
	return NULL;
}

/* What one popper gets from one pusher through one lane must be in the order it was pushed. */
static void *run_popper(void *arg)
{
	struct member *m = arg;
	unsigned next[CROWD_LANES][PUSHERS] = { { 0 } }, lane;
	struct token *t;

	while ((t = channel_pop(m->crowd->ch, m->lanes, &lane)) != NULL) {
		m->sane = m->sane && t->lane == lane && (m->lanes & 1u << lane) &&
			  t->number >= next[lane][t->pusher] && atomic_fetch_add(&t->popped, 1) == 0;
		next[lane][t->pusher] = t->number + 1;
		m->popped++;
		dawdle(&m->dice);
	}
	return NULL;
}

static void run_crowd(uint64_t seed)
{
	static struct crowd c;
	struct member pusher[PUSHERS], popper[POPPERS];
	uint64_t dice = mix(seed + 1234);
	size_t capacity = 1 + draw(&dice, 3);
	unsigned accepted = 0, popped = 0;

	c.ch = channel_new(capacity, CROWD_LANES);
	assert_non_null(c.ch);
	for (unsigned i = 0; i < POPPERS; i++) {
		unsigned lanes = i == 0 ? 7u : 1 + (unsigned)draw(&dice, 7);

		popper[i] = (struct member){ .crowd = &c, .lanes = lanes, .dice = mix(seed * 16 + i), .sane = true };
		assert_true(thread_start(&popper[i].thread, run_popper, &popper[i], "popper"));
	}
	for (unsigned i = 0; i < PUSHERS; i++) {
		pusher[i] = (struct member){ .crowd = &c, .index = i, .dice = mix(seed * 16 + 8 + i), .sane = true };
		assert_true(thread_start(&pusher[i].thread, run_pusher, &pusher[i], "pusher"));
	}
	if (seed % 2) { /* close under the feet of the pushers */
		usleep((useconds_t)draw(&dice, 3000));
		channel_close(c.ch);
	}
	for (unsigned i = 0; i < PUSHERS; i++) {
		thread_join(&pusher[i].thread);
		accepted += pusher[i].accepted;
	}
	channel_close(c.ch);
	for (unsigned i = 0; i < POPPERS; i++) {
		thread_join(&popper[i].thread);
		popped += popper[i].popped;
		assert_true(popper[i].sane);
	}
	assert_int_equal(popped, accepted);
	if (seed % 2 == 0)
		assert_int_equal(accepted, PUSHERS * PER_PUSHER);
	assert_true(channel_peak(c.ch) <= capacity * CROWD_LANES);
	channel_free(c.ch);
}

static void what_was_accepted_is_handed_out_once_whenever_the_channel_is_closed(void **state)
{
	(void)state;
	alarm(PATIENCE_S);
	for (long i = 0; i < rounds(); i++)
		run_crowd((uint64_t)i);
	alarm(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_batch_comes_home_and_the_first_fault_in_order_wins),
		cmocka_unit_test(what_was_accepted_is_handed_out_once_whenever_the_channel_is_closed),
	};

	return cmocka_run_group_tests_name("flow_stress", tests, NULL, NULL);
}
