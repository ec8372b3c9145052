/* fd.h: system calls on descriptors that take "interrupted" and "not all of it" upon themselves.
 *
 * Layer io, private to it. Any thread. Failures leave errno. */
#ifndef MRRC_IO_FD_H
#define MRRC_IO_FD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/status.h"

/* Close-on-exec, never a controlling terminal. -1 on failure. */
int fd_open(const char *path, int flags, mode_t mode) MUST_CHECK;
bool fd_write_all(int fd, const void *ptr, size_t len) MUST_CHECK;
/* True, too, for what cannot be synced: pipes, devices, some folders. */
bool fd_sync(int fd) MUST_CHECK;
/* The descriptor is gone afterwards in any case; false: something written before did not reach its place. */
bool fd_close(int fd) MUST_CHECK;
/* Close where nothing can be lost, and leave errno alone. */
void fd_drop(int fd);

#endif
