/* kind_distinct.c: mrrc.distinct as a kind: how many different values, told apart by hashes of 128 bits. The
 * hash has no secret key: parts of a run, and runs of different days, must agree on it. */
#include <assert.h>
#include <inttypes.h>
#include <jansson.h>

#include "agg/hash_set.h"
#include "agg/set.h"
#include "base/alloc.h"

static void release(void *result)
{
	hash_set_release(result);
}

static void reset(void *result)
{
	hash_set_reset(result);
}

static enum status add(void *result, const struct agg_decl *d, const struct agg_piece *piece, struct span key,
		       struct span bytes)
{
	(void)d;
	(void)piece;
	(void)bytes;
	return hash_set_add(result, siphash128(0, 0, key));
}

static enum status merge(void *into, const void *from, const struct agg_decl *d)
{
	(void)d;
	return hash_set_merge(into, from);
}

static enum status write_hashes(const struct hash128 *hash, size_t count, struct buf *out)
{
	TRY(buf_printf(out, ", \"count\": %zu, \"hashes\": [", count));
	for (size_t i = 0; i < count; i++)
		TRY(buf_printf(out, "%s\n    \"%016" PRIx64 "%016" PRIx64 "\"", i ? "," : "", hash[i].high,
			       hash[i].low));
	return buf_add_str(out, count ? "\n  ]" : "]");
}

static enum status write(const void *result, const struct agg_decl *d, struct buf *out)
{
	const struct hash_set *s = result;
	struct hash128 *sorted;

	(void)d;
	TRY(hash_set_sorted(s, &sorted));
	enum status st = write_hashes(sorted, s->count, out);
	mem_free(sorted);
	return st;
}

static bool read_hash(const json_t *from, struct hash128 *h)
{
	const char *text = json_string_value(from);

	if (!text || json_string_length(from) != 32 || strspn(text, "0123456789abcdef") != 32)
		return false;
	*h = (struct hash128){ 0, 0 };
	for (int i = 0; i < 32; i++) {
		uint64_t digit = (uint64_t)(text[i] <= '9' ? text[i] - '0' : text[i] - 'a' + 10);

		h->high = h->high << 4 | h->low >> 60;
		h->low = h->low << 4 | digit;
	}
	return true;
}

static enum status read(void *result, const struct agg_decl *d, const json_t *from)
{
	const json_t *hashes = json_object_get(from, "hashes");
	struct hash128 h;

	(void)d;
	if (!json_is_array(hashes))
		return STATUS_INVALID;
	for (size_t i = 0; i < json_array_size(hashes); i++) {
		if (!read_hash(json_array_get(hashes, i), &h))
			return STATUS_INVALID;
		TRY(hash_set_add(result, h));
	}
	return STATUS_OK;
}

const struct agg_type agg_type_distinct = {
	.name = "distinct",
	.size = sizeof(struct hash_set),
	.takes = 1u << OP_COUNT,
	.release = release,
	.reset = reset,
	.add = add,
	.merge = merge,
	.write = write,
	.read = read,
};

size_t agg_distinct_count(const struct agg_set *set, size_t i)
{
	assert(i < set->decls->count && agg_set_type(set, i)->merge == merge);
	return ((const struct hash_set *)set->result[i])->count;
}
