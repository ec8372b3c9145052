/* commands.h: one function a command; each returns the exit status, or raises the signal that ended it. Layer cli. */
#ifndef MRRC_CLI_COMMANDS_H
#define MRRC_CLI_COMMANDS_H

#include "cli/options.h"

#define EXIT_USAGE 2
#define EXIT_STOPPED 3
#define EXIT_INPUT_OUTPUT 4
#define EXIT_INTERNAL 70

int command_run(struct options *o);
int command_count(struct options *o);
int command_print(struct options *o);
int command_merge(struct options *o);

/* ---- run_config.c ---- */
/* What all commands share: options -> engine_config; false: a message was printed. */
bool config_from(const struct options *o, struct engine_config *c);
/* Run, write --stats, and turn the outcome into an exit status (or die by the signal). `after` may be NULL: called with the stats
 * when the run is over. */
int run_engine(const struct options *o, const struct engine_config *c, void (*after)(const struct options *,
	       const struct engine_stats *));

#endif
