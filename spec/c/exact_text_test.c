/* exact_text_test.c: exact sums as text, squares, and the deviation that comes of them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "agg/exact_sum.h"

static void assert_written(const struct exact_sum *s, const char *expected)
{
	struct buf out;

	buf_init(&out, BUF_NO_LIMIT);
	assert_int_equal(exact_sum_write(s, &out), STATUS_OK);
	assert_int_equal(out.len, strlen(expected));
	assert_memory_equal(out.ptr, expected, out.len);
	buf_release(&out);
}

/* What is written is read as the same sum: both written again, and from 0 the difference is 0. */
static void assert_round_trip(const struct exact_sum *s)
{
	struct exact_sum again = { 0 };
	struct buf first, second;

	buf_init(&first, BUF_NO_LIMIT);
	buf_init(&second, BUF_NO_LIMIT);
	assert_int_equal(exact_sum_write(s, &first), STATUS_OK);
	assert_true(exact_sum_read(&again, buf_span(&first)));
	assert_int_equal(exact_sum_write(&again, &second), STATUS_OK);
	assert_true(span_eq(buf_span(&first), buf_span(&second)));
	double a = exact_sum_double(s), b = exact_sum_double(&again);
	assert_true(isnan(a) ? isnan(b) : memcmp(&a, &b, sizeof(a)) == 0);
	buf_release(&first);
	buf_release(&second);
}

static void sums_are_written_in_sixteens(void **unused)
{
	struct exact_sum s = { 0 };

	(void)unused;
	assert_written(&s, "0x0");
	exact_sum_add_int(&s, 255);
	assert_written(&s, "0xFF");
	exact_sum_add_int(&s, -256);
	assert_written(&s, "-0x1");
	exact_sum_add_int(&s, INT64_MIN);
	exact_sum_add_int(&s, INT64_MIN);
	assert_written(&s, "-0x10000000000000001");
	exact_sum_reset(&s);
	exact_sum_add_double(&s, -0.5);
	assert_written(&s, "-0x80000000p-32");
	exact_sum_add_double(&s, 1.0);
	assert_written(&s, "0x80000000p-32");
	exact_sum_add_double(&s, -INFINITY);
	assert_written(&s, "-inf");
	exact_sum_add_double(&s, INFINITY);
	assert_written(&s, "nan");
}

static void what_is_written_is_read_as_the_same_sum(void **unused)
{
	static const double numbers[] = { 0.1, -1e300, 1e300, 5e-324, -2.5, 1.7976931348623157e308, 3e-310, 1e15 };
	struct exact_sum s = { 0 };

	(void)unused;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		exact_sum_add_double(&s, numbers[i]);
		assert_round_trip(&s);
		exact_sum_add_double_square(&s, numbers[i]);
		assert_round_trip(&s);
	}
	exact_sum_add_double(&s, INFINITY);
	assert_round_trip(&s);
	exact_sum_add_double(&s, NAN);
	assert_round_trip(&s);
}

static void what_is_no_sum_is_refused(void **unused)
{
	static const char *const bad[] = { "", "-", "0", "0x", "-0x", "1F", "0xG", "0xff", "0x1p", "0x1p-", "0x1p-x", "0x1p-31",
					   "0x1p-2208", "0x1p-99999", "0x1p32", "0x1 ", "+inf", "NaN", "infinity" };
	struct exact_sum s = { 0 };
	char longest[1200] = "0x";

	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(exact_sum_read(&s, span_str(bad[i])));
	assert_written(&s, "0x0");
	memset(longest + 2, 'F', 1100);
	assert_false(exact_sum_read(&s, span_str(longest)));
	memset(longest + 2, 0, 1100);
	memset(longest + 2, 'F', 544); /* up to 2^2176 */
	assert_true(exact_sum_read(&s, span_str(longest)));
	assert_written(&s, longest);
}

static double deviation_of(const double *d, size_t n)
{
	struct exact_sum sum = { 0 }, squares = { 0 };

	for (size_t i = 0; i < n; i++) {
		exact_sum_add_double(&sum, d[i]);
		exact_sum_add_double_square(&squares, d[i]);
	}
	return exact_deviation(&sum, &squares, n);
}

static void squares_of_integers_are_exact(void **unused)
{
	static const int64_t numbers[] = { 0, 1, -3, 3037000499, 3037000500, -3037000501, INT64_MAX, INT64_MIN };
	struct exact_sum ints = { 0 }, bits = { 0 };

	(void)unused;
	exact_sum_add_int_square(&ints, INT64_MIN);
	assert_written(&ints, "0x40000000000000000000000000000000");
	exact_sum_reset(&ints);
	exact_sum_add_int_square(&ints, INT64_MAX);
	assert_written(&ints, "0x3FFFFFFFFFFFFFFF0000000000000001");
	exact_sum_reset(&ints);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		exact_sum_add_int_square(&ints, numbers[i]);
		exact_sum_add_int_square(&bits, numbers[i]);
	}
	exact_sum_merge(&ints, &bits);
	assert_round_trip(&ints);
	exact_sum_reset(&bits);
	exact_sum_add_double_square(&bits, 3.0);
	assert_written(&bits, "0x9");
}

static void a_deviation_is_right_where_doubles_cancel(void **unused)
{
	(void)unused;
	assert_true(deviation_of((double[]){ 1, 2 }, 2) == sqrt(0.5));
	assert_true(deviation_of((double[]){ 1e15 + 4, 1e15 + 7, 1e15 + 13, 1e15 + 16 }, 4) == sqrt(30));
	assert_true(deviation_of((double[]){ 0.1, 0.1, 0.1, 0.1 }, 4) == 0);
	assert_true(deviation_of((double[]){ 5e-324, 5e-324, 0, 0, 0 }, 5) == 5e-324);
	double largest = deviation_of((double[]){ 1.7976931348623157e308, 0 }, 2);
	assert_true(fabs(largest / 1.7976931348623157e308 - sqrt(0.5)) < 1e-15);
	assert_true(isinf(deviation_of((double[]){ 1.7976931348623157e308, -1.7976931348623157e308 }, 2)));
}

static void a_deviation_of_too_few_or_of_what_is_not_finite_is_no_number(void **unused)
{
	(void)unused;
	assert_true(isnan(deviation_of(NULL, 0)));
	assert_true(isnan(deviation_of((double[]){ 5 }, 1)));
	assert_true(isnan(deviation_of((double[]){ 5, -INFINITY }, 2)));
	assert_true(isnan(deviation_of((double[]){ 5, NAN }, 2)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_written_in_sixteens),
		cmocka_unit_test(what_is_written_is_read_as_the_same_sum),
		cmocka_unit_test(what_is_no_sum_is_refused),
		cmocka_unit_test(squares_of_integers_are_exact),
		cmocka_unit_test(a_deviation_is_right_where_doubles_cancel),
		cmocka_unit_test(a_deviation_of_too_few_or_of_what_is_not_finite_is_no_number),
	};

	return cmocka_run_group_tests_name("exact_text", tests, NULL, NULL);
}
