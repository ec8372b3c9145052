/* help.c: what mrrc says about itself. The option lists come from options.def. */
#include "cli/help.h"

#include <string.h>

#include "cli/version.h"
#include "cli/words.h"

static const struct {
	const char *name;
	enum command command;
	const char *usage, *summary, *text;
} commands[] = {
	{ "run", RUN, "mrrc run SCRIPT [FILE...]\n       mrrc run -e CODE | --filter CODE | --each CODE [FILE...]",
	  "filter, transform, report with Lua",
	  "Runs the hooks of a Lua script over every record, in parallel, and writes what they keep in input order.\n"
	  "Without FILE, or for -, standard input is read.\n\n"
	  "  mrrc run --filter 'rec:get(\"008/35-37\") == \"eng\"' books.mrc -o english.mrc\n"
	  "  mrrc run -e 'rec:edit():remove(\"9..\")' books.mrc -o clean.mrc\n"
	  "  mrrc run scripts/count_subjects.lua -a n=20 books.mrc\n"
	  "  mrrc run SCRIPT --help            the options of a script\n" },
	{ "count", COUNT, "mrrc count [FILE...]", "count records",
	  "Reads and checks every record, writes none, and prints how many there are.\n" },
	{ "print", PRINT, "mrrc print [FILE...]", "show records as text",
	  "Prints records in the mnemonic form (mrk), coloured on a terminal.\n\n"
	  "  mrrc print --limit 1 books.mrc\n" },
	{ "merge", MERGE, "mrrc merge A.json [B.json...]", "join the results of several runs",
	  "Joins files that --agg-out wrote, from runs of one script over parts of the input, into the file that one run over\n"
	  "all would have written: exactly, for counters, topk, sums, stats, histograms, sets, distinct values, and the counts\n"
	  "of tables and outputs.\n\n"
	  "  mrrc merge monday.json tuesday.json -o week.json\n" },
};

#define COMMANDS (sizeof commands / sizeof commands[0])

void help_overview(FILE *to)
{
	fprintf(to, "mrrc %s: filter, fix, count and look at MARC records, scripted in Lua, in parallel, in order\n\n"
		    "usage: mrrc COMMAND [OPTIONS] [FILE...]\n\n", MRRC_VERSION);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-10s %s\n", commands[i].name, commands[i].summary);
	fputs("  help       what a command does and its options: mrrc help run\n"
	      "  version    the version\n\n"
	      "Exit status: 0 all well, 1 records were skipped or rejected, 2 usage, 3 stopped by damage or the script,\n"
	      "4 input or output failed, 70 internal error, 128+n signal n.\n", to);
}

void help_command(FILE *to, enum command command)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		if (commands[i].command != command)
			continue;
		fprintf(to, "usage: %s\n\n%s", commands[i].usage, commands[i].text);
		options_print(to, command);
	}
}

unsigned command_named(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return commands[i].command;
	return 0;
}

/* The nearest of the words that may stand first, at most two letters away. */
static const char *nearest(const char *name)
{
	static const char *const others[] = { "help", "version" };
	const char *best = NULL;
	size_t least = 3;

	for (size_t i = 0; i < COMMANDS + 2; i++) {
		const char *word = i < COMMANDS ? commands[i].name : others[i - COMMANDS];
		size_t d = words_distance(name, strlen(name), word, strlen(word));

		if (d < least) {
			least = d;
			best = word;
		}
	}
	return best;
}

void help_unknown(const char *name)
{
	const char *best = nearest(name);

	if (name[0] == '-') {
		fprintf(stderr, "mrrc: '%s' stands in front of the command: mrrc COMMAND [OPTIONS] (see mrrc help)\n",
			name);
		return;
	}
	fprintf(stderr, "mrrc: unknown command '%s'", name);
	if (best)
		fprintf(stderr, ": did you mean %s?", best);
	fputs(" (see mrrc help)\n", stderr);
}
