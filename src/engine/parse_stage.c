/* parse_stage.c: the bytes of a batch become records in its arena. No Lua here, no policy but the recovery mode. */
#include "engine/stages.h"

static enum status parse_one(struct line *line, struct batch *b, const struct piece *p, size_t i)
{
	struct record *r = &b->records[i];

	TRY(iso2709_read(span_of(b->raw.ptr + p->at, p->len), p->code, line->config->recovery, &b->arena, r));
	r->offset = b->offset + p->at;
	r->number = b->number + i;
	r->index = b->index + i;
	r->source = b->source;
	return STATUS_OK;
}

enum status parse_batch(struct line *line, struct batch *b)
{
	size_t made = 0;

	b->records = arena_alloc(&b->arena, b->record_count * sizeof *b->records + 1);
	if (!b->records)
		return STATUS_MEMORY;
	b->usable = b->record_count;
	for (size_t i = 0; i < b->piece_count; i++) {
		if (b->piece[i].junk)
			continue;
		TRY(parse_one(line, b, &b->piece[i], made));
		if (b->records[made].flags & RECORD_REJECTED && line->config->on_error == ERROR_FAIL) {
			b->usable = made;
			made++;
			break;
		}
		made++;
	}
	b->record_count = made;
	return STATUS_OK;
}
