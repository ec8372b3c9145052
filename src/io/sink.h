/* sink.h: bytes to a file that appears whole or not at all, or to a pipe.
 *
 * Layer io. One thread writes. A file sink writes to a temporary file ".NAME.mrrc-XXXXXX" in the target's
 * own folder (O_EXCL, 0600, at the end 0666 & ~umask, or owner and mode of the file it replaces), and
 * sink_commit syncs it, renames it over the target and syncs the folder. A target that is no regular file
 * (/dev/null, a FIFO, /dev/stdout) is written in place. A symbolic link is followed: the file it names is
 * replaced, the link stays. Every temporary file is entered in a table that sink_unlink_all
 * (async-signal-safe) empties. */
#ifndef MRRC_IO_SINK_H
#define MRRC_IO_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/status.h"

struct sink;

/* path NULL or "-": standard output. STATUS_IO with errno set: EISDIR for a folder, EACCES for a file that
 * its permissions protect, EMFILE when 8192 files are being written. */
enum status sink_open(struct sink **out, const char *path, bool sync) MUST_CHECK;
/* Write all of it (partial writes and EINTR handled). STATUS_PIPE on EPIPE, STATUS_MEMORY, STATUS_IO else
 * (errno set; sink_error keeps it). After a failure every further call fails the same way, so a file with
 * a hole is never committed. Small writes are gathered (64 KiB), large ones go through; a write to the
 * system always ends where a call of sink_write ended. */
enum status sink_write(struct sink *s, const void *ptr, size_t len) MUST_CHECK;
enum status sink_flush(struct sink *s) MUST_CHECK;
/* Flush and give descriptor and memory back; the next write opens the temporary file again to append. For
 * programs with more outputs than descriptors. What is no temporary file keeps its descriptor. */
enum status sink_suspend(struct sink *s) MUST_CHECK;
/* Flush, sync, close, rename: the target is the new content. Frees s in every case. On failure (errno set)
 * the old target is untouched, but for the one that can come after the rename: a folder that cannot be
 * synced. */
enum status sink_commit(struct sink *s) MUST_CHECK;
/* Remove the temporary file, leave the old target. Frees s. NULL is fine. Standard output: flushes nothing
 * more. */
void sink_discard(struct sink *s);

const char *sink_name(const struct sink *s); /* "standard output" or the path */
int sink_error(const struct sink *s);        /* errno of the first failure, 0 when none */
uint64_t sink_bytes(const struct sink *s);   /* handed to sink_write so far */
bool sink_is_terminal(const struct sink *s);
/* Would writing path (NULL or "-": standard output) destroy the file with this device and inode? True for
 * hard and symbolic links to it. */
bool sink_same_file(const char *path, dev_t dev, ino_t ino);
/* Would both be written to one file, or, not existing yet, get one name? Paths that cannot be written differ. */
bool sink_same_target(const char *a, const char *b);
/* Async-signal-safe: unlink every temporary file that exists now. */
void sink_unlink_all(void);

#endif
