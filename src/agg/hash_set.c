/* hash_set.c: see hash_set.h. Open addressing, linear probing, at most two thirds full; the hash is its own
 * place. */
#include "agg/hash_set.h"

#include <stdlib.h>

#include "base/alloc.h"

#define FIRST_SLOTS ((size_t)64)
#define KEEP_SLOTS ((size_t)1 << 15)

void hash_set_release(struct hash_set *s)
{
	mem_free(s->slot);
	*s = (struct hash_set){ 0 };
}

void hash_set_reset(struct hash_set *s)
{
	if (s->slots > KEEP_SLOTS)
		hash_set_release(s);
	else if (s->count > 0)
		memset(s->slot, 0, s->slots * sizeof(*s->slot));
	s->count = 0;
}

static bool is_free(const struct hash128 *h)
{
	return h->low == 0 && h->high == 0;
}

/* Where h is, or the free slot where it belongs. */
static struct hash128 *find(struct hash128 *slot, size_t slots, struct hash128 h)
{
	size_t i = (size_t)h.low & (slots - 1);

	while (!is_free(&slot[i]) && (slot[i].low != h.low || slot[i].high != h.high))
		i = (i + 1) & (slots - 1);
	return &slot[i];
}

static enum status grow(struct hash_set *s)
{
	size_t slots = s->slots ? s->slots * 2 : FIRST_SLOTS;
	struct hash128 *slot = NULL;

	if (slots <= SIZE_MAX / sizeof(*slot))
		slot = mem_zalloc(slots * sizeof(*slot));
	if (!slot)
		return STATUS_MEMORY;
	for (size_t i = 0; i < s->slots; i++)
		if (!is_free(&s->slot[i]))
			*find(slot, slots, s->slot[i]) = s->slot[i];
	mem_free(s->slot);
	s->slot = slot;
	s->slots = slots;
	return STATUS_OK;
}

enum status hash_set_add(struct hash_set *s, struct hash128 h)
{
	if (is_free(&h))
		h.high = 1;
	if ((s->count + 1) * 3 > s->slots * 2)
		TRY(grow(s));
	struct hash128 *slot = find(s->slot, s->slots, h);
	s->count += is_free(slot);
	*slot = h;
	return STATUS_OK;
}

enum status hash_set_merge(struct hash_set *into, const struct hash_set *from)
{
	for (size_t i = 0; i < from->slots; i++)
		if (!is_free(&from->slot[i]))
			TRY(hash_set_add(into, from->slot[i]));
	return STATUS_OK;
}

static int compare(const void *a, const void *b)
{
	const struct hash128 *x = a, *y = b;

	if (x->high != y->high)
		return x->high < y->high ? -1 : 1;
	return (x->low > y->low) - (x->low < y->low);
}

enum status hash_set_sorted(const struct hash_set *s, struct hash128 **out)
{
	size_t n = 0;

	*out = mem_array(s->count, sizeof(**out));
	if (!*out)
		return STATUS_MEMORY;
	for (size_t i = 0; i < s->slots; i++)
		if (!is_free(&s->slot[i]))
			(*out)[n++] = s->slot[i];
	qsort(*out, n, sizeof(**out), compare);
	return STATUS_OK;
}
