/* command_count.c: mrrc count: every record is parsed, none is written. */
#include "cli/commands.h"

static struct engine_config config;

static uint64_t good(const struct engine_totals *t)
{
	return t->read - t->rejected;
}

static void print_counts(const struct options *o, const struct engine_stats *stats)
{
	for (size_t i = 0; i < stats->file_count; i++)
		printf("%llu\t%s\n", (unsigned long long)good(&stats->file[i]),
		       o->operand_count ? o->operand[i] : "-");
	if (stats->file_count != 1)
		printf(stats->file_count ? "%llu\ttotal\n" : "%llu\n", (unsigned long long)good(&stats->total));
}

int command_count(struct options *o)
{
	if (!config_from(o, &config))
		return EXIT_USAGE;
	config.format = OUTPUT_NONE;
	return run_engine(o, &config, print_counts);
}
