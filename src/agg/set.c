/* set.c: the life of an agg_set, merging, and reading.
 *
 * A batch's set is filled by the script worker, merged into the master by the sink, and reset; memory that an
 * unusual batch needed is not kept. */
#include "agg/set.h"

#include <assert.h>

#include "base/alloc.h"

#define KEEP_JOURNAL ((size_t)1 << 16)
#define JOURNAL_MOST ((size_t)64 << 20) /* what one record may add */
#define KEEP_STREAM ((size_t)1 << 20)

struct agg_set *agg_set_new(const struct agg_decls *decls)
{
	struct agg_set *set = mem_zalloc(sizeof(*set) + decls->count * sizeof(set->result[0]));

	if (!set)
		return NULL;
	set->decls = decls;
	buf_init(&set->journal, JOURNAL_MOST);
	buf_init(&set->stream, BUF_NO_LIMIT);
	for (size_t i = 0; i < decls->count; i++)
		if (decls->decl[i].kind == AGG_COUNTER)
			counter_init(&set->result[i].counter);
	return set;
}

void agg_set_free(struct agg_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->decls->count; i++)
		if (set->decls->decl[i].kind == AGG_COUNTER)
			counter_release(&set->result[i].counter);
	buf_release(&set->journal);
	buf_release(&set->stream);
	mem_free(set);
}

static void result_reset(union agg_result *r, enum agg_kind kind)
{
	switch (kind) {
	case AGG_COUNTER:
		counter_reset(&r->counter);
		break;
	case AGG_SUM:
		sum_reset(&r->sum);
		break;
	case AGG_TABLE:
	case AGG_OUTPUT:
		r->pieces = 0;
		break;
	case AGG_REDUCER:
		break;
	}
}

void agg_set_reset(struct agg_set *set)
{
	for (size_t i = 0; i < set->decls->count; i++)
		result_reset(&set->result[i], set->decls->decl[i].kind);
	buf_reset(&set->journal, KEEP_JOURNAL);
	buf_reset(&set->stream, KEEP_STREAM);
}

static enum status result_merge(union agg_result *into, const union agg_result *from, enum agg_kind kind)
{
	switch (kind) {
	case AGG_COUNTER:
		return counter_merge(&into->counter, &from->counter);
	case AGG_SUM:
		sum_merge(&into->sum, &from->sum);
		break;
	case AGG_TABLE:
	case AGG_OUTPUT:
		into->pieces += from->pieces;
		break;
	case AGG_REDUCER:
		break;
	}
	return STATUS_OK;
}

enum status agg_merge(struct agg_set *master, const struct agg_set *part)
{
	assert(master != part && master->decls->count == part->decls->count);
	for (size_t i = 0; i < part->decls->count; i++)
		TRY(result_merge(&master->result[i], &part->result[i], part->decls->decl[i].kind));
	return STATUS_OK;
}

bool agg_stream_next(const struct agg_set *set, size_t *pos, size_t *i, struct span *key, struct span *bytes)
{
	struct agg_piece piece;

	if (!agg_piece_next(&set->stream, pos, &piece, key, bytes))
		return false;
	*i = piece.i;
	return true;
}

static const struct counter *counter_of(const struct agg_set *set, size_t i)
{
	assert(i < set->decls->count && set->decls->decl[i].kind == AGG_COUNTER);
	return &set->result[i].counter;
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
	const struct counter *c = counter_of(set, i);
	const struct counter_entry *e;
	size_t pos = 0;

	while ((e = counter_next(c, &pos)))
		if (!wide_fits(e->count))
			return false;
	return wide_fits(c->total);
}

void agg_sum_result(const struct agg_set *set, size_t i, struct agg_sum_result *out)
{
	assert(i < set->decls->count && set->decls->decl[i].kind == AGG_SUM);
	sum_result(&set->result[i].sum, out);
}

uint64_t agg_stream_count(const struct agg_set *set, size_t i)
{
	assert(i < set->decls->count);
	assert(set->decls->decl[i].kind == AGG_TABLE || set->decls->decl[i].kind == AGG_OUTPUT);
	return set->result[i].pieces;
}
