/* kind_first.c: mrrc.first as a kind: the first n values in the order of the input. A batch keeps n at
 * most; what they are in the end, merging in batch order decides. */
#include <assert.h>

#include "agg/kept.h"
#include "agg/set.h"
#include "base/json.h"

#define KEEP_VALUES ((size_t)1 << 20)

struct first {
	struct buf values; /* length as uint64_t, bytes, and so on */
	size_t count;
};

static void init(void *result, const struct agg_decl *d)
{
	(void)d;
	buf_init(&((struct first *)result)->values, BUF_NO_LIMIT);
}

static void release(void *result)
{
	buf_release(&((struct first *)result)->values);
}

static void reset(void *result)
{
	struct first *f = result;

	buf_reset(&f->values, KEEP_VALUES);
	f->count = 0;
}

static bool next(const void *result, size_t *pos, struct span *value)
{
	const struct buf *from = &((const struct first *)result)->values;
	uint64_t len;

	if (*pos >= from->len)
		return false;
	memcpy(&len, from->ptr + *pos, sizeof(len));
	*value = span_of(from->ptr + *pos + sizeof(len), (size_t)len);
	*pos += sizeof(len) + value->len;
	return true;
}

static enum status take(struct first *f, const struct agg_decl *d, struct span value)
{
	uint64_t len = value.len;
	size_t mark = f->values.len;

	if (f->count == d->n)
		return STATUS_OK;
	enum status st = buf_add(&f->values, &len, sizeof(len));
	if (st == STATUS_OK)
		st = buf_add_span(&f->values, value);
	if (st != STATUS_OK)
		f->values.len = mark;
	f->count += st == STATUS_OK;
	return st;
}

static enum status add(void *result, const struct agg_decl *d, const struct agg_piece *piece, struct span key,
		       struct span bytes)
{
	(void)piece;
	(void)key;
	return take(result, d, bytes);
}

static enum status merge(void *into, const void *from, const struct agg_decl *d)
{
	struct span value;
	size_t pos = 0;

	while (next(from, &pos, &value))
		TRY(take(into, d, value));
	return STATUS_OK;
}

static enum status write(const void *result, const struct agg_decl *d, struct buf *out)
{
	TRY(buf_printf(out, ", \"n\": %zu", d->n));
	return kept_write(result, next, out);
}

const struct agg_type agg_type_first = {
	.name = "first",
	.size = sizeof(struct first),
	.takes = 1u << OP_KEEP,
	.init = init,
	.release = release,
	.reset = reset,
	.add = add,
	.merge = merge,
	.write = write,
	.unmergeable = "which values come first, the order of the inputs would have to say",
};

/* ---- what sample needs too ---- */

static enum status write_value(struct span bytes, struct buf *out)
{
	struct agg_value v = agg_value_read(bytes);

	if (v.type == VALUE_STRING)
		return json_string(v.text, out);
	if (v.type == VALUE_TRUE || v.type == VALUE_FALSE)
		return buf_add_str(out, v.type == VALUE_TRUE ? "true" : "false");
	return number_write_json(&v.number, out);
}

enum status kept_write(const void *result, kept_next *give, struct buf *out)
{
	struct span value;
	size_t pos = 0;
	bool any = false;

	TRY(buf_add_str(out, ", \"values\": ["));
	for (; give(result, &pos, &value); any = true) {
		TRY(buf_add_str(out, any ? ",\n    " : "\n    "));
		TRY(write_value(value, out));
	}
	return buf_add_str(out, any ? "\n  ]" : "]");
}

bool agg_kept_next(const struct agg_set *set, size_t i, size_t *pos, struct span *value)
{
	const struct agg_type *type = agg_set_type(set, i);

	assert(type->takes == 1u << OP_KEEP);
	return type == &agg_type_first ? next(set->result[i], pos, value) :
					 sample_next(set->result[i], pos, value);
}
