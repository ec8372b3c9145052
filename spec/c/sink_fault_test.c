/* sink_fault_test.c: outputs that cannot be opened, written or finished. The old target must be as it was. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <sched.h>
#include <grp.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "base/alloc.h"
#include "flow/thread.h"
#include "io/sink.h"
#include "scratch.h"

enum { PATIENCE_S = 60, BLOCK_LEN = 100000 };

static char block[BLOCK_LEN];

static struct sink *open_sink(const char *path)
{
	struct sink *s;

	assert_int_equal(sink_open(&s, path, true), STATUS_OK);
	return s;
}

static void assert_refused(const char *path, int error)
{
	size_t descriptors = scratch_descriptors();
	long before = mem_live();
	struct sink *s;

	assert_int_equal(sink_open(&s, path, true), STATUS_IO);
	assert_int_equal(errno, error);
	assert_null(s);
	assert_int_equal(mem_live(), before);
	assert_int_equal(scratch_descriptors(), descriptors);
	assert_int_equal(scratch_temps(".", NULL), 0);
}

static void targets_that_cannot_be_are_refused_at_once(void **state)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "socket" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
	assert_int_equal(mkdir("folder", 0755), 0);
	assert_true(scratch_put_str("file", "x"));
	assert_int_equal(symlink("turn", "round"), 0);
	assert_int_equal(symlink("round", "turn"), 0);
	assert_refused("", ENOENT);
	assert_refused("missing/out", ENOENT);
	assert_refused("missing/", EISDIR);
	assert_refused("folder", EISDIR);
	assert_refused("folder/", EISDIR);
	assert_refused("folder/.", EISDIR);
	assert_refused("file/out", ENOTDIR);
	assert_refused("round", ELOOP);
	assert_refused("socket", EOPNOTSUPP);
	close(fd);
}

static int open_where_forbidden(void)
{
	struct sink *s;

	if (!scratch_be_nobody())
		return 1;
	if (sink_open(&s, "closed/new", true) != STATUS_IO || errno != EACCES)
		return 2;
	if (sink_open(&s, "open/protected", true) != STATUS_IO || errno != EACCES)
		return 3;
	if (sink_open(&s, "open/new", true) != STATUS_OK || sink_commit(s) != STATUS_OK)
		return 4;
	return 0;
}

static void a_folder_or_file_that_is_write_protected_is_refused(void **state)
{
	(void)state;
	assert_int_equal(chmod(".", 0755), 0);
	assert_int_equal(mkdir("closed", 0555), 0);
	assert_int_equal(mkdir("open", 0777), 0);
	assert_int_equal(chmod("open", 0777), 0);
	assert_true(scratch_put_str("open/protected", "keep"));
	assert_int_equal(chmod("open/protected", 0444), 0);
	assert_int_equal(scratch_in_child(open_where_forbidden), 0);
	assert_true(scratch_holds("open/protected", "keep"));
	assert_int_equal(scratch_temps("open", NULL), 0);
	assert_int_equal(chmod("closed", 0755), 0);
}

static int replace_a_file_of_a_foreign_group(void)
{
	struct sink *s;

	if (setgroups(0, NULL) != 0 || !scratch_be_nobody())
		return 1;
	if (sink_open(&s, "open/shared", true) != STATUS_OK || sink_commit(s) != STATUS_OK)
		return 2;
	return scratch_mode("open/shared") == 0606 ? 0 : 3;
}

static void a_group_that_cannot_be_kept_is_given_no_rights(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip(); /* only root can make such a file */
	assert_int_equal(chmod(".", 0755), 0);
	assert_int_equal(mkdir("open", 0777), 0);
	assert_int_equal(chmod("open", 0777), 0);
	assert_true(scratch_put_str("open/shared", "x"));
	assert_int_equal(chown("open/shared", 65534, 4321), 0);
	assert_int_equal(chmod("open/shared", 0666), 0);
	assert_int_equal(scratch_in_child(replace_a_file_of_a_foreign_group), 0);
}

static void commit_name_of(const char *name)
{
	char temp[NAME_MAX + 1];
	struct sink *s = open_sink(name);

	assert_int_equal(scratch_temps(".", temp), 1);
	assert_in_range(strlen(temp), 1, NAME_MAX);
	assert_int_equal(sink_write(s, "x", 1), STATUS_OK);
	assert_int_equal(sink_commit(s), STATUS_OK);
	assert_true(scratch_holds(name, "x"));
}

static void the_longest_names_work_and_longer_ones_are_refused(void **state)
{
	char name[NAME_MAX + 2], path[PATH_MAX + 2], temp[NAME_MAX + 1];
	struct sink *s;
	size_t len;

	(void)state;
	memset(name, 'n', sizeof(name));
	name[NAME_MAX + 1] = '\0';
	assert_refused(name, ENAMETOOLONG);
	for (len = NAME_MAX; len >= NAME_MAX - 14; len--) {
		name[len] = '\0';
		commit_name_of(name);
	}
	for (len = 0; len + 3 < NAME_MAX; len += 3) /* EURO SIGN: three bytes, none of them to be left alone */
		memcpy(name + len, "\xe2\x82\xac", 3);
	name[len] = '\0';
	s = open_sink(name);
	assert_int_equal(scratch_temps(".", temp), 1);
	assert_int_equal((strstr(temp, ".mrrc-") - temp - 1) % 3, 0);
	sink_discard(s);
	memset(path, '/', sizeof(path));
	memcpy(path + PATH_MAX - 4, "out", 4);
	path[0] = '.';
	assert_int_equal(strlen(path), PATH_MAX - 1);
	assert_refused(path, ENAMETOOLONG); /* no room for the temporary name */
	path[PATH_MAX - 1] = 'x';
	path[PATH_MAX] = '\0';
	assert_refused(path, ENAMETOOLONG);
}

/* --- writing --- */

static void assert_fails_for_ever(struct sink *s, enum status status, int error)
{
	for (int i = 0; i < 2; i++) {
		errno = 0;
		assert_int_equal(sink_write(s, "x", 1), status);
		assert_int_equal(errno, error);
		errno = 0;
		assert_int_equal(sink_flush(s), status);
		assert_int_equal(errno, error);
		assert_int_equal(sink_error(s), error);
	}
	errno = 0;
	assert_int_equal(sink_commit(s), status);
	assert_int_equal(errno, error);
}

static void a_full_device_is_noticed_even_for_one_byte(void **state)
{
	struct sink *s = open_sink("/dev/full");

	(void)state;
	assert_int_equal(sink_write(s, "x", 1), STATUS_OK);
	assert_int_equal(sink_commit(s), STATUS_IO);
	assert_int_equal(errno, ENOSPC);

	s = open_sink("/dev/full");
	assert_int_equal(sink_write(s, "x", 1), STATUS_OK);
	assert_int_equal(sink_flush(s), STATUS_IO);
	assert_fails_for_ever(s, STATUS_IO, ENOSPC);

	s = open_sink("/dev/full");
	assert_int_equal(sink_write(s, block, BLOCK_LEN), STATUS_IO);
	assert_fails_for_ever(s, STATUS_IO, ENOSPC);
}

static void a_reader_that_went_away_is_a_status_of_its_own(void **state)
{
	struct sink *s;
	int reader;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	reader = open("fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	s = open_sink("fifo");
	assert_int_equal(sink_write(s, "x", 1), STATUS_OK);
	close(reader);
	assert_int_equal(sink_flush(s), STATUS_PIPE);
	assert_fails_for_ever(s, STATUS_PIPE, EPIPE);
	signal(SIGPIPE, SIG_DFL);
}

static int write_to_closed_stdout(void)
{
	struct sink *s;

	close(STDOUT_FILENO);
	return sink_open(&s, NULL, true) == STATUS_IO && errno == EBADF ? 0 : 1;
}

static void a_standard_output_that_is_closed_is_refused(void **state)
{
	(void)state;
	assert_int_equal(scratch_in_child(write_to_closed_stdout), 0);
}

static int write_beyond_the_limit(void)
{
	struct rlimit limit = { .rlim_cur = 150000, .rlim_max = 150000 };
	struct sink *s;

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0 || sink_open(&s, "out", true) != STATUS_OK)
		return 1;
	if (sink_write(s, block, BLOCK_LEN) != STATUS_OK)
		return 2;
	if (sink_write(s, block, BLOCK_LEN) != STATUS_IO || errno != EFBIG || sink_error(s) != EFBIG)
		return 3;
	if (sink_commit(s) != STATUS_IO || errno != EFBIG)
		return 4;
	return 0;
}

static void a_file_beyond_the_size_limit_leaves_the_old_one(void **state)
{
	(void)state;
	assert_true(scratch_put_str("out", "old"));
	assert_int_equal(scratch_in_child(write_beyond_the_limit), 0);
	assert_true(scratch_holds("out", "old"));
	assert_int_equal(scratch_temps(".", NULL), 0);
}

/* A file system of 1 MiB, in a mount namespace that ends with the child. */
static int fill_a_small_file_system(void)
{
	enum status status = STATUS_OK;
	struct sink *s;

	if (mkdir("small", 0755) != 0 || unshare(CLONE_NEWNS) != 0 ||
	    mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("tmpfs", "small", "tmpfs", 0, "size=1m") != 0)
		return 77;
	if (!scratch_put_str("small/out", "old") || sink_open(&s, "small/out", true) != STATUS_OK)
		return 1;
	for (int i = 0; i < 20 && status == STATUS_OK; i++)
		status = sink_write(s, block, BLOCK_LEN);
	if (status != STATUS_IO || errno != ENOSPC)
		return 2;
	if (sink_commit(s) != STATUS_IO || errno != ENOSPC)
		return 3;
	return scratch_holds("small/out", "old") && scratch_temps("small", NULL) == 0 ? 0 : 4;
}

static void a_full_disk_leaves_the_old_file(void **state)
{
	int rc = scratch_in_child(fill_a_small_file_system);

	(void)state;
	if (rc == 77)
		skip(); /* mounting is not allowed here */
	assert_int_equal(rc, 0);
}

static void a_target_that_became_a_folder_fails_at_commit(void **state)
{
	struct sink *s = open_sink("out");

	(void)state;
	assert_int_equal(mkdir("out", 0755), 0);
	assert_int_equal(sink_write(s, "x", 1), STATUS_OK);
	assert_int_equal(sink_commit(s), STATUS_IO);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(scratch_temps(".", NULL), 0);
}

static void being_killed_in_the_middle_leaves_the_old_file_and_a_name_to_know_the_rest_by(void **state)
{
	char temp[NAME_MAX + 1], byte;
	int ready[2], status;
	pid_t pid;

	(void)state;
	assert_true(scratch_put_str("out", "old"));
	assert_int_equal(pipe(ready), 0);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		struct sink *s;

		if (sink_open(&s, "out", true) != STATUS_OK)
			_exit(1);
		for (int i = 0; i < 100; i++)
			if (sink_write(s, block, BLOCK_LEN) != STATUS_OK || (i == 3 && write(ready[1], "", 1) != 1))
				_exit(2);
		for (;;)
			pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_true(scratch_holds("out", "old"));
	assert_int_equal(scratch_temps(".", temp), 1);
	assert_int_equal(strncmp(temp, ".out.mrrc-", 10), 0);
	close(ready[0]);
	close(ready[1]);
}

/* --- slow readers --- */

static atomic_int ticks;

static void on_tick(int sig)
{
	(void)sig;
	if (atomic_fetch_add(&ticks, 1) > PATIENCE_S * 2000)
		abort(); /* the alarm clock is taken by the ticking: this ends a test that hangs */
}

struct reader {
	struct thread thread;
	int fd;
	size_t len;
};

static void *read_slowly(void *arg)
{
	struct reader *r = arg;
	static char into[8192];
	ssize_t got;

	while ((got = read(r->fd, into, sizeof(into))) > 0) {
		r->len += (size_t)got;
		usleep(500);
	}
	return NULL;
}

/* Writes 5 blocks to a pipe that is read slowly; the bytes that arrived. */
static size_t write_through_pipe(int flags)
{
	struct reader r = { .fd = -1 };
	char path[32];
	struct sink *s;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fcntl(ends[1], F_SETFL, flags), 0);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[1]);
	s = open_sink(path);
	r.fd = ends[0];
	assert_true(thread_start(&r.thread, read_slowly, &r, "reader"));
	for (int i = 0; i < 5; i++)
		assert_int_equal(sink_write(s, block, BLOCK_LEN), STATUS_OK);
	assert_int_equal(sink_commit(s), STATUS_OK);
	close(ends[1]);
	thread_join(&r.thread);
	close(ends[0]);
	return r.len;
}

static void signals_do_not_tear_a_write(void **state)
{
	struct sigaction action = { .sa_handler = on_tick }; /* no SA_RESTART: calls get EINTR or end short */
	struct itimerval every = { .it_interval.tv_usec = 500, .it_value.tv_usec = 500 };
	struct itimerval never = { .it_value.tv_sec = 0 };

	(void)state;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
	assert_int_equal(write_through_pipe(0), 5 * BLOCK_LEN);
	signal(SIGALRM, SIG_IGN); /* a tick on its way is dropped, not deadly */
	setitimer(ITIMER_REAL, &never, NULL);
	signal(SIGALRM, SIG_DFL);
	assert_true(atomic_load(&ticks) > 5);
}

static void a_non_blocking_pipe_is_waited_for(void **state)
{
	(void)state;
	alarm(PATIENCE_S);
	assert_int_equal(write_through_pipe(O_NONBLOCK), 5 * BLOCK_LEN);
	alarm(0);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_enter, scratch_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(targets_that_cannot_be_are_refused_at_once),
		IN_SCRATCH(a_folder_or_file_that_is_write_protected_is_refused),
		IN_SCRATCH(a_group_that_cannot_be_kept_is_given_no_rights),
		IN_SCRATCH(the_longest_names_work_and_longer_ones_are_refused),
		IN_SCRATCH(a_full_device_is_noticed_even_for_one_byte),
		IN_SCRATCH(a_reader_that_went_away_is_a_status_of_its_own),
		IN_SCRATCH(a_standard_output_that_is_closed_is_refused),
		IN_SCRATCH(a_file_beyond_the_size_limit_leaves_the_old_one),
		IN_SCRATCH(a_full_disk_leaves_the_old_file),
		IN_SCRATCH(a_target_that_became_a_folder_fails_at_commit),
		IN_SCRATCH(being_killed_in_the_middle_leaves_the_old_file_and_a_name_to_know_the_rest_by),
		IN_SCRATCH(signals_do_not_tear_a_write),
		IN_SCRATCH(a_non_blocking_pipe_is_waited_for),
	};

	return cmocka_run_group_tests_name("sink faults", tests, NULL, NULL);
}
