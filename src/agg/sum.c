/* sum.c: see sum.h. The order of numbers (number.c) is total, so that the least of them is one value
 * whatever the grouping. */
#include "agg/sum.h"

#include <math.h>

void sum_reset(struct sum *s)
{
	exact_sum_reset(&s->exact);
	s->n = 0;
	s->doubles = false;
	s->min = s->max = (struct number){ 0 };
}

/* Is a to be taken in place of b as the least (sign -1) or the greatest (sign 1)? */
static bool better(const struct number *a, const struct number *b, int sign)
{
	if (!b->is_int && isnan(b->d))
		return a->is_int || !isnan(a->d);
	if (!a->is_int && isnan(a->d))
		return false;
	int c = number_compare(a, b) * sign;

	return c > 0 || (c == 0 && a->is_int && !b->is_int);
}

static void take_extremes(struct sum *s, const struct number *min, const struct number *max)
{
	if (s->n == 0 || better(min, &s->min, -1))
		s->min = *min;
	if (s->n == 0 || better(max, &s->max, 1))
		s->max = *max;
}

void sum_add_int(struct sum *s, int64_t v)
{
	struct number x = { .is_int = true, .i = v };

	exact_sum_add_int(&s->exact, v);
	take_extremes(s, &x, &x);
	s->n++;
}

void sum_add_double(struct sum *s, double v)
{
	struct number x = { .d = isnan(v) ? (double)NAN : v };

	exact_sum_add_double(&s->exact, v);
	take_extremes(s, &x, &x);
	s->doubles = true;
	s->n++;
}

void sum_merge(struct sum *into, const struct sum *from)
{
	if (from->n == 0)
		return;
	exact_sum_merge(&into->exact, &from->exact);
	take_extremes(into, &from->min, &from->max);
	into->doubles |= from->doubles;
	into->n += from->n;
}

static double as_double(const struct number *x)
{
	return x->is_int ? (double)x->i : x->d;
}

void sum_result(const struct sum *s, struct agg_sum_result *out)
{
	*out = (struct agg_sum_result){ .n = s->n };
	out->is_int = !s->doubles && exact_sum_int(&s->exact, &out->int_value);
	out->value = exact_sum_double(&s->exact);
	out->min = as_double(&s->min);
	out->max = as_double(&s->max);
	out->min_is_int = s->min.is_int;
	out->max_is_int = s->max.is_int;
	out->int_min = s->min.i;
	out->int_max = s->max.i;
}
