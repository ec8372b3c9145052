/* sum.h: how many numbers, their exact sum, the least and the greatest.
 *
 * Layer agg. One thread, no allocation. Integers and doubles are compared exactly. Of equal numbers an
 * integer is preferred, and -0.0 is less than 0.0; NaN is least or greatest only where there is nothing
 * else. */
#ifndef MRRC_AGG_SUM_H
#define MRRC_AGG_SUM_H

#include "agg/agg.h"
#include "agg/exact_sum.h"
#include "agg/number.h"

struct sum {
	struct exact_sum exact;
	uint64_t n;
	bool doubles; /* some addend was one */
	struct number min, max; /* when n > 0 */
};

void sum_reset(struct sum *s);
void sum_add_int(struct sum *s, int64_t v);
void sum_add_double(struct sum *s, double v);
void sum_merge(struct sum *into, const struct sum *from);
void sum_result(const struct sum *s, struct agg_sum_result *out);

#endif
