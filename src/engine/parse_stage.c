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

/* Does the run end with this piece? Bytes that are no record are a loss like a record that cannot be read. */
static bool ends_run(const struct line *line, const struct batch *b, const struct piece *p, size_t made)
{
	if (line->config->on_error != ERROR_FAIL)
		return false;
	return p->junk ? p->code == FAULT_GARBAGE : (b->records[made - 1].flags & RECORD_REJECTED) != 0;
}

enum status parse_batch(struct line *line, struct batch *b)
{
	enum status st = STATUS_OK;
	size_t made = 0;

	b->records = arena_alloc(&b->arena, b->record_count * sizeof *b->records + 1);
	if (!b->records)
		return STATUS_MEMORY;
	for (size_t i = 0; i < b->piece_count && !b->damaged; i++) {
		const struct piece *p = &b->piece[i];

		b->usable = made;
		if (!p->junk)
			st = parse_one(line, b, p, made);
		if (st != STATUS_OK)
			break;
		made += !p->junk;
		b->damaged = ends_run(line, b, p, made);
		if (b->damaged)
			b->piece_count = i + 1;
		else
			b->usable = made;
	}
	b->record_count = made; /* the others do not exist: memory for them was lacking, or the run ends here */
	return st;
}
