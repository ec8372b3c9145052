/* kind_topk.c: mrrc.topk as a kind: a counter of which the n most frequent keys are shown.
 *
 * It counts every key. A sketch of bounded size would drop keys by the order in which they come, and so
 * by the division into batches; the same result for every number of threads needs them all. */
#include "agg/key_read.h"
#include "agg/kind_counter.h"
#include "base/alloc.h"

/* The rest goes out too, so that parts can be merged: a key may be rare in each part and frequent in all. */
static enum status write(const void *result, const struct agg_decl *d, struct buf *out)
{
	const struct counter *c = result;
	struct agg_row *rows;
	size_t count;

	if (!counter_fits(c))
		return STATUS_INVALID;
	TRY(counter_rows(c, true, &rows, &count));
	size_t shown = count < d->n ? count : d->n;
	enum status st = buf_printf(out, ", \"n\": %zu, \"rows\": ", d->n);
	if (st == STATUS_OK)
		st = kind_counter_write_rows(out, rows, shown);
	if (st == STATUS_OK)
		st = buf_add_str(out, ", \"rest\": ");
	if (st == STATUS_OK)
		st = kind_counter_write_rows(out, rows + shown, count - shown);
	mem_free(rows);
	return st;
}

static enum status read_decl(struct agg_decl *d, const json_t *from)
{
	uint64_t n;

	if (!count_read(from, "n", &n))
		return STATUS_INVALID;
	d->n = (size_t)n;
	return STATUS_OK;
}

static enum status read(void *result, const struct agg_decl *d, const json_t *from)
{
	(void)d;
	TRY(kind_counter_read_rows(result, json_object_get(from, "rows")));
	return kind_counter_read_rows(result, json_object_get(from, "rest"));
}

const struct agg_type agg_type_topk = {
	.name = "topk",
	.size = sizeof(struct counter),
	.takes = 1u << OP_COUNT,
	.init = kind_counter_init,
	.release = kind_counter_release,
	.reset = kind_counter_reset,
	.add = kind_counter_add,
	.merge = kind_counter_merge,
	.write = write,
	.read_decl = read_decl,
	.read = read,
};
