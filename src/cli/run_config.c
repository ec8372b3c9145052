/* run_config.c: from options to a run of the engine, and from its outcome to an exit status. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/machine.h"
#include "cli/words.h"

#define BATCH_BYTES_PER_RECORD 3000

static bool thread_count(const struct options *o, unsigned *out)
{
	const char *text = getenv("MRRC_NUM_THREADS");
	uint64_t n = o->threads;

	if (!n && text && text[0] && !words_number(text, 1, ENGINE_THREADS_MAX, &n)) {
		fprintf(stderr, "mrrc: MRRC_NUM_THREADS=%s: expected a whole number from 1 to %d\n", text,
			ENGINE_THREADS_MAX);
		return false;
	}
	*out = n ? (unsigned)n : machine_cpus();
	if (*out > ENGINE_THREADS_MAX)
		*out = ENGINE_THREADS_MAX;
	return true;
}

static bool wants(enum when when, int fd)
{
	return when == WHEN_ALWAYS || (when == WHEN_AUTO && isatty(fd));
}

static bool reads_terminal(const struct options *o, const char *const *input, size_t count)
{
	if (count > 0 || !isatty(STDIN_FILENO))
		return false;
	(void)input;
	fprintf(stderr, "mrrc: no input: give a file, or records on standard input (see mrrc help %s)\n",
		o->command == RUN ? "run" : o->command == COUNT ? "count" : "print");
	return true;
}

static bool ends_in_one_of(const char *path, const char *const *suffixes)
{
	while (*suffixes && !words_end_in(path, *suffixes))
		suffixes++;
	return *suffixes != NULL;
}

/* A file whose name promises another content than it would get is refused. */
static bool can_write(const struct options *o)
{
	static const char *const compressed[] = { ".gz", ".bz2", ".xz", ".zst", NULL };
	static const char *const foreign[] = { ".xml", ".marcxml", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", NULL };

	if (ends_in_one_of(o->output, compressed)) {
		fprintf(stderr, "mrrc: %s: this version does not compress; write to standard output and pipe it on\n",
			o->output);
		return false;
	}
	if (o->to == TO_AUTO && ends_in_one_of(o->output, foreign)) {
		fprintf(stderr, "mrrc: %s: this version writes marc and mrk; -t says which, whatever the name\n", o->output);
		return false;
	}
	return true;
}

/* What would throw records away that were to be kept. */
static bool reject_has_place(const struct options *o)
{
	const char *option = o->on_error == ERROR_REJECT	       ? "--on-error" :
			     o->on_script_error == SCRIPT_REJECT ? "--on-script-error" : NULL;

	if (!option || o->reject)
		return true;
	fprintf(stderr, "mrrc: %s reject needs --reject FILE\n", option);
	return false;
}

bool config_from(const struct options *o, struct engine_config *c)
{
	*c = (struct engine_config){ 0 };
	if (!reject_has_place(o) || (o->output && !can_write(o)))
		return false;
	c->input = o->operand;
	c->input_count = o->operand_count;
	c->output = o->output && strcmp(o->output, "-") != 0 ? o->output : NULL;
	c->in_place = o->in_place;
	c->no_sync = o->no_fsync;
	c->recovery = o->recovery;
	c->on_error = o->on_error >= 0 ? (enum on_error)o->on_error :
		      o->reject ? ERROR_REJECT :
		      o->recovery == RECOVERY_STRICT ? ERROR_FAIL : ERROR_SKIP;
	c->on_script_error = o->on_script_error;
	c->reject_path = o->reject;
	c->errors_path = o->errors;
	c->agg_path = o->agg_out;
	c->stats_path = o->stats && strcmp(o->stats, "-") != 0 ? o->stats : NULL;
	c->limit = o->limit;
	c->skip = o->skip;
	c->max_record = (size_t)o->max_record;
	c->crew = o->crew;
	c->batch_count = (size_t)o->batch_size;
	c->batch_bytes = (size_t)o->batch_size * BATCH_BYTES_PER_RECORD;
	c->channel_records = (size_t)o->channel;
	c->progress = !o->quiet && wants(o->progress, STDERR_FILENO);
	c->quiet = o->quiet;
	c->verbose = o->verbose;
	c->by_file = o->by_file;
	return thread_count(o, &c->threads) && !reads_terminal(o, c->input, c->input_count);
}

static bool write_stats(const char *path, const struct engine_stats *stats)
{
	struct buf text;
	FILE *to = strcmp(path, "-") == 0 ? stderr : fopen(path, "we");
	bool ok = to != NULL;

	buf_init(&text, BUF_NO_LIMIT);
	ok = ok && engine_stats_json(stats, &text) == STATUS_OK && fwrite(text.ptr, 1, text.len, to) == text.len;
	buf_release(&text);
	if (to && to != stderr)
		ok = fclose(to) == 0 && ok;
	if (!ok)
		fprintf(stderr, "mrrc: %s: cannot write the statistics: %s\n", path, strerror(errno));
	return ok;
}

/* The status of a process that a signal ends is the signal's, so that a shell loop ends too. */
static int die_by(int sig)
{
	sigset_t set;

	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(sig);
	return 128 + sig;
}

static int status_of(const struct engine_result *r)
{
	switch (r->outcome) {
	case OUTCOME_DONE: return r->warned || !r->verdict;
	case OUTCOME_USAGE: return EXIT_USAGE;
	case OUTCOME_STOPPED: return EXIT_STOPPED;
	case OUTCOME_IO: return EXIT_INPUT_OUTPUT;
	case OUTCOME_PIPE: return die_by(SIGPIPE);
	case OUTCOME_SIGNAL: return die_by(r->signal ? r->signal : SIGTERM);
	default: return EXIT_INTERNAL;
	}
}

/* What the command itself printed. */
static enum outcome flush_text(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return OUTCOME_DONE;
	if (errno == EPIPE)
		return OUTCOME_PIPE;
	fprintf(stderr, "mrrc: standard output: write error: %s\n", strerror(errno));
	return OUTCOME_IO;
}

int run_engine(const struct options *o, const struct engine_config *c,
	       void (*after)(const struct options *, const struct engine_stats *))
{
	struct engine_result result;
	struct engine_stats stats;
	bool told = true;

	engine_run(c, &result, &stats);
	if (after && result.outcome == OUTCOME_DONE)
		after(o, &stats);
	if (o->stats && result.outcome != OUTCOME_USAGE) /* then it may be an input */
		told = write_stats(o->stats, &stats);
	engine_stats_release(&stats);
	fflush(stderr);
	if (result.outcome == OUTCOME_DONE)
		result.outcome = told ? flush_text() : OUTCOME_IO;
	return status_of(&result);
}
