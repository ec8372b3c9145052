/* command_merge.c: mrrc merge: the --agg-out files of runs over parts, as one run over all would have
 * written it.
 *
 * Every file is read into a set of results like a batch's, and sets are merged as in a run. Nothing is
 * written before all files are read, so the output may be one of them. */
#include <errno.h>
#include <string.h>

#include "agg/agg.h"
#include "base/alloc.h"
#include "cli/commands.h"
#include "io/sink.h"

struct part {
	const char *name;
	struct agg_decls decls;
	struct agg_set *set;
};

static void part_release(struct part *p)
{
	agg_set_free(p->set);
	agg_decls_release(&p->decls);
}

static int complain(const char *name, const char *what, int status)
{
	fprintf(stderr, "mrrc: %s: %s\n", name, what);
	return status;
}

static int from_status(const char *name, enum status st, const char *why)
{
	if (st == STATUS_INVALID)
		return complain(name, why, EXIT_STOPPED);
	return complain(name, "not enough memory", EXIT_INTERNAL);
}

static int read_stream(FILE *in, const char *name, struct buf *out)
{
	size_t got;

	do {
		if (buf_reserve(out, 65536) != STATUS_OK)
			return complain(name, "not enough memory", EXIT_INTERNAL);
		got = fread(out->ptr + out->len, 1, 65536, in);
		out->len += got;
	} while (got > 0);
	return ferror(in) ? complain(name, strerror(errno), EXIT_INPUT_OUTPUT) : 0;
}

static int read_file(const char *name, struct buf *out)
{
	bool standard = strcmp(name, "-") == 0;
	FILE *in = standard ? stdin : fopen(name, "re");
	int status;

	if (!in)
		return complain(name, strerror(errno), EXIT_INPUT_OUTPUT);
	status = read_stream(in, name, out);
	if (!standard)
		fclose(in);
	return status;
}

static int read_part(struct part *p, const char *name)
{
	struct agg_refusal why = { "" };
	struct buf text;

	*p = (struct part){ .name = name };
	buf_init(&text, BUF_NO_LIMIT);
	int status = read_file(name, &text);
	if (status == 0) {
		enum status st = agg_from_json(buf_span(&text), &p->decls, &p->set, &why);

		if (st != STATUS_OK)
			status = from_status(name, st, why.text);
	}
	buf_release(&text);
	return status;
}

static int add_part(struct part *all, const char *name)
{
	struct agg_refusal why;
	struct part p;
	int status = read_part(&p, name);

	if (status == 0 && !agg_decls_match(&all->decls, all->name, &p.decls, &why))
		status = complain(name, why.text, EXIT_STOPPED);
	if (status == 0) {
		enum status st = agg_merge(all->set, p.set);

		if (st != STATUS_OK)
			status = from_status(name, st, "");
	}
	part_release(&p);
	return status;
}

static int write_text(const struct options *o, struct span text)
{
	const char *name = o->output ? o->output : "standard output";
	struct sink *to = NULL;
	enum status st = sink_open(&to, o->output, !o->no_fsync);

	if (st == STATUS_OK) {
		st = sink_write(to, text.ptr, text.len);
		if (st == STATUS_OK)
			st = sink_commit(to);
		else
			sink_discard(to);
	}
	if (st == STATUS_OK)
		return 0;
	return complain(name, st == STATUS_MEMORY ? "not enough memory" : strerror(errno), EXIT_INPUT_OUTPUT);
}

static int write_all(const struct options *o, const struct part *all)
{
	struct buf text;
	int status;

	buf_init(&text, BUF_NO_LIMIT);
	enum status st = agg_to_json(all->set, NULL, &text);
	if (st == STATUS_OK)
		status = write_text(o, buf_span(&text));
	else
		status = from_status(o->operand[o->operand_count - 1], st,
				     "together the counts are beyond 2^63");
	buf_release(&text);
	return status;
}

int command_merge(struct options *o)
{
	struct part all;
	int status;

	if (o->operand_count == 0) {
		fputs("mrrc merge: which files? (see mrrc help merge)\n", stderr);
		return EXIT_USAGE;
	}
	status = read_part(&all, o->operand[0]);
	for (size_t i = 1; status == 0 && i < o->operand_count; i++)
		status = add_part(&all, o->operand[i]);
	if (status == 0)
		status = write_all(o, &all);
	part_release(&all);
	return status;
}
