/* sink_deliver.c: what one batch gave, delivered: faults told, records and text written, results merged.
 *
 * A batch that the environment failed carries its fault here, where batches stand in input order: so the first fault that is
 * reported is the first of the input, for every number of threads. */
#include <errno.h>
#include <string.h>

#include "engine/sink_stage.h"

void sink_stage_stop(struct sink_stage *k, enum outcome outcome)
{
	if (k->result->outcome == OUTCOME_DONE)
		k->result->outcome = outcome;
	k->stopped = true;
	atomic_store(&k->line->stop, true);
	source_wake(k->line->source);
}

void sink_stage_fail(struct sink_stage *k, enum status st, const char *what, const char *path, int error)
{
	if (k->result->outcome != OUTCOME_DONE)
		return;
	if (st == STATUS_PIPE) {
		sink_stage_stop(k, OUTCOME_PIPE);
		return;
	}
	if (st == STATUS_MEMORY)
		report_say(&k->report, "not enough memory");
	else
		report_say(&k->report, "%s: %s: %s", path, what, strerror(error));
	sink_stage_stop(k, st == STATUS_MEMORY ? OUTCOME_MEMORY : OUTCOME_IO);
}

void sink_stage_raised(struct sink_stage *k, enum status st, struct problem *problem)
{
	if (st == STATUS_INVALID) {
		report_problem(&k->report, problem);
		sink_stage_stop(k, OUTCOME_STOPPED);
	} else if (st != STATUS_OK) {
		sink_stage_fail(k, st, "", "", 0);
	}
	problem_release(problem);
}

void sink_stage_output(struct sink_stage *k, enum status st, const struct output_problem *why)
{
	if (st == STATUS_INVALID) {
		report_say(&k->report, "%s: %s", why->path, why->what);
		sink_stage_stop(k, OUTCOME_STOPPED);
	} else if (st != STATUS_OK) {
		sink_stage_fail(k, st, why->what, why->path, why->error);
	}
}

static void write_to(struct sink_stage *k, struct sink *to, struct span bytes)
{
	if (k->stopped || !to || bytes.len == 0)
		return;

	enum status st = sink_write(to, bytes.ptr, bytes.len);

	if (st != STATUS_OK)
		sink_stage_fail(k, st, "write error", sink_name(to), sink_error(to));
}

void deliver_text(struct sink_stage *k, struct span text)
{
	if (text.len == 0)
		return;
	report_clear(&k->report);
	if (k->text_on_stderr)
		fwrite(text.ptr, 1, text.len, stderr);
	else
		write_to(k, k->text, text);
}

/* ---- faults, record by record ---- */

static bool is_lost(const struct record *r)
{
	return r->flags & RECORD_REJECTED && !(r->flags & RECORD_RESCUED);
}

static void count_record(struct engine_totals *t, const struct record *r)
{
	t->read++;
	t->faults += r->fault_count;
	if (is_lost(r))
		t->rejected++;
	else if (r->fault_count) {
		for (uint32_t i = 0; i < r->fault_count; i++)
			if (fault_severity(&r->fault[i]) != 'I') {
				t->repaired++;
				break;
			}
	}
}

static void tell_record(struct sink_stage *k, struct engine_totals *t, const struct record *r)
{
	count_record(t, r);
	if (r->fault_count)
		report_record(&k->report, r, is_lost(r));
	if (is_lost(r) && k->config->on_error == ERROR_REJECT)
		write_to(k, k->reject, r->raw);
}

static void tell_junk(struct sink_stage *k, struct engine_totals *t, const struct batch *b, const struct piece *p,
		      uint64_t number)
{
	report_junk(&k->report, b, p, number);
	if (p->code != FAULT_GARBAGE) {
		t->junk_bytes += p->len;
		return;
	}
	t->garbage_bytes += p->len;
	if (k->config->on_error == ERROR_REJECT)
		write_to(k, k->reject, span_of(b->raw.ptr + p->at, p->len));
}

/* Events stand in record order; those of record number `at` are told now. */
static void tell_events(struct sink_stage *k, const struct batch *b, size_t *next, uint32_t at)
{
	const struct yield *y = &b->yield;

	for (; *next < y->event_count && y->event[*next].record <= at; ++*next) {
		const struct event *e = &y->event[*next];
		bool raw = e->kind == EVENT_REJECT || e->kind == EVENT_UNWRITABLE ||
			   (e->kind == EVENT_SCRIPT_ERROR && y->on_error == SCRIPT_REJECT);

		report_event(&k->report, b, e);
		if (e->kind == EVENT_WARN)
			k->stats->total.warnings++;
		if (raw)
			write_to(k, k->reject, b->records[e->record].raw);
	}
}

/* What record number `at` printed; *from is where its text begins. */
static void tell_text(struct sink_stage *k, const struct yield *y, size_t *next, size_t *from, uint32_t at)
{
	if (*next == y->printed_count || y->printed[*next].record != at)
		return;
	deliver_text(k, span_of(y->text.ptr + *from, y->printed[*next].end - *from));
	*from = y->printed[(*next)++].end;
}

/* Faults, text and events of one record after the other, so that all of them mix in input order. */
static void tell_pieces(struct sink_stage *k, const struct batch *b, struct engine_totals *t)
{
	size_t made = 0, next_event = 0, next_text = 0, text_from = 0;

	for (size_t i = 0; i < b->piece_count; i++) {
		if (b->yield.stopped && made == b->yield.done)
			break;
		if (b->piece[i].junk) {
			tell_junk(k, t, b, &b->piece[i], b->number + made);
			continue;
		}
		if (made == b->record_count || !b->records)
			break;
		report_junk_end(&k->report);
		tell_record(k, t, &b->records[made]);
		tell_text(k, &b->yield, &next_text, &text_from, (uint32_t)made);
		tell_events(k, b, &next_event, (uint32_t)made);
		made++;
	}
}

static void add_totals(struct engine_totals *t, const struct engine_totals *part)
{
	t->read += part->read;
	t->rejected += part->rejected;
	t->repaired += part->repaired;
	t->faults += part->faults;
	t->junk_bytes += part->junk_bytes;
	t->garbage_bytes += part->garbage_bytes;
	t->written += part->written;
	t->dropped += part->dropped;
	t->changed += part->changed;
	t->failed += part->failed;
}

static void count_batch(struct sink_stage *k, const struct batch *b, struct engine_totals *part)
{
	const struct yield *y = &b->yield;

	part->written += y->written;
	part->dropped += y->dropped;
	part->changed += y->changed;
	part->rejected += y->rejected;
	part->failed += y->failed;
	add_totals(&k->stats->total, part);
	if (k->stats->file)
		add_totals(&k->stats->file[b->source], part);
}

/* ---- results ---- */

struct script *sink_stage_finisher(struct sink_stage *k)
{
	struct problem problem = { 0 };

	if (k->finisher)
		return k->finisher;

	enum status st = line_state(k->line, SCRIPT_NO_INIT, &k->finisher, &problem);

	sink_stage_raised(k, st, &problem);
	return k->finisher;
}

static void merge_reducers(struct sink_stage *k, const struct batch *b)
{
	struct problem problem = { 0 };

	if (b->yield.reducers.len == 0 || !sink_stage_finisher(k))
		return;

	enum status st = script_fold(k->finisher, buf_span(&b->yield.reducers), &problem);

	sink_stage_raised(k, st, &problem);
}

static void write_streams(struct sink_stage *k, const struct agg_set *aggs)
{
	struct output_problem why = { 0 };
	struct span key, bytes;
	size_t pos = 0, i;

	while (!k->stopped && agg_stream_next(aggs, &pos, &i, &key, &bytes)) {
		if (!k->line->decls->decl[i].path) /* its rows came as text */
			continue;
		enum status st = outputs_write(k->outputs, i, key, bytes, &why);

		sink_stage_output(k, st, &why);
	}
}

static void merge_results(struct sink_stage *k, const struct batch *b)
{
	if (!b->yield.aggs || k->stopped)
		return;
	write_streams(k, b->yield.aggs);
	if (!k->stopped && agg_merge(k->master, b->yield.aggs) != STATUS_OK)
		sink_stage_fail(k, STATUS_MEMORY, "", "", 0);
}

/* ---- the batch's own end ---- */

static void check_batch(struct sink_stage *k, const struct batch *b)
{
	const char *name = source_info(k->line->source, b->source)->name;

	if (b->fatal) {
		report_say(&k->report, "%s: %s %s: %s", name, fault_code_text(b->fatal),
			   fault_message(b->fatal), b->failed);
		sink_stage_stop(k, OUTCOME_STOPPED);
	}
	if (b->status == STATUS_INVALID) {
		report_problem(&k->report, &b->problem);
		sink_stage_stop(k, OUTCOME_STOPPED);
	} else if (b->status == STATUS_IO && b->vanished) {
		sink_stage_fail(k, STATUS_IO, "cannot open", source_info(k->line->source, b->vanished)->name, b->error);
	} else if (b->status == STATUS_IO) {
		report_say(&k->report, "%s: %s at byte %llu: %s", name, b->failed,
			   (unsigned long long)(b->offset + b->raw.len), strerror(b->error));
		sink_stage_stop(k, OUTCOME_IO);
	} else if (b->status == STATUS_STOPPED) {
		sink_stage_stop(k, OUTCOME_SIGNAL);
	} else if (b->status != STATUS_OK) {
		sink_stage_fail(k, b->status, "", "", 0);
	}
	if (b->yield.stopped)
		sink_stage_stop(k, OUTCOME_STOPPED);
	if (b->damaged) {
		report_junk_end(&k->report);
		report_say(&k->report, "stopped at the first damage (--on-error fail)");
		sink_stage_stop(k, OUTCOME_STOPPED);
	}
}

void deliver_batch(struct sink_stage *k, struct batch *b)
{
	struct engine_totals part = { 0 };

	tell_pieces(k, b, &part);
	count_batch(k, b, &part);
	write_to(k, k->out, buf_span(&b->yield.records));
	merge_results(k, b);
	merge_reducers(k, b);
	check_batch(k, b);
}
