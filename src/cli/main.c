/* main.c: mrrc COMMAND …: finds the command, reads its options, runs it. The only place that ends the process in the
 * ordinary way; src/engine/watch.c and the panic handler in src/script/script.c are the two others. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/version.h"

/* Were 0, 1 or 2 closed, the next file opened would take its place and get what was meant for a terminal. The stand-in
 * of input cannot be read nor that of output written: nothing is lost or found empty with status 0. */
static void open_standard(void)
{
	static const int mode[] = { O_WRONLY, O_RDONLY, O_RDWR };

	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", mode[fd]) != fd)
			_exit(EXIT_INPUT_OUTPUT);
}

static int help(int argc, char **argv)
{
	if (argc == 0 || strcmp(argv[0], "help") == 0 || strcmp(argv[0], "version") == 0) {
		help_overview(stdout);
		return 0;
	}
	if (!command_named(argv[0])) {
		help_unknown(argv[0]);
		return EXIT_USAGE;
	}
	help_command(stdout, (enum command)command_named(argv[0]));
	return 0;
}

static int run_command(struct options *o)
{
	switch (o->command) {
	case RUN: return command_run(o);
	case COUNT: return command_count(o);
	case PRINT: return command_print(o);
	default: return command_merge(o);
	}
}

static int dispatch(enum command command, int argc, char **argv)
{
	struct options o;
	int status = EXIT_USAGE;

	if (options_read(&o, command, argc, argv)) {
		if (o.help && (command != RUN || (o.operand_count == 0 && o.piece_count == 0))) {
			help_command(stdout, command);
			status = 0;
		} else {
			status = run_command(&o);
		}
	}
	options_release(&o);
	return status;
}

static int run(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";

	if (argc < 2) {
		help_overview(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(word, "--version") == 0 || strcmp(word, "version") == 0) {
		puts("mrrc " MRRC_VERSION);
		return 0;
	}
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
		help_overview(stdout);
		return 0;
	}
	if (strcmp(word, "help") == 0)
		return help(argc - 2, argv + 2);
	if (!command_named(word)) {
		help_unknown(word);
		return EXIT_USAGE;
	}
	return dispatch((enum command)command_named(word), argc - 2, argv + 2);
}

int main(int argc, char **argv)
{
	int status;

	open_standard();
	status = run(argc, argv);
	if (fflush(stdout) != 0 && status == 0) {
		perror("mrrc: standard output");
		status = EXIT_INPUT_OUTPUT;
	}
	exit(status);
}
