/* kind_counter.c: mrrc.counter as a kind: adding, JSON, and reading its counts. */
#include "agg/kind_counter.h"

#include <assert.h>
#include <inttypes.h>

#include "agg/key_read.h"
#include "agg/key_write.h"
#include "base/alloc.h"

void kind_counter_init(void *result, const struct agg_decl *d)
{
	(void)d;
	counter_init(result);
}

void kind_counter_release(void *result)
{
	counter_release(result);
}

void kind_counter_reset(void *result)
{
	counter_reset(result);
}

enum status kind_counter_add(void *result, const struct agg_decl *d, const struct agg_piece *piece,
			     struct span key, struct span bytes)
{
	(void)d;
	(void)bytes;
	return counter_add(result, (int64_t)piece->value, key);
}

enum status kind_counter_merge(void *into, const void *from, const struct agg_decl *d)
{
	(void)d;
	return counter_merge(into, from);
}

/* ---- JSON ---- */

/* Rows are objects in an array and not members of one object, because two keys with ill-formed UTF-8 may
 * read alike. */
enum status kind_counter_write_rows(struct buf *out, const struct agg_row *rows, size_t count)
{
	TRY(buf_add_byte(out, '['));
	for (size_t i = 0; i < count; i++) {
		TRY(buf_add_str(out, i == 0 ? "\n    {" : ",\n    {"));
		TRY(key_write(rows[i].key, out));
		TRY(buf_printf(out, ", \"count\": %" PRId64 "}", rows[i].count));
	}
	return buf_add_str(out, count ? "\n  ]" : "]");
}

static enum status read_row(struct counter *c, const json_t *row, struct buf *scratch)
{
	const json_t *count = json_object_get(row, "count");
	struct span key;

	if (!json_is_integer(count))
		return STATUS_INVALID;
	TRY(key_read(row, scratch, &key));
	return counter_add(c, json_integer_value(count), key);
}

enum status kind_counter_read_rows(struct counter *c, const json_t *rows)
{
	enum status st = json_is_array(rows) ? STATUS_OK : STATUS_INVALID;
	struct buf scratch;

	buf_init(&scratch, BUF_NO_LIMIT);
	for (size_t i = 0; st == STATUS_OK && i < json_array_size(rows); i++)
		st = read_row(c, json_array_get(rows, i), &scratch);
	buf_release(&scratch);
	return st;
}

static enum status write(const void *result, const struct agg_decl *d, struct buf *out)
{
	const struct counter *c = result;
	struct agg_row *rows;
	size_t count;

	(void)d;
	if (!counter_fits(c))
		return STATUS_INVALID;
	TRY(buf_printf(out, ", \"total\": %" PRId64 ", \"rows\": ", wide_clip(c->total)));
	TRY(counter_rows(c, false, &rows, &count));
	enum status st = kind_counter_write_rows(out, rows, count);
	mem_free(rows);
	return st;
}

static enum status read(void *result, const struct agg_decl *d, const json_t *from)
{
	(void)d;
	return kind_counter_read_rows(result, json_object_get(from, "rows"));
}

const struct agg_type agg_type_counter = {
	.name = "counter",
	.size = sizeof(struct counter),
	.takes = 1u << OP_COUNT,
	.init = kind_counter_init,
	.release = kind_counter_release,
	.reset = kind_counter_reset,
	.add = kind_counter_add,
	.merge = kind_counter_merge,
	.write = write,
	.read = read,
};

/* ---- reading ---- */

static const struct counter *counter_of(const struct agg_set *set, size_t i)
{
	assert(i < set->decls->count && agg_set_type(set, i)->init == kind_counter_init);
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
