/* options.h: the words of the command line, read into one struct.
 *
 * Layer cli. POSIX and GNU habits: -x VALUE, -xVALUE, --name=value, --name value, -- ends the options, options may
 * stand between operands. Errors go to stderr with a suggestion; the caller exits with 2. */
#ifndef MRRC_CLI_OPTIONS_H
#define MRRC_CLI_OPTIONS_H

#include "engine/engine.h"

/* ALL: those that read records */
enum command { RUN = 1, COUNT = 2, PRINT = 4, ALL = RUN | COUNT | PRINT, MERGE = 8 };

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

enum to_format { TO_AUTO, TO_MARC, TO_MRK };

struct options {
	enum command command;
	const char **operand;        /* files; for run without -e, --filter, --each the script comes first */
	size_t operand_count;
	struct script_piece *piece;  /* -e, --filter, --each */
	size_t piece_count;
	struct script_arg *arg;
	size_t arg_count;
	const char **module;
	size_t module_count;
	const char *lua_path, *output, *reject, *errors, *stats, *agg_out;
	uint64_t lua_mem, seed, skip, limit, max_record, threads, batch_size, channel;
	enum recovery recovery;
	int on_error;                /* enum on_error, -1: not given */
	enum on_script_error on_script_error;
	enum crew crew;
	enum when progress, color;
	enum to_format to;
	bool in_place, no_fsync, by_file, quiet, verbose, help;
};

/* false: a message was printed. argv are the words behind the command. */
bool options_read(struct options *o, enum command command, int argc, char **argv);
void options_release(struct options *o);
/* The options of a command as text for people, by group. */
void options_print(FILE *to, enum command command);

#endif
