/* report.h: what people (and --errors files) are told, in input order; the one place where text is made of faults.
 *
 * Layer engine; the sink thread alone. Lines are capped, counts are not. */
#ifndef MRRC_ENGINE_REPORT_H
#define MRRC_ENGINE_REPORT_H

#include "engine/batch.h"
#include "engine/engine.h"
#include "io/sink.h"
#include "io/source.h"

#define SEEN_MAX 1000

struct report {
	const struct engine_config *config;
	const struct source *source;
	struct sink *errors;      /* --errors, NULL: none */
	enum status errors_status; /* first failure of it */
	bool line_shown;          /* a progress line stands on the terminal */
	uint64_t lines, warning_lines;
	uint64_t code_count[FAULT_CODE_COUNT]; /* repaired ones */
	uint64_t seen[SEEN_MAX];  /* hashes of distinct script messages, for one traceback each */
	size_t seen_count;
	uint64_t script_errors_hidden;
	struct buf text;          /* scratch */
	/* garbage that may go on in the next batch */
	bool junk_open;
	uint32_t junk_source;
	uint64_t junk_offset, junk_len, junk_number;
	enum fault_code junk_code;
};

void report_init(struct report *r, const struct engine_config *config, const struct source *source);
void report_release(struct report *r);

/* All faults of one record; `lost`: it is not in the output. */
void report_record(struct report *r, const struct record *rec, bool lost);
/* Bytes between records. report_junk_end says it once they have come to their end. */
void report_junk(struct report *r, const struct batch *b, const struct piece *p, uint64_t number);
void report_junk_end(struct report *r);
void report_event(struct report *r, const struct batch *b, const struct event *e);
/* A sentence of the program itself: "mrrc: …". */
void report_say(struct report *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A state that does not load, or a finish that raised. */
void report_problem(struct report *r, const struct problem *p);
/* The closing lines: read, written, repaired, rejected, skipped; nothing when all was well. */
void report_summary(struct report *r, const struct engine_totals *t, bool writes);
/* The progress line, and its removal. */
void report_progress(struct report *r, const struct engine_totals *t, double seconds, uint64_t bytes, uint64_t total);
void report_clear(struct report *r);

#endif
