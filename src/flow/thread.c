/* thread.c: starting, kicking and joining threads, and the two clocks.
 *
 * Signals for the process belong to the main thread, so threads are born with all of them blocked; only
 * the kick gets through. SIGURG carries it because its default is to be ignored: a kick before any
 * handler is installed, or one that comes late, does no harm. Stacks are large because a Lua pattern or a
 * deep data structure may recurse in C; they cost address space only. */
#include "flow/thread.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "flow/must.h"

#define MIB ((size_t)1 << 20)

enum { NAME_CAP = 16 }; /* of Linux, with the NUL */

static _Atomic(void (*)(void)) kick_handler;

static int create_with_stack(pthread_t *id, size_t len, void *(*run)(void *), void *arg)
{
	pthread_attr_t attr;
	int rc = pthread_attr_init(&attr);

	if (rc != 0)
		return rc;
	rc = pthread_attr_setstacksize(&attr, len);
	if (rc == 0)
		rc = pthread_create(id, &attr, run, arg);
	must(pthread_attr_destroy(&attr));
	return rc;
}

/* EAGAIN of pthread_create means "no memory for the stack" or "too many threads": trying less settles it. */
static int create(pthread_t *id, void *(*run)(void *), void *arg)
{
	int rc = EAGAIN;

	for (size_t len = 64 * MIB; len >= MIB && rc != 0; len /= 4)
		rc = create_with_stack(id, len, run, arg);
	return rc;
}

static void give_name(pthread_t id, const char *name)
{
	char text[NAME_CAP] = "";

	strncpy(text, name, sizeof(text) - 1);
	(void)pthread_setname_np(id, text); /* for people who look with top: not worth a failure */
}

/* Held where a thread comes to life, is kicked, and is given up: no kick goes to a thread that is gone. */
static pthread_mutex_t kicking = PTHREAD_MUTEX_INITIALIZER;

static bool set_started(struct thread *t, bool now)
{
	bool before;

	must(pthread_mutex_lock(&kicking));
	before = t->started;
	t->started = now;
	must(pthread_mutex_unlock(&kicking));
	return before;
}

bool thread_start(struct thread *t, void *(*run)(void *), void *arg, const char *name)
{
	sigset_t blocked, before;
	bool started;

	sigfillset(&blocked);
	sigdelset(&blocked, SIGURG);
	must(pthread_sigmask(SIG_SETMASK, &blocked, &before));
	started = create(&t->id, run, arg) == 0;
	must(pthread_sigmask(SIG_SETMASK, &before, NULL));
	if (started)
		give_name(t->id, name);
	(void)set_started(t, started);
	return started;
}

void *thread_join(struct thread *t)
{
	void *result = NULL;

	if (set_started(t, false))
		must(pthread_join(t->id, &result));
	return result;
}

void thread_kick(const struct thread *t)
{
	must(pthread_mutex_lock(&kicking));
	if (t->started)
		(void)pthread_kill(t->id, SIGURG); /* ESRCH: it has just ended, and needs no kick */
	must(pthread_mutex_unlock(&kicking));
}

static void on_sigurg(int sig)
{
	int kept = errno;
	void (*handler)(void) = atomic_load(&kick_handler);

	(void)sig;
	if (handler != NULL)
		handler();
	errno = kept;
}

void thread_on_kick(void (*handler)(void))
{
	struct sigaction action = { .sa_handler = on_sigurg, .sa_flags = SA_RESTART };

	atomic_store(&kick_handler, handler);
	sigemptyset(&action.sa_mask);
	must(sigaction(SIGURG, &action, NULL));
}

static uint64_t read_clock(clockid_t clock)
{
	struct timespec now;

	must(clock_gettime(clock, &now));
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t clock_mono_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t clock_thread_ns(void)
{
	return read_clock(CLOCK_THREAD_CPUTIME_ID);
}
