/* source_test.c: what may be read, what is refused, and reads that are short, interrupted or woken. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "base/alloc.h"
#include "flow/thread.h"
#include "io/source.h"
#include "scratch.h"

enum { PATIENCE_S = 60, MANY = 70 };

static struct source *open_one(const char *path)
{
	struct source *s;
	size_t bad;

	assert_int_equal(source_open(&s, &path, 1, &bad), STATUS_OK);
	return s;
}

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

static void assert_refused(const char *path, int error)
{
	const char *const paths[] = { "good", path };
	long before = mem_live();
	size_t bad = 99, descriptors = scratch_descriptors();
	struct source *s;

	assert_true(scratch_put_str("good", "good"));
	assert_int_equal(source_open(&s, paths, 2, &bad), STATUS_IO);
	assert_int_equal(errno, error);
	assert_int_equal(bad, 1);
	assert_null(s);
	assert_int_equal(mem_live(), before);
	assert_int_equal(scratch_descriptors(), descriptors);
}

static void inputs_are_read_in_order_and_never_mixed(void **state)
{
	const char *const paths[] = { "a", "empty", "b" };
	struct source *s;
	struct stat st;
	size_t bad;

	(void)state;
	assert_true(scratch_put_str("a", "first file"));
	assert_true(scratch_put_str("empty", ""));
	assert_true(scratch_put_str("b", "second"));
	assert_int_equal(source_open(&s, paths, 3, &bad), STATUS_OK);
	assert_int_equal(source_count(s), 3);
	assert_int_equal(source_total(s), 16);
	assert_int_equal(stat("b", &st), 0);
	assert_string_equal(source_info(s, 2)->name, "b");
	assert_true(source_info(s, 2)->dev == st.st_dev && source_info(s, 2)->ino == st.st_ino);
	assert_true(source_info(s, 2)->regular);
	assert_int_equal(source_info(s, 2)->size, 6);
	assert_reads(s, "first file");
	assert_int_equal(source_current(s), 0);
	assert_next(s, true);
	assert_reads(s, "");
	assert_next(s, true);
	assert_int_equal(source_current(s), 2);
	assert_reads(s, "second");
	assert_int_equal(source_bytes(s), 16);
	assert_next(s, false);
	assert_reads(s, "");
	source_close(s);
}

static void a_missing_file_a_folder_and_a_socket_are_refused_with_their_place(void **state)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "socket" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
	assert_int_equal(mkdir("folder", 0755), 0);
	assert_int_equal(symlink("folder", "link"), 0);
	assert_refused("missing", ENOENT);
	assert_refused("", ENOENT);
	assert_refused("folder", EISDIR);
	assert_refused("link", EISDIR);
	assert_refused("socket", EOPNOTSUPP);
	assert_refused("good/below", ENOTDIR);
	close(fd);
}

static int open_what_is_forbidden(void)
{
	const char *const paths[] = { "secret" };
	struct source *s;
	size_t bad;

	if (!scratch_be_nobody())
		return 1;
	return source_open(&s, paths, 1, &bad) == STATUS_IO && errno == EACCES ? 0 : 2;
}

static void an_unreadable_file_is_refused(void **state)
{
	(void)state;
	assert_int_equal(chmod(".", 0755), 0);
	assert_true(scratch_put_str("secret", "x"));
	assert_int_equal(chmod("secret", 0), 0);
	assert_int_equal(scratch_in_child(open_what_is_forbidden), 0);
}

/* Feeds a FIFO; what it is told, at the pace it is told. */
struct feeder {
	struct thread thread;
	const char *path, *text;
	useconds_t before, between;
};

static void *feed(void *arg)
{
	struct feeder *f = arg;
	int fd;

	usleep(f->before);
	fd = open(f->path, O_WRONLY | O_CLOEXEC);
	for (const char *c = f->text; fd >= 0 && *c != '\0'; c++) {
		if (write(fd, c, 1) != 1)
			break;
		usleep(f->between);
	}
	close(fd);
	return NULL;
}

static void start_feeding(struct feeder *f)
{
	assert_int_equal(mkfifo(f->path, 0600), 0);
	assert_true(thread_start(&f->thread, feed, f, "feeder"));
}

static void a_pipe_fed_byte_by_byte_gives_every_byte(void **state)
{
	struct feeder f = { .path = "fifo", .text = "one byte at a time makes many short reads", .between = 200 };
	char found[4096];
	struct source *s;
	size_t len, reads;

	(void)state;
	alarm(PATIENCE_S);
	start_feeding(&f);
	s = open_one("fifo");
	assert_false(source_info(s, 0)->regular);
	assert_int_equal(source_info(s, 0)->size, 0);
	reads = read_all(s, 1024, found, &len);
	assert_int_equal(len, strlen(f.text));
	assert_memory_equal(found, f.text, len);
	assert_true(reads > 1);
	assert_int_equal(source_total(s), 0);
	thread_join(&f.thread);
	source_close(s);
	alarm(0);
}

static void a_fifo_waits_for_a_writer_that_comes_late(void **state)
{
	struct feeder f = { .path = "fifo", .text = "late", .before = 50000 };
	struct source *s;

	(void)state;
	alarm(PATIENCE_S);
	start_feeding(&f);
	s = open_one("fifo");
	assert_reads(s, "late");
	thread_join(&f.thread);
	source_close(s);
	alarm(0);
}

static atomic_int ticks;

static void on_tick(int sig)
{
	(void)sig;
	if (atomic_fetch_add(&ticks, 1) > PATIENCE_S * 2000)
		abort(); /* the alarm clock is taken by the ticking: this ends a test that hangs */
}

static void set_ticking(bool on)
{
	struct sigaction action = { .sa_handler = on ? on_tick : SIG_IGN }; /* no SA_RESTART: calls get EINTR */
	struct itimerval every = { .it_interval.tv_usec = on ? 500 : 0, .it_value.tv_usec = on ? 500 : 0 };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
	if (!on)
		signal(SIGALRM, SIG_DFL);
}

static void signals_do_not_disturb_a_waiting_read(void **state)
{
	struct feeder f = { .path = "fifo", .text = "undisturbed", .before = 20000, .between = 3000 };
	struct source *s;

	(void)state;
	start_feeding(&f);
	s = open_one("fifo");
	set_ticking(true);
	assert_reads(s, "undisturbed");
	set_ticking(false);
	assert_true(atomic_load(&ticks) > 5);
	thread_join(&f.thread);
	source_close(s);
}

static void *wake_later(void *arg)
{
	usleep(30000);
	source_wake(arg);
	return NULL;
}

static void a_wake_ends_a_waiting_read_and_all_that_come(void **state)
{
	struct thread t;
	struct source *s;
	char byte;
	size_t got;

	(void)state;
	alarm(PATIENCE_S);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	s = open_one("fifo");
	assert_true(thread_start(&t, wake_later, s, "waker"));
	assert_int_equal(source_read(s, &byte, 1, &got), STATUS_STOPPED);
	assert_int_equal(source_read(s, &byte, 1, &got), STATUS_STOPPED);
	assert_int_equal(got, 0);
	thread_join(&t);
	source_close(s);
	alarm(0);
}

static void waking_never_blocks_and_holds_for_files_too(void **state)
{
	struct source *s;
	char byte;
	size_t got;

	(void)state;
	alarm(PATIENCE_S);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	s = open_one("fifo");
	for (int i = 0; i < 100000; i++) { /* more than a pipe holds */
		errno = ERANGE;
		source_wake(s);
		assert_int_equal(errno, ERANGE);
	}
	assert_int_equal(source_read(s, &byte, 1, &got), STATUS_STOPPED);
	source_close(s);
	assert_true(scratch_put_str("file", "text"));
	s = open_one("file");
	source_wake(s);
	assert_int_equal(source_read(s, &byte, 1, &got), STATUS_STOPPED);
	source_close(s);
	alarm(0);
}

static void a_file_that_shrinks_ends_early_and_one_that_grows_is_read_to_its_end(void **state)
{
	char found[64];
	struct source *s;
	size_t got;

	(void)state;
	assert_true(scratch_put_str("file", "0123456789"));
	s = open_one("file");
	assert_int_equal(source_read(s, found, 6, &got), STATUS_OK);
	assert_int_equal(got, 6);
	assert_int_equal(truncate("file", 3), 0);
	assert_reads(s, "");
	source_close(s);

	assert_true(scratch_put_str("file", "0123456789"));
	s = open_one("file");
	assert_int_equal(source_read(s, found, 10, &got), STATUS_OK);
	assert_int_equal(truncate("file", 12), 0);
	assert_int_equal(source_read(s, found, 10, &got), STATUS_OK);
	assert_int_equal(got, 2);
	assert_reads(s, "");
	assert_int_equal(truncate("file", 20), 0);
	assert_reads(s, ""); /* an end is an end */
	source_close(s);
}

/* With more files than are kept open. */
static struct source *open_many(void)
{
	static char names[MANY][16];
	const char *paths[MANY];
	struct source *s;
	size_t bad;

	for (int i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "f%d", i);
		assert_true(scratch_put_str(names[i], names[i]));
		paths[i] = names[i];
	}
	assert_int_equal(source_open(&s, paths, MANY, &bad), STATUS_OK);
	return s;
}

static void of_many_files_one_is_open_at_a_time(void **state)
{
	size_t descriptors = scratch_descriptors();
	struct source *s = open_many();

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		assert_reads(s, source_info(s, i)->name);
		assert_int_equal(scratch_descriptors(), descriptors + 1);
		assert_next(s, i + 1 < MANY);
	}
	assert_int_equal(source_bytes(s), source_total(s));
	source_close(s);
}

static void of_many_files_one_that_is_missing_is_found_before_work(void **state)
{
	const char *paths[MANY];
	struct source *s;
	size_t bad;

	(void)state;
	assert_true(scratch_put_str("file", "x"));
	assert_int_equal(mkdir("folder", 0755), 0);
	for (size_t i = 0; i < MANY; i++)
		paths[i] = "file";
	paths[68] = "missing";
	assert_int_equal(source_open(&s, paths, MANY, &bad), STATUS_IO);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(bad, 68);
	paths[66] = "folder";
	assert_int_equal(source_open(&s, paths, MANY, &bad), STATUS_IO);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(bad, 66);
}

static void a_file_that_vanished_since_the_check_is_named_and_can_be_passed_over(void **state)
{
	struct source *s = open_many();
	bool more;

	(void)state;
	assert_int_equal(unlink("f1"), 0);
	assert_int_equal(unlink("f2"), 0);
	assert_int_equal(mkfifo("f2", 0600), 0); /* would wait where nothing can wake it */
	assert_int_equal(source_next(s, &more), STATUS_IO);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(source_current(s), 1);
	assert_reads(s, "");
	assert_int_equal(source_next(s, &more), STATUS_IO);
	assert_int_equal(errno, ESTALE);
	assert_reads(s, "");
	assert_next(s, true);
	assert_reads(s, "f3");
	source_close(s);
}

static int read_with_few_descriptors(void)
{
	const char *const paths[] = { "a", "b", "c", "d", "e", "f" };
	struct rlimit limit;
	struct source *s;
	size_t bad, got, sum = 0;
	bool more = true;
	char bytes[16];

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 1;
	limit.rlim_cur = (rlim_t)dup(0) + 2;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 1;
	if (source_open(&s, paths, 6, &bad) != STATUS_OK)
		return 2;
	while (more) {
		if (source_read(s, bytes, sizeof(bytes), &got) != STATUS_OK)
			return 3;
		sum += got;
		if (source_next(s, &more) != STATUS_OK)
			return 4;
	}
	source_close(s);
	return sum == 6 ? 0 : 5;
}

static void too_few_descriptors_for_all_files_are_enough_for_one_after_the_other(void **state)
{
	(void)state;
	for (char name[] = "a"; name[0] <= 'f'; name[0]++)
		assert_true(scratch_put_str(name, name));
	assert_int_equal(scratch_in_child(read_with_few_descriptors), 0);
}

static void sizes_beyond_4_gib_are_told_right(void **state)
{
	const uint64_t len = UINT64_C(5) << 30;
	struct source *s;

	(void)state;
	assert_true(scratch_put_str("sparse", ""));
	assert_int_equal(truncate("sparse", (off_t)len), 0);
	s = open_one("sparse");
	assert_int_equal(source_info(s, 0)->size, len);
	assert_int_equal(source_total(s), len);
	source_close(s);
}

static void a_failed_allocation_opens_nothing(void **state)
{
	const char *const paths[] = { "a", "b" };
	size_t bad, descriptors = scratch_descriptors();
	enum status status = STATUS_MEMORY;
	long before = mem_live();
	struct source *s;

	(void)state;
	assert_true(scratch_put_str("a", "a") && scratch_put_str("b", "b"));
	for (long k = 0; status != STATUS_OK; k++) {
		mem_fail_after(k, false);
		status = source_open(&s, paths, 2, &bad);
		mem_fail_after(-1, false);
		assert_true(status == STATUS_MEMORY || (k > 0 && status == STATUS_OK));
		if (status == STATUS_MEMORY)
			assert_int_equal(mem_live(), before);
	}
	source_close(s);
	source_close(NULL);
	assert_int_equal(mem_live(), before);
	assert_int_equal(scratch_descriptors(), descriptors);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_enter, scratch_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(inputs_are_read_in_order_and_never_mixed),
		IN_SCRATCH(a_missing_file_a_folder_and_a_socket_are_refused_with_their_place),
		IN_SCRATCH(an_unreadable_file_is_refused),
		IN_SCRATCH(a_pipe_fed_byte_by_byte_gives_every_byte),
		IN_SCRATCH(a_fifo_waits_for_a_writer_that_comes_late),
		IN_SCRATCH(signals_do_not_disturb_a_waiting_read),
		IN_SCRATCH(a_wake_ends_a_waiting_read_and_all_that_come),
		IN_SCRATCH(waking_never_blocks_and_holds_for_files_too),
		IN_SCRATCH(a_file_that_shrinks_ends_early_and_one_that_grows_is_read_to_its_end),
		IN_SCRATCH(of_many_files_one_is_open_at_a_time),
		IN_SCRATCH(of_many_files_one_that_is_missing_is_found_before_work),
		IN_SCRATCH(a_file_that_vanished_since_the_check_is_named_and_can_be_passed_over),
		IN_SCRATCH(too_few_descriptors_for_all_files_are_enough_for_one_after_the_other),
		IN_SCRATCH(sizes_beyond_4_gib_are_told_right),
		IN_SCRATCH(a_failed_allocation_opens_nothing),
	};

	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
