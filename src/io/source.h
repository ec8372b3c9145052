/* source.h: bytes from files, pipes and standard input, in order.
 *
 * Layer io. One thread. A source reads one input after the other; it never mixes bytes of two inputs in
 * one read. EINTR is retried, short reads are fine. No mmap: a file that shrinks is an early end, not a
 * SIGBUS. */
#ifndef MRRC_IO_SOURCE_H
#define MRRC_IO_SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/status.h"

struct source;

/* One opened input. name is what messages show ("standard input" for "-"); size is 0 when unknown (pipe). */
struct source_info {
	const char *name;
	uint64_t size;
	dev_t dev;
	ino_t ino;
	bool regular;
};

/* paths[0..count) are opened and checked one after the other before any work: a missing or unreadable
 * file, a directory or a socket fails at once (STATUS_IO, *bad = its place, errno set: EISDIR for a
 * directory, EOPNOTSUPP for a socket in the file system; standard input may be a socket). count 0 means
 * standard input. With more than 64 files, or more than the system lets us hold, each is closed again
 * after the check and opened in its turn. The paths are copied. */
enum status source_open(struct source **out, const char *const *paths, size_t count, size_t *bad) MUST_CHECK;
void source_close(struct source *s);

size_t source_count(const struct source *s);
const struct source_info *source_info(const struct source *s, size_t i);
/* Place of the input that the next read takes from. */
size_t source_current(const struct source *s);

/* Up to len (> 0) bytes of the current input; *got = 0 is its end (then call source_next), and stays its
 * end. Waits for pipes; source_wake ends the wait with STATUS_STOPPED. STATUS_IO with errno set on a read
 * error. */
enum status source_read(struct source *s, void *into, size_t len, size_t *got) MUST_CHECK;
/* Go to the next input; *more = false: there is none. STATUS_IO when it has vanished since source_open
 * (errno set, source_current names it). */
enum status source_next(struct source *s, bool *more) MUST_CHECK;
/* Any thread, async-signal-safe: end a waiting or coming source_read with STATUS_STOPPED. */
void source_wake(struct source *s);
/* Bytes read so far over all inputs, and the sum of sizes (0 when some are unknown). Any thread. */
uint64_t source_bytes(const struct source *s);
uint64_t source_total(const struct source *s);

#endif
