/* command_run.c: mrrc run: the script is read once, as text, and shared by all states. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/words.h"

#define SCRIPT_MAX ((size_t)1 << 20) /* bytes */

/* ---- the script file ---- */

static bool read_all(FILE *f, struct buf *text)
{
	size_t got;

	do {
		if (buf_reserve(text, 65536) != STATUS_OK)
			return errno = EFBIG, false;
		got = fread(text->ptr + text->len, 1, 65536, f);
		text->len += got;
	} while (got > 0);
	return !ferror(f);
}

static bool read_script(const char *path, struct buf *text)
{
	struct stat st;
	FILE *f = fopen(path, "re");
	bool ok = f != NULL;

	if (ok && fstat(fileno(f), &st) == 0 && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		ok = false;
	}
	ok = ok && read_all(f, text);
	if (!ok)
		fprintf(stderr, "mrrc: script %s: %s\n", path, strerror(errno));
	if (f)
		fclose(f);
	return ok;
}

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 1;
	char *folder = mem_dup(slash ? path : ".", len + 1);

	if (folder)
		folder[len] = '\0';
	return folder;
}

/* ---- the format of the output ---- */

static void choose_format(const struct options *o, struct engine_config *c)
{
	const char *no_color = getenv("NO_COLOR");
	bool terminal = !c->output && !c->in_place && isatty(STDOUT_FILENO);
	bool mrk = o->to == TO_MRK ||
		   (o->to == TO_AUTO && (terminal || (c->output && words_end_in(c->output, ".mrk"))));
	bool colour = o->color == WHEN_ALWAYS || (o->color == WHEN_AUTO && terminal && !(no_color && no_color[0]));

	c->format = mrk ? (colour ? OUTPUT_MRK_COLOUR : OUTPUT_MRK) : OUTPUT_MARC;
}

/* ---- usage that the table of options cannot see ---- */

static bool check(const struct options *o)
{
	const char *wrong = NULL;

	if (o->in_place && o->output)
		wrong = "--in-place and -o exclude each other";
	else if (o->in_place && (o->limit || o->skip))
		wrong = "--in-place with --limit or --skip would lose the other records";
	else if (o->in_place && o->operand_count == 0)
		wrong = "--in-place needs files";
	else if (o->in_place && o->to == TO_MRK)
		wrong = "--in-place keeps the format";
	if (wrong)
		fprintf(stderr, "mrrc run: %s\n", wrong);
	return !wrong;
}

static int describe(struct script_program *program)
{
	struct script *s = NULL;
	struct problem problem = { 0 };
	struct buf text;
	enum status st;

	program->describe = true;
	buf_init(&text, BUF_NO_LIMIT);
	st = script_new(program, SCRIPT_NO_INIT, &s, &problem);
	if (st == STATUS_OK)
		st = script_usage(s, &text);
	else
		fprintf(stderr, "mrrc: %s\n", problem.message ? problem.message : "not enough memory");
	if (text.len)
		fwrite(text.ptr, 1, text.len, stdout);
	buf_release(&text);
	problem_release(&problem);
	script_free(s);
	return st == STATUS_OK ? 0 : EXIT_USAGE;
}

static int run_program(struct options *o, struct script_program *program)
{
	struct engine_config config;

	if (o->help)
		return describe(program);
	if (!check(o) || !config_from(o, &config))
		return EXIT_USAGE;
	choose_format(o, &config);
	config.program = program;
	static const char *const standard_input[] = { "standard input" };

	program->source_name = o->operand_count ? o->operand : standard_input;
	program->source_count = o->operand_count ? o->operand_count : 1;
	program->threads = config.threads;
	return run_engine(o, &config, NULL);
}

/* The first operand is the script, unless its text stands on the command line. */
static int run_file(struct options *o, struct script_program *program)
{
	struct script_piece piece = { .kind = PIECE_FILE, .name = o->operand[0] };
	char *folder = folder_of(o->operand[0]);
	struct buf text;
	int status = EXIT_USAGE;

	buf_init(&text, SCRIPT_MAX + 65536);
	if (folder && read_script(o->operand[0], &text)) {
		piece.text = buf_span(&text);
		program->piece = &piece;
		program->piece_count = 1;
		program->folder = folder;
		o->operand++;
		o->operand_count--;
		status = run_program(o, program);
		o->operand--;
		o->operand_count++;
	}
	buf_release(&text);
	mem_free(folder);
	return status;
}

int command_run(struct options *o)
{
	struct script_program program = {
		.piece = o->piece, .piece_count = o->piece_count, .arg = o->arg, .arg_count = o->arg_count,
		.lua_path = o->lua_path, .module = o->module, .module_count = o->module_count,
		.memory_limit = (size_t)o->lua_mem, .seed = o->seed, .now = (int64_t)time(NULL),
	};

	if (o->piece_count > 0)
		return run_program(o, &program);
	if (o->operand_count == 0) {
		fputs("mrrc run: which script? Give a file, or -e, --filter or --each (see mrrc help run)\n", stderr);
		return EXIT_USAGE;
	}
	return run_file(o, &program);
}
