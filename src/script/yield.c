/* yield.c: what one batch gave: buffers that the worker fills and the sink empties.
 *
 * Kept apart from the hooks because the engine resets and reads yields on other threads than the
 * one that filled them; there is no Lua in here. */
#include "script/script.h"

#include "base/alloc.h"

/* A reset keeps this much of each buffer: a batch's usual output, not its largest ever. */
#define YIELD_KEEP ((size_t)1 << 20)
#define EVENTS_KEEP 4096

void yield_init(struct yield *y)
{
	*y = (struct yield){ 0 };
	buf_init(&y->records, BUF_NO_LIMIT);
	buf_init(&y->text, BUF_NO_LIMIT);
	buf_init(&y->messages, BUF_NO_LIMIT);
	buf_init(&y->reducers, BUF_NO_LIMIT);
}

void yield_reset(struct yield *y)
{
	buf_reset(&y->records, YIELD_KEEP);
	buf_reset(&y->text, YIELD_KEEP);
	buf_reset(&y->messages, YIELD_KEEP);
	buf_reset(&y->reducers, YIELD_KEEP);
	if (y->aggs)
		agg_set_reset(y->aggs);
	if (y->event_cap > EVENTS_KEEP) {
		mem_free(y->event);
		y->event = NULL;
		y->event_cap = 0;
	}
	y->event_count = y->printed_count = 0;
	y->seen = y->written = y->dropped = y->changed = y->rejected = y->failed = 0;
	y->done = 0;
	y->stopped = false;
}

void yield_release(struct yield *y)
{
	buf_release(&y->records);
	buf_release(&y->text);
	buf_release(&y->messages);
	buf_release(&y->reducers);
	agg_set_free(y->aggs);
	mem_free(y->event);
	mem_free(y->printed);
	*y = (struct yield){ 0 };
}

enum status yield_printed(struct yield *y, uint32_t record)
{
	size_t before = y->printed_count ? y->printed[y->printed_count - 1].end : 0;

	if (y->text.len == before)
		return STATUS_OK;
	if (y->printed_count == y->printed_cap) {
		size_t cap = y->printed_cap ? y->printed_cap * 2 : 16;
		struct printed *grown = mem_realloc(y->printed, cap * sizeof *grown);

		if (!grown)
			return STATUS_MEMORY;
		y->printed = grown;
		y->printed_cap = cap;
	}
	y->printed[y->printed_count++] = (struct printed){ .record = record, .end = y->text.len };
	return STATUS_OK;
}

static enum status event_room(struct yield *y)
{
	if (y->event_count < y->event_cap)
		return STATUS_OK;

	size_t cap = y->event_cap ? y->event_cap * 2 : 16;
	struct event *grown = mem_realloc(y->event, cap * sizeof *grown);

	if (!grown)
		return STATUS_MEMORY;
	y->event = grown;
	y->event_cap = cap;
	return STATUS_OK;
}

enum status yield_event(struct yield *y, enum event_kind kind, uint32_t record, const char *hook, struct span message,
			struct span trace)
{
	struct event e = { .kind = kind, .record = record, .hook = hook };

	TRY(event_room(y));
	e.message = y->messages.len;
	e.message_len = message.len;
	TRY(buf_add_span(&y->messages, message));
	e.trace = y->messages.len;
	e.trace_len = trace.len;
	TRY(buf_add_span(&y->messages, trace));
	y->event[y->event_count++] = e;
	return STATUS_OK;
}
