/* engine.h: the pipeline: source -> parse -> script -> reorder -> sink, as one call.
 *
 * Layer engine: the only place where threads meet Lua. engine_run owns everything it makes and gives all of it
 * back before it returns; that all K batches are home again is asserted in every run. */
#ifndef MRRC_ENGINE_ENGINE_H
#define MRRC_ENGINE_ENGINE_H

#include <stdio.h>

#include "marc/iso2709.h"
#include "script/script.h"

enum output_format {
	OUTPUT_NONE, /* records are read, not written (count) */
	OUTPUT_MARC, /* ISO 2709 */
	OUTPUT_MRK,
	OUTPUT_MRK_COLOUR,
};

enum on_error { ERROR_SKIP, ERROR_REJECT, ERROR_FAIL };

enum crew {
	CREW_ADAPTIVE, /* every worker parses and scripts, whatever is ready */
	CREW_SEPARATE, /* a quarter of the workers (at least one) parse, the others script */
};

struct engine_config {
	const char *const *input;
	size_t input_count;     /* 0: standard input */
	const char *output;     /* NULL: standard output */
	bool in_place;          /* every input is replaced by its own output */
	bool no_sync;
	enum output_format format;
	const struct script_program *program; /* NULL: no script, records pass */
	enum recovery recovery;
	enum on_error on_error;
	enum on_script_error on_script_error;
	const char *reject_path; /* raw bytes of rejected records */
	const char *errors_path; /* one JSON object a line */
	const char *agg_path;    /* --agg-out */
	const char *stats_path;  /* --stats: the caller writes it; here it is checked against the others */
	uint64_t limit, skip;    /* records; limit 0: none */
	size_t max_record;       /* bytes */
	unsigned threads;        /* workers, >= 1 */
	enum crew crew;
	size_t batch_count;      /* records in a batch */
	size_t batch_bytes;      /* and bytes, except for a single larger record */
	size_t channel_records;  /* K = max(2, channel_records / batch_count) */
	bool progress;           /* the line on stderr */
	bool quiet;              /* no summaries and no warnings, errors only */
	bool verbose;            /* every fault a line, notes too */
	bool by_file;            /* keep totals for each input */
};

struct engine_totals {
	uint64_t read, written, dropped, changed, rejected, failed, repaired;
	uint64_t junk_bytes, garbage_bytes;
	uint64_t faults;        /* noted, repaired ones included */
	uint64_t warnings;      /* mrrc.warn */
};

#define ENGINE_THREADS_MAX 256

struct engine_stats {
	struct engine_totals total;
	struct engine_totals *file; /* one for each input when by_file; freed by engine_stats_release */
	size_t file_count;
	uint64_t bytes_in, bytes_out;
	double seconds;             /* wall clock */
	double source_cpu, sink_cpu, parse_cpu, script_cpu; /* seconds */
	double source_wait, work_wait, sink_wait;
	double worker_cpu[ENGINE_THREADS_MAX];
	unsigned workers;
	size_t batches, batches_peak; /* K; most batches that were waiting for work at once */
	uint64_t batch_total;
	size_t lua_peak;            /* bytes, the largest state */
	long rss_kb;                /* peak resident set */
};

enum outcome {
	OUTCOME_DONE,      /* finished; totals say whether records were lost */
	OUTCOME_USAGE,     /* the script does not load, output is input */
	OUTCOME_STOPPED,   /* input is not MARC, --on-error fail, a script error */
	OUTCOME_IO,        /* an input or output fault */
	OUTCOME_MEMORY,
	OUTCOME_PIPE,      /* the reader of our output is gone */
	OUTCOME_SIGNAL,    /* *signal says which */
};

struct engine_result {
	enum outcome outcome;
	int signal;
	bool verdict;      /* finish did not return false */
	bool warned;       /* something was lost or rejected: exit status 1 */
};

/* Run. Messages go to stderr in input order. `stats` is always filled, also after a failure. */
void engine_run(const struct engine_config *config, struct engine_result *result, struct engine_stats *stats);
void engine_stats_release(struct engine_stats *stats);
/* Stats as JSON (docs/CLI.md). */
enum status engine_stats_json(const struct engine_stats *stats, struct buf *out) MUST_CHECK;

#endif
