/* reorder_test.c: order, ends and waits of the reorder ring. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#include "base/alloc.h"
#include "flow/reorder.h"
#include "flow/thread.h"

enum { PATIENCE_S = 60 };

static int items[8];

static void items_come_out_by_number_whatever_the_order_they_went_in(void **state)
{
	static const uint64_t order[3][4] = { { 3, 2, 1, 0 }, { 1, 0, 3, 2 }, { 0, 3, 1, 2 } };
	struct reorder *ro = reorder_new(4);

	(void)state;
	for (uint64_t round = 0; round < 3; round++) {
		for (int i = 0; i < 4; i++)
			reorder_put(ro, round * 4 + order[round][i], &items[order[round][i]]);
		for (int i = 0; i < 4; i++)
			assert_ptr_equal(reorder_take(ro), &items[i]);
	}
	assert_int_equal(reorder_waited_ns(ro), 0);
	reorder_end(ro, 12);
	assert_null(reorder_take(ro));
	assert_null(reorder_take(ro));
	reorder_free(ro);
}

static void the_end_may_be_told_before_the_last_items_come(void **state)
{
	struct reorder *ro = reorder_new(2);

	(void)state;
	reorder_put(ro, 1, &items[1]);
	reorder_end(ro, 2);
	reorder_put(ro, 0, &items[0]);
	assert_ptr_equal(reorder_take(ro), &items[0]);
	assert_ptr_equal(reorder_take(ro), &items[1]);
	assert_null(reorder_take(ro));
	reorder_free(ro);
}

static void an_end_at_zero_gives_nothing(void **state)
{
	struct reorder *ro = reorder_new(1);
	int timeout = 7;

	(void)state;
	reorder_end(ro, 0);
	assert_null(reorder_take(ro));
	assert_null(reorder_take_for(ro, 1000, &timeout));
	assert_int_equal(timeout, 0);
	reorder_free(ro);
}

static void a_bounded_wait_says_not_yet(void **state)
{
	struct reorder *ro = reorder_new(2);
	uint64_t before = clock_mono_ns(), took;
	int timeout = 0;

	(void)state;
	reorder_put(ro, 1, &items[1]); /* there, but not the next */
	assert_null(reorder_take_for(ro, 30, &timeout));
	took = clock_mono_ns() - before;
	assert_int_equal(timeout, 1);
	assert_in_range(took, 30000000, PATIENCE_S * UINT64_C(1000000000));
	assert_in_range(reorder_waited_ns(ro), 30000000, took);
	assert_null(reorder_take_for(ro, 0, &timeout));
	assert_int_equal(timeout, 1);
	reorder_put(ro, 0, &items[0]);
	assert_ptr_equal(reorder_take_for(ro, 0, &timeout), &items[0]);
	assert_int_equal(timeout, 0);
	assert_ptr_equal(reorder_take(ro), &items[1]);
	reorder_free(ro);
}

static void *put_late(void *arg)
{
	usleep(20000);
	reorder_put(arg, 1, &items[1]);
	usleep(20000);
	reorder_put(arg, 0, &items[0]);
	return NULL;
}

static void *end_late(void *arg)
{
	usleep(20000);
	reorder_end(arg, 0);
	return NULL;
}

static void taking_waits_for_the_next_item(void **state)
{
	struct reorder *ro = reorder_new(2);
	struct thread t;
	int timeout = 1;

	(void)state;
	alarm(PATIENCE_S);
	assert_true(thread_start(&t, put_late, ro, "late"));
	assert_ptr_equal(reorder_take(ro), &items[0]);
	assert_ptr_equal(reorder_take_for(ro, PATIENCE_S * 1000, &timeout), &items[1]);
	assert_int_equal(timeout, 0);
	assert_true(reorder_waited_ns(ro) > 0);
	thread_join(&t);
	reorder_free(ro);
	alarm(0);
}

static void the_end_wakes_a_taker_that_waits(void **state)
{
	struct reorder *ro = reorder_new(2);
	struct thread t;

	(void)state;
	alarm(PATIENCE_S);
	assert_true(thread_start(&t, end_late, ro, "end"));
	assert_null(reorder_take(ro));
	thread_join(&t);
	reorder_free(ro);
	alarm(0);
}

static void a_failed_allocation_gives_no_ring_and_keeps_nothing(void **state)
{
	long before = mem_live();
	struct reorder *ro = NULL;

	(void)state;
	for (long k = 0; ro == NULL; k++) {
		mem_fail_after(k, false);
		ro = reorder_new(4);
		mem_fail_after(-1, false);
		if (k == 0)
			assert_null(ro);
		if (ro == NULL)
			assert_int_equal(mem_live(), before);
	}
	reorder_free(ro);
	reorder_free(NULL);
	assert_int_equal(mem_live(), before);
	assert_null(reorder_new(SIZE_MAX / 4));
	assert_int_equal(mem_live(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_come_out_by_number_whatever_the_order_they_went_in),
		cmocka_unit_test(the_end_may_be_told_before_the_last_items_come),
		cmocka_unit_test(an_end_at_zero_gives_nothing),
		cmocka_unit_test(a_bounded_wait_says_not_yet),
		cmocka_unit_test(taking_waits_for_the_next_item),
		cmocka_unit_test(the_end_wakes_a_taker_that_waits),
		cmocka_unit_test(a_failed_allocation_gives_no_ring_and_keeps_nothing),
	};

	return cmocka_run_group_tests_name("reorder", tests, NULL, NULL);
}
