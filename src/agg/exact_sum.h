/* exact_sum.h: a sum of int64 and double, or of their squares, that does not depend on order or grouping.
 *
 * Layer agg. One thread, no allocation. A fixed-point number of 4,480 bits covers the square of every
 * finite double and leaves 2^64 additions of room, so each addition is exact; only reading rounds, once,
 * to the nearest double (ties to even). A sum of zero is +0, infinities of one sign give that infinity,
 * of both signs NaN, and one NaN makes the sum NaN. */
#ifndef MRRC_AGG_EXACT_SUM_H
#define MRRC_AGG_EXACT_SUM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* The bit that weighs 1: a multiple of 32 not below 2148, the square of the smallest double being 2^-2148. */
#define EXACT_UNITS_BIT 2176
#define EXACT_LIMBS 140 /* squares reach 2^2048, their sums 2^2112, and a deviation needs 2^2176 */

struct exact_sum {
	int64_t limb[EXACT_LIMBS]; /* limb i counts units of 2^(32 i - 2176); carries wait above bit 32 */
	uint32_t waiting;          /* bound: no limb is beyond (waiting + 1) * 2^32 */
	int64_t small;             /* integers, until they leave int64 */
	bool wide;                 /* limb holds something */
	bool nan, plus_inf, minus_inf;
};

void exact_sum_reset(struct exact_sum *s);
void exact_sum_add_int(struct exact_sum *s, int64_t v);
void exact_sum_add_double(struct exact_sum *s, double v);
void exact_sum_add_int_square(struct exact_sum *s, int64_t v);
void exact_sum_add_double_square(struct exact_sum *s, double v);
/* Add (or take away) magnitude * 2^(bit - EXACT_UNITS_BIT); bit is below 32 * (EXACT_LIMBS - 3). */
void exact_sum_add_bits(struct exact_sum *s, uint32_t magnitude, unsigned bit, bool negative);
void exact_sum_merge(struct exact_sum *into, const struct exact_sum *from);
double exact_sum_double(const struct exact_sum *s);
/* The sum as an integer, when it is one and fits. */
bool exact_sum_int(const struct exact_sum *s, int64_t *out);
/* The absolute value, least limb first; whether the sum is negative. Of finite sums alone. */
bool exact_sum_magnitude(const struct exact_sum *s, uint32_t limb[EXACT_LIMBS]);

/* exact_text.c: "-0x1A3p-32", "0x64", "nan", "inf", "-inf": nothing is lost. The exponent is a multiple of 32
 * and absent when the sum is an integer. */
enum status exact_sum_write(const struct exact_sum *s, struct buf *out) MUST_CHECK;
/* s += text; false: it is no such text. */
bool exact_sum_read(struct exact_sum *s, struct span text) MUST_CHECK;

/* exact_deviation.c: the sample standard deviation (n - 1) of n numbers, from their sum and the sum of their
 * squares; NaN for n < 2 and when some number was not finite. */
double exact_deviation(const struct exact_sum *sum, const struct exact_sum *squares, uint64_t n);

#endif
