/* sink_stage.c: opens every output, takes batches in order, and at the end puts all of it in place, or none.
 *
 * Files given by -o, --reject, --errors and by scripts are temporary until the run has succeeded. What one batch means is
 * sink_deliver.c's. */
#include "engine/sink_stage.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"

#define PROGRESS_MS 200

static bool open_one(struct sink_stage *k, struct sink **out, const char *path)
{
	enum status st = sink_open(out, path, !k->config->no_sync);

	if (st == STATUS_OK)
		return true;
	sink_stage_fail(k, st, "cannot write", path ? path : "standard output", errno);
	return false;
}

static bool open_in_place(struct sink_stage *k, uint32_t source)
{
	k->in_place_source = source;
	return open_one(k, &k->out, source_info(k->line->source, source)->name);
}

static bool open_records(struct sink_stage *k)
{
	if (!k->writes)
		return true;
	if (k->config->in_place)
		return open_in_place(k, 0);
	return open_one(k, &k->out, k->config->output);
}

/* print goes to standard output, unless the records go there */
static bool open_text(struct sink_stage *k)
{
	k->text_on_stderr = k->writes && !k->config->in_place && !k->config->output;
	return k->text_on_stderr || !k->config->program || open_one(k, &k->text, NULL);
}

bool sink_stage_open(struct sink_stage *k)
{
	const struct engine_config *config = k->config;

	k->began_ns = k->shown_ns = clock_mono_ns();
	if (config->errors_path && !open_one(k, &k->errors, config->errors_path))
		return false;
	k->report.errors = k->errors;
	if (config->reject_path && !open_one(k, &k->reject, config->reject_path))
		return false;
	if (k->line->decls && k->line->decls->count > 0) {
		k->master = agg_set_new(k->line->decls);
		k->outputs = outputs_new(k->line->decls, k->line->source, config);
		if (!k->master || !k->outputs) {
			sink_stage_fail(k, STATUS_MEMORY, "", "", 0);
			return false;
		}
	}
	return open_records(k) && open_text(k);
}

/* ---- the loop ---- */

static void show_progress(struct sink_stage *k)
{
	uint64_t now = clock_mono_ns();

	bool asked = atomic_exchange(&k->line->progress_wanted, false);

	if (!asked && (!k->config->progress || now - k->shown_ns < PROGRESS_MS * 1000000ull))
		return;
	k->shown_ns = now;
	report_progress(&k->report, &k->stats->total, (double)(now - k->began_ns) / 1e9,
			source_bytes(k->line->source), source_total(k->line->source));
	if (asked && !k->config->progress) {
		fputc('\n', stderr);
		k->report.line_shown = false;
	}
}

/* Before the first file is put in its place everything has left our buffers, so that what a full disk or a closed pipe spoils is
 * nothing or all; above all, no rejected record may be missing in both files. */
static void flush_all(struct sink_stage *k)
{
	struct sink *all[] = { k->reject, k->errors, k->text, k->out };

	for (size_t i = 0; i < sizeof all / sizeof all[0] && !k->stopped; i++) {
		enum status st = all[i] ? sink_flush(all[i]) : STATUS_OK;

		if (st != STATUS_OK)
			sink_stage_fail(k, st, "write error", sink_name(all[i]), errno);
	}
}

/* With --in-place every input has its own output, which is put in place when the next input begins. */
static void turn_in_place(struct sink_stage *k, const struct batch *b)
{
	while (!k->stopped && k->in_place_source < b->source) {
		const char *name = source_info(k->line->source, k->in_place_source)->name;

		flush_all(k);
		if (k->stopped)
			return;
		k->stats->bytes_out += sink_bytes(k->out);

		enum status st = sink_commit(k->out);

		k->out = NULL;
		if (st != STATUS_OK)
			sink_stage_fail(k, st, "cannot write", name, errno);
		else
			(void)open_in_place(k, k->in_place_source + 1);
	}
}

static void take_batch(struct sink_stage *k, struct batch *b)
{
	if (atomic_load(&k->line->signal) && !k->stopped)
		sink_stage_stop(k, OUTCOME_SIGNAL);
	if (!k->stopped && k->config->in_place && k->writes)
		turn_in_place(k, b);
	if (!k->stopped)
		deliver_batch(k, b);
	line_send(k->line->idle, 0, b);
}

void sink_stage_run(struct sink_stage *k)
{
	for (;;) {
		int timeout;
		struct batch *b = reorder_take_for(k->line->done, PROGRESS_MS, &timeout);

		if (b)
			take_batch(k, b);
		else if (!timeout)
			break;
		show_progress(k);
	}
	report_junk_end(&k->report);
	report_clear(&k->report);
}

/* ---- the end ---- */

static void run_finish(struct sink_stage *k, unsigned hooks)
{
	struct problem problem = { 0 };
	struct buf text;

	if (!(hooks & HOOK_FINISH) || !sink_stage_finisher(k))
		return;
	buf_init(&text, BUF_NO_LIMIT);
	enum status st = script_finish(k->finisher, k->master, &text, &k->result->verdict, &problem);

	deliver_text(k, buf_span(&text));
	sink_stage_raised(k, st, &problem);
	buf_release(&text);
}

/* The values of reducers as JSON, one behind the other in `text`; ends[i] is where the i-th ends. */
static enum status reducers_json(struct sink_stage *k, struct buf *text, size_t *ends)
{
	for (size_t i = 0; i < k->line->decls->count; i++) {
		if (k->line->decls->decl[i].kind == AGG_REDUCER && sink_stage_finisher(k))
			TRY(script_reducer_json(k->finisher, i, text));
		ends[i] = text->len;
	}
	return STATUS_OK;
}

static enum status aggregates_json(struct sink_stage *k, struct buf *out)
{
	size_t count = k->line->decls->count;
	size_t *ends = mem_array(count, sizeof *ends);
	struct span *json = mem_array(count, sizeof *json);
	enum status st = ends && json ? STATUS_OK : STATUS_MEMORY;
	struct buf text;

	buf_init(&text, BUF_NO_LIMIT);
	if (st == STATUS_OK)
		st = reducers_json(k, &text, ends);
	for (size_t i = 0; st == STATUS_OK && i < count; i++) {
		size_t from = i ? ends[i - 1] : 0;

		json[i] = span_of(text.ptr + from, ends[i] - from);
	}
	if (st == STATUS_OK)
		st = agg_to_json(k->master, json, out);
	buf_release(&text);
	mem_free(json);
	mem_free(ends);
	return st;
}

static void write_aggregates(struct sink_stage *k)
{
	const char *path = k->config->agg_path;
	struct sink *to = NULL;
	struct buf json;

	if (k->stopped || !path)
		return;
	buf_init(&json, BUF_NO_LIMIT);
	enum status st = k->master ? aggregates_json(k, &json) : buf_add_str(&json, "{}\n");

	if (st == STATUS_INVALID) {
		report_say(&k->report, "%s: the results cannot be written as JSON: a value is too large", path);
		sink_stage_stop(k, OUTCOME_STOPPED);
	} else if (st != STATUS_OK) {
		sink_stage_fail(k, st, "", "", 0);
	} else if (open_one(k, &to, path)) {
		st = sink_write(to, json.ptr, json.len);
		if (st != STATUS_OK)
			sink_stage_fail(k, st, "write error", path, errno);
		if (k->stopped)
			sink_discard(to);
		else if ((st = sink_commit(to)) != STATUS_OK)
			sink_stage_fail(k, st, "cannot write", path, errno);
	}
	buf_release(&json);
}

static void put_in_place(struct sink_stage *k, struct sink **sink, const char *what)
{
	char name[512];

	if (!*sink)
		return;
	if (k->stopped) {
		sink_discard(*sink);
		*sink = NULL;
		return;
	}
	snprintf(name, sizeof name, "%s", sink_name(*sink));
	enum status st = sink_commit(*sink);

	*sink = NULL;
	if (st != STATUS_OK)
		sink_stage_fail(k, st, what, name, errno);
}

static void flush_outputs(struct sink_stage *k)
{
	struct output_problem why = { 0 };

	if (k->outputs && !k->stopped)
		sink_stage_output(k, outputs_flush(k->outputs, &why), &why);
}

static void commit_outputs(struct sink_stage *k)
{
	struct output_problem why = { 0 };

	if (k->outputs && !k->stopped)
		sink_stage_output(k, outputs_commit(k->outputs, &why), &why);
	if (k->outputs)
		k->stats->bytes_out += outputs_bytes(k->outputs);
	outputs_discard(k->outputs);
	k->outputs = NULL;
}

/* Standard output gets what was written before a stop; files do not. */
static void flush_standard(struct sink_stage *k, struct sink *s)
{
	if (!s || !k->stopped || k->result->outcome == OUTCOME_PIPE)
		return;
	if (strcmp(sink_name(s), "standard output") == 0 && sink_flush(s) == STATUS_PIPE)
		k->result->outcome = OUTCOME_PIPE;
}

/* Rejected bytes and error lines are wanted just when a run has failed: they are kept. */
static void keep_log(struct sink_stage *k, struct sink **sink)
{
	char name[512];

	if (!*sink)
		return;
	snprintf(name, sizeof name, "%s", sink_name(*sink));
	enum status st = sink_commit(*sink);

	*sink = NULL;
	if (st != STATUS_OK)
		sink_stage_fail(k, st, "cannot write", name, errno);
}

/* Where the memory for an error line was lacking, the file has a hole. */
static void check_errors(struct sink_stage *k)
{
	k->report.errors = NULL;
	if (k->report.errors_status != STATUS_OK)
		sink_stage_fail(k, k->report.errors_status, "write error", k->config->errors_path, sink_error(k->errors));
}

void sink_stage_close(struct sink_stage *k)
{
	unsigned hooks = k->config->program ? k->line->hooks : 0;

	if (!k->stopped && atomic_load(&k->line->signal))
		sink_stage_stop(k, OUTCOME_SIGNAL);
	if (!k->stopped)
		run_finish(k, hooks);
	check_errors(k);
	flush_outputs(k);
	flush_all(k);
	keep_log(k, &k->errors);
	keep_log(k, &k->reject);
	write_aggregates(k);
	k->stats->bytes_out += k->out ? sink_bytes(k->out) : 0;
	k->stats->bytes_out += k->text ? sink_bytes(k->text) : 0;
	flush_standard(k, k->out);
	flush_standard(k, k->text);
	commit_outputs(k);
	put_in_place(k, &k->out, "cannot write");
	put_in_place(k, &k->text, "write error");
	script_free(k->finisher);
	agg_set_free(k->master);
}
