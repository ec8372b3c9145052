/* engine.c: the picture in code:
 *
 *   input ─► source ──raw──► parse ══work══► script ─────► reorder ─────► sink ─► output
 *     ▲                                                                    │
 *     └──────────────────────── idle: K batches ◄──────────────────────────┘
 *
 * K batches exist; only the sink sends one back to idle, which bounds the memory and rules out deadlock for every K >= 1. The
 * calling thread is the sink. Ending is the normal drain: the source ends the sequence, the sink takes what is left, then closes the
 * channels, and everything is joined and counted. */
#include "engine/engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/alloc.h"
#include "engine/output_check.h"
#include "engine/sink_stage.h"
#include "engine/watch.h"
#include "marc/mrk.h"

struct engine {
	const struct engine_config *config;
	struct engine_result *result;
	struct engine_stats *stats;
	struct line line;
	struct sink_stage sink;
	struct watch watch;
	struct batch *batch;
	size_t batch_count; /* K */
	size_t batch_ready; /* initialised ones */
	struct worker *worker;
	unsigned worker_count;
	struct agg_decls decls;
	struct thread source_thread;
};

static enum status write_mrk(const struct record *r, struct buf *out, struct fault *why)
{
	(void)why;
	return mrk_write(r, false, out);
}

static enum status write_mrk_colour(const struct record *r, struct buf *out, struct fault *why)
{
	(void)why;
	return mrk_write(r, true, out);
}

static record_writer *writer_of(enum output_format format)
{
	switch (format) {
	case OUTPUT_MARC: return iso2709_write;
	case OUTPUT_MRK: return write_mrk;
	case OUTPUT_MRK_COLOUR: return write_mrk_colour;
	default: return NULL;
	}
}

/* ---- making ---- */

static bool open_source(struct engine *e)
{
	const struct engine_config *config = e->config;
	size_t bad = 0;
	enum status st = source_open(&e->line.source, config->input, config->input_count, &bad);

	if (st == STATUS_OK)
		return true;
	if (st == STATUS_MEMORY)
		fputs("mrrc: not enough memory\n", stderr);
	else
		fprintf(stderr, "mrrc: %s: %s\n",
			config->input_count && strcmp(config->input[bad], "-") != 0 ? config->input[bad] : "standard input",
			strerror(errno));
	e->result->outcome = st == STATUS_MEMORY ? OUTCOME_MEMORY : OUTCOME_IO;
	return false;
}

/* The first state is made before any thread: it says whether the script loads, its hooks and its results. */
static bool load_script(struct engine *e)
{
	struct problem problem = { 0 };
	struct worker *first = &e->worker[0];
	enum status st;

	if (!e->config->program)
		return true;
	first->line = &e->line;
	st = script_new(e->config->program, 0, &first->script, &problem);
	if (st == STATUS_OK) {
		const struct agg_decls *found = script_decls(first->script);

		e->line.hooks = script_hooks(first->script);
		for (size_t i = 0; i < found->count && st == STATUS_OK; i++)
			st = agg_decls_add(&e->decls, &found->decl[i]);
		e->line.decls = &e->decls;
	}
	if (st == STATUS_INVALID)
		report_problem(&e->sink.report, &problem);
	else if (st != STATUS_OK)
		fputs("mrrc: not enough memory\n", stderr);
	problem_release(&problem);
	if (st != STATUS_OK)
		e->result->outcome = st == STATUS_INVALID ? OUTCOME_USAGE : OUTCOME_MEMORY;
	return st == STATUS_OK;
}

static bool writes_records(const struct engine *e)
{
	if (e->config->format == OUTPUT_NONE)
		return false;
	return !e->config->program || e->line.hooks & (HOOK_FILTER | HOOK_TRANSFORM | HOOK_ON_ERROR);
}

static bool make_batches(struct engine *e)
{
	e->batch = mem_zalloc(e->batch_count * sizeof *e->batch);
	if (!e->batch)
		return false;
	for (; e->batch_ready < e->batch_count; e->batch_ready++)
		if (batch_init(&e->batch[e->batch_ready], 0) != STATUS_OK)
			return false;
	return true;
}

static bool make_line(struct engine *e)
{
	struct line *line = &e->line;

	line->idle = channel_new(e->batch_count, 1);
	line->work = channel_new(e->batch_count, LANE_COUNT);
	line->done = reorder_new(e->batch_count);
	if (!make_batches(e) || !line->idle || !line->work || !line->done) {
		fputs("mrrc: not enough memory\n", stderr);
		e->result->outcome = OUTCOME_MEMORY;
		return false;
	}
	for (size_t i = 0; i < e->batch_count; i++)
		line_send(line->idle, 0, &e->batch[i]);
	return true;
}

static bool check(struct engine *e, bool fine)
{
	if (!fine)
		e->result->outcome = OUTCOME_USAGE;
	return fine;
}

/* What the script printed while it loaded, and the header of a table that goes to standard output. */
static void begin_text(struct engine *e)
{
	struct buf head;

	deliver_text(&e->sink, script_setup_text(e->worker[0].script));
	buf_init(&head, BUF_NO_LIMIT);
	for (size_t i = 0; i < e->decls.count; i++)
		if (e->decls.decl[i].kind == AGG_TABLE && !e->decls.decl[i].path &&
		    table_header(&e->decls.decl[i], &head) != STATUS_OK)
			sink_stage_fail(&e->sink, STATUS_MEMORY, "", "", 0);
	deliver_text(&e->sink, buf_span(&head));
	buf_release(&head);
}

static bool open_sink(struct engine *e)
{
	struct sink_stage *k = &e->sink;

	k->writes = writes_records(e);
	if (e->sink.writes && !check(e, outputs_leave_stdout(e->config))) {
		sink_stage_stop(k, OUTCOME_USAGE);
		return false;
	}
	e->line.write = k->writes ? writer_of(e->config->format) : NULL;
	if (e->config->by_file) {
		k->stats->file_count = source_count(e->line.source);
		k->stats->file = mem_zalloc(k->stats->file_count * sizeof *k->stats->file);
		if (!k->stats->file) {
			sink_stage_fail(k, STATUS_MEMORY, "", "", 0);
			return false;
		}
	}
	if (!sink_stage_open(k))
		return false;
	if (e->worker[0].script)
		begin_text(e);
	return !k->stopped;
}

/* ---- running ---- */

static unsigned lanes_of(const struct engine *e, unsigned worker)
{
	unsigned parsers = e->worker_count / 4 ? e->worker_count / 4 : 1;

	if (e->config->crew == CREW_ADAPTIVE || e->worker_count == 1)
		return 1u << LANE_PARSE | 1u << LANE_SCRIPT;
	/* worker 0 has the first state: it scripts */
	return worker >= e->worker_count - parsers ? 1u << LANE_PARSE : 1u << LANE_SCRIPT;
}

/* Start what the system grants; true when both lanes are served. */
static bool start_workers(struct engine *e)
{
	unsigned served = 0;

	for (unsigned i = 0; i < e->worker_count; i++) {
		struct worker *w = &e->worker[i];
		char name[16];

		w->line = &e->line;
		w->number = i;
		w->lanes = lanes_of(e, i);
		snprintf(name, sizeof name, "mrrc-%u", i & 0xffff);
		if (thread_start(&w->thread, worker_stage, w, name))
			served |= w->lanes;
		else if (i == 0)
			w->lanes = 0;
	}
	return served == (1u << LANE_PARSE | 1u << LANE_SCRIPT);
}

static void no_threads(struct engine *e)
{
	report_say(&e->sink.report, "the system grants no threads: %s", strerror(EAGAIN));
	sink_stage_stop(&e->sink, OUTCOME_MEMORY);
}

/* From here on a signal is heard, whatever the script or an output does. */
static bool watch_signals_of(struct engine *e)
{
	worker_install_kick();
	e->watch.line = &e->line;
	e->watch.worker = e->worker;
	e->watch.worker_count = e->worker_count;
	if (watch_start(&e->watch))
		return true;
	no_threads(e);
	return false;
}

static void run_line(struct engine *e)
{
	if (!start_workers(e) || !thread_start(&e->source_thread, source_stage, &e->line, "mrrc-source")) {
		no_threads(e);
		reorder_end(e->line.done, 0);
	}

	uint64_t began = clock_thread_ns();

	sink_stage_run(&e->sink);
	e->stats->sink_cpu = (double)(clock_thread_ns() - began) / 1e9;
}

static void join_all(struct engine *e)
{
	if (e->source_thread.started)
		thread_join(&e->source_thread);
	channel_close(e->line.work);
	for (unsigned i = 0; i < e->worker_count; i++)
		if (e->worker[i].thread.started)
			thread_join(&e->worker[i].thread);
}

/* Everything lent came back. */
static void count_home(struct engine *e)
{
	size_t home = 0;

	channel_close(e->line.idle);
	while (channel_pop(e->line.idle, 1, NULL))
		home++;
	if (home != e->batch_count) {
		fprintf(stderr, "mrrc: internal error: %zu of %zu batches came home\n", home, e->batch_count);
		abort();
	}
}

static void collect_stats(struct engine *e)
{
	struct engine_stats *s = e->stats;
	struct rusage usage;

	s->bytes_in = source_bytes(e->line.source);
	s->seconds = (double)(clock_mono_ns() - e->sink.began_ns) / 1e9;
	s->source_cpu = e->line.source_cpu;
	s->source_wait = (double)channel_waited_ns(e->line.idle) / 1e9;
	s->work_wait = (double)channel_waited_ns(e->line.work) / 1e9;
	s->sink_wait = (double)reorder_waited_ns(e->line.done) / 1e9;
	s->batches = e->batch_count;
	s->batches_peak = channel_peak(e->line.work);
	s->batch_total = e->line.batch_total;
	s->workers = e->worker_count;
	for (unsigned i = 0; i < e->worker_count; i++) {
		const struct worker *w = &e->worker[i];

		s->worker_cpu[i] = w->cpu;
		s->parse_cpu += w->parse_cpu;
		s->script_cpu += w->script_cpu;
		if (w->lua_peak > s->lua_peak)
			s->lua_peak = w->lua_peak;
	}
	getrusage(RUSAGE_SELF, &usage);
	s->rss_kb = usage.ru_maxrss;
}

/* ---- ending ---- */

static void release(struct engine *e)
{
	for (unsigned i = 0; i < e->worker_count; i++) /* states of workers that never ran */
		if (!e->worker[i].thread.started)
			script_free(e->worker[i].script);
	for (size_t i = 0; i < e->batch_ready; i++)
		batch_release(&e->batch[i]);
	mem_free(e->batch);
	mem_free(e->worker);
	channel_free(e->line.idle);
	channel_free(e->line.work);
	reorder_free(e->line.done);
	source_close(e->line.source);
	agg_decls_release(&e->decls);
	report_release(&e->sink.report);
}

static void warn_about_paths(struct engine *e)
{
	bool full = false;

	for (unsigned i = 0; i < e->worker_count; i++)
		full = full || e->worker[i].paths_full;
	if (full && !e->config->quiet)
		report_say(&e->sink.report, "more than 1,000 different paths: the others are compiled at every use; put what "
					    "varies into a condition or a Lua table");
}

/* A script that writes records, but dropped every one or changed none, is most likely not what was meant. */
static void warn_about_script(struct engine *e)
{
	const struct engine_totals *t = &e->stats->total;
	uint64_t good = t->read - t->rejected - t->failed;

	if (e->config->quiet || !e->config->program || !e->sink.writes || e->result->outcome != OUTCOME_DONE || good == 0)
		return;
	if (t->written == 0 && t->dropped > 0)
		report_say(&e->sink.report, "the script dropped every record");
	else if (e->line.hooks & HOOK_TRANSFORM && t->changed == 0 && t->dropped == 0 && t->rejected + t->failed == 0)
		report_say(&e->sink.report, "the script changed no record");
}

static void judge(struct engine *e)
{
	const struct engine_totals *t = &e->stats->total;

	e->result->signal = atomic_load(&e->line.signal);
	e->result->warned = t->rejected || t->failed || t->garbage_bytes;
}

static void run_opened(struct engine *e)
{
	if (!make_line(e))
		return;
	if (open_sink(e)) {
		run_line(e);
		join_all(e);
	}
	sink_stage_close(&e->sink);
	count_home(e);
	collect_stats(e);
	warn_about_paths(e);
	warn_about_script(e);
	judge(e);
	report_summary(&e->sink.report, &e->stats->total, e->sink.writes);
}

void engine_run(const struct engine_config *config, struct engine_result *result, struct engine_stats *stats)
{
	struct engine e = { .config = config, .result = result, .stats = stats };

	*result = (struct engine_result){ .outcome = OUTCOME_DONE, .verdict = true };
	*stats = (struct engine_stats){ 0 };
	watch_block(&e.watch);
	e.line.config = config;
	atomic_init(&e.line.stop, false);
	atomic_init(&e.line.signal, 0);
	atomic_init(&e.line.progress_wanted, false);
	e.batch_count = config->channel_records / config->batch_count;
	if (e.batch_count < 2)
		e.batch_count = 2;
	e.worker = mem_zalloc(config->threads * sizeof *e.worker);
	e.worker_count = e.worker ? config->threads : 0;
	e.sink = (struct sink_stage){ .line = &e.line, .config = config, .stats = stats, .result = result };
	if (!e.worker) {
		fputs("mrrc: not enough memory\n", stderr);
		result->outcome = OUTCOME_MEMORY;
	} else if (open_source(&e)) {
		report_init(&e.sink.report, config, e.line.source);
		if (check(&e, outputs_are_safe(config, e.line.source)) && watch_signals_of(&e) && load_script(&e))
			run_opened(&e);
	}
	watch_end(&e.watch);
	release(&e);
}

void engine_stats_release(struct engine_stats *stats)
{
	mem_free(stats->file);
	stats->file = NULL;
}
