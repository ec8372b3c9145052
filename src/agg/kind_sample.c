/* kind_sample.c: mrrc.sample as a kind: n values by lot. Every addition draws a rank, a hash of where its
 * record stands and of its place within the record; the n lowest ranks stay. So the lot is drawn by the
 * input and the seed alone, and merging is taking the lowest of both. */
#include "agg/kept.h"
#include "agg/set.h"
#include "base/alloc.h"
#include "base/siphash.h"

struct ticket {
	uint64_t rank;
	uint8_t *value; /* a block of its own */
	size_t len;
};

struct sample {
	struct ticket *ticket; /* sorted by rank, equal ranks by value */
	size_t count, cap;
	uint64_t record, additions; /* of the last addition: which record, how many of it before */
};

static struct span value_of(const struct ticket *t)
{
	return span_of(t->value, t->len);
}

static void reset(void *result)
{
	struct sample *s = result;

	for (size_t i = 0; i < s->count; i++)
		mem_free(s->ticket[i].value);
	s->count = 0;
	s->record = s->additions = 0;
}

static void release(void *result)
{
	reset(result);
	mem_free(((struct sample *)result)->ticket);
}

/* How many tickets come before this one. */
static size_t find(const struct sample *s, uint64_t rank, struct span value)
{
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct ticket *t = &s->ticket[middle];

		if (t->rank < rank || (t->rank == rank && span_cmp(value_of(t), value) < 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static enum status need_room(struct sample *s)
{
	size_t cap = s->cap ? s->cap * 2 : 16;
	struct ticket *grown;

	if (s->count < s->cap)
		return STATUS_OK;
	grown = mem_realloc(s->ticket, cap * sizeof(*grown));
	if (!grown)
		return STATUS_MEMORY;
	s->ticket = grown;
	s->cap = cap;
	return STATUS_OK;
}

static enum status draw(struct sample *s, size_t n, uint64_t rank, struct span value)
{
	size_t at = find(s, rank, value);
	uint8_t *copy;

	if (at >= n)
		return STATUS_OK;
	TRY(need_room(s));
	copy = mem_dup(value.ptr, value.len);
	if (!copy)
		return STATUS_MEMORY;
	if (s->count == n)
		mem_free(s->ticket[--s->count].value);
	memmove(&s->ticket[at + 1], &s->ticket[at], (s->count - at) * sizeof(*s->ticket));
	s->ticket[at] = (struct ticket){ rank, copy, value.len };
	s->count++;
	return STATUS_OK;
}

static enum status add(void *result, const struct agg_decl *d, const struct agg_piece *piece, struct span key,
		       struct span bytes)
{
	struct sample *s = result;
	uint64_t place[2] = { piece->value, 0 };

	(void)key;
	if (s->record != piece->value)
		s->additions = 0;
	s->record = piece->value;
	place[1] = s->additions++;
	return draw(s, d->n, siphash128(0, 0, span_of(place, sizeof(place))).low, bytes);
}

static enum status merge(void *into, const void *from, const struct agg_decl *d)
{
	const struct sample *s = from;

	for (size_t i = 0; i < s->count; i++)
		TRY(draw(into, d->n, s->ticket[i].rank, value_of(&s->ticket[i])));
	return STATUS_OK;
}

bool sample_next(const void *result, size_t *pos, struct span *value)
{
	const struct sample *s = result;

	if (*pos >= s->count)
		return false;
	*value = value_of(&s->ticket[(*pos)++]);
	return true;
}

static enum status write(const void *result, const struct agg_decl *d, struct buf *out)
{
	TRY(buf_printf(out, ", \"n\": %zu", d->n));
	return kept_write(result, sample_next, out);
}

const struct agg_type agg_type_sample = {
	.name = "sample",
	.size = sizeof(struct sample),
	.takes = 1u << OP_KEEP,
	.release = release,
	.reset = reset,
	.add = add,
	.merge = merge,
	.write = write,
	.unmergeable = "the lots were drawn within each run",
};
