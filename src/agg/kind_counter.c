/* kind_counter.c: mrrc.counter as a kind: adding, JSON, and reading its counts. */
#include <assert.h>
#include <inttypes.h>

#include "agg/counter.h"
#include "agg/set.h"
#include "base/alloc.h"
#include "base/json.h"

static void init(void *result, const struct agg_decl *d)
{
	(void)d;
	counter_init(result);
}

static void release(void *result)
{
	counter_release(result);
}

static void reset(void *result)
{
	counter_reset(result);
}

static enum status add(void *result, const struct agg_decl *d, const struct agg_piece *piece, struct span key,
		       struct span bytes)
{
	(void)d;
	(void)bytes;
	return counter_add(result, (int64_t)piece->value, key);
}

static enum status merge(void *into, const void *from, const struct agg_decl *d)
{
	(void)d;
	return counter_merge(into, from);
}

/* ---- JSON ---- */

/* Rows are objects in an array and not members of one object, because two keys with ill-formed UTF-8 may
 * read alike. */
static enum status write_row(struct buf *out, const struct agg_row *row, bool first)
{
	TRY(buf_add_str(out, first ? "\n    {\"key\": " : ",\n    {\"key\": "));
	TRY(json_string(row->key, out));
	return buf_printf(out, ", \"count\": %" PRId64 "}", row->count);
}

static enum status write_rows(struct buf *out, const struct agg_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		TRY(write_row(out, &rows[i], i == 0));
	return buf_add_str(out, count ? "\n  ]" : "]");
}

static enum status write(const void *result, const struct agg_decl *d, struct buf *out)
{
	const struct counter *c = result;
	struct agg_row *rows;
	size_t count;

	(void)d;
	if (!counter_fits(c))
		return STATUS_INVALID;
	TRY(buf_printf(out, ", \"total\": %" PRId64 ", \"rows\": [", wide_clip(c->total)));
	TRY(counter_rows(c, false, &rows, &count));
	enum status st = write_rows(out, rows, count);
	mem_free(rows);
	return st;
}

const struct agg_type agg_type_counter = {
	.name = "counter",
	.size = sizeof(struct counter),
	.takes = 1u << OP_COUNT,
	.init = init,
	.release = release,
	.reset = reset,
	.add = add,
	.merge = merge,
	.write = write,
};

/* ---- reading ---- */

static const struct counter *counter_of(const struct agg_set *set, size_t i)
{
	assert(i < set->decls->count && agg_set_type(set, i)->merge == merge);
	return set->result[i];
}

int64_t agg_counter_get(const struct agg_set *set, size_t i, struct span key)
{
	const struct counter_entry *e = counter_find(counter_of(set, i), key);

	return e ? wide_clip(e->count) : 0;
}

int64_t agg_counter_total(const struct agg_set *set, size_t i)
{
	return wide_clip(counter_of(set, i)->total);
}

size_t agg_counter_distinct(const struct agg_set *set, size_t i)
{
	return counter_of(set, i)->count;
}

bool agg_counter_fits(const struct agg_set *set, size_t i)
{
	return counter_fits(counter_of(set, i));
}

enum status agg_counter_rows(const struct agg_set *set, size_t i, bool by_count, struct agg_row **rows,
			     size_t *count)
{
	return counter_rows(counter_of(set, i), by_count, rows, count);
}
