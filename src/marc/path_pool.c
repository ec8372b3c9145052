/* path_pool.c: the memory of one compiled path or expression.
 *
 * A tree of a few dozen nodes is made once and freed at once; a chain of blocks frees it without walking
 * the tree, also when the text turns out wrong half way. Compiled regexes hang on a chain of their own. */
#include "base/alloc.h"
#include "marc/path_internal.h"

struct pool_item {
	struct pool_item *next;
	_Alignas(16) uint8_t bytes[];
};

void *pool_alloc(struct pool *pool, size_t len)
{
	struct pool_item *item = mem_zalloc(sizeof(*item) + len);

	if (!item)
		return NULL;
	item->next = pool->items;
	pool->items = item;
	return item->bytes;
}

void *pool_grown(struct pool *pool, void *list, uint32_t count, size_t len)
{
	if (count & (count - 1))
		return list;
	void *more = pool_alloc(pool, (count ? (size_t)count * 2 : 1) * len);

	if (more && count)
		memcpy(more, list, count * len);
	return more;
}

void pool_release(struct pool *pool)
{
	regex_free_list(pool->regexes);
	for (struct pool_item *item = pool->items, *next; item; item = next) {
		next = item->next;
		mem_free(item);
	}
	pool->items = NULL;
	pool->regexes = NULL;
}
