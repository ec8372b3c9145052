/* watch.c: the signal thread; what a signal means is told in watch.h. */
#include "engine/watch.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "io/sink.h"

#define GRACE_BATCH_MS 1000  /* for the batch in hand */
#define GRACE_SCRIPT_MS 2000 /* for a hook to unwind */

/* What the caller had ignored, as nohup does, stays ignored: a blocked signal would come through. */
static void add_unless_ignored(sigset_t *set, int sig)
{
	struct sigaction now;

	if (sigaction(sig, NULL, &now) == 0 && now.sa_handler == SIG_IGN)
		return;
	sigaddset(set, sig);
}

static void watched(sigset_t *set)
{
	sigemptyset(set);
	add_unless_ignored(set, SIGINT);
	add_unless_ignored(set, SIGTERM);
	add_unless_ignored(set, SIGHUP);
	sigaddset(set, SIGUSR1);
	sigaddset(set, SIGUSR2); /* our own: the run is over */
}

void watch_block(struct watch *w)
{
	sigset_t set;

	watched(&set);
	pthread_sigmask(SIG_BLOCK, &set, &w->before);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

/* The end without ceremony: no temporary file stays, and the status says which signal it was. */
static void end_process(int sig)
{
	sigset_t set;

	sink_unlink_all();
	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	kill(getpid(), sig);
	pause();
}

/* A signal, or 0 after ms milliseconds, or when the run is done. ms < 0: no limit. */
static int wait_signal(struct watch *w, int ms)
{
	struct timespec limit = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };
	sigset_t set;

	watched(&set);
	for (;;) {
		int sig = ms < 0 ? sigwaitinfo(&set, NULL) : sigtimedwait(&set, NULL, &limit);

		if (atomic_load(&w->done))
			return 0;
		if (sig == SIGUSR1)
			atomic_store(&w->line->progress_wanted, true);
		else if (sig > 0)
			return sig;
		else if (errno == EAGAIN)
			return 0;
	}
}

static void kick_all(struct watch *w)
{
	for (unsigned i = 0; i < w->worker_count; i++)
		thread_kick(&w->worker[i].thread);
}

static void *watch_signals(void *arg)
{
	struct watch *w = arg;
	int sig = wait_signal(w, -1);

	if (sig == 0)
		return NULL;
	atomic_store(&w->line->signal, sig);
	atomic_store(&w->line->stop, true);
	source_wake(w->line->source);
	if (wait_signal(w, GRACE_BATCH_MS) == 0 && !atomic_load(&w->done)) {
		kick_all(w);
		wait_signal(w, GRACE_SCRIPT_MS);
	}
	if (!atomic_load(&w->done))
		end_process(sig);
	return NULL;
}

bool watch_start(struct watch *w)
{
	atomic_init(&w->done, false);
	return thread_start(&w->thread, watch_signals, w, "mrrc-signals");
}

void watch_end(struct watch *w)
{
	const struct timespec at_once = { 0 };
	sigset_t ours;

	atomic_store(&w->done, true);
	if (w->thread.started) {
		/* blocked everywhere, so it stays pending until the thread takes it: no wake-up can be lost */
		kill(getpid(), SIGUSR2);
		thread_join(&w->thread);
		sigemptyset(&ours);
		sigaddset(&ours, SIGUSR2);
		(void)sigtimedwait(&ours, NULL, &at_once); /* the thread had ended before */
	}
	pthread_sigmask(SIG_SETMASK, &w->before, NULL);
}
