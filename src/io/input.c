/* input.c: what may be read: files, FIFOs, devices, standard input of any kind but a folder.
 *
 * FIFOs and devices are opened without blocking: opening a FIFO would wait for its writer where nothing
 * can end the wait, while reading waits in poll. The flag is on our own open file; standard input, shared
 * with others, keeps its own. */
#include "io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "io/fd.h"

static enum status fail_with(int error)
{
	errno = error;
	return STATUS_IO;
}

static bool is_stdin_name(const char *path)
{
	return strcmp(path, "-") == 0;
}

static enum status open_stdin(int *fd, struct stat *st)
{
	int flags = fcntl(STDIN_FILENO, F_GETFL);

	if (flags < 0 || fstat(STDIN_FILENO, st) != 0)
		return STATUS_IO;
	if ((flags & O_ACCMODE) == O_WRONLY)
		return fail_with(EBADF);
	if (S_ISDIR(st->st_mode))
		return fail_with(EISDIR);
	*fd = STDIN_FILENO;
	return STATUS_OK;
}

static enum status look(const char *path, struct stat *st)
{
	if (stat(path, st) != 0)
		return STATUS_IO;
	if (S_ISDIR(st->st_mode))
		return fail_with(EISDIR);
	if (S_ISSOCK(st->st_mode))
		return fail_with(EOPNOTSUPP);
	return STATUS_OK;
}

enum status input_open(const char *path, int *fd, struct stat *st)
{
	if (is_stdin_name(path))
		return open_stdin(fd, st);
	TRY(look(path, st));
	*fd = fd_open(path, O_RDONLY | (S_ISREG(st->st_mode) ? 0 : O_NONBLOCK), 0);
	if (*fd < 0)
		return STATUS_IO;
	if (fstat(*fd, st) == 0 && !S_ISDIR(st->st_mode)) {
		if (S_ISREG(st->st_mode)) /* a hint for read-ahead; nothing is lost without it */
			(void)posix_fadvise(*fd, 0, 0, POSIX_FADV_SEQUENTIAL);
		return STATUS_OK;
	}
	if (S_ISDIR(st->st_mode)) /* since we looked */
		errno = EISDIR;
	fd_drop(*fd);
	*fd = -1;
	return STATUS_IO;
}

enum status input_check(const char *path, struct stat *st)
{
	int fd = -1;

	if (is_stdin_name(path))
		return open_stdin(&fd, st);
	TRY(look(path, st));
	if (!S_ISREG(st->st_mode))
		return faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0 ? STATUS_OK : STATUS_IO;
	TRY(input_open(path, &fd, st));
	input_close(fd);
	return STATUS_OK;
}

void input_close(int fd)
{
	if (fd != STDIN_FILENO)
		fd_drop(fd);
}
