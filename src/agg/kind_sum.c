/* kind_sum.c: mrrc.sum and mrrc.stats as kinds: the second knows the squares too.
 *
 * The member "exact" of their JSON holds what the rounded members cannot: parts of a run can be merged
 * and give the very sum of the whole. */
#include <assert.h>
#include <inttypes.h>
#include <jansson.h>

#include "agg/set.h"
#include "agg/sum.h"

struct stats {
	struct sum sum; /* first: what reads a sum reads stats */
	struct exact_sum squares;
};

static void reset(void *result)
{
	sum_reset(result);
}

static void stats_reset(void *result)
{
	struct stats *s = result;

	sum_reset(&s->sum);
	exact_sum_reset(&s->squares);
}

static double double_of(const struct agg_piece *piece)
{
	double v;

	memcpy(&v, &piece->value, sizeof(v));
	return v;
}

static enum status add(void *result, const struct agg_decl *d, const struct agg_piece *piece, struct span key,
		       struct span bytes)
{
	(void)d;
	(void)key;
	(void)bytes;
	if (piece->op == OP_INT)
		sum_add_int(result, (int64_t)piece->value);
	else
		sum_add_double(result, double_of(piece));
	return STATUS_OK;
}

static enum status stats_add(void *result, const struct agg_decl *d, const struct agg_piece *piece,
			     struct span key, struct span bytes)
{
	struct stats *s = result;

	if (piece->op == OP_INT)
		exact_sum_add_int_square(&s->squares, (int64_t)piece->value);
	else
		exact_sum_add_double_square(&s->squares, double_of(piece));
	return add(&s->sum, d, piece, key, bytes);
}

static enum status merge(void *into, const void *from, const struct agg_decl *d)
{
	(void)d;
	sum_merge(into, from);
	return STATUS_OK;
}

static enum status stats_merge(void *into, const void *from, const struct agg_decl *d)
{
	const struct stats *s = from;

	exact_sum_merge(&((struct stats *)into)->squares, &s->squares);
	return merge(into, &s->sum, d);
}

static double deviation(const struct stats *s)
{
	return exact_deviation(&s->sum.exact, &s->squares, s->sum.n);
}

/* ---- JSON ---- */

static enum status write_number(struct buf *out, const char *name, const struct number *n)
{
	TRY(buf_add_str(out, name));
	return number_write_json(n, out);
}

static enum status write_rounded(const struct sum *s, struct buf *out)
{
	struct agg_sum_result r;

	sum_result(s, &r);
	struct number sum = { r.is_int, r.int_value, r.value }, mean = { false, 0, r.value / (double)r.n };
	TRY(buf_printf(out, ", \"n\": %" PRIu64, r.n));
	TRY(write_number(out, ", \"sum\": ", &sum));
	if (r.n == 0)
		return STATUS_OK;
	TRY(write_number(out, ", \"min\": ", &s->min));
	TRY(write_number(out, ", \"max\": ", &s->max));
	return write_number(out, ", \"mean\": ", &mean);
}

static enum status write_exact(const struct sum *s, const struct exact_sum *squares, struct buf *out)
{
	TRY(buf_printf(out, ", \"exact\": {\"integers\": %s, \"sum\": \"", s->doubles ? "false" : "true"));
	TRY(exact_sum_write(&s->exact, out));
	if (squares) {
		TRY(buf_add_str(out, "\", \"squares\": \""));
		TRY(exact_sum_write(squares, out));
	}
	if (s->n > 0) {
		TRY(buf_add_str(out, "\", \"min\": \""));
		TRY(number_write(&s->min, out));
		TRY(buf_add_str(out, "\", \"max\": \""));
		TRY(number_write(&s->max, out));
	}
	return buf_add_str(out, "\"}");
}

static enum status write(const void *result, const struct agg_decl *d, struct buf *out)
{
	(void)d;
	TRY(write_rounded(result, out));
	return write_exact(result, NULL, out);
}

static enum status stats_write(const void *result, const struct agg_decl *d, struct buf *out)
{
	const struct stats *s = result;

	(void)d;
	TRY(write_rounded(&s->sum, out));
	if (s->sum.n > 1) {
		struct number sd = { .d = deviation(s) };

		TRY(write_number(out, ", \"sd\": ", &sd));
	}
	return write_exact(&s->sum, &s->squares, out);
}

static bool read_exact_sum(const json_t *text, struct exact_sum *s)
{
	return json_is_string(text) &&
	       exact_sum_read(s, span_of(json_string_value(text), json_string_length(text)));
}

static bool read_number(const json_t *text, struct number *n)
{
	return json_is_string(text) && number_read(n, json_string_value(text));
}

static enum status read(void *result, const struct agg_decl *d, const json_t *from)
{
	const json_t *exact = json_object_get(from, "exact"), *n = json_object_get(from, "n");
	const json_t *integers = json_object_get(exact, "integers");
	struct sum *s = result;

	(void)d;
	if (!json_is_integer(n) || json_integer_value(n) < 0 || !json_is_boolean(integers) ||
	    !read_exact_sum(json_object_get(exact, "sum"), &s->exact))
		return STATUS_INVALID;
	s->n = (uint64_t)json_integer_value(n);
	s->doubles = json_is_false(integers);
	if (s->n > 0 && (!read_number(json_object_get(exact, "min"), &s->min) ||
			 !read_number(json_object_get(exact, "max"), &s->max)))
		return STATUS_INVALID;
	return STATUS_OK;
}

static enum status stats_read(void *result, const struct agg_decl *d, const json_t *from)
{
	struct stats *s = result;

	if (!read_exact_sum(json_object_get(json_object_get(from, "exact"), "squares"), &s->squares))
		return STATUS_INVALID;
	return read(&s->sum, d, from);
}

const struct agg_type agg_type_sum = {
	.name = "sum",
	.size = sizeof(struct sum),
	.takes = 1u << OP_INT | 1u << OP_DOUBLE,
	.reset = reset,
	.add = add,
	.merge = merge,
	.write = write,
	.read = read,
};

const struct agg_type agg_type_stats = {
	.name = "stats",
	.size = sizeof(struct stats),
	.takes = 1u << OP_INT | 1u << OP_DOUBLE,
	.reset = stats_reset,
	.add = stats_add,
	.merge = stats_merge,
	.write = stats_write,
	.read = stats_read,
};

/* ---- reading ---- */

void agg_sum_result(const struct agg_set *set, size_t i, struct agg_sum_result *out)
{
	const struct agg_type *type = agg_set_type(set, i);

	assert(type == &agg_type_sum || type == &agg_type_stats);
	(void)type;
	sum_result(set->result[i], out);
}

double agg_stats_deviation(const struct agg_set *set, size_t i)
{
	assert(agg_set_type(set, i) == &agg_type_stats);
	return deviation(set->result[i]);
}
