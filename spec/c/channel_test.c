/* channel_test.c: lanes, order, back-pressure, closing, and who is woken. The random runs are in
 * flow_stress_test.c.
 *
 * Tests that could hang for ever on a lost wake-up are ended by an alarm. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/resource.h>
#include <unistd.h>

#include "base/alloc.h"
#include "flow/channel.h"
#include "flow/thread.h"

enum { LANE_0 = 1, LANE_1 = 2, LANE_2 = 4, POPPERS = 8, PATIENCE_S = 60 };

static int items[64];

static void push(struct channel *ch, unsigned lane, int i)
{
	assert_true(channel_push(ch, lane, &items[i]));
}

static void assert_pops(struct channel *ch, unsigned lanes, int expected, unsigned expected_lane)
{
	unsigned lane = 99;

	assert_ptr_equal(channel_pop(ch, lanes, &lane), &items[expected]);
	assert_int_equal(lane, expected_lane);
}

static void items_of_a_lane_come_out_in_the_order_they_went_in(void **state)
{
	struct channel *ch = channel_new(3, 1);

	(void)state;
	for (int round = 0; round < 5; round++) { /* the ring wraps */
		push(ch, 0, 1);
		push(ch, 0, 2);
		assert_pops(ch, LANE_0, 1, 0);
		push(ch, 0, 3);
		assert_pops(ch, LANE_0, 2, 0);
		assert_pops(ch, LANE_0, 3, 0);
	}
	channel_free(ch);
}

static void a_popper_gets_the_highest_of_its_lanes_first(void **state)
{
	struct channel *ch = channel_new(4, 3);

	(void)state;
	push(ch, 0, 1);
	push(ch, 2, 2);
	push(ch, 1, 3);
	push(ch, 2, 4);
	assert_pops(ch, LANE_0 | LANE_1, 3, 1);
	assert_pops(ch, LANE_0 | LANE_1 | LANE_2, 2, 2);
	assert_pops(ch, LANE_0, 1, 0);
	assert_ptr_equal(channel_pop(ch, LANE_2, NULL), &items[4]);
	channel_free(ch);
}

static void a_closed_channel_refuses_items_but_hands_out_what_it_has(void **state)
{
	struct channel *ch = channel_new(2, 2);

	(void)state;
	push(ch, 0, 1);
	push(ch, 1, 2);
	channel_close(ch);
	channel_close(ch);
	assert_false(channel_push(ch, 0, &items[3]));
	assert_pops(ch, LANE_0, 1, 0);
	assert_null(channel_pop(ch, LANE_0, NULL));
	assert_pops(ch, LANE_0 | LANE_1, 2, 1);
	assert_null(channel_pop(ch, LANE_0 | LANE_1, NULL));
	channel_free(ch);
}

static void the_peak_is_the_most_items_in_all_lanes_together(void **state)
{
	struct channel *ch = channel_new(2, 2);

	(void)state;
	assert_int_equal(channel_peak(ch), 0);
	push(ch, 0, 1);
	push(ch, 1, 2);
	push(ch, 1, 3);
	assert_pops(ch, LANE_1, 2, 1);
	push(ch, 1, 4);
	for (int i = 0; i < 3; i++)
		assert_non_null(channel_pop(ch, LANE_0 | LANE_1, NULL));
	assert_int_equal(channel_peak(ch), 3);
	channel_free(ch);
}

static void a_failed_allocation_gives_no_channel_and_keeps_nothing(void **state)
{
	long before = mem_live();
	struct channel *ch = NULL;

	(void)state;
	for (long k = 0; ch == NULL; k++) {
		mem_fail_after(k, false);
		ch = channel_new(4, 2);
		mem_fail_after(-1, false);
		if (k == 0)
			assert_null(ch);
		if (ch == NULL)
			assert_int_equal(mem_live(), before);
	}
	channel_free(ch);
	channel_free(NULL);
	assert_int_equal(mem_live(), before);
	assert_null(channel_new(SIZE_MAX / 2, 4)); /* lanes * capacity does not fit */
	assert_null(channel_new(SIZE_MAX / 4, 1));
	assert_int_equal(mem_live(), before);
}

/* A thread that pops once, or pushes once, and says what came of it. */
struct actor {
	struct thread thread;
	struct channel *ch;
	unsigned lanes, got_lane;
	void *got;
	bool accepted;
	long switches;
	int taken;
};

static long voluntary_switches(void)
{
	struct rusage use;

	getrusage(RUSAGE_THREAD, &use);
	return use.ru_nvcsw;
}

static void *pop_once(void *arg)
{
	struct actor *a = arg;

	a->got = channel_pop(a->ch, a->lanes, &a->got_lane);
	return NULL;
}

static void *pop_until_closed(void *arg)
{
	struct actor *a = arg;
	long before = voluntary_switches();

	while (channel_pop(a->ch, a->lanes, NULL) != NULL)
		a->taken++;
	a->switches = voluntary_switches() - before;
	return NULL;
}

static void *push_once(void *arg)
{
	struct actor *a = arg;

	a->accepted = channel_push(a->ch, 0, &items[7]);
	return NULL;
}

static void start(struct actor *a, void *(*run)(void *), struct channel *ch, unsigned lanes)
{
	*a = (struct actor){ .ch = ch, .lanes = lanes };
	assert_true(thread_start(&a->thread, run, a, "actor"));
}

static void a_push_waits_for_room(void **state)
{
	struct channel *ch = channel_new(1, 2);
	struct actor pusher;

	(void)state;
	alarm(PATIENCE_S);
	push(ch, 0, 1);
	start(&pusher, push_once, ch, 0);
	usleep(20000);
	push(ch, 1, 2); /* another lane has room of its own */
	assert_int_equal(channel_peak(ch), 2);
	assert_pops(ch, LANE_1, 2, 1);
	assert_pops(ch, LANE_0, 1, 0);
	thread_join(&pusher.thread);
	assert_true(pusher.accepted);
	assert_pops(ch, LANE_0, 7, 0);
	channel_free(ch);
	alarm(0);
}

static void closing_ends_every_wait(void **state)
{
	struct channel *ch = channel_new(1, 3);
	struct actor pusher, popper[4];

	(void)state;
	alarm(PATIENCE_S);
	push(ch, 0, 1);
	start(&pusher, push_once, ch, 0);
	for (unsigned i = 0; i < 4; i++)
		start(&popper[i], pop_once, ch, i % 2 ? LANE_1 : LANE_1 | LANE_2);
	usleep(20000);
	channel_close(ch);
	thread_join(&pusher.thread);
	assert_false(pusher.accepted);
	for (int i = 0; i < 4; i++) {
		thread_join(&popper[i].thread);
		assert_null(popper[i].got);
	}
	assert_pops(ch, LANE_0, 1, 0);
	channel_free(ch);
	alarm(0);
}

static void waiting_time_counts_only_poppers_that_really_wait(void **state)
{
	struct channel *ch = channel_new(4, 1);
	struct actor popper;

	(void)state;
	alarm(PATIENCE_S);
	for (int i = 0; i < 4; i++)
		push(ch, 0, i);
	for (int i = 0; i < 4; i++)
		assert_pops(ch, LANE_0, i, 0);
	assert_int_equal(channel_waited_ns(ch), 0);
	start(&popper, pop_once, ch, LANE_0);
	usleep(50000);
	push(ch, 0, 5);
	thread_join(&popper.thread);
	assert_ptr_equal(popper.got, &items[5]);
	assert_in_range(channel_waited_ns(ch), 1000000, PATIENCE_S * UINT64_C(1000000000));
	channel_free(ch);
	alarm(0);
}

/* With one condition for all, each push would wake every popper: items * POPPERS switches. */
static void a_push_wakes_one_sleeper_and_none_of_another_lane(void **state)
{
	struct channel *ch = channel_new(8, 2);
	struct actor popper[POPPERS], stranger;
	const int count = 50;
	long switches = 0;
	int taken = 0;

	(void)state;
	alarm(PATIENCE_S);
	start(&stranger, pop_until_closed, ch, LANE_1);
	for (int i = 0; i < POPPERS; i++)
		start(&popper[i], pop_until_closed, ch, LANE_0);
	for (int i = 0; i < count; i++) {
		usleep(2000);
		push(ch, 0, i);
	}
	channel_close(ch);
	for (int i = 0; i < POPPERS; i++) {
		thread_join(&popper[i].thread);
		switches += popper[i].switches;
		taken += popper[i].taken;
	}
	thread_join(&stranger.thread);
	assert_int_equal(taken, count);
	assert_true(switches < count * POPPERS / 2);
	assert_true(stranger.switches < count / 2);
	channel_free(ch);
	alarm(0);
}

/* The popper of both lanes fell asleep last and is woken for lane 0, but finds lane 1 filled, too, and
 * prefers it. The popper of lane 0 must be woken in its place. When the timing fails and it did take lane 0,
 * help the run to its end. */
static void a_wake_not_used_is_handed_on(void **state)
{
	(void)state;
	alarm(PATIENCE_S);
	for (int round = 0; round < 50; round++) {
		struct channel *ch = channel_new(2, 2);
		struct actor low, both;

		start(&low, pop_once, ch, LANE_0);
		usleep(1000);
		start(&both, pop_once, ch, LANE_0 | LANE_1);
		usleep(1000);
		push(ch, 0, 1);
		push(ch, 1, 2);
		thread_join(&both.thread);
		if (both.got_lane == 0) {
			push(ch, 0, 1);
			assert_pops(ch, LANE_1, 2, 1);
		}
		thread_join(&low.thread);
		assert_ptr_equal(low.got, &items[1]);
		assert_int_equal(low.got_lane, 0);
		channel_free(ch);
	}
	alarm(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_of_a_lane_come_out_in_the_order_they_went_in),
		cmocka_unit_test(a_popper_gets_the_highest_of_its_lanes_first),
		cmocka_unit_test(a_closed_channel_refuses_items_but_hands_out_what_it_has),
		cmocka_unit_test(the_peak_is_the_most_items_in_all_lanes_together),
		cmocka_unit_test(a_failed_allocation_gives_no_channel_and_keeps_nothing),
		cmocka_unit_test(a_push_waits_for_room),
		cmocka_unit_test(closing_ends_every_wait),
		cmocka_unit_test(waiting_time_counts_only_poppers_that_really_wait),
		cmocka_unit_test(a_push_wakes_one_sleeper_and_none_of_another_lane),
		cmocka_unit_test(a_wake_not_used_is_handed_on),
	};

	return cmocka_run_group_tests_name("channel", tests, NULL, NULL);
}
