/* command_print.c: mrrc print: records as mrk. */
#include <stdlib.h>
#include <unistd.h>

#include "cli/commands.h"

int command_print(struct options *o)
{
	struct engine_config config;
	const char *no_color = getenv("NO_COLOR");
	bool colour = o->color == WHEN_ALWAYS ||
		      (o->color == WHEN_AUTO && !o->output && isatty(STDOUT_FILENO) && !(no_color && no_color[0]));

	if (!config_from(o, &config))
		return EXIT_USAGE;
	config.format = colour ? OUTPUT_MRK_COLOUR : OUTPUT_MRK;
	return run_engine(o, &config, NULL);
}
