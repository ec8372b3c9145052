/* journal.c: additions wait here until their record has succeeded.
 *
 * One buffer of pieces serves all kinds; rows and records are copied once more on commit, which keeps the
 * journal of a failed record worth exactly one assignment to forget. */
#include <assert.h>

#include "agg/set.h"

#define KEEP_JOURNAL ((size_t)1 << 16)

bool agg_piece_next(const struct buf *from, size_t *pos, struct agg_piece *piece, struct span *key,
		    struct span *bytes)
{
	if (*pos >= from->len)
		return false;
	const uint8_t *p = from->ptr + *pos;
	memcpy(piece, p, sizeof(*piece));
	*key = span_of(p + sizeof(*piece), (size_t)piece->key_len);
	*bytes = span_of(key->ptr + key->len, (size_t)piece->bytes_len);
	*pos += sizeof(*piece) + key->len + bytes->len;
	return true;
}

enum status agg_piece_add(struct buf *to, const struct agg_piece *piece, struct span key, struct span bytes)
{
	size_t len = sizeof(*piece) + key.len;

	if (len < key.len || len + bytes.len < len)
		return STATUS_MEMORY;
	TRY(buf_reserve(to, len + bytes.len));
	uint8_t *p = to->ptr + to->len;
	memcpy(p, piece, sizeof(*piece));
	if (key.len)
		memcpy(p + sizeof(*piece), key.ptr, key.len);
	if (bytes.len)
		memcpy(p + len, bytes.ptr, bytes.len);
	to->len += len + bytes.len;
	return STATUS_OK;
}

size_t agg_mark(const struct agg_set *set)
{
	return set->journal.len;
}

void agg_rollback(struct agg_set *set, size_t mark)
{
	assert(mark <= set->journal.len);
	set->journal.len = mark;
	if (mark == 0)
		buf_reset(&set->journal, KEEP_JOURNAL);
}

static enum status apply(struct agg_set *set, const struct agg_piece *piece, struct span key,
			 struct span bytes)
{
	const struct agg_type *type = agg_set_type(set, piece->i);

	if (type->streams)
		TRY(agg_piece_add(&set->stream, piece, key, bytes));
	return type->add(set->result[piece->i], &set->decls->decl[piece->i], piece, key, bytes);
}

enum status agg_commit(struct agg_set *set)
{
	struct agg_piece piece;
	struct span key, bytes;
	size_t pos = 0;

	while (agg_piece_next(&set->journal, &pos, &piece, &key, &bytes))
		TRY(apply(set, &piece, key, bytes));
	buf_reset(&set->journal, KEEP_JOURNAL);
	return STATUS_OK;
}

enum status agg_note(struct agg_set *set, size_t i, enum agg_op op, uint64_t value, struct span key,
		     struct span bytes)
{
	struct agg_piece piece = { (uint32_t)i, op, value, key.len, bytes.len };

	assert(i < set->decls->count && agg_set_type(set, i)->takes & 1u << op);
	return agg_piece_add(&set->journal, &piece, key, bytes);
}

enum status agg_count(struct agg_set *set, size_t i, int64_t n, struct span key)
{
	return agg_note(set, i, OP_COUNT, (uint64_t)n, key, span_of(NULL, 0));
}

enum status agg_sum_int(struct agg_set *set, size_t i, int64_t v)
{
	return agg_note(set, i, OP_INT, (uint64_t)v, span_of(NULL, 0), span_of(NULL, 0));
}

enum status agg_sum_double(struct agg_set *set, size_t i, double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	return agg_note(set, i, OP_DOUBLE, bits, span_of(NULL, 0), span_of(NULL, 0));
}

enum status agg_stream(struct agg_set *set, size_t i, struct span key, struct span bytes)
{
	return agg_note(set, i, OP_STREAM, 0, key, bytes);
}

enum status agg_keep(struct agg_set *set, size_t i, uint64_t where, struct span value)
{
	return agg_note(set, i, OP_KEEP, where, span_of(NULL, 0), value);
}
