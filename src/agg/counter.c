/* counter.c: the hash map behind mrrc.counter.
 *
 * Open addressing with linear probing, at most two thirds full. The hash takes eight bytes at a step and is
 * not keyed: it serves speed, and since rows are always given sorted nothing shows its order. A merge runs
 * through the other counter's block from front to back and asks for the slots it will need ahead of time. */
#include "agg/counter.h"

#include "base/alloc.h"

#define KEEP_BYTES ((size_t)1 << 20)
#define KEEP_SLOTS ((size_t)1 << 15)
#define FIRST_SLOTS ((size_t)64)
#define ENTRY_LEN(key_len) ((sizeof(struct counter_entry) + (key_len) + 7) & ~(size_t)7)
#define AHEAD 16 /* entries between the request for a slot and its use */

void counter_init(struct counter *c)
{
	*c = (struct counter){ 0 };
	buf_init(&c->entries, BUF_NO_LIMIT);
}

void counter_release(struct counter *c)
{
	buf_release(&c->entries);
	mem_free(c->slot);
	counter_init(c);
}

void counter_reset(struct counter *c)
{
	buf_reset(&c->entries, KEEP_BYTES);
	if (c->slots > KEEP_SLOTS) {
		mem_free(c->slot);
		c->slot = NULL;
		c->slots = 0;
	} else if (c->count > 0) {
		memset(c->slot, 0, c->slots * sizeof(*c->slot));
	}
	c->count = 0;
	c->total = (struct wide){ 0, 0 };
}

static inline uint64_t load(const uint8_t *p, size_t len)
{
	uint64_t w = 0;

	memcpy(&w, p, len);
	return w;
}

static inline uint64_t mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * UINT64_C(0x9E3779B97F4A7C15);
	return h ^ h >> 32;
}

/* The last step overlaps the one before it, so that no byte is taken alone. */
static uint32_t hash_key(struct span key)
{
	const uint8_t *p = key.ptr;
	size_t left = key.len;
	uint64_t h = mix(UINT64_C(0x2545F4914F6CDD1D), key.len);

	for (; left > 8; left -= 8, p += 8)
		h = mix(h, load(p, 8));
	if (left == 8)
		h = mix(h, load(p, 8));
	else if (key.len > 8)
		h = mix(h, load(key.ptr + key.len - 8, 8));
	else if (left >= 4)
		h = mix(h, load(p, 4) | load(p + left - 4, 4) << 32);
	else if (left > 0)
		h = mix(h, (uint64_t)p[0] | (uint64_t)p[left / 2] << 8 | (uint64_t)p[left - 1] << 16);
	return (uint32_t)(h ^ h >> 29);
}

static inline struct counter_entry *entry_at(const struct counter *c, uint32_t at)
{
	return (struct counter_entry *)(void *)(c->entries.ptr + (size_t)(at - 1) * 8);
}

/* The slot that has the key, or the free one where it belongs. There is always a free one. */
static struct counter_slot *find_slot(const struct counter *c, uint32_t hash, struct span key)
{
	size_t mask = c->slots - 1;

	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct counter_slot *slot = &c->slot[i];

		if (!slot->at)
			return slot;
		if (slot->hash != hash)
			continue;
		const struct counter_entry *e = entry_at(c, slot->at);
		if (e->len == key.len && (key.len == 0 || memcmp(e->key, key.ptr, key.len) == 0))
			return slot;
	}
}

static enum status grow_slots(struct counter *c)
{
	size_t slots = c->slots ? c->slots * 2 : FIRST_SLOTS;
	struct counter_slot *slot = NULL;

	if (slots <= SIZE_MAX / sizeof(*slot))
		slot = mem_zalloc(slots * sizeof(*slot));
	if (!slot)
		return STATUS_MEMORY;
	for (size_t i = 0; i < c->slots; i++) {
		size_t to = c->slot[i].hash & (slots - 1);

		if (!c->slot[i].at)
			continue;
		while (slot[to].at)
			to = (to + 1) & (slots - 1);
		slot[to] = c->slot[i];
	}
	mem_free(c->slot);
	c->slot = slot;
	c->slots = slots;
	return STATUS_OK;
}

static enum status new_entry(struct counter *c, struct counter_slot *slot, uint32_t hash, struct wide n,
			     struct span key)
{
	size_t at = c->entries.len / 8 + 1;
	struct counter_entry *e;

	if (key.len > UINT32_MAX || at > UINT32_MAX)
		return STATUS_MEMORY;
	TRY(buf_reserve(&c->entries, ENTRY_LEN(key.len)));
	e = (struct counter_entry *)(void *)(c->entries.ptr + c->entries.len);
	e->count = n;
	e->hash = hash;
	e->len = (uint32_t)key.len;
	if (key.len)
		memcpy(e->key, key.ptr, key.len);
	c->entries.len += ENTRY_LEN(key.len);
	*slot = (struct counter_slot){ hash, (uint32_t)at };
	c->count++;
	return STATUS_OK;
}

static enum status add_hashed(struct counter *c, uint32_t hash, struct wide n, struct span key)
{
	if ((c->count + 1) * 3 > c->slots * 2)
		TRY(grow_slots(c));
	struct counter_slot *slot = find_slot(c, hash, key);
	if (slot->at)
		wide_add(&entry_at(c, slot->at)->count, n);
	else
		TRY(new_entry(c, slot, hash, n, key));
	wide_add(&c->total, n);
	return STATUS_OK;
}

enum status counter_add(struct counter *c, int64_t n, struct span key)
{
	return add_hashed(c, hash_key(key), wide_of(n), key);
}

const struct counter_entry *counter_next(const struct counter *c, size_t *pos)
{
	if (*pos >= c->entries.len)
		return NULL;
	const struct counter_entry *e = (const void *)(c->entries.ptr + *pos);
	*pos += ENTRY_LEN(e->len);
	return e;
}

static void prefetch(const struct counter *c, const struct counter_entry *e)
{
	if (e && c->slots)
		__builtin_prefetch(&c->slot[e->hash & (c->slots - 1)]);
}

/* Half way between request and use the slot is there: ask for the entry it names. */
static void prefetch_entry(const struct counter *c, const struct counter_entry *e)
{
	if (!e || !c->slots)
		return;
	const struct counter_slot *slot = &c->slot[e->hash & (c->slots - 1)];
	if (slot->at)
		__builtin_prefetch(entry_at(c, slot->at));
}

enum status counter_merge(struct counter *into, const struct counter *from)
{
	const struct counter_entry *e;
	size_t pos = 0, near = 0, far = 0;

	for (int i = 0; i < AHEAD; i++) {
		prefetch(into, counter_next(from, &far));
		if (i < AHEAD / 2)
			prefetch_entry(into, counter_next(from, &near));
	}
	while ((e = counter_next(from, &pos))) {
		prefetch(into, counter_next(from, &far));
		prefetch_entry(into, counter_next(from, &near));
		TRY(add_hashed(into, e->hash, e->count, span_of(e->key, e->len)));
	}
	return STATUS_OK;
}

const struct counter_entry *counter_find(const struct counter *c, struct span key)
{
	if (!c->slots)
		return NULL;
	const struct counter_slot *slot = find_slot(c, hash_key(key), key);
	return slot->at ? entry_at(c, slot->at) : NULL;
}
