/* sink_stage.h: the end of the line: batches in input order, written, merged, counted, decided upon.
 *
 * Layer engine; one thread (the one that called engine_run). */
#ifndef MRRC_ENGINE_SINK_STAGE_H
#define MRRC_ENGINE_SINK_STAGE_H

#include "engine/outputs.h"
#include "engine/report.h"
#include "engine/stages.h"

struct sink_stage {
	struct line *line;
	const struct engine_config *config;
	struct report report;
	struct engine_stats *stats;
	struct sink *out;          /* records; NULL: none are written, or in_place between inputs */
	struct sink *text;         /* print: standard output, NULL when that is where the records go (then stderr) */
	struct sink *reject, *errors;
	struct outputs *outputs;
	struct agg_set *master;
	struct script *finisher;   /* the state for reducers and finish, made when first needed */
	uint64_t began_ns, shown_ns;
	uint32_t in_place_source;  /* input that `out` replaces */
	bool writes;               /* records are written */
	bool text_on_stderr;
	bool stopped;              /* nothing is delivered any more */
	struct engine_result *result;
};

/* Open every output; on failure *result is set and false returned. */
bool sink_stage_open(struct sink_stage *k);
/* Take batches until the line ends. */
void sink_stage_run(struct sink_stage *k);
/* finish, --agg-out, commit or discard; *result gets its last form. */
void sink_stage_close(struct sink_stage *k);

/* ---- sink_deliver.c ---- */
void deliver_batch(struct sink_stage *k, struct batch *b);
/* Text of print and out: to standard output or standard error. */
void deliver_text(struct sink_stage *k, struct span text);
/* The run ends here: nothing behind this batch is delivered. The first call wins. */
void sink_stage_stop(struct sink_stage *k, enum outcome outcome);
/* The same after a write that failed; a broken pipe is quiet. */
void sink_stage_fail(struct sink_stage *k, enum status st, const char *what, const char *path, int error);
/* After a call into Lua or to the script's outputs: what went wrong is told, and the run ends here; STATUS_OK is fine. The problem is
 * released. */
void sink_stage_raised(struct sink_stage *k, enum status st, struct problem *problem);
void sink_stage_output(struct sink_stage *k, enum status st, const struct output_problem *why);
/* The state that folds reducers and runs finish; NULL after a failure. */
struct script *sink_stage_finisher(struct sink_stage *k);

#endif
