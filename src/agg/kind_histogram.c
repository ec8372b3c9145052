/* kind_histogram.c: mrrc.histogram as a kind: how many numbers lie between given edges. An edge belongs
 * to the bin above it. Integers and doubles are compared exactly. */
#include <assert.h>
#include <inttypes.h>
#include <jansson.h>

#include "agg/set.h"
#include "base/alloc.h"

struct histogram {
	uint64_t *bin; /* edge_count + 1, when something was added */
	size_t bins;
};

static void init(void *result, const struct agg_decl *d)
{
	((struct histogram *)result)->bins = d->edge_count + 1;
}

static void release(void *result)
{
	mem_free(((struct histogram *)result)->bin);
}

static void reset(void *result)
{
	struct histogram *h = result;

	if (h->bin)
		memset(h->bin, 0, h->bins * sizeof(*h->bin));
}

static enum status need_bins(struct histogram *h)
{
	if (!h->bin)
		h->bin = mem_zalloc(h->bins * sizeof(*h->bin));
	return h->bin ? STATUS_OK : STATUS_MEMORY;
}

/* How many edges are not above n. */
static size_t find_bin(const struct agg_decl *d, const struct number *n)
{
	size_t low = 0, high = d->edge_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (number_compare(&d->edge[middle], n) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static enum status add(void *result, const struct agg_decl *d, const struct agg_piece *piece, struct span key,
		       struct span bytes)
{
	struct histogram *h = result;
	struct number n = { .is_int = piece->op == OP_INT, .i = (int64_t)piece->value };

	(void)key;
	(void)bytes;
	TRY(need_bins(h));
	if (!n.is_int)
		memcpy(&n.d, &piece->value, sizeof(n.d));
	if (n.d == 0)
		n.d = 0; /* -0.0 is not below an edge of 0 */
	h->bin[find_bin(d, &n)]++;
	return STATUS_OK;
}

static enum status merge(void *into, const void *from, const struct agg_decl *d)
{
	struct histogram *to = into;
	const struct histogram *h = from;

	(void)d;
	if (!h->bin)
		return STATUS_OK;
	TRY(need_bins(to));
	for (size_t i = 0; i < h->bins; i++)
		to->bin[i] += h->bin[i];
	return STATUS_OK;
}

/* ---- JSON ---- */

static enum status write_edge(const struct agg_decl *d, size_t at, struct buf *out)
{
	return at < d->edge_count ? number_write_json(&d->edge[at], out) : buf_add_str(out, "null");
}

static enum status write(const void *result, const struct agg_decl *d, struct buf *out)
{
	const struct histogram *h = result;

	TRY(buf_add_str(out, ", \"rows\": ["));
	for (size_t i = 0; i < h->bins; i++) {
		TRY(buf_add_str(out, i ? ",\n    {\"from\": " : "\n    {\"from\": "));
		TRY(write_edge(d, i - 1, out)); /* none below the first: SIZE_MAX */
		TRY(buf_add_str(out, ", \"to\": "));
		TRY(write_edge(d, i, out));
		TRY(buf_printf(out, ", \"count\": %" PRIu64 "}", h->bin ? h->bin[i] : 0));
	}
	return buf_add_str(out, "\n  ]");
}

static bool read_edge(const json_t *row, struct number *edge)
{
	const json_t *from = json_object_get(row, "to");

	*edge = (struct number){ .is_int = json_is_integer(from), .i = json_integer_value(from),
				 .d = json_real_value(from) };
	return json_is_number(from);
}

static enum status read_decl(struct agg_decl *d, const json_t *from)
{
	const json_t *rows = json_object_get(from, "rows");
	size_t count = json_array_size(rows);

	if (count < 2)
		return STATUS_INVALID;
	d->edge = mem_array(count - 1, sizeof(*d->edge));
	if (!d->edge)
		return STATUS_MEMORY;
	for (size_t i = 0; i < count - 1; i++)
		if (!read_edge(json_array_get(rows, i), &d->edge[i]) ||
		    (i > 0 && number_compare(&d->edge[i - 1], &d->edge[i]) >= 0))
			return STATUS_INVALID;
	d->edge_count = count - 1;
	return STATUS_OK;
}

static enum status read(void *result, const struct agg_decl *d, const json_t *from)
{
	const json_t *rows = json_object_get(from, "rows");
	struct histogram *h = result;

	(void)d;
	TRY(need_bins(h));
	for (size_t i = 0; i < h->bins; i++) {
		const json_t *count = json_object_get(json_array_get(rows, i), "count");

		if (!json_is_integer(count) || json_integer_value(count) < 0)
			return STATUS_INVALID;
		h->bin[i] = (uint64_t)json_integer_value(count);
	}
	return STATUS_OK;
}

const struct agg_type agg_type_histogram = {
	.name = "histogram",
	.size = sizeof(struct histogram),
	.takes = 1u << OP_INT | 1u << OP_DOUBLE,
	.init = init,
	.release = release,
	.reset = reset,
	.add = add,
	.merge = merge,
	.write = write,
	.read_decl = read_decl,
	.read = read,
};

uint64_t agg_histogram_count(const struct agg_set *set, size_t i, size_t at)
{
	const struct histogram *h = set->result[i];

	assert(i < set->decls->count && agg_set_type(set, i)->merge == merge && at < h->bins);
	return h->bin ? h->bin[at] : 0;
}
