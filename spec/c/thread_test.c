/* thread_test.c: what a thread is born with, and the kick. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "flow/thread.h"

enum { PATIENCE_S = 60 };

struct birth {
	sigset_t blocked;
	size_t stack_len;
	char name[16];
	atomic_bool named;
};

static void *look_around(void *arg)
{
	struct birth *b = arg;
	pthread_attr_t attr;

	while (!atomic_load(&b->named))
		usleep(100);
	pthread_sigmask(SIG_SETMASK, NULL, &b->blocked);
	pthread_getname_np(pthread_self(), b->name, sizeof(b->name));
	pthread_getattr_np(pthread_self(), &attr);
	pthread_attr_getstacksize(&attr, &b->stack_len);
	pthread_attr_destroy(&attr);
	return b;
}

static void a_thread_has_a_large_stack_a_name_and_no_signals_but_the_kick(void **state)
{
	struct birth b = { .stack_len = 0 };
	sigset_t before, after;
	struct thread t;

	(void)state;
	pthread_sigmask(SIG_SETMASK, NULL, &before);
	assert_true(thread_start(&t, look_around, &b, "a name that is too long"));
	atomic_store(&b.named, true);
	assert_ptr_equal(thread_join(&t), &b);
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	assert_true(b.stack_len >= (size_t)64 << 20);
	assert_string_equal(b.name, "a name that is ");
	for (int sig = 1; sig < SIGRTMIN; sig++) {
		bool must_block = sig != SIGURG && sig != SIGKILL && sig != SIGSTOP;

		if (sig < 32) /* those above are the C library's own */
			assert_int_equal(sigismember(&b.blocked, sig), must_block);
		assert_int_equal(sigismember(&before, sig), sigismember(&after, sig));
	}
}

static void joining_a_thread_that_never_started_is_harmless(void **state)
{
	struct thread t = { .started = false };

	(void)state;
	assert_null(thread_join(&t));
	thread_kick(&t);
}

static atomic_int kicks;
static pthread_t kicked;

static void note_kick(void)
{
	kicked = pthread_self();
	errno = ERANGE; /* what the interrupted code had there must come back */
	atomic_fetch_add(&kicks, 1);
}

static void *wait_for_kick(void *arg)
{
	atomic_bool *waiting = arg;

	errno = EXDEV;
	atomic_store(waiting, true);
	while (atomic_load(&kicks) == 0)
		;
	return errno == EXDEV ? arg : NULL;
}

static void a_kick_runs_the_handler_in_the_thread_that_was_kicked(void **state)
{
	atomic_bool waiting = false;
	struct thread t;
	pthread_t id;

	(void)state;
	alarm(PATIENCE_S);
	thread_on_kick(note_kick);
	assert_true(thread_start(&t, wait_for_kick, &waiting, "kicked"));
	id = t.id;
	while (!atomic_load(&waiting))
		usleep(100);
	thread_kick(&t);
	assert_ptr_equal(thread_join(&t), &waiting);
	assert_int_equal(atomic_load(&kicks), 1);
	assert_true(pthread_equal(kicked, id));
	alarm(0);
}

static void a_late_kick_is_ignored(void **state)
{
	atomic_bool named = true;
	struct birth b = { .stack_len = 0 };
	struct thread t;

	(void)state;
	atomic_store(&b.named, named);
	assert_true(thread_start(&t, look_around, &b, "brief"));
	usleep(20000);
	thread_kick(&t); /* has ended, is not yet joined */
	thread_join(&t);
	thread_kick(&t);
}

static void the_clocks_run(void **state)
{
	uint64_t mono = clock_mono_ns(), cpu = clock_thread_ns();

	(void)state;
	usleep(20000);
	assert_true(clock_mono_ns() - mono >= 20000000);
	while (clock_thread_ns() == cpu)
		;
	assert_true(clock_thread_ns() > cpu);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thread_has_a_large_stack_a_name_and_no_signals_but_the_kick),
		cmocka_unit_test(joining_a_thread_that_never_started_is_harmless),
		cmocka_unit_test(a_kick_runs_the_handler_in_the_thread_that_was_kicked),
		cmocka_unit_test(a_late_kick_is_ignored),
		cmocka_unit_test(the_clocks_run),
	};

	return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
