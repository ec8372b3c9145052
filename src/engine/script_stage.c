/* script_stage.c: workers: each parses, scripts or does both, with a Lua state of its own for the latter.
 *
 * A worker serves the lanes it was given (engine.h, enum crew); one that serves both carries a batch through both stages at once. Whatever fails is noted in the batch, which travels on. */
#include "engine/stages.h"

#include "base/alloc.h"

/* The script that this thread is running, for the handler of SIGURG. Written by this thread alone. */
static _Thread_local struct script *volatile running;

static void on_kick(void)
{
	if (running)
		script_interrupt(running);
}

void worker_install_kick(void)
{
	thread_on_kick(on_kick);
}

enum status line_state(const struct line *line, unsigned number, struct script **out, struct problem *problem)
{
	static const char text[] = "the script declared other results when it was loaded again; "
				   "declare the same ones each time it loads";

	TRY(script_new(line->config->program, number, out, problem));
	if (!line->decls || agg_decls_equal(line->decls, script_decls(*out)))
		return STATUS_OK;
	script_free(*out);
	*out = NULL;
	problem->hook = "load";
	problem->message = mem_dup(text, sizeof text);
	return problem->message ? STATUS_INVALID : STATUS_MEMORY;
}

static enum status worker_state(struct worker *w, struct problem *problem)
{
	return w->script ? STATUS_OK : line_state(w->line, w->number, &w->script, problem);
}

static void drop_state(struct worker *w)
{
	if (!w->script)
		return;
	if (script_memory_peak(w->script) > w->lua_peak)
		w->lua_peak = script_memory_peak(w->script);
	w->paths_full |= script_paths_full(w->script);
	script_free(w->script);
	w->script = NULL;
}

/* Without a script: count or print every record that was read. */
static enum status write_plain(const struct line *line, struct batch *b)
{
	struct yield *y = &b->yield;

	for (size_t i = 0; i < b->usable; i++) {
		const struct record *r = &b->records[i];
		struct fault why = { 0 };

		if (r->flags & RECORD_REJECTED || !line->write)
			continue;

		enum status st = line->write(r, &y->records, &why);

		if (st == STATUS_INVALID) {
			TRY(yield_event(y, EVENT_UNWRITABLE, (uint32_t)i, NULL, span_str(fault_message(why.code)),
					span_of(NULL, 0)));
			y->event[y->event_count - 1].fault = why;
			y->rejected++;
			continue;
		}
		TRY(st);
		y->written++;
	}
	y->done = b->usable;
	return STATUS_OK;
}

static enum status prepare_yield(const struct line *line, struct yield *y)
{
	y->write = line->write;
	y->on_error = line->config->on_script_error;
	if (!line->decls || line->decls->count == 0 || y->aggs)
		return STATUS_OK;
	y->aggs = agg_set_new(line->decls);
	return y->aggs ? STATUS_OK : STATUS_MEMORY;
}

enum status script_batch(struct worker *w, struct batch *b)
{
	TRY(prepare_yield(w->line, &b->yield));
	if (!w->line->config->program)
		return write_plain(w->line, b);

	size_t at = 0;

	while (at < b->usable && !b->yield.stopped) {
		TRY(worker_state(w, &b->problem));
		running = w->script;

		enum status st = script_run(w->script, b->records, at, b->usable, &b->yield);

		running = NULL;
		at = b->yield.done;
		if (script_broken(w->script))
			drop_state(w);
		TRY(st);
	}
	return STATUS_OK;
}

static void note(struct batch *b, enum status st, const char *what)
{
	if (st == STATUS_OK || b->status != STATUS_OK)
		return;
	b->status = st;
	b->failed = what;
}

static void work(struct worker *w, struct batch *b, unsigned lane)
{
	struct line *line = w->line;
	uint64_t began = clock_thread_ns();
	bool idle = atomic_load(&line->stop) || b->fatal;

	if (lane == LANE_PARSE) {
		if (!idle)
			note(b, parse_batch(line, b), "parsing");
		uint64_t now = clock_thread_ns();

		w->parse_cpu += (double)(now - began) / 1e9;
		began = now;
		/* who does both goes on with the batch: it is warm in his cache, and nobody need be woken */
		if (!(w->lanes & 1u << LANE_SCRIPT)) {
			line_send(line->work, LANE_SCRIPT, b);
			return;
		}
	}
	if (!idle && b->records)
		note(b, script_batch(w, b), "running the script");
	w->script_cpu += (double)(clock_thread_ns() - began) / 1e9;
	reorder_put(line->done, b->seq, b);
}

void *worker_stage(void *arg)
{
	struct worker *w = arg;
	uint64_t began = clock_thread_ns();
	struct batch *b;
	unsigned lane;

	while ((b = channel_pop(w->line->work, w->lanes, &lane)))
		work(w, b, lane);
	drop_state(w);
	w->cpu = (double)(clock_thread_ns() - began) / 1e9;
	return NULL;
}
