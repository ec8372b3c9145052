/* iso2709_repair.c: the slow road of the ISO 2709 reader: the walk and its notes.
 *
 * All three modes walk the same steps and name the same faults; they differ only in what a note
 * means, and that is decided in repair_note alone: strict rejects where lenient mends. What no
 * rule can mend soundly is rejected with its code; permissive then keeps the raw bytes. Faults are
 * bounded, so that a hostile record cannot fill memory with remarks about itself. */
#include "marc/iso2709_inner.h"

static void add_fault(struct repair *r, struct fault f)
{
	if (r->faults < REPAIR_FAULTS)
		r->fault[r->faults++] = f;
	else if (!f.repaired && r->fault[REPAIR_FAULTS - 1].repaired)
		r->fault[REPAIR_FAULTS - 1] = f;
}

void repair_note(struct repair *r, enum fault_code code, uint32_t offset, uint32_t found, uint32_t expected)
{
	bool strict = r->recovery == RECOVERY_STRICT;

	add_fault(r, (struct fault){ code, !strict, r->tag, offset, found, expected });
	r->rejected |= strict;
}

void repair_warn(struct repair *r, enum fault_code code, uint32_t offset)
{
	add_fault(r, (struct fault){ code, true, r->tag, offset, 0, 0 });
}

void repair_reject(struct repair *r, enum fault_code code, uint32_t offset, uint32_t found, uint32_t expected)
{
	add_fault(r, (struct fault){ code, false, r->tag, offset, found, expected });
	r->rejected = true;
}

uint32_t repair_find(const struct repair *r, uint8_t byte, uint32_t from, uint32_t end)
{
	const uint8_t *found = from < end ? memchr(r->raw.ptr + from, byte, end - from) : NULL;

	return found ? (uint32_t)(found - r->raw.ptr) : end;
}

uint32_t repair_tally(const struct repair *r, uint8_t byte, uint32_t from, uint32_t end)
{
	uint32_t count = 0;

	for (uint32_t at = from; (at = repair_find(r, byte, at, end)) < end; at++)
		count++;
	return count;
}

uint32_t repair_number(const uint8_t *p, uint32_t digits)
{
	uint32_t value = 0;

	for (uint32_t i = 0; i < digits; i++) {
		if (p[i] < '0' || p[i] > '9')
			return UINT32_MAX;
		value = value * 10 + (p[i] - (uint32_t)'0');
	}
	return value;
}

/* What the splitter said about the frame. False when nobody may look inside. */
static bool take_framing(struct repair *r, enum fault_code framing)
{
	if (framing == FAULT_NONE)
		return true;
	r->reframed = true;
	if (framing == FAULT_NO_TERMINATOR) {
		repair_note(r, framing, (uint32_t)r->raw.len, 0, 0);
		return true;
	}
	repair_reject(r, framing, (uint32_t)r->raw.len, (uint32_t)r->raw.len, 0);
	return r->recovery == RECOVERY_PERMISSIVE;
}

static enum status walk_fields(struct repair *r)
{
	for (uint32_t i = 0; i < r->fields; i++) {
		r->tag = r->field[i].tag;
		TRY(repair_content(r, &r->field[i]));
	}
	r->tag = 0;
	return STATUS_OK;
}

static enum status walk(struct repair *r, enum fault_code framing)
{
	if (!take_framing(r, framing) || !repair_leader(r))
		return STATUS_OK;
	TRY(repair_directory(r));
	return walk_fields(r);
}

/* In order of position; there are few, so by insertion. */
static void sort_faults(struct fault *fault, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++) {
		struct fault f = fault[i];
		uint32_t at = i;

		for (; at > 0 && fault[at - 1].offset > f.offset; at--)
			fault[at] = fault[at - 1];
		fault[at] = f;
	}
}

static enum status keep_faults(struct repair *r)
{
	size_t len = r->faults * sizeof(*r->fault);
	struct fault *kept = arena_alloc(r->arena, len);

	if (!kept)
		return STATUS_MEMORY;
	sort_faults(r->fault, r->faults);
	memcpy(kept, r->fault, len);
	r->out->fault = kept;
	r->out->fault_count = r->faults;
	return STATUS_OK;
}

/* Of a record that nobody may use, the 001 alone stays, so that people can be told which one it is. */
static void keep_id(struct repair *r)
{
	uint32_t i = 0;

	while (i < r->fields && r->field[i].tag != MARC_TAG('0', '0', '1'))
		i++;
	if (i == r->fields)
		return;
	r->field[0] = r->field[i];
	r->fields = 1;
	r->out->field = r->field;
	r->out->count = 1;
}

static void finish(struct repair *r)
{
	struct record *out = r->out;

	if (r->rejected && r->recovery != RECOVERY_PERMISSIVE) {
		out->flags |= RECORD_REJECTED;
		keep_id(r);
		return;
	}
	out->field = r->field;
	out->count = r->fields;
	if (!r->reframed || (r->rejected && r->fields == 0)) /* permissive keeps what it cannot read */
		out->flags |= RECORD_VERBATIM;
}

enum status iso2709_repair(struct span raw, enum fault_code framing, enum recovery recovery,
			   struct arena *arena, struct record *out)
{
	struct repair r = { .raw = raw, .recovery = recovery, .arena = arena, .out = out };

	memset(out->leader, ' ', LEADER_LEN);
	out->raw = raw;
	out->flags = 0;
	out->count = 0;
	out->field = NULL;
	TRY(walk(&r, framing));
	TRY(keep_faults(&r));
	finish(&r);
	return STATUS_OK;
}
