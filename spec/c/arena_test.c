/* arena_test.c: bump memory: alignment, growth, what a reset keeps. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/arena.h"

static void pointers_are_aligned_and_apart(void **state)
{
	struct arena a;
	uint8_t *last = NULL;

	(void)state;
	arena_init(&a, 0);
	for (size_t len = 0; len < 300; len++) {
		uint8_t *p = arena_alloc(&a, len);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % 16, 0);
		assert_ptr_not_equal(p, last);
		memset(p, (int)len, len);
		last = p;
	}
	arena_release(&a);
}

static void content_survives_growth(void **state)
{
	struct arena a;
	uint32_t *p[500];

	(void)state;
	arena_init(&a, 0);
	for (uint32_t i = 0; i < 500; i++) {
		p[i] = arena_alloc(&a, 100);
		*p[i] = i;
	}
	for (uint32_t i = 0; i < 500; i++)
		assert_int_equal(*p[i], i);
	arena_release(&a);
}

static void blocks_double_so_that_few_are_needed(void **state)
{
	struct arena a;
	long before = mem_live();

	(void)state;
	arena_init(&a, 0);
	for (int i = 0; i < 10000; i++)
		assert_non_null(arena_alloc(&a, 100));
	assert_in_range(mem_live() - before, 2, 12);
	arena_release(&a);
	assert_int_equal(mem_live(), before);
}

static void a_reset_keeps_no_more_than_allowed(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 10000);
	assert_non_null(arena_alloc(&a, 1000000));
	assert_true(arena_bytes(&a) >= 1000000);
	arena_reset(&a);
	assert_int_equal(arena_bytes(&a), 0);
	assert_non_null(arena_alloc(&a, 50));
	arena_reset(&a);
	assert_in_range(arena_bytes(&a), 50, 10000);
	arena_release(&a);
	assert_int_equal(arena_bytes(&a), 0);
}

static void a_steady_load_needs_no_more_memory_after_the_first_rounds(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 50000);
	for (int round = 0; round < 20; round++) {
		if (round == 3)
			mem_fail_after(0, true);
		for (int i = 0; i < 400; i++)
			assert_non_null(arena_alloc(&a, 100));
		arena_reset(&a);
	}
	mem_fail_after(-1, false);
	arena_release(&a);
}

static void no_memory_gives_null_and_the_arena_stays_usable(void **state)
{
	struct arena a;
	long before = mem_live();

	(void)state;
	arena_init(&a, 0);
	mem_fail_after(0, false);
	assert_null(arena_alloc(&a, 10));
	assert_non_null(arena_alloc(&a, 10));
	assert_null(arena_alloc(&a, SIZE_MAX));
	assert_null(arena_alloc(&a, SIZE_MAX - 20));
	assert_non_null(arena_alloc(&a, 10));
	arena_release(&a);
	assert_int_equal(mem_live(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pointers_are_aligned_and_apart),
		cmocka_unit_test(content_survives_growth),
		cmocka_unit_test(blocks_double_so_that_few_are_needed),
		cmocka_unit_test(a_reset_keeps_no_more_than_allowed),
		cmocka_unit_test(a_steady_load_needs_no_more_memory_after_the_first_rounds),
		cmocka_unit_test(no_memory_gives_null_and_the_arena_stays_usable),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
