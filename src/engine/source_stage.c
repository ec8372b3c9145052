/* source_stage.c: cuts the input into batches.
 *
 * Bytes are read straight into the batch's own buffer; what lies behind its last record is carried over to the next.
 * A batch ends after batch_count records or before the record that would take it over batch_bytes, and never mixes inputs:
 * where it ends depends on the bytes of the input alone, never on how the reads fell. Fields are not looked at here. */
#include <errno.h>

#include "engine/stages.h"
#include "marc/foreign.h"

#define READ_MIN ((size_t)8 << 10)
#define LARGE ((size_t)256 << 10) /* bytes; ISO 2709 allows 99,999 */

struct cutter {
	struct line *line;
	struct buf carry;       /* read, not yet in a batch */
	uint64_t offset;        /* in the current input, of the next byte to be framed */
	uint64_t number, index; /* of the next record */
	uint64_t seq;
	bool at_end;            /* the current input has no more bytes */
	bool looked;            /* its first bytes were seen to be MARC */
	double record_mean;     /* bytes, to read about as much as a batch takes */
};

static size_t read_size(const struct cutter *c, const struct batch *b, size_t have)
{
	const struct engine_config *config = c->line->config;
	double want = c->record_mean * (double)(config->batch_count - b->record_count) + LEADER_LEN;
	size_t len = want > (double)config->batch_bytes ? config->batch_bytes : (size_t)want;

	if (have >= config->batch_bytes)
		len = have; /* one record larger than a batch: double, so that framing stays linear */
	len = (len + 4095) & ~(size_t)4095;
	return len < READ_MIN ? READ_MIN : len;
}

static enum status read_once(struct cutter *c, struct batch *b, size_t have)
{
	size_t want = read_size(c, b, have), got;

	TRY(buf_reserve(&b->raw, want));

	enum status st = source_read(c->line->source, b->raw.ptr + b->raw.len, want, &got);

	if (st == STATUS_IO) {
		b->error = errno;
		b->failed = "read error";
	}
	TRY(st);
	b->raw.len += got;
	c->at_end = got == 0;
	return STATUS_OK;
}

/* Pipes give little at a time. What is larger than any sound record is framed again only when it has grown by a quarter, or framing
 * it would be quadratic. */
static enum status read_more(struct cutter *c, struct batch *b, size_t have)
{
	size_t least = have < LARGE ? have + 1 : have + have / 4, before = b->raw.len;

	do
		TRY(read_once(c, b, have + (b->raw.len - before)));
	while (!c->at_end && have + (b->raw.len - before) < least);
	return STATUS_OK;
}

/* Drop what stands before pos: records that are skipped are counted, not kept. */
static void forget(struct cutter *c, struct batch *b, size_t *pos)
{
	if (b->piece_count > 0 || *pos < c->line->config->batch_bytes)
		return;
	b->raw.len -= *pos;
	memmove(b->raw.ptr, b->raw.ptr + *pos, b->raw.len);
	b->offset = c->offset += *pos;
	*pos = 0;
}

static bool limit_reached(const struct cutter *c)
{
	const struct engine_config *config = c->line->config;

	return config->limit && c->index >= config->skip + config->limit;
}

/* One step: frame what is there. *full: the batch is ready. */
static enum status cut_one(struct cutter *c, struct batch *b, size_t *pos, bool *full)
{
	const struct engine_config *config = c->line->config;
	struct frame f = iso2709_frame(b->raw.ptr + *pos, b->raw.len - *pos, c->at_end, config->max_record);

	if (f.kind == FRAME_MORE)
		return read_more(c, b, b->raw.len - *pos);
	if (f.kind == FRAME_END) {
		*full = b->last_of_source = true;
		return STATUS_OK;
	}
	if (b->piece_count > 0 && *pos + f.len > config->batch_bytes) {
		*full = true;
		return STATUS_OK;
	}
	if (f.kind == FRAME_RECORD) {
		c->record_mean += ((double)f.len - c->record_mean) / 32;
		c->index++;
		c->number++;
		if (c->index <= config->skip) {
			*pos += f.len;
			forget(c, b, pos);
			return STATUS_OK;
		}
	}
	TRY(batch_add(b, *pos, f.len, f.code, f.kind == FRAME_JUNK));
	*pos += f.len;
	*full = b->record_count >= config->batch_count || limit_reached(c);
	return STATUS_OK;
}

static enum status fill(struct cutter *c, struct batch *b)
{
	size_t pos = 0;
	bool full = false;

	b->source = (uint32_t)source_current(c->line->source);
	b->offset = c->offset;
	TRY(buf_add(&b->raw, c->carry.ptr, c->carry.len));
	c->carry.len = 0;
	while (!full) {
		if (!c->looked && (b->raw.len - pos >= FOREIGN_WINDOW || c->at_end)) {
			c->looked = true;
			b->failed = foreign_input(b->raw.ptr + pos, b->raw.len - pos);
			if (b->failed) {
				b->fatal = FAULT_NOT_MARC;
				return STATUS_OK;
			}
		}
		if (!c->looked)
			TRY(read_more(c, b, b->raw.len - pos));
		else
			TRY(cut_one(c, b, &pos, &full));
	}
	c->offset += pos;
	TRY(buf_add(&c->carry, b->raw.ptr + pos, b->raw.len - pos));
	b->raw.len = pos;
	return STATUS_OK;
}

/* Numbers of the first record in the batch. */
static void stamp(struct cutter *c, struct batch *b)
{
	b->seq = c->seq++;
	b->number = c->number - b->record_count + 1;
	b->index = c->index - b->record_count + 1;
}

static enum status next_source(struct cutter *c, bool *more)
{
	c->offset = 0;
	c->number = 0;
	c->at_end = c->looked = false;
	c->carry.len = 0;
	return source_next(c->line->source, more);
}

/* One batch on its way; false: that was the last. */
static bool cut_batch(struct cutter *c, struct batch *b)
{
	struct line *line = c->line;
	bool more = true;

	batch_reset(b, line->config->batch_bytes * 2);
	b->status = fill(c, b);
	stamp(c, b);
	if (b->status == STATUS_OK && b->last_of_source && !limit_reached(c)) {
		enum status st = next_source(c, &more);

		if (st != STATUS_OK) { /* the next input has vanished: this batch is good, the fault follows */
			b->status = st;
			b->error = errno;
			b->vanished = (uint32_t)source_current(c->line->source);
		}
	}
	if (limit_reached(c))
		more = false;
	if (b->status != STATUS_OK || b->fatal)
		more = false;
	line_send(line->work, LANE_PARSE, b);
	return more;
}

void *source_stage(void *arg)
{
	struct line *line = arg;
	struct cutter c = { .line = line, .record_mean = 1200 };
	uint64_t began = clock_thread_ns();
	bool more = true;

	buf_init(&c.carry, UINT32_MAX);
	while (more && !atomic_load(&line->stop)) {
		struct batch *b = channel_pop(line->idle, 1, NULL);

		if (!b)
			break;
		if (atomic_load(&line->stop)) {
			line_send(line->idle, 0, b);
			break;
		}
		more = cut_batch(&c, b);
	}
	buf_release(&c.carry);
	line->batch_total = c.seq;
	line->source_cpu = (double)(clock_thread_ns() - began) / 1e9;
	reorder_end(line->done, c.seq);
	return NULL;
}
