/* marcspec_suite_test.c: the published test suite of MARCspec, when its files are at hand.
 *
 * The folder is $MRRC_DATA/marcspec or ../shared/data/marcspec; jq turns each file into lines "true TEXT"
 * or "false TEXT". A file of fragments is put into a path by the table below. One text that MARCspec
 * refuses is legal here, see docs/PATHS.md; nothing else may differ. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "marc/path.h"

static const struct {
	const char *part;  /* of the file's name */
	const char *frame; /* where a fragment goes */
} frames[] = {
	{ "wildCombination_", "%s" }, { "FieldTag", "%s" },        { "PositionOrRange", "...[%s]" },
	{ "SubfieldTag", "...$%s" },  { "SubfieldRange", "...$%s" }, { "Indicators", "...^%s" },
	{ "ComparisonString", "...$a{$a=\\%s}" }, { "SubSpec", "...$a%s" },
};

/* Subfield codes $A to $Z are ours too. */
static const char *const aliases[] = { "...$A" };

static bool is_alias(const char *text)
{
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (strcmp(aliases[i], text) == 0)
			return true;
	return false;
}

static const char *frame_of(const char *file)
{
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		if (strstr(file, frames[i].part))
			return frames[i].frame;
	return NULL;
}

static bool compiles(const char *text)
{
	struct path_error err;
	struct path *p;
	enum status st = path_compile(span_str(text), &p, &err);

	assert_true(st == STATUS_OK || st == STATUS_INVALID);
	path_free(p);
	return st == STATUS_OK;
}

/* Put the fragment in place of %s. */
static void framed(char *out, size_t room, const char *frame, const char *fragment)
{
	const char *hole = strstr(frame, "%s");

	assert_non_null(hole);
	snprintf(out, room, "%.*s%s%s", (int)(hole - frame), frame, fragment, hole + 2);
}

static int run_file(const char *folder, const char *file, int *cases)
{
	const char *frame = frame_of(file);
	char command[2048], line[1024], text[1100];
	int wrong = 0;

	assert_non_null(frame);
	snprintf(command, sizeof(command), "jq -r '.tests[] | \"\\(.valid) \\(.data)\"' '%s/%s'", folder,
		 file);
	FILE *jq = popen(command, "r");
	assert_non_null(jq);
	while (fgets(line, sizeof(line), jq)) {
		line[strcspn(line, "\n")] = '\0';
		bool valid = strncmp(line, "true ", 5) == 0;

		framed(text, sizeof(text), frame, strchr(line, ' ') + 1);
		(*cases)++;
		if (is_alias(text))
			valid = true;
		if (compiles(text) != valid) {
			print_error("%s: %s should be %s\n", file, text, valid ? "valid" : "invalid");
			wrong++;
		}
	}
	assert_int_equal(pclose(jq), 0);
	return wrong;
}

static int run_folder(const char *folder, int *cases)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int wrong = 0;

	if (!dir)
		return 0;
	while ((entry = readdir(dir)))
		if (strstr(entry->d_name, ".json"))
			wrong += run_file(folder, entry->d_name, cases);
	closedir(dir);
	return wrong;
}

static void we_agree_with_every_case(void **state)
{
	const char *data = getenv("MRRC_DATA");
	char valid[1024], invalid[1024];
	int cases = 0, wrong;

	(void)state;
	snprintf(valid, sizeof(valid), "%s/marcspec/valid", data ? data : "../shared/data");
	snprintf(invalid, sizeof(invalid), "%s/marcspec/invalid", data ? data : "../shared/data");
	DIR *dir = opendir(valid);
	if (!dir || system("command -v jq >/dev/null 2>&1") != 0)
		skip();
	closedir(dir);
	wrong = run_folder(valid, &cases) + run_folder(invalid, &cases);
	print_message("%d cases\n", cases);
	assert_true(cases > 200);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(we_agree_with_every_case),
	};

	return cmocka_run_group_tests_name("marcspec_suite", tests, NULL, NULL);
}
