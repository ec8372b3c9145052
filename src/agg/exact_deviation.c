/* exact_deviation.c: the standard deviation without cancellation.
 *
 * n * squares - sum^2 is the difference of two large numbers that may agree in all digits a double has; here
 * both are integers of some thousand bits, and the first rounding comes behind the subtraction. */
#include <math.h>
#include <string.h>

#include "agg/exact_sum.h"

#define UNITS_LIMB (EXACT_UNITS_BIT / 32)
#define HALF (UNITS_LIMB / 2) /* a sum of doubles is a multiple of 2^-1074: these limbs of it are zero */

/* out += limb * factor * 2^(32 at); what would lie beyond the last limb cannot come from numbers. */
static void add_product(uint32_t out[EXACT_LIMBS], int at, uint32_t limb, uint32_t factor)
{
	uint64_t carry = (uint64_t)limb * factor;

	for (; carry > 0 && at < EXACT_LIMBS; at++) {
		carry += out[at];
		out[at] = (uint32_t)carry;
		carry >>= 32;
	}
}

static void square(const uint32_t sum[EXACT_LIMBS], uint32_t out[EXACT_LIMBS])
{
	memset(out, 0, EXACT_LIMBS * sizeof(*out));
	for (int i = HALF; i < EXACT_LIMBS; i++)
		for (int k = HALF; k < EXACT_LIMBS && sum[i]; k++)
			add_product(out, i + k - 2 * HALF, sum[i], sum[k]);
}

static void multiply(const uint32_t limb[EXACT_LIMBS], uint64_t n, uint32_t out[EXACT_LIMBS])
{
	memset(out, 0, EXACT_LIMBS * sizeof(*out));
	for (int i = 0; i < EXACT_LIMBS; i++) {
		add_product(out, i, limb[i], (uint32_t)n);
		add_product(out, i + 1, limb[i], (uint32_t)(n >> 32));
	}
}

/* a -= b; false: b is the larger one, which numbers cannot be. */
static bool subtract(uint32_t a[EXACT_LIMBS], const uint32_t b[EXACT_LIMBS])
{
	int64_t borrow = 0;

	for (int i = 0; i < EXACT_LIMBS; i++) {
		int64_t v = (int64_t)a[i] - b[i] - borrow;

		borrow = v < 0;
		a[i] = (uint32_t)(v + (borrow << 32));
	}
	return borrow == 0;
}

/* The three topmost limbs as a double; *exponent: of what to multiply it with. */
static double topmost(const uint32_t limb[EXACT_LIMBS], int *exponent)
{
	int top = EXACT_LIMBS - 1;

	while (top > 2 && limb[top] == 0)
		top--;
	*exponent = (top - 2 - UNITS_LIMB) * 32;
	return ldexp((double)limb[top], 64) + ldexp((double)limb[top - 1], 32) + (double)limb[top - 2];
}

double exact_deviation(const struct exact_sum *sum, const struct exact_sum *squares, uint64_t n)
{
	uint32_t limb[EXACT_LIMBS], all[EXACT_LIMBS], squared[EXACT_LIMBS];
	int exponent;

	if (n < 2 || squares->nan || squares->plus_inf) /* as the sum is then */
		return (double)NAN;
	exact_sum_magnitude(squares, limb);
	multiply(limb, n, all);
	exact_sum_magnitude(sum, limb);
	square(limb, squared);
	if (!subtract(all, squared))
		return (double)NAN;
	double difference = topmost(all, &exponent); /* exponent is even */
	return ldexp(sqrt(difference / ((double)n * (double)(n - 1))), exponent / 2);
}
