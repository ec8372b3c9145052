/* kind_sum.c: mrrc.sum as a kind. */
#include <assert.h>
#include <inttypes.h>

#include "agg/set.h"
#include "agg/sum.h"
#include "base/json.h"

static void reset(void *result)
{
	sum_reset(result);
}

static enum status add(void *result, const struct agg_decl *d, const struct agg_piece *piece, struct span key,
		       struct span bytes)
{
	double v;

	(void)d;
	(void)key;
	(void)bytes;
	if (piece->op == OP_INT) {
		sum_add_int(result, (int64_t)piece->value);
		return STATUS_OK;
	}
	memcpy(&v, &piece->value, sizeof(v));
	sum_add_double(result, v);
	return STATUS_OK;
}

static enum status merge(void *into, const void *from, const struct agg_decl *d)
{
	(void)d;
	sum_merge(into, from);
	return STATUS_OK;
}

static enum status write_number(struct buf *out, const char *name, bool is_int, int64_t i, double d)
{
	TRY(buf_add_str(out, name));
	return is_int ? buf_printf(out, "%" PRId64, i) : json_number(d, out);
}

static enum status write(const void *result, const struct agg_decl *d, struct buf *out)
{
	struct agg_sum_result r;

	(void)d;
	sum_result(result, &r);
	TRY(buf_printf(out, ", \"n\": %" PRIu64, r.n));
	TRY(write_number(out, ", \"sum\": ", r.is_int, r.int_value, r.value));
	if (r.n == 0)
		return STATUS_OK;
	TRY(write_number(out, ", \"min\": ", r.min_is_int, r.int_min, r.min));
	TRY(write_number(out, ", \"max\": ", r.max_is_int, r.int_max, r.max));
	return write_number(out, ", \"mean\": ", false, 0, r.value / (double)r.n);
}

const struct agg_type agg_type_sum = {
	.name = "sum",
	.size = sizeof(struct sum),
	.takes = 1u << OP_INT | 1u << OP_DOUBLE,
	.reset = reset,
	.add = add,
	.merge = merge,
	.write = write,
};

void agg_sum_result(const struct agg_set *set, size_t i, struct agg_sum_result *out)
{
	assert(i < set->decls->count && agg_set_type(set, i)->merge == merge);
	sum_result(set->result[i], out);
}
