/* output_check.c: outputs that would destroy something, refused before anything is opened.
 *
 * No output may be an input (--in-place is the way to say that), the script, or another output; files are told apart by device
 * and inode, so that links do not hide one. */
#include "engine/output_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "engine/outputs.h"

/* Which of the inputs this path would overwrite; NULL: none. */
static const char *overwritten(const struct source *s, const char *path)
{
	for (size_t i = 0; i < source_count(s); i++) {
		const struct source_info *info = source_info(s, i);

		if (info->regular && sink_same_file(path, info->dev, info->ino))
			return info->name;
	}
	return NULL;
}

static bool same_output(const char *a, const char *b)
{
	if (strcmp(a, b) == 0)
		return strcmp(a, "/dev/null") != 0;
	return sink_same_target(a, b);
}

static bool refuse(const char *path, const char *what, const char *other)
{
	fprintf(stderr, "mrrc: %s: %s%s%s\n", path, what, other[0] ? " " : "", other);
	return false;
}

static int by_inode(const void *a, const void *b)
{
	const struct source_info *x = *(const struct source_info *const *)a, *y = *(const struct source_info *const *)b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return (x->ino > y->ino) - (x->ino < y->ino);
}

/* A file given twice would be changed twice, or once, as it happens to be opened. */
static bool check_once(const struct engine_config *c, const struct source *s)
{
	size_t count = source_count(s);
	const struct source_info **info = mem_array(count, sizeof *info);
	bool fine = info != NULL;

	if (!fine)
		return refuse(c->input[0], "not enough memory", "");
	for (size_t i = 0; i < count; i++)
		info[i] = source_info(s, i);
	qsort(info, count, sizeof *info, by_inode);
	for (size_t i = 1; i < count && fine; i++)
		if (by_inode(&info[i - 1], &info[i]) == 0)
			fine = refuse(info[i - 1]->name, "--in-place got this file twice:", info[i]->name);
	mem_free(info);
	return fine;
}

/* Only a file has a place. */
static bool check_in_place(const struct engine_config *c, const struct source *s)
{
	for (size_t i = 0; i < c->input_count; i++)
		if (strcmp(c->input[i], "-") == 0 || !source_info(s, i)->regular)
			return refuse(c->input[i], "--in-place needs a file", "");
	return check_once(c, s);
}

bool outputs_are_safe(const struct engine_config *c, const struct source *s)
{
	const char *path[OPTION_FILES];
	struct stat out;

	outputs_of_options(c, path);
	for (size_t i = 0; i < OPTION_FILES; i++) {
		if (path[i] && overwritten(s, path[i]))
			return refuse(path[i], "the output is the input", "(--in-place replaces it)");
		if (path[i] && outputs_hit_script(c, path[i]))
			return refuse(path[i], "the output is the script", "");
		for (size_t k = 0; k < i; k++)
			if (path[i] && path[k] && same_output(path[i], path[k]))
				return refuse(path[i], "two outputs go to one file:", path[k]);
	}
	if (c->in_place)
		return check_in_place(c, s);
	if (c->output || fstat(STDOUT_FILENO, &out) != 0 || !S_ISREG(out.st_mode))
		return true;
	for (size_t i = 0; i < source_count(s); i++) {
		const struct source_info *info = source_info(s, i);

		if (info->regular && info->dev == out.st_dev && info->ino == out.st_ino)
			return refuse(info->name, "standard output is the input", "(--in-place replaces it)");
	}
	return true;
}

bool outputs_leave_stdout(const struct engine_config *c)
{
	const char *path[OPTION_FILES];

	if (c->output || c->in_place)
		return true;
	outputs_of_options(c, path);
	for (size_t i = 0; i < OPTION_FILES; i++)
		if (path[i] && path[i] != c->stats_path &&
		    (strcmp(path[i], "-") == 0 || strcmp(path[i], "/dev/stdout") == 0))
			return refuse(path[i], "the records go to standard output; give -o FILE, or a file for this", "");
	return true;
}
