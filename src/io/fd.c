/* fd.c: the retry loops of open, write, fsync and close.
 *
 * A standard output that its owner made non-blocking is waited for with poll, so that "try again" is
 * nobody else's concern. close is never retried: Linux has released the descriptor even when it says
 * EINTR. */
#include "io/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

int fd_open(const char *path, int flags, mode_t mode)
{
	int fd;

	do
		fd = open(path, flags | O_CLOEXEC | O_NOCTTY, mode);
	while (fd < 0 && errno == EINTR);
	return fd;
}

static bool wait_until_writable(int fd)
{
	struct pollfd wanted = { .fd = fd, .events = POLLOUT };

	return poll(&wanted, 1, -1) >= 0 || errno == EINTR;
}

/* May this failed write be tried again? */
static bool may_retry(int fd)
{
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return wait_until_writable(fd);
	return errno == EINTR;
}

bool fd_write_all(int fd, const void *ptr, size_t len)
{
	const uint8_t *from = ptr;

	while (len > 0) {
		ssize_t done = write(fd, from, len);

		if (done > 0) {
			from += done;
			len -= (size_t)done;
		} else if (done == 0) {
			errno = EIO; /* a device that takes nothing and says nothing: better than for ever */
			return false;
		} else if (!may_retry(fd)) {
			return false;
		}
	}
	return true;
}

bool fd_sync(int fd)
{
	int rc;

	do
		rc = fsync(fd);
	while (rc != 0 && errno == EINTR);
	return rc == 0 || errno == EINVAL || errno == EROFS || errno == ENOTSUP;
}

bool fd_close(int fd)
{
	return close(fd) == 0 || errno == EINTR;
}

void fd_drop(int fd)
{
	int kept = errno;

	if (fd >= 0)
		close(fd);
	errno = kept;
}
