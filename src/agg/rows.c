/* rows.c: a counter's entries as a sorted array. Keys are distinct, so both orders are total and any sort
 * will do. */
#include <stdlib.h>

#include "agg/counter.h"
#include "base/alloc.h"

static int by_key(const void *a, const void *b)
{
	return span_cmp(((const struct agg_row *)a)->key, ((const struct agg_row *)b)->key);
}

static int by_count_then_key(const void *a, const void *b)
{
	int64_t x = ((const struct agg_row *)a)->count, y = ((const struct agg_row *)b)->count;

	return x != y ? (x < y) - (x > y) : by_key(a, b);
}

enum status counter_rows(const struct counter *c, bool by_count, struct agg_row **rows, size_t *count)
{
	const struct counter_entry *e;
	size_t pos = 0;

	*count = 0;
	*rows = mem_array(c->count, sizeof(**rows));
	if (!*rows)
		return STATUS_MEMORY;
	while ((e = counter_next(c, &pos)))
		(*rows)[(*count)++] = (struct agg_row){ span_of(e->key, e->len), wide_clip(e->count) };
	qsort(*rows, *count, sizeof(**rows), by_count ? by_count_then_key : by_key);
	return STATUS_OK;
}

bool counter_fits(const struct counter *c)
{
	const struct counter_entry *e;
	size_t pos = 0;

	while ((e = counter_next(c, &pos)))
		if (!wide_fits(e->count))
			return false;
	return wide_fits(c->total);
}
