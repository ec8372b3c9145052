/* source_stdin_test.c: standard input as a source: pipe, file, or nothing usable; each test sets its own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "flow/thread.h"
#include "io/source.h"
#include "scratch.h"

enum { PATIENCE_S = 60 };

/* All bytes of the current input, read `step` at a time; the number of reads that gave some. */
static size_t read_all(struct source *s, size_t step, char *into, size_t *len)
{
	size_t reads = 0, got;

	for (*len = 0;; *len += got, reads++) {
		assert_int_equal(source_read(s, into + *len, step, &got), STATUS_OK);
		if (got == 0)
			return reads;
	}
}

static void assert_reads(struct source *s, const char *expected)
{
	char found[4096];
	size_t len;

	read_all(s, 7, found, &len);
	assert_int_equal(len, strlen(expected));
	assert_memory_equal(found, expected, len);
}

static void assert_next(struct source *s, bool expected)
{
	bool more = !expected;

	assert_int_equal(source_next(s, &more), STATUS_OK);
	assert_int_equal(more, expected);
}

static struct source *open_stdin_from(int fd, int *kept)
{
	struct source *s;
	size_t bad;

	*kept = dup(STDIN_FILENO);
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	assert_int_equal(source_open(&s, NULL, 0, &bad), STATUS_OK);
	return s;
}

static void close_stdin(struct source *s, int kept)
{
	source_close(s);
	assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0); /* it was not ours to close */
	assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
	close(kept);
}

static void no_path_means_standard_input(void **state)
{
	int ends[2], kept;
	struct source *s;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0); /* as some shells leave it */
	assert_int_equal(write(ends[1], "from a pipe", 11), 11);
	close(ends[1]);
	s = open_stdin_from(ends[0], &kept);
	assert_string_equal(source_info(s, 0)->name, "standard input");
	assert_reads(s, "from a pipe");
	assert_next(s, false);
	close_stdin(s, kept);
	close(ends[0]);
}

static void *write_late(void *arg)
{
	int *fd = arg;

	usleep(20000);
	if (write(*fd, "late", 4) != 4)
		return NULL;
	close(*fd);
	return NULL;
}

static void a_non_blocking_standard_input_is_waited_for(void **state)
{
	struct thread t;
	int ends[2], kept;
	struct source *s;

	(void)state;
	alarm(PATIENCE_S);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	s = open_stdin_from(ends[0], &kept);
	assert_true(thread_start(&t, write_late, &ends[1], "late"));
	assert_reads(s, "late");
	thread_join(&t);
	close_stdin(s, kept);
	close(ends[0]);
	alarm(0);
}

static void standard_input_may_be_a_file_read_from_the_middle_even_beyond_4_gib(void **state)
{
	const off_t len = ((off_t)5 << 30) + 10;
	struct source *s;
	int fd, kept;

	(void)state;
	assert_true(scratch_put_str("file", ""));
	fd = open("file", O_RDWR | O_CLOEXEC);
	assert_int_equal(pwrite(fd, "0123456789", 10, len - 10), 10);
	assert_int_equal(lseek(fd, len - 4, SEEK_SET), len - 4);
	s = open_stdin_from(fd, &kept);
	assert_true(source_info(s, 0)->regular);
	assert_int_equal(source_info(s, 0)->size, 4);
	assert_reads(s, "6789");
	close_stdin(s, kept);
	close(fd);
}

static int open_bad_stdin(void)
{
	struct source *s;
	size_t bad;
	int folder = open(".", O_RDONLY | O_CLOEXEC), null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	close(STDIN_FILENO);
	if (source_open(&s, NULL, 0, &bad) != STATUS_IO || errno != EBADF)
		return 1;
	dup2(folder, STDIN_FILENO);
	if (source_open(&s, NULL, 0, &bad) != STATUS_IO || errno != EISDIR)
		return 2;
	dup2(null, STDIN_FILENO);
	if (source_open(&s, NULL, 0, &bad) != STATUS_IO || errno != EBADF)
		return 3;
	return 0;
}

static void a_standard_input_that_is_closed_a_folder_or_for_writing_is_refused(void **state)
{
	(void)state;
	assert_int_equal(scratch_in_child(open_bad_stdin), 0);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_enter, scratch_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(no_path_means_standard_input),
		IN_SCRATCH(a_non_blocking_standard_input_is_waited_for),
		IN_SCRATCH(standard_input_may_be_a_file_read_from_the_middle_even_beyond_4_gib),
		IN_SCRATCH(a_standard_input_that_is_closed_a_folder_or_for_writing_is_refused),
	};

	return cmocka_run_group_tests_name("source_stdin", tests, NULL, NULL);
}
