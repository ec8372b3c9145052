/* exact_sum.h: a sum of int64 and double that does not depend on order or grouping.
 *
 * Layer agg. One thread, no allocation. A fixed-point number of 2,176 bits covers every finite double and
 * leaves 2^64 additions of room, so each addition is exact; only reading rounds, once, to the nearest
 * double (ties to even). A sum of zero is +0, infinities of one sign give that infinity, of both signs
 * NaN, and one NaN makes the sum NaN. */
#ifndef MRRC_AGG_EXACT_SUM_H
#define MRRC_AGG_EXACT_SUM_H

#include <stdbool.h>
#include <stdint.h>

#define EXACT_LIMBS 68

struct exact_sum {
	int64_t limb[EXACT_LIMBS]; /* limb i counts units of 2^(32 i - 1088); carries wait above bit 32 */
	uint32_t waiting;          /* bound: no limb is beyond (waiting + 1) * 2^32 */
	int64_t small;             /* integers, until they leave int64 */
	bool wide;                 /* limb holds something */
	bool nan, plus_inf, minus_inf;
};

void exact_sum_reset(struct exact_sum *s);
void exact_sum_add_int(struct exact_sum *s, int64_t v);
void exact_sum_add_double(struct exact_sum *s, double v);
void exact_sum_merge(struct exact_sum *into, const struct exact_sum *from);
double exact_sum_double(const struct exact_sum *s);
/* The sum as an integer, when it is one and fits. */
bool exact_sum_int(const struct exact_sum *s, int64_t *out);

#endif
