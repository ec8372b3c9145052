/* kind_set.c: mrrc.set as a kind: a counter whose counts nobody asks for. */
#include "agg/key_read.h"
#include "agg/key_write.h"
#include "agg/kind_counter.h"
#include "base/alloc.h"

static enum status write_values(struct buf *out, const struct agg_row *rows, size_t count)
{
	TRY(buf_printf(out, ", \"count\": %zu, \"values\": [", count));
	for (size_t i = 0; i < count; i++) {
		TRY(buf_add_str(out, i == 0 ? "\n    {" : ",\n    {"));
		TRY(key_write(rows[i].key, out));
		TRY(buf_add_byte(out, '}'));
	}
	return buf_add_str(out, count ? "\n  ]" : "]");
}

static enum status write(const void *result, const struct agg_decl *d, struct buf *out)
{
	struct agg_row *rows;
	size_t count;

	(void)d;
	TRY(counter_rows(result, false, &rows, &count));
	enum status st = write_values(out, rows, count);
	mem_free(rows);
	return st;
}

static enum status read(void *result, const struct agg_decl *d, const json_t *from)
{
	const json_t *values = json_object_get(from, "values");
	enum status st = json_is_array(values) ? STATUS_OK : STATUS_INVALID;
	struct span key;
	struct buf scratch;

	(void)d;
	buf_init(&scratch, BUF_NO_LIMIT);
	for (size_t i = 0; st == STATUS_OK && i < json_array_size(values); i++) {
		st = key_read(json_array_get(values, i), &scratch, &key);
		if (st == STATUS_OK)
			st = counter_add(result, 1, key);
	}
	buf_release(&scratch);
	return st;
}

const struct agg_type agg_type_set = {
	.name = "set",
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
