/* thread.h: threads as this program uses them: 64 MiB stacks (virtual), all signals blocked, clocks.
 *
 * Layer flow. */
#ifndef MRRC_FLOW_THREAD_H
#define MRRC_FLOW_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct thread {
	pthread_t id;
	bool started;
};

/* false: the system gives no thread; the caller goes on with those it has. The new thread has every signal
 * blocked but the one that thread_kick sends. When 64 MiB of stack are refused it gets 16, 4 or 1. The name
 * is for tools like top; 15 characters of it are kept. */
bool thread_start(struct thread *t, void *(*run)(void *), void *arg, const char *name) MUST_CHECK;
void *thread_join(struct thread *t);
/* Send SIGURG to the thread: its handler (thread_on_kick) runs there. Any thread, at any time: a thread that is not yet
 * started, or that is being joined or was, gets none. */
void thread_kick(const struct thread *t);
/* Install the process-wide handler of kicks; must be async-signal-safe. */
void thread_on_kick(void (*handler)(void));

uint64_t clock_mono_ns(void);   /* CLOCK_MONOTONIC */
uint64_t clock_thread_ns(void); /* CPU time of the calling thread */

#endif
