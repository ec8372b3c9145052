/* batch.c: making, emptying and ending batches; who owns one when is told in batch.h. */
#include "engine/batch.h"

#include "base/alloc.h"

#define ARENA_KEEP ((size_t)512 << 10)

enum status batch_init(struct batch *b, size_t raw_bytes)
{
	*b = (struct batch){ 0 };
	arena_init(&b->arena, ARENA_KEEP);
	buf_init(&b->raw, UINT32_MAX);
	yield_init(&b->yield);
	return buf_reserve(&b->raw, raw_bytes);
}

void batch_release(struct batch *b)
{
	arena_release(&b->arena);
	buf_release(&b->raw);
	yield_release(&b->yield);
	problem_release(&b->problem);
	mem_free(b->piece);
}

void batch_reset(struct batch *b, size_t raw_keep)
{
	buf_reset(&b->raw, raw_keep);
	arena_reset(&b->arena);
	yield_reset(&b->yield);
	problem_release(&b->problem);
	b->piece_count = b->record_count = b->usable = 0;
	b->damaged = false;
	b->records = NULL;
	b->last_of_source = false;
	b->status = STATUS_OK;
	b->error = 0;
	b->failed = NULL;
	b->vanished = 0;
	b->fatal = FAULT_NONE;
}

enum status batch_add(struct batch *b, size_t at, size_t len, enum fault_code code, bool junk)
{
	if (b->piece_count == b->piece_cap) {
		size_t cap = b->piece_cap ? b->piece_cap * 2 : 128;
		struct piece *grown = mem_realloc(b->piece, cap * sizeof *grown);

		if (!grown)
			return STATUS_MEMORY;
		b->piece = grown;
		b->piece_cap = cap;
	}
	b->piece[b->piece_count++] = (struct piece){ .at = (uint32_t)at, .len = (uint32_t)len, .code = code,
						     .junk = junk };
	if (!junk)
		b->record_count++;
	return STATUS_OK;
}
