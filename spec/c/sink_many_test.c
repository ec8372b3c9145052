/* sink_many_test.c: more outputs than descriptors, and the table of temporary files. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdatomic.h>
#include <sys/resource.h>

#include "flow/thread.h"
#include "io/sink.h"
#include "io/temp.h"
#include "scratch.h"

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

/* More files than descriptors: each sink but the last is suspended while the others are written. */
static int write_with_few_descriptors(void)
{
	enum { COUNT = 100, ROUNDS = 3 };
	static struct sink *sinks[COUNT];
	struct rlimit limit;
	char name[16];

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 1;
	limit.rlim_cur = (rlim_t)dup(0) + 4;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 1;
	for (int i = 0; i < ROUNDS * COUNT; i++) {
		struct sink **s = &sinks[i % COUNT];

		snprintf(name, sizeof(name), "part%d", i % COUNT);
		if (i < COUNT && sink_open(s, name, false) != STATUS_OK)
			return 2;
		if (sink_write(*s, "more ", 5) != STATUS_OK || sink_suspend(*s) != STATUS_OK)
			return 3;
	}
	if (scratch_temps(".", NULL) != COUNT)
		return 4;
	for (int i = 0; i < COUNT; i++) {
		snprintf(name, sizeof(name), "part%d", i);
		if (sink_bytes(sinks[i]) != 15 || sink_commit(sinks[i]) != STATUS_OK)
			return 5;
		if (!scratch_holds(name, "more more more "))
			return 6;
	}
	return scratch_temps(".", NULL) == 0 ? 0 : 7;
}

static void suspended_files_go_on_where_they_were_with_few_descriptors(void **state)
{
	(void)state;
	assert_int_equal(scratch_in_child(write_with_few_descriptors), 0);
}

static void a_suspended_file_can_be_discarded_and_its_failure_is_final(void **state)
{
	struct sink *s = open_sink("out");

	(void)state;
	put(s, "x");
	assert_int_equal(sink_suspend(s), STATUS_OK);
	assert_int_equal(sink_suspend(s), STATUS_OK);
	assert_false(sink_is_terminal(s));
	sink_discard(s);
	assert_int_equal(scratch_temps(".", NULL), 0);
	s = open_sink("out");
	assert_int_equal(sink_suspend(s), STATUS_OK);
	sink_unlink_all();
	assert_int_equal(sink_write(s, "x", 1), STATUS_IO);
	assert_int_equal(sink_error(s), ENOENT);
	assert_int_equal(sink_suspend(s), STATUS_IO);
	assert_int_equal(sink_commit(s), STATUS_IO);
	assert_int_equal(scratch_len("out"), -1);
}

static void a_suspended_device_goes_on(void **state)
{
	struct sink *s = open_sink("/dev/null");

	(void)state;
	put(s, "x");
	assert_int_equal(sink_suspend(s), STATUS_OK);
	put(s, "y");
	assert_int_equal(sink_commit(s), STATUS_OK);
}

static void as_many_files_may_be_written_as_the_table_holds_and_not_one_more(void **state)
{
	static struct sink *sinks[TEMP_MAX];
	struct sink *extra;
	char name[24];

	(void)state;
	for (int i = 0; i < TEMP_MAX; i++) {
		snprintf(name, sizeof(name), "part%d", i);
		assert_int_equal(sink_open(&sinks[i], name, false), STATUS_OK);
		assert_int_equal(sink_suspend(sinks[i]), STATUS_OK);
	}
	assert_int_equal(sink_open(&extra, "extra", false), STATUS_IO);
	assert_int_equal(errno, EMFILE);
	sink_discard(sinks[7]);
	assert_int_equal(sink_open(&sinks[7], "again", false), STATUS_OK);
	assert_int_equal(sink_commit(sinks[7]), STATUS_OK);
	for (int i = 0; i < TEMP_MAX; i++)
		if (i != 7)
			sink_discard(sinks[i]);
	assert_int_equal(scratch_temps(".", NULL), 0);
	assert_int_equal(scratch_len("again"), 0);
}

static void unlinking_all_takes_every_temporary_file_and_no_other(void **state)
{
	struct sink *a, *b;

	(void)state;
	assert_true(scratch_put_str("a", "old"));
	a = open_sink("a");
	b = open_sink("b");
	write_whole("done", "x");
	put(a, "new");
	assert_int_equal(scratch_temps(".", NULL), 2);
	errno = ERANGE;
	sink_unlink_all();
	assert_int_equal(errno, ERANGE);
	assert_int_equal(scratch_temps(".", NULL), 0);
	assert_int_equal(sink_commit(a), STATUS_IO);
	assert_int_equal(errno, ENOENT);
	sink_discard(b);
	assert_true(scratch_holds("a", "old"));
	assert_true(scratch_holds("done", "x"));
	assert_int_equal(scratch_len("b"), -1);
}

struct busy {
	struct thread thread;
	int index, committed, refused;
	bool sane;
	atomic_bool *stop;
};

static void *open_and_end(void *arg)
{
	struct busy *b = arg;
	char name[32];

	for (int i = 0; !atomic_load(b->stop); i++) {
		struct sink *s;

		snprintf(name, sizeof(name), "thread%d-%s", b->index, i % 2 ? "x" : "a-longer-name");
		if (sink_open(&s, name, false) != STATUS_OK) {
			b->sane = false;
			break;
		}
		if (i % 3 == 0)
			sink_discard(s);
		else if (sink_commit(s) == STATUS_OK)
			b->committed++;
		else
			b->refused += errno == ENOENT;
	}
	return NULL;
}

static void unlinking_all_may_happen_at_any_moment_in_any_thread(void **state)
{
	struct busy busy[2];
	atomic_bool stop = false;

	(void)state;
	assert_true(scratch_put_str("bystander", "x"));
	for (int i = 0; i < 2; i++) {
		busy[i] = (struct busy){ .index = i, .sane = true, .stop = &stop };
		assert_true(thread_start(&busy[i].thread, open_and_end, &busy[i], "busy"));
	}
	for (int i = 0; i < 200; i++) {
		sink_unlink_all();
		usleep(1000);
	}
	atomic_store(&stop, true);
	for (int i = 0; i < 2; i++) {
		thread_join(&busy[i].thread);
		assert_true(busy[i].sane);
		assert_true(busy[i].committed > 0);
	}
	assert_int_equal(scratch_temps(".", NULL), 0);
	assert_true(scratch_holds("bystander", "x"));
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_enter, scratch_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(suspended_files_go_on_where_they_were_with_few_descriptors),
		IN_SCRATCH(a_suspended_file_can_be_discarded_and_its_failure_is_final),
		IN_SCRATCH(a_suspended_device_goes_on),
		IN_SCRATCH(as_many_files_may_be_written_as_the_table_holds_and_not_one_more),
		IN_SCRATCH(unlinking_all_takes_every_temporary_file_and_no_other),
		IN_SCRATCH(unlinking_all_may_happen_at_any_moment_in_any_thread),
	};

	return cmocka_run_group_tests_name("sink_many", tests, NULL, NULL);
}
