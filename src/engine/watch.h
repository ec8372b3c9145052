/* watch.h: signals, as ordinary code: a thread that waits for them.
 *
 * Layer engine. SIGINT, SIGTERM and SIGHUP ask the line to stop: the batch in hand is finished, temporary files go. What does
 * not end within a second is kicked (script_interrupt); what does not end then either, or a second signal, ends the process at once, without
 * temporary files. SIGUSR1 prints progress. As the signals are blocked everywhere else, the watch stands from before the script is loaded
 * until the last file is in its place: nothing that may wait or never end lies outside of it. */
#ifndef MRRC_ENGINE_WATCH_H
#define MRRC_ENGINE_WATCH_H

#include <signal.h>

#include "engine/stages.h"

struct watch {
	struct line *line;
	struct worker *worker;
	unsigned worker_count;
	struct thread thread;
	atomic_bool done;
	sigset_t before; /* signals that were blocked before watch_block */
};

/* Block the signals in the calling thread (and those it starts): before any other thread exists. */
void watch_block(struct watch *w);
/* line, worker and worker_count must be set. */
bool watch_start(struct watch *w) MUST_CHECK;
/* Also when it was not started: signals are again what they were before watch_block. */
void watch_end(struct watch *w);

#endif
