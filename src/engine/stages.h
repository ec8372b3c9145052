/* stages.h: the stages of the line and what they share.
 *
 * Layer engine. Each stage is one file with one loop; struct line is all that they have in common. */
#ifndef MRRC_ENGINE_STAGES_H
#define MRRC_ENGINE_STAGES_H

#include <stdatomic.h>
#include <stdlib.h>

#include "engine/batch.h"
#include "engine/engine.h"
#include "flow/channel.h"
#include "flow/reorder.h"
#include "flow/thread.h"
#include "io/source.h"

enum lane { LANE_PARSE, LANE_SCRIPT, LANE_COUNT }; /* the higher lane is served first: what is begun gets finished */

struct worker {
	struct thread thread;
	struct line *line;
	unsigned number;
	unsigned lanes;          /* bit mask of enum lane */
	struct script *script;   /* made by the worker when its first batch comes; worker 0's by engine_run */
	double cpu, parse_cpu, script_cpu; /* seconds; read after the join */
	size_t lua_peak;
	bool paths_full;
};

struct line {
	const struct engine_config *config;
	struct source *source;
	struct channel *idle;    /* K batches live here when nothing happens */
	struct channel *work;    /* lanes: raw batches, parsed batches */
	struct reorder *done;
	record_writer *write;    /* NULL: records are not written */
	const struct agg_decls *decls; /* of the first state, copied; NULL without a script */
	unsigned hooks;          /* enum script_hook, of the first state */

	atomic_bool stop;        /* set by the sink or a signal: no more input */
	atomic_bool progress_wanted; /* set by SIGUSR1, taken by the sink */
	atomic_int signal;       /* the signal that asked for the end, 0: none */

	/* source thread alone; read by others after its join */
	double source_cpu;
	uint64_t batch_total;
};

/* Send a batch on a channel that is closed only when all batches are home: that it is closed now is a bug. */
static inline void line_send(struct channel *to, unsigned lane, struct batch *b)
{
	if (!channel_push(to, lane, b))
		abort();
}

/* Thread bodies; arg is the line, or the worker. */
void *source_stage(void *line);
void *worker_stage(void *worker);

/* Parse every record of the batch. */
enum status parse_batch(struct line *line, struct batch *b) MUST_CHECK;
/* Run the script (or, without one, write) over the batch. A broken state is made anew. */
enum status script_batch(struct worker *w, struct batch *b) MUST_CHECK;
/* One more state of the script, which must declare the results that the first one declared. STATUS_INVALID: *problem. */
enum status line_state(const struct line *line, unsigned number, struct script **out, struct problem *problem) MUST_CHECK;
/* The script that the calling thread is running, for the handler of kicks. */
void worker_install_kick(void);

#endif
