/* exact_sum_test.c: the exact sum against long-hand arithmetic on bytes, and against itself in other
 * orders. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "agg/exact_sum.h"

/* ---- long-hand arithmetic: two's complement, base 256, least byte first, byte 136 weighs 1 (2^(8*136 -
 * 1088)) ---- */

#define BIG 288
struct big {
	uint8_t b[BIG];
};

static void big_negate(struct big *a)
{
	unsigned carry = 1;

	for (int i = 0; i < BIG; i++) {
		carry += (uint8_t)~a->b[i];
		a->b[i] = (uint8_t)carry;
		carry >>= 8;
	}
}

static void big_add(struct big *a, const struct big *b)
{
	unsigned carry = 0;

	for (int i = 0; i < BIG; i++) {
		carry += (unsigned)a->b[i] + b->b[i];
		a->b[i] = (uint8_t)carry;
		carry >>= 8;
	}
}

static bool big_negative(const struct big *a)
{
	return a->b[BIG - 1] & 0x80;
}

static struct big big_of_bits(uint64_t magnitude, int lowest_bit, bool negative)
{
	struct big a = { { 0 } };

	for (int i = 0; i < 64; i++)
		if (magnitude >> i & 1)
			a.b[(lowest_bit + i) / 8] |= (uint8_t)(1u << (lowest_bit + i) % 8);
	if (negative)
		big_negate(&a);
	return a;
}

static struct big big_of_double(double d)
{
	int exponent;
	double fraction = frexp(fabs(d), &exponent);

	return d == 0 ? (struct big){ { 0 } }
		      : big_of_bits((uint64_t)ldexp(fraction,
		      	53) >> (exponent < -1021 ? -1021 - exponent : 0),
				    1088 + (exponent < -1021 ? -1074 : exponent - 53), d < 0);
}

static struct big big_of_int(int64_t v)
{
	return big_of_bits(v < 0 ? 0 - (uint64_t)v : (uint64_t)v, 1088, v < 0);
}

/* |a - d| */
static struct big big_distance(struct big a, double d)
{
	struct big b = big_of_double(-d);

	big_add(&a, &b);
	if (big_negative(&a))
		big_negate(&a);
	return a;
}

static int big_compare(const struct big *a, const struct big *b)
{
	for (int i = BIG - 1; i >= 0; i--)
		if (a->b[i] != b->b[i])
			return a->b[i] < b->b[i] ? -1 : 1;
	return 0;
}

static bool is_even(double d)
{
	uint64_t bits;

	memcpy(&bits, &d, sizeof(bits));
	return !(bits & 1);
}

/* d is the double next to a, and of two equally near ones the even one. */
static void assert_nearest(const struct big *a, double d)
{
	struct big here = big_distance(*a, d);
	double beside[2] = { nextafter(d, -INFINITY), nextafter(d, INFINITY) };

	for (int i = 0; i < 2; i++) {
		if (isinf(beside[i]))
			continue;
		struct big there = big_distance(*a, beside[i]);
		int c = big_compare(&here, &there);
		assert_true(c < 0 || (c == 0 && is_even(d)));
	}
}

/* ---- numbers to try ---- */

static uint64_t state = 88172645463325252u;

static uint64_t next_random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

/* Any finite double: all exponents alike, or near to one another so that much cancels. */
static double random_double(bool near)
{
	for (;;) {
		uint64_t bits = next_random();
		double d;

		if (near)
			bits = (bits & ~(UINT64_C(0x7F0) << 52)) | UINT64_C(0x3F0) << 52;
		if (next_random() % 16 == 0)
			bits &= ~(UINT64_C(0x7FF) << 52); /* subnormal */
		if (next_random() % 8 == 0)
			bits &= UINT64_MAX << 50; /* few digits: ties */
		memcpy(&d, &bits, sizeof(d));
		if (isfinite(d) && fabs(d) < DBL_MAX / 1e6)
			return d;
	}
}

struct addend {
	bool is_int;
	int64_t i;
	double d;
};

static struct addend random_addend(bool near)
{
	struct addend a = { .is_int = next_random() % 3 == 0 };

	if (a.is_int)
		a.i = (int64_t)next_random() >> next_random() % 64;
	else
		a.d = random_double(near);
	return a;
}

static void add(struct exact_sum *s, const struct addend *a)
{
	if (a->is_int)
		exact_sum_add_int(s, a->i);
	else
		exact_sum_add_double(s, a->d);
}

static void shuffle(struct addend *a, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t k = next_random() % i;
		struct addend spare = a[i - 1];

		a[i - 1] = a[k];
		a[k] = spare;
	}
}

/* Add in groups of random length, merged as they come. */
static double sum_in_groups(const struct addend *a, size_t n)
{
	static struct exact_sum whole, part;

	memset(&whole, 0, sizeof(whole));
	memset(&part, 0, sizeof(part));
	for (size_t i = 0; i < n; i++) {
		add(&part, &a[i]);
		if (next_random() % 5 == 0 || i == n - 1) {
			exact_sum_merge(&whole, &part);
			exact_sum_reset(&part);
		}
	}
	return exact_sum_double(&whole);
}

static void assert_same_bits(double a, double b)
{
	assert_memory_equal(&a, &b, sizeof(a));
}

/* ---- tests ---- */

static void the_sum_is_the_nearest_double_to_the_long_hand_sum(void **unused)
{
	(void)unused;
	for (int round = 0; round < 3000; round++) {
		struct exact_sum s = { .small = 0 };
		struct big whole = { { 0 } };
		size_t n = 1 + next_random() % 30;
		bool near = round % 2;

		for (size_t i = 0; i < n; i++) {
			struct addend a = random_addend(near);
			struct big b = a.is_int ? big_of_int(a.i) : big_of_double(a.d);

			add(&s, &a);
			big_add(&whole, &b);
		}
		assert_nearest(&whole, exact_sum_double(&s));
	}
}

static void order_and_grouping_do_not_change_one_bit(void **unused)
{
	struct addend a[200];

	(void)unused;
	for (int round = 0; round < 100; round++) {
		struct exact_sum s = { .small = 0 };

		for (size_t i = 0; i < 200; i++) {
			a[i] = random_addend(round % 2);
			add(&s, &a[i]);
		}
		for (int again = 0; again < 10; again++) {
			shuffle(a, 200);
			assert_same_bits(sum_in_groups(a, 200), exact_sum_double(&s));
		}
	}
}

static void big_and_small_cancel_exactly(void **unused)
{
	struct exact_sum s = { .small = 0 };

	(void)unused;
	exact_sum_add_double(&s, 1e308);
	exact_sum_add_double(&s, 4.9406564584124654e-324);
	exact_sum_add_double(&s, -1e308);
	assert_same_bits(exact_sum_double(&s), 4.9406564584124654e-324);
	exact_sum_add_double(&s, -4.9406564584124654e-324);
	assert_same_bits(exact_sum_double(&s), 0.0);
}

static void ten_tenths_are_rounded_once(void **unused)
{
	struct exact_sum s = { .small = 0 };

	(void)unused;
	for (int i = 0; i < 10; i++)
		exact_sum_add_double(&s, 0.1);
	assert_same_bits(exact_sum_double(&s), 1.0);
}

static void a_half_way_case_goes_to_the_even_number(void **unused)
{
	struct exact_sum s = { .small = 0 };

	(void)unused;
	exact_sum_add_double(&s, 9007199254740992.0); /* 2^53 */
	exact_sum_add_int(&s, 1);
	assert_same_bits(exact_sum_double(&s), 9007199254740992.0);
	exact_sum_add_double(&s, 0x1p-1074);
	assert_same_bits(exact_sum_double(&s), 9007199254740994.0);
	exact_sum_add_double(&s, -0x1p-1074);
	exact_sum_add_int(&s, 2);
	assert_same_bits(exact_sum_double(&s), 9007199254740996.0);
}

static void beyond_the_largest_double_lies_infinity_and_the_way_back(void **unused)
{
	struct exact_sum s = { .small = 0 };

	(void)unused;
	exact_sum_add_double(&s, DBL_MAX);
	exact_sum_add_double(&s, DBL_MAX);
	assert_same_bits(exact_sum_double(&s), (double)INFINITY);
	exact_sum_add_double(&s, -DBL_MAX);
	assert_same_bits(exact_sum_double(&s), DBL_MAX);
}

static void infinities_and_nan_do_not_depend_on_order(void **unused)
{
	struct exact_sum a = { .small = 0 }, b = { .small = 0 };

	(void)unused;
	exact_sum_add_double(&a, (double)INFINITY);
	exact_sum_add_double(&a, 1);
	assert_same_bits(exact_sum_double(&a), (double)INFINITY);
	exact_sum_add_double(&b, -(double)INFINITY);
	assert_same_bits(exact_sum_double(&b), -(double)INFINITY);
	exact_sum_merge(&a, &b);
	assert_true(isnan(exact_sum_double(&a)));
	exact_sum_reset(&b);
	exact_sum_add_double(&b, (double)NAN);
	exact_sum_add_double(&b, 5);
	assert_true(isnan(exact_sum_double(&b)));
	exact_sum_reset(&b);
	assert_same_bits(exact_sum_double(&b), 0.0);
}

static void integers_stay_integers_up_to_their_limits(void **unused)
{
	struct exact_sum s = { .small = 0 };
	int64_t out = 7;

	(void)unused;
	exact_sum_add_int(&s, INT64_MAX);
	assert_true(exact_sum_int(&s, &out));
	assert_true(out == INT64_MAX);
	exact_sum_add_int(&s, 1);
	assert_false(exact_sum_int(&s, &out));
	assert_same_bits(exact_sum_double(&s), 9223372036854775808.0);
	exact_sum_add_int(&s, INT64_MIN);
	assert_true(exact_sum_int(&s, &out));
	assert_true(out == 0);
	exact_sum_add_int(&s, INT64_MIN);
	assert_true(exact_sum_int(&s, &out));
	assert_true(out == INT64_MIN);
	exact_sum_add_int(&s, -1);
	assert_false(exact_sum_int(&s, &out));
	exact_sum_add_double(&s, 0.5);
	exact_sum_add_int(&s, 1);
	assert_false(exact_sum_int(&s, &out));
}

static void carries_are_settled_before_they_overflow(void **unused)
{
	struct exact_sum s = { .small = 0 }, part = { .small = 0 };
	struct big whole = { { 0 } }, one = big_of_double(1e100);

	(void)unused;
	for (int i = 0; i < 1000; i++)
		exact_sum_add_double(&part, 1e100);
	for (int i = 0; i < 1000; i++)
		big_add(&whole, &one);
	one = whole;
	memset(&whole, 0, sizeof(whole));
	/* each merge brings the waiting carries near to the bound */
	part.waiting = (UINT32_C(1) << 30) - 1;
	for (int i = 0; i < 20; i++) {
		exact_sum_merge(&s, &part);
		big_add(&whole, &one);
		assert_true(s.waiting <= UINT32_C(1) << 30);
	}
	s.waiting = UINT32_C(1) << 30;
	exact_sum_add_double(&s, 0.25);
	one = big_of_double(0.25);
	big_add(&whole, &one);
	assert_true(s.waiting < 10);
	assert_nearest(&whole, exact_sum_double(&s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sum_is_the_nearest_double_to_the_long_hand_sum),
		cmocka_unit_test(order_and_grouping_do_not_change_one_bit),
		cmocka_unit_test(big_and_small_cancel_exactly),
		cmocka_unit_test(ten_tenths_are_rounded_once),
		cmocka_unit_test(a_half_way_case_goes_to_the_even_number),
		cmocka_unit_test(beyond_the_largest_double_lies_infinity_and_the_way_back),
		cmocka_unit_test(infinities_and_nan_do_not_depend_on_order),
		cmocka_unit_test(integers_stay_integers_up_to_their_limits),
		cmocka_unit_test(carries_are_settled_before_they_overflow),
	};

	return cmocka_run_group_tests_name("exact_sum", tests, NULL, NULL);
}
