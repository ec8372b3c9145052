/* options.c: reads the command line by the table in options.def; what the values mean for a run is run_config.c's. */
#include "cli/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/words.h"

enum option_id {
#define OPTION(id, letter, name, arg, commands, group, help) OPT_##id,
#include "cli/options.def"
#undef OPTION
	OPTION_COUNT
};

struct option {
	char letter;
	const char *name, *arg;
	unsigned commands;
	const char *group, *help;
};

static const struct option table[] = {
#define OPTION(id, letter, name, arg, commands, group, help) { letter, name, arg, commands, group, help },
#include "cli/options.def"
#undef OPTION
};

static const char *const command_names[] = { [RUN] = "run", [COUNT] = "count", [PRINT] = "print", [MERGE] = "merge" };

static bool complain(const struct options *o, const char *what, const char *word)
{
	fprintf(stderr, "mrrc %s: %s '%s' (see mrrc help %s)\n", command_names[o->command], what, word,
		command_names[o->command]);
	return false;
}

/* ---- values ---- */

static bool bad_value(const char *name, const char *value, const char *want)
{
	fprintf(stderr, "mrrc: --%s %s: expected %s\n", name, value, want);
	return false;
}

static bool read_number(const char *name, const char *text, uint64_t least, uint64_t most, uint64_t *out)
{
	char want[96];

	if (words_number(text, least, most, out))
		return true;
	snprintf(want, sizeof want, "a whole number from %llu to %llu", (unsigned long long)least,
		 (unsigned long long)most);
	return bad_value(name, text, want);
}

static bool read_size(const char *name, const char *text, uint64_t least, uint64_t most, uint64_t *out)
{
	if (words_size(text, least, most, out))
		return true;
	return bad_value(name, text, "a size such as 500000, 64K, 16M or 1G within the limits");
}

/* The place of text in the NULL-ended list; says what is expected otherwise. */
static bool read_choice(const char *name, const char *text, const char *const *choices, int *out)
{
	char want[128] = "";
	size_t len = 0;

	for (int i = 0; choices[i]; i++) {
		const char *before = i == 0 ? "" : choices[i + 1] ? ", " : " or ";

		if (strcmp(choices[i], text) == 0) {
			*out = i;
			return true;
		}
		if (len < sizeof want)
			len += (size_t)snprintf(want + len, sizeof want - len, "%s%s", before, choices[i]);
	}
	return bad_value(name, text, want);
}

static void *grow(void *list, size_t count, size_t len)
{
	void *grown = mem_realloc(list, (count + 1) * len);

	if (!grown)
		fputs("mrrc: not enough memory\n", stderr);
	return grown;
}

static bool add_piece(struct options *o, enum piece_kind kind, const char *name, const char *text)
{
	struct script_piece *grown = grow(o->piece, o->piece_count, sizeof *grown);

	if (!grown)
		return false;
	o->piece = grown;
	o->piece[o->piece_count++] = (struct script_piece){ .kind = kind, .name = name, .text = span_str(text) };
	return true;
}

static bool add_arg(struct options *o, const char *text)
{
	const char *equals = strchr(text, '=');
	struct script_arg *grown;
	char *name;

	if (!equals || equals == text)
		return bad_value("arg", text, "NAME=VALUE");
	grown = grow(o->arg, o->arg_count, sizeof *grown);
	if (!grown)
		return false;
	o->arg = grown;
	name = mem_dup(text, (size_t)(equals - text) + 1);
	if (!name)
		return false;
	name[equals - text] = '\0';
	o->arg[o->arg_count++] = (struct script_arg){ .name = name, .value = equals + 1 };
	return true;
}

static bool add_word(const char ***list, size_t *count, const char *word)
{
	const char **grown = grow(*list, *count, sizeof *grown);

	if (!grown)
		return false;
	*list = grown;
	grown[(*count)++] = word;
	return true;
}

static bool set_choice(struct options *o, enum option_id id, const char *v)
{
	static const char *const recovery[] = { "strict", "lenient", "permissive", NULL };
	static const char *const on_error[] = { "skip", "reject", "fail", NULL };
	static const char *const on_script[] = { "fail", "skip", "reject", NULL };
	static const char *const crew[] = { "adaptive", "separate", NULL };
	static const char *const when[] = { "auto", "always", "never", NULL };
	static const char *const to[] = { "auto", "marc", "mrk", NULL };
	int n = 0;
	bool ok;

	switch (id) {
	case OPT_RECOVERY:
		ok = read_choice("recovery", v, recovery, &n);
		o->recovery = (enum recovery)n;
		return ok;
	case OPT_ON_ERROR: return read_choice("on-error", v, on_error, &o->on_error);
	case OPT_ON_SCRIPT_ERROR:
		ok = read_choice("on-script-error", v, on_script, &n);
		o->on_script_error = (enum on_script_error)n;
		return ok;
	case OPT_CREW:
		ok = read_choice("crew", v, crew, &n);
		o->crew = (enum crew)n;
		return ok;
	case OPT_PROGRESS:
		ok = read_choice("progress", v, when, &n);
		o->progress = (enum when)n;
		return ok;
	case OPT_COLOR:
		ok = read_choice("color", v, when, &n);
		o->color = (enum when)n;
		return ok;
	default:
		ok = read_choice("to", v, to, &n);
		o->to = (enum to_format)n;
		return ok;
	}
}

static bool set(struct options *o, enum option_id id, const char *v)
{
	switch (id) {
	case OPT_SCRIPT_TRANSFORM: return add_piece(o, PIECE_TRANSFORM, "-e", v);
	case OPT_SCRIPT_FILTER: return add_piece(o, PIECE_FILTER, "--filter", v);
	case OPT_SCRIPT_EACH: return add_piece(o, PIECE_EACH, "--each", v);
	case OPT_SCRIPT_ARG: return add_arg(o, v);
	case OPT_SCRIPT_MODULE: return add_word(&o->module, &o->module_count, v);
	case OPT_LUA_PATH: o->lua_path = v; return true;
	case OPT_LUA_MEM: return read_size("lua-mem", v, 1 << 20, (uint64_t)1 << 40, &o->lua_mem);
	case OPT_SEED: return read_number("seed", v, 0, UINT64_MAX, &o->seed);
	case OPT_AGG_OUT: o->agg_out = v; return true;
	case OPT_SKIP: return read_number("skip", v, 0, UINT64_MAX / 2, &o->skip);
	case OPT_LIMIT: return read_number("limit", v, 1, UINT64_MAX / 2, &o->limit);
	case OPT_MAX_RECORD: return read_size("max-record", v, 64, (uint64_t)1 << 30, &o->max_record);
	case OPT_OUTPUT: o->output = v; return true;
	case OPT_IN_PLACE: o->in_place = true; return true;
	case OPT_NO_FSYNC: o->no_fsync = true; return true;
	case OPT_REJECT: o->reject = v; return true;
	case OPT_ERRORS: o->errors = v; return true;
	case OPT_THREADS: return read_number("threads", v, 1, ENGINE_THREADS_MAX, &o->threads);
	case OPT_BATCH_SIZE: return read_number("batch-size", v, 1, 100000, &o->batch_size);
	case OPT_CHANNEL: return read_number("channel", v, 1, 10000000, &o->channel);
	case OPT_BY_FILE: o->by_file = true; return true;
	case OPT_STATS: o->stats = v; return true;
	case OPT_QUIET: o->quiet = true; return true;
	case OPT_VERBOSE: o->verbose = true; return true;
	case OPT_HELP: o->help = true; return true;
	default: return set_choice(o, id, v);
	}
}

/* ---- words ---- */

static int find_long(const char *name, size_t len)
{
	for (int i = 0; i < OPTION_COUNT; i++)
		if (table[i].name && strlen(table[i].name) == len && memcmp(table[i].name, name, len) == 0)
			return i;
	return -1;
}

static int find_short(char letter)
{
	for (int i = 0; i < OPTION_COUNT; i++)
		if (table[i].letter == letter)
			return i;
	return -1;
}

static bool unknown(const struct options *o, const char *word, size_t len)
{
	const char *best = NULL;
	size_t least = 3;

	for (int i = 0; i < OPTION_COUNT; i++) {
		size_t d, name_len;

		if (!table[i].name || !(table[i].commands & o->command))
			continue;
		name_len = strlen(table[i].name);
		d = words_distance(word, len, table[i].name, name_len);
		if (len <= 4 && name_len <= 4 && d > 1)
			continue; /* nearly everything is near to so short a word */
		if (d < least) {
			least = d;
			best = table[i].name;
		}
	}
	fprintf(stderr, "mrrc %s: unknown option '--%.*s'", command_names[o->command], (int)len, word);
	if (best)
		fprintf(stderr, ": did you mean --%s?", best);
	fprintf(stderr, " (see mrrc help %s)\n", command_names[o->command]);
	return false;
}

/* argv[*i] is --name[=value]. */
static bool read_long(struct options *o, int argc, char **argv, int *i)
{
	const char *name = argv[*i] + 2, *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	int id = find_long(name, len);

	if (id < 0 || !(table[id].commands & o->command))
		return unknown(o, name, len);
	if (!table[id].arg)
		return equals ? complain(o, "no value belongs to", argv[*i]) : set(o, (enum option_id)id, NULL);
	if (equals)
		return set(o, (enum option_id)id, equals + 1);
	if (*i + 1 == argc)
		return complain(o, "a value is missing behind", argv[*i]);
	return set(o, (enum option_id)id, argv[++*i]);
}

/* argv[*i] is -x, -xyz or -xVALUE. */
static bool read_short(struct options *o, int argc, char **argv, int *i)
{
	for (const char *p = argv[*i] + 1; *p; p++) {
		int id = find_short(*p);

		if (id < 0 || !(table[id].commands & o->command))
			return complain(o, "unknown option", argv[*i]);
		if (!table[id].arg) {
			if (!set(o, (enum option_id)id, NULL))
				return false;
			continue;
		}
		if (p[1])
			return set(o, (enum option_id)id, p + 1 + (p[1] == '='));
		if (*i + 1 == argc)
			return complain(o, "a value is missing behind", argv[*i]);
		return set(o, (enum option_id)id, argv[++*i]);
	}
	return true;
}

bool options_read(struct options *o, enum command command, int argc, char **argv)
{
	bool only_operands = false;

	*o = (struct options){ .command = command, .lua_mem = 256u << 20, .max_record = 16u << 20, .batch_size = 200,
			       .channel = 2000, .recovery = RECOVERY_LENIENT, .on_error = -1 };
	for (int i = 0; i < argc; i++) {
		const char *word = argv[i];
		bool ok;

		if (only_operands || word[0] != '-' || word[1] == '\0')
			ok = add_word(&o->operand, &o->operand_count, word);
		else if (strcmp(word, "--") == 0)
			ok = only_operands = true;
		else if (word[1] == '-')
			ok = read_long(o, argc, argv, &i);
		else
			ok = read_short(o, argc, argv, &i);
		if (!ok)
			return false;
	}
	return true;
}

void options_release(struct options *o)
{
	for (size_t i = 0; i < o->arg_count; i++)
		mem_free((void *)(uintptr_t)o->arg[i].name);
	mem_free(o->arg);
	mem_free(o->piece);
	mem_free(o->operand);
	mem_free(o->module);
}

void options_print(FILE *to, enum command command)
{
	const char *group = "";

	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option *p = &table[i];
		char left[64];

		if (!(p->commands & command))
			continue;
		if (strcmp(group, p->group) != 0)
			fprintf(to, "\n%c%s\n", p->group[0] - 32, p->group + 1);
		group = p->group;
		if (p->letter && p->name)
			snprintf(left, sizeof left, "-%c, --%s%s%s", p->letter, p->name, p->arg ? " " : "", p->arg ? p->arg : "");
		else if (p->letter)
			snprintf(left, sizeof left, "-%c %s", p->letter, p->arg ? p->arg : "");
		else
			snprintf(left, sizeof left, "    --%s%s%s", p->name, p->arg ? " " : "", p->arg ? p->arg : "");
		fprintf(to, "  %-28s %s\n", left, p->help);
	}
}
