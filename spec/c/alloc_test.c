/* alloc_test.c: the gate to memory and its counts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <pthread.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"

static void blocks_are_counted_until_freed(void **state)
{
	long before = mem_live();
	void *a = mem_alloc(10), *b = mem_zalloc(20), *c = mem_array(3, 7), *d = mem_dup("xyz", 3);

	(void)state;
	assert_non_null(a);
	assert_non_null(b);
	assert_non_null(c);
	assert_memory_equal(d, "xyz", 3);
	assert_int_equal(mem_live(), before + 4);
	mem_free(a);
	mem_free(b);
	mem_free(c);
	mem_free(d);
	assert_int_equal(mem_live(), before);
}

static void freeing_nothing_counts_nothing(void **state)
{
	long before = mem_live();

	(void)state;
	mem_free(NULL);
	assert_int_equal(mem_live(), before);
}

static void zeroed_memory_is_zero(void **state)
{
	static const uint8_t zero[100];
	void *p = mem_zalloc(100);

	(void)state;
	assert_memory_equal(p, zero, 100);
	mem_free(p);
}

static void size_zero_gives_a_pointer_of_its_own(void **state)
{
	void *a = mem_alloc(0), *b = mem_zalloc(0), *c = mem_array(0, 5), *d = mem_dup(NULL, 0);

	(void)state;
	assert_non_null(a);
	assert_non_null(b);
	assert_non_null(c);
	assert_non_null(d);
	assert_ptr_not_equal(a, b);
	mem_free(a);
	mem_free(b);
	mem_free(c);
	mem_free(d);
}

static void realloc_keeps_content_and_count(void **state)
{
	long before = mem_live();
	char *p = mem_realloc(NULL, 4);

	(void)state;
	memcpy(p, "abc", 4);
	p = mem_realloc(p, 4000);
	assert_string_equal(p, "abc");
	p = mem_realloc(p, 0);
	assert_non_null(p);
	assert_int_equal(mem_live(), before + 1);
	mem_free(p);
	assert_int_equal(mem_live(), before);
}

static void an_array_that_overflows_is_refused(void **state)
{
	(void)state;
	assert_null(mem_array(SIZE_MAX / 2, 3));
}

static void the_countdown_refuses_one_allocation(void **state)
{
	void *a, *b, *c;

	(void)state;
	mem_fail_after(1, false);
	a = mem_alloc(1);
	b = mem_zalloc(1);
	c = mem_alloc(1);
	assert_non_null(a);
	assert_null(b);
	assert_non_null(c);
	assert_int_equal(mem_refused(), 1);
	mem_free(a);
	mem_free(c);
}

static void the_countdown_refuses_for_ever_until_switched_off(void **state)
{
	void *a;

	(void)state;
	mem_fail_after(0, true);
	assert_null(mem_alloc(1));
	assert_null(mem_array(1, 1));
	assert_null(mem_dup("a", 1));
	assert_false(mem_may_allocate());
	assert_int_equal(mem_refused(), 4);
	mem_fail_after(-1, false);
	assert_int_equal(mem_refused(), 0);
	assert_true(mem_may_allocate());
	a = mem_alloc(1);
	assert_non_null(a);
	mem_free(a);
}

static void a_refused_realloc_leaves_the_block(void **state)
{
	long before = mem_live();
	char *p = mem_dup("keep", 5);

	(void)state;
	mem_fail_after(0, false);
	assert_null(mem_realloc(p, 100));
	assert_string_equal(p, "keep");
	mem_free(p);
	assert_int_equal(mem_live(), before);
}

#define BLOCKS 200

static void *take_some(void *blocks)
{
	void **block = blocks;

	for (int i = 0; i < BLOCKS; i++)
		block[i] = mem_alloc(1);
	return NULL;
}

static void blocks_of_any_number_of_threads_are_counted_and_may_be_freed_elsewhere(void **state)
{
	static void *block[100][BLOCKS];
	long before = mem_live();

	(void)state;
	for (int round = 0; round < 25; round++) {
		pthread_t thread[4];

		for (int i = 0; i < 4; i++)
			assert_int_equal(pthread_create(&thread[i], NULL, take_some,
							block[round * 4 + i]),
					 0);
		for (int i = 0; i < 4; i++)
			assert_int_equal(pthread_join(thread[i], NULL), 0);
	}
	assert_int_equal(mem_live(), before + 100 * BLOCKS);
	for (int i = 0; i < 100 * BLOCKS; i++)
		mem_free(block[i / BLOCKS][i % BLOCKS]);
	assert_int_equal(mem_live(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_counted_until_freed),
		cmocka_unit_test(freeing_nothing_counts_nothing),
		cmocka_unit_test(zeroed_memory_is_zero),
		cmocka_unit_test(size_zero_gives_a_pointer_of_its_own),
		cmocka_unit_test(realloc_keeps_content_and_count),
		cmocka_unit_test(an_array_that_overflows_is_refused),
		cmocka_unit_test(the_countdown_refuses_one_allocation),
		cmocka_unit_test(the_countdown_refuses_for_ever_until_switched_off),
		cmocka_unit_test(a_refused_realloc_leaves_the_block),
		cmocka_unit_test(blocks_of_any_number_of_threads_are_counted_and_may_be_freed_elsewhere),
	};

	return cmocka_run_group_tests_name("alloc", tests, NULL, NULL);
}
