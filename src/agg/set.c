/* set.c: the life of an agg_set, and merging.
 *
 * A batch's set is filled by the script worker, merged into the master by the sink, and reset; memory that an
 * unusual batch needed is not kept. What a result is made of, its kind knows. */
#include "agg/set.h"

#include <assert.h>

#include "base/alloc.h"

#define KEEP_JOURNAL ((size_t)1 << 16)
#define JOURNAL_MOST ((size_t)64 << 20) /* what one record may add */
#define KEEP_STREAM ((size_t)1 << 20)
#define ROUND_UP(len) (((len) + 15) & ~(size_t)15)

static size_t head_len(const struct agg_decls *decls)
{
	return ROUND_UP(sizeof(struct agg_set) + decls->count * sizeof(void *));
}

static size_t whole_len(const struct agg_decls *decls)
{
	size_t len = head_len(decls);

	for (size_t i = 0; i < decls->count; i++)
		len += ROUND_UP(agg_type_of(decls->decl[i].kind)->size);
	return len;
}

struct agg_set *agg_set_new(const struct agg_decls *decls)
{
	struct agg_set *set = mem_zalloc(whole_len(decls));
	uint8_t *place;

	if (!set)
		return NULL;
	set->decls = decls;
	buf_init(&set->journal, JOURNAL_MOST);
	buf_init(&set->stream, BUF_NO_LIMIT);
	place = (uint8_t *)set + head_len(decls);
	for (size_t i = 0; i < decls->count; i++) {
		const struct agg_type *type = agg_set_type(set, i);

		set->result[i] = place;
		place += ROUND_UP(type->size);
		if (type->init)
			type->init(set->result[i], &decls->decl[i]);
	}
	return set;
}

void agg_set_free(struct agg_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->decls->count; i++)
		if (agg_set_type(set, i)->release)
			agg_set_type(set, i)->release(set->result[i]);
	buf_release(&set->journal);
	buf_release(&set->stream);
	mem_free(set);
}

void agg_set_reset(struct agg_set *set)
{
	for (size_t i = 0; i < set->decls->count; i++)
		if (agg_set_type(set, i)->reset)
			agg_set_type(set, i)->reset(set->result[i]);
	buf_reset(&set->journal, KEEP_JOURNAL);
	buf_reset(&set->stream, KEEP_STREAM);
}

enum status agg_merge(struct agg_set *master, const struct agg_set *part)
{
	assert(master != part && master->decls->count == part->decls->count);
	for (size_t i = 0; i < part->decls->count; i++)
		if (agg_set_type(part, i)->merge)
			TRY(agg_set_type(part, i)->merge(master->result[i], part->result[i],
							 &part->decls->decl[i]));
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
