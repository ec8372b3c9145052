/* script.h: all that the engine knows of Lua: one state, its hooks, one batch through them.
 *
 * Layer script. A struct script belongs to one thread at a time. Nothing here raises: every entry into Lua is
 * protected (script_run.c), and what went wrong comes back as a status and a struct problem. */
#ifndef MRRC_SCRIPT_SCRIPT_H
#define MRRC_SCRIPT_SCRIPT_H

#include "agg/agg.h"
#include "base/buf.h"
#include "marc/record.h"

struct script;

enum script_hook {
	HOOK_FILTER = 1,
	HOOK_TRANSFORM = 2,
	HOOK_EACH = 4,
	HOOK_FINISH = 8,
	HOOK_INIT = 16,
	HOOK_WHERE = 32,
	HOOK_ON_ERROR = 64,
};

enum on_script_error { SCRIPT_FAIL, SCRIPT_SKIP, SCRIPT_REJECT };

/* One piece of the program: the script file, or a -e / --filter / --each text. */
enum piece_kind { PIECE_FILE, PIECE_TRANSFORM, PIECE_FILTER, PIECE_EACH };
struct script_piece {
	enum piece_kind kind;
	const char *name; /* path as given, or "-e" */
	struct span text;
};
struct script_arg {
	const char *name, *value;
};

/* Read once, shared read-only by all states; must outlive them. */
struct script_program {
	const struct script_piece *piece;
	size_t piece_count;
	const struct script_arg *arg;
	size_t arg_count;
	const char *folder;   /* of the script file, first in package.path; NULL: none */
	const char *lua_path; /* --lua-path, NULL: none */
	const char *const *module; /* -l */
	size_t module_count;
	bool describe;        /* loaded for its usage alone: missing options are fine */
	size_t memory_limit;  /* bytes per state */
	uint64_t seed;
	int64_t now;          /* seconds since the epoch, one reading per run */
	unsigned threads;
	const char *const *source_name; /* rec.source.file; by record->source */
	size_t source_count;
};

/* What went wrong, for people: message is "script:line: text", trace a Lua traceback; both are mem_alloc'ed or NULL. */
struct problem {
	char *message;
	char *trace;
	const char *hook; /* constant text: "filter", "transform", "each", "init", "finish", "load" */
	bool memory; /* the state ran out of its memory limit */
};
void problem_release(struct problem *p);

/* thread of the state that runs finish: it has no init. */
#define SCRIPT_NO_INIT ((unsigned)-1)

/* Loads the program, runs init. STATUS_INVALID (script does not load or init raised: *problem filled) or STATUS_MEMORY. */
enum status script_new(const struct script_program *program, unsigned thread, struct script **out,
		       struct problem *problem) MUST_CHECK;
void script_free(struct script *s); /* NULL is fine */
unsigned script_hooks(const struct script *s);             /* enum script_hook, which exist */
const struct agg_decls *script_decls(const struct script *s);
/* Help for `mrrc run x.lua --help`: name, summary, options. */
enum status script_usage(struct script *s, struct buf *out) MUST_CHECK;

/* What is to be said of one record of the batch, in record order. */
enum event_kind {
	EVENT_SCRIPT_ERROR, /* message, trace; the record was not written */
	EVENT_REJECT,       /* rec:reject(reason): message is the reason */
	EVENT_WARN,         /* mrrc.warn(text) */
	EVENT_LOG,          /* mrrc.log(text): a line, no fault */
	EVENT_UNWRITABLE,   /* the writer refused; fault says why */
};
struct event {
	enum event_kind kind;
	uint32_t record;        /* place in the batch */
	const char *hook;       /* constant text, NULL when none */
	size_t message, message_len; /* place in yield->messages */
	size_t trace, trace_len;
	struct fault fault;
};

/* Writes one record in the output format; as iso2709_write. */
typedef enum status record_writer(const struct record *r, struct buf *out, struct fault *why);

/* Text that one record printed: it ends here in yield->text. */
struct printed {
	uint32_t record;
	size_t end;
};

/* What one batch gave. Owned by the batch: the worker fills, the sink empties. */
struct yield {
	record_writer *write;  /* NULL: records are not written (count) */
	enum on_script_error on_error;
	struct buf records;    /* main output, whole records */
	struct buf text;       /* print, io.write, out */
	struct printed *printed; /* whose text it is, in record order: so that faults and text mix in input order */
	size_t printed_count, printed_cap;
	struct buf messages;   /* texts of events */
	struct event *event;
	size_t event_count, event_cap;
	struct agg_set *aggs;  /* NULL when the script declares nothing */
	struct buf reducers;   /* parcels of this batch's reducer values, in order of declaration; empty when none */
	uint64_t seen;         /* records offered to the hooks (where and rejected ones left out) */
	uint64_t written, dropped, changed, rejected, failed;
	size_t done;           /* records looked at */
	bool stopped;          /* SCRIPT_FAIL: the last event ends the run; records behind it were not looked at */
};
void yield_init(struct yield *y);
void yield_reset(struct yield *y);
/* What was printed since the last call belongs to this record. */
enum status yield_printed(struct yield *y, uint32_t record) MUST_CHECK;
void yield_release(struct yield *y);
enum status yield_event(struct yield *y, enum event_kind kind, uint32_t record, const char *hook, struct span message,
			struct span trace) MUST_CHECK;

/* Run the hooks over records[from..count), skipping those with RECORD_REJECTED; y->done says how far it came: the end, the record behind a
 * failure under SCRIPT_FAIL, or the one behind which the state is broken (make a new one and go on from there). STATUS_MEMORY: the batch
 * could not be finished (our memory, not the script's). STATUS_STOPPED: script_interrupt ended it. */
enum status script_run(struct script *s, struct record *records, size_t from, size_t count, struct yield *y) MUST_CHECK;

/* Reducers: fold one batch's parcels into the state's own values (in batch order, in the state that will run finish). */
enum status script_fold(struct script *s, struct span parcels, struct problem *problem) MUST_CHECK;
/* finish(agg, out, ctx) with the merged results. *verdict false: the hook returned false. Text goes to `text`. */
enum status script_finish(struct script *s, const struct agg_set *master, struct buf *text, bool *verdict,
			  struct problem *problem) MUST_CHECK;
/* JSON of reducer i's merged value, appended to out. */
enum status script_reducer_json(struct script *s, size_t i, struct buf *out) MUST_CHECK;

/* Async-signal-safe, on the thread that runs s: raise "interrupted" at the next instruction, and go on raising until the hook has unwound. */
void script_interrupt(struct script *s);
size_t script_memory_peak(const struct script *s); /* bytes */
/* The state ran out of memory or was interrupted: free it and make a new one before the next batch. */
bool script_broken(const struct script *s);
/* The script used more different paths than are kept compiled. */
bool script_paths_full(const struct script *s);
/* What the script printed while it loaded and in init (the engine shows that of the first state alone). */
struct span script_setup_text(const struct script *s);

#endif
