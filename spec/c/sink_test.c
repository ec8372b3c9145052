/* sink_test.c: the life of an output: what is there before, during and after. Faults are in
 * sink_fault_test.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "base/alloc.h"
#include "flow/thread.h"
#include "io/sink.h"
#include "scratch.h"

enum { PATIENCE_S = 60 };

static struct sink *open_sink(const char *path)
{
	struct sink *s;

	assert_int_equal(sink_open(&s, path, true), STATUS_OK);
	return s;
}

static void put(struct sink *s, const char *text)
{
	assert_int_equal(sink_write(s, text, strlen(text)), STATUS_OK);
}

static void write_whole(const char *path, const char *text)
{
	struct sink *s = open_sink(path);

	put(s, text);
	assert_int_equal(sink_commit(s), STATUS_OK);
}

static void a_file_appears_whole_at_commit(void **state)
{
	char temp[NAME_MAX + 1];
	struct sink *s = open_sink("out.mrc");

	(void)state;
	put(s, "one ");
	put(s, "two");
	assert_int_equal(sink_flush(s), STATUS_OK);
	assert_int_equal(scratch_len("out.mrc"), -1);
	assert_int_equal(scratch_temps(".", temp), 1);
	assert_int_equal(strncmp(temp, ".out.mrc.mrrc-", 14), 0);
	assert_int_equal(strlen(temp), 20);
	assert_true(scratch_holds(temp, "one two"));
	assert_int_equal(scratch_mode(temp), 0600);
	assert_int_equal(sink_bytes(s), 7);
	assert_int_equal(sink_error(s), 0);
	assert_string_equal(sink_name(s), "out.mrc");
	assert_false(sink_is_terminal(s));
	assert_int_equal(sink_commit(s), STATUS_OK);
	assert_true(scratch_holds("out.mrc", "one two"));
	assert_int_equal(scratch_temps(".", NULL), 0);
}

static void without_sync_the_file_appears_just_the_same(void **state)
{
	struct sink *s;

	(void)state;
	assert_int_equal(sink_open(&s, "out", false), STATUS_OK);
	put(s, "x");
	assert_int_equal(sink_commit(s), STATUS_OK);
	assert_true(scratch_holds("out", "x"));
}

static void discarding_leaves_the_old_file_and_nothing_else(void **state)
{
	struct sink *s;

	(void)state;
	assert_true(scratch_put_str("out", "old"));
	s = open_sink("out");
	put(s, "new");
	assert_int_equal(sink_flush(s), STATUS_OK);
	assert_true(scratch_holds("out", "old"));
	errno = ERANGE;
	sink_discard(s);
	assert_int_equal(errno, ERANGE);
	sink_discard(NULL);
	assert_true(scratch_holds("out", "old"));
	assert_int_equal(scratch_temps(".", NULL), 0);
}

static void a_new_file_gets_the_mode_that_umask_leaves(void **state)
{
	static const mode_t masks[] = { 0, 022, 027, 077 };
	mode_t before = umask(0);

	(void)state;
	for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		umask(masks[i]);
		write_whole("new", "x");
		assert_int_equal(scratch_mode("new"), 0666 & ~masks[i]);
		assert_int_equal(umask(masks[i]), masks[i]); /* it was not changed on the way */
		unlink("new");
	}
	umask(before);
}

static void a_replaced_file_keeps_its_mode_and_owner(void **state)
{
	static const mode_t modes[] = { 0600, 0640, 0666, 0755 };
	struct stat st;

	(void)state;
	assert_true(scratch_put_str("out", "old"));
	if (geteuid() == 0)
		assert_int_equal(chown("out", 1234, 2345), 0);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		struct sink *s;
		char temp[NAME_MAX + 1];

		assert_int_equal(chmod("out", modes[i]), 0);
		s = open_sink("out");
		assert_int_equal(scratch_temps(".", temp), 1);
		assert_int_equal(scratch_mode(temp), 0600);
		put(s, "new");
		assert_int_equal(sink_commit(s), STATUS_OK);
		assert_int_equal(scratch_mode("out"), modes[i]);
	}
	assert_int_equal(stat("out", &st), 0);
	assert_int_equal(st.st_uid, geteuid() == 0 ? 1234 : geteuid());
	if (geteuid() == 0)
		assert_int_equal(st.st_gid, 2345);
	assert_true(scratch_holds("out", "new"));
}

static void a_link_stays_and_the_file_it_names_is_replaced_in_its_own_folder(void **state)
{
	struct stat st;
	struct sink *s;

	(void)state;
	assert_int_equal(mkdir("far", 0755), 0);
	assert_true(scratch_put_str("far/file", "old"));
	assert_int_equal(symlink("file", "far/near"), 0); /* told from far/ */
	assert_int_equal(symlink("far/near", "link"), 0);
	s = open_sink("link");
	put(s, "new");
	assert_int_equal(scratch_temps(".", NULL), 0);
	assert_int_equal(scratch_temps("far", NULL), 1);
	assert_string_equal(sink_name(s), "link");
	assert_int_equal(sink_commit(s), STATUS_OK);
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(lstat("far/near", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_true(scratch_holds("far/file", "new"));
}

static void a_link_to_nothing_yet_gets_its_file(void **state)
{
	char absolute[PATH_MAX + 16];

	(void)state;
	assert_int_equal(mkdir("far", 0755), 0);
	snprintf(absolute, sizeof(absolute), "%s/far/new", scratch_folder);
	assert_int_equal(symlink(absolute, "link"), 0);
	write_whole("link", "text");
	assert_true(scratch_holds("far/new", "text"));
}

static void small_writes_are_gathered_and_leave_at_the_border_of_calls(void **state)
{
	static char block[100000];
	char temp[NAME_MAX + 1];
	struct sink *s = open_sink("out");

	(void)state;
	assert_int_equal(scratch_temps(".", temp), 1);
	assert_int_equal(sink_write(s, block, 40000), STATUS_OK);
	assert_int_equal(scratch_len(temp), 0);
	assert_int_equal(sink_write(s, block, 40000), STATUS_OK);
	assert_int_equal(scratch_len(temp), 40000); /* not 65536 */
	assert_int_equal(sink_write(s, block, 100000), STATUS_OK);
	assert_int_equal(scratch_len(temp), 180000);
	assert_int_equal(sink_write(s, block, 65536), STATUS_OK);
	assert_int_equal(scratch_len(temp), 180000);
	assert_int_equal(sink_write(s, block, 0), STATUS_OK);
	assert_int_equal(sink_write(s, block, 1), STATUS_OK);
	assert_int_equal(scratch_len(temp), 245536);
	assert_int_equal(sink_commit(s), STATUS_OK);
	assert_int_equal(scratch_len("out"), 245537);
}

/* --- what is no regular file --- */

struct drain {
	struct thread thread;
	int fd;
	char found[256];
	ssize_t len;
};

static void *drain_fifo(void *arg)
{
	struct drain *d = arg;
	int fd = open("fifo", O_RDONLY | O_CLOEXEC);
	ssize_t got = 1;

	for (d->len = 0; got > 0; d->len += got)
		got = read(fd, d->found + d->len, sizeof(d->found) - (size_t)d->len);
	close(fd);
	return NULL;
}

static void a_fifo_and_a_device_are_written_in_place(void **state)
{
	struct drain d = { .fd = -1 };
	struct stat st;

	(void)state;
	alarm(PATIENCE_S);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_true(thread_start(&d.thread, drain_fifo, &d, "drain"));
	write_whole("fifo", "through");
	thread_join(&d.thread);
	assert_int_equal(d.len, 7);
	assert_memory_equal(d.found, "through", 7);
	assert_int_equal(lstat("fifo", &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	write_whole("/dev/null", "away");
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	alarm(0);
}

/* Standard output is replaced for as long as one sink lives; nothing may be asserted meanwhile. */
static enum status write_to_stdout(int fd, const char *path, bool commit)
{
	int kept;
	enum status status;
	struct sink *s;

	fflush(stdout);
	kept = dup(STDOUT_FILENO);
	dup2(fd, STDOUT_FILENO);
	status = sink_open(&s, path, true);
	if (status == STATUS_OK)
		status = sink_write(s, "more", 4);
	if (status == STATUS_OK && commit)
		status = sink_commit(s);
	else
		sink_discard(s);
	if (fcntl(STDOUT_FILENO, F_GETFD) < 0)
		status = STATUS_INVALID; /* closed, and not by its owner */
	dup2(kept, STDOUT_FILENO);
	close(kept);
	return status;
}

static void standard_output_goes_on_where_it_is_by_all_its_names(void **state)
{
	static const char *const names[] = { NULL, "-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct stat before, after;
		int fd;

		assert_true(scratch_put_str("file", "old "));
		assert_int_equal(stat("file", &before), 0);
		fd = open("file", O_WRONLY | O_CLOEXEC);
		assert_int_equal(lseek(fd, 4, SEEK_SET), 4);
		assert_int_equal(write_to_stdout(fd, names[i], true), STATUS_OK);
		assert_true(scratch_holds("file", "old more"));
		assert_int_equal(stat("file", &after), 0);
		assert_int_equal(before.st_ino, after.st_ino);
		assert_int_equal(lseek(fd, 0, SEEK_CUR), 8);
		close(fd);
	}
	assert_int_equal(scratch_temps(".", NULL), 0);
}

static void a_discarded_standard_output_gets_nothing_more(void **state)
{
	int fd = open("file", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	(void)state;
	assert_int_equal(write_to_stdout(fd, "-", false), STATUS_OK);
	assert_int_equal(scratch_len("file"), 0);
	close(fd);
}

static void standard_output_has_a_name_for_people(void **state)
{
	struct sink *s = open_sink(NULL);

	(void)state;
	assert_string_equal(sink_name(s), "standard output");
	assert_int_equal(sink_is_terminal(s), isatty(STDOUT_FILENO));
	sink_discard(s);
}

static void the_same_file_is_known_by_hard_and_symbolic_links(void **state)
{
	struct stat st;

	(void)state;
	assert_true(scratch_put_str("in", "x") && scratch_put_str("other", "x"));
	assert_int_equal(link("in", "hard"), 0);
	assert_int_equal(symlink("in", "soft"), 0);
	assert_int_equal(stat("in", &st), 0);
	assert_true(sink_same_file("in", st.st_dev, st.st_ino));
	assert_true(sink_same_file("hard", st.st_dev, st.st_ino));
	assert_true(sink_same_file("./soft", st.st_dev, st.st_ino));
	assert_false(sink_same_file("other", st.st_dev, st.st_ino));
	assert_false(sink_same_file("missing", st.st_dev, st.st_ino));
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_false(sink_same_file("/dev/null", st.st_dev, st.st_ino));
}

static int compare_with_stdout(void)
{
	int fd = open("out", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	struct stat st;

	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 || fstat(fd, &st) != 0)
		return 1;
	if (!sink_same_file(NULL, st.st_dev, st.st_ino) || !sink_same_file("-", st.st_dev, st.st_ino))
		return 2;
	return sink_same_file("/dev/stdout", st.st_dev, st.st_ino) ? 0 : 3;
}

static void the_file_behind_standard_output_is_known_too(void **state)
{
	(void)state;
	assert_int_equal(scratch_in_child(compare_with_stdout), 0);
}

/* Opens, writes and commits "out" with the k-th allocation failing. */
static enum status write_failing_at(long k)
{
	enum status status;
	struct sink *s;

	mem_fail_after(k, false);
	status = sink_open(&s, "out", true);
	if (status == STATUS_OK) {
		(void)!sink_write(s, "first ", 6); /* may fail: what follows must not make up for it */
		(void)!sink_write(s, "second", 6);
		status = sink_commit(s);
	} else {
		assert_null(s);
	}
	mem_fail_after(-1, false);
	return status;
}

static void a_failed_allocation_never_makes_a_file_with_a_hole(void **state)
{
	size_t descriptors = scratch_descriptors();
	enum status status = STATUS_MEMORY;
	long before = mem_live();

	(void)state;
	for (long k = 0; status != STATUS_OK; k++) {
		status = write_failing_at(k);
		assert_int_equal(mem_live(), before);
		assert_int_equal(scratch_temps(".", NULL), 0);
		if (k == 0)
			assert_int_equal(status, STATUS_MEMORY);
		if (status == STATUS_OK)
			break;
		assert_int_equal(status, STATUS_MEMORY);
		assert_int_equal(scratch_len("out"), -1);
	}
	assert_true(scratch_holds("out", "first second"));
	assert_int_equal(scratch_descriptors(), descriptors);
}

static void what_is_suspended_needs_no_memory_to_be_committed(void **state)
{
	struct sink *s = open_sink("out");

	(void)state;
	put(s, "text");
	assert_int_equal(sink_suspend(s), STATUS_OK);
	mem_fail_after(0, true);
	assert_int_equal(sink_commit(s), STATUS_OK);
	assert_int_equal(mem_refused(), 0);
	mem_fail_after(-1, false);
	assert_true(scratch_holds("out", "text"));
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_enter, scratch_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(a_file_appears_whole_at_commit),
		IN_SCRATCH(without_sync_the_file_appears_just_the_same),
		IN_SCRATCH(discarding_leaves_the_old_file_and_nothing_else),
		IN_SCRATCH(a_new_file_gets_the_mode_that_umask_leaves),
		IN_SCRATCH(a_replaced_file_keeps_its_mode_and_owner),
		IN_SCRATCH(a_link_stays_and_the_file_it_names_is_replaced_in_its_own_folder),
		IN_SCRATCH(a_link_to_nothing_yet_gets_its_file),
		IN_SCRATCH(small_writes_are_gathered_and_leave_at_the_border_of_calls),
		IN_SCRATCH(a_fifo_and_a_device_are_written_in_place),
		IN_SCRATCH(standard_output_goes_on_where_it_is_by_all_its_names),
		IN_SCRATCH(a_discarded_standard_output_gets_nothing_more),
		IN_SCRATCH(standard_output_has_a_name_for_people),
		IN_SCRATCH(the_same_file_is_known_by_hard_and_symbolic_links),
		IN_SCRATCH(the_file_behind_standard_output_is_known_too),
		IN_SCRATCH(a_failed_allocation_never_makes_a_file_with_a_hole),
		IN_SCRATCH(what_is_suspended_needs_no_memory_to_be_committed),
	};

	return cmocka_run_group_tests_name("sink", tests, NULL, NULL);
}
