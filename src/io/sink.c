/* sink.c: the life of one output: open, gather, write, commit or discard.
 *
 * Where the bytes go is settled in io/target.c, temporary files are kept in io/temp.c; here is what all
 * kinds of outputs share. The gathered bytes leave at the border between two calls, so a reader that we
 * lose in the middle of a run has whole records (the caller hands over whole records). The first failure
 * is final: a file with a hole in it must never be committed. */
#include "io/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "io/fd.h"
#include "io/target.h"
#include "io/temp.h"

enum { GATHER_LEN = 64 * 1024 };

struct sink {
	int fd;
	int temp; /* TEMP_NONE: written in place */
	bool sync, is_stdout;
	enum status failed;
	int error; /* errno of the failure */
	uint64_t bytes;
	char *name;
	size_t gathered_len;
	struct target target;
	uint8_t *gathered; /* GATHER_LEN bytes, made by the first small write, given back by sink_suspend */
};

static enum status fail(struct sink *s)
{
	s->error = errno;
	s->failed = errno == EPIPE ? STATUS_PIPE : STATUS_IO;
	return s->failed;
}

static enum status fail_memory(struct sink *s)
{
	errno = s->error = ENOMEM;
	s->failed = STATUS_MEMORY;
	return s->failed;
}

static enum status fail_again(const struct sink *s)
{
	errno = s->error;
	return s->failed;
}

/* Everything but the finished file; errno stays. */
static void release(struct sink *s)
{
	int kept = errno;

	if (!s->is_stdout)
		fd_drop(s->fd);
	if (s->temp != TEMP_NONE)
		temp_remove(s->temp);
	mem_free(s->gathered);
	mem_free(s->name);
	mem_free(s);
	errno = kept;
}

static bool is_stdout_name(const char *path)
{
	return path == NULL || strcmp(path, "-") == 0;
}

static enum status open_stdout(struct sink *s)
{
	s->is_stdout = true;
	s->fd = STDOUT_FILENO;
	return fcntl(s->fd, F_GETFD) >= 0 ? STATUS_OK : STATUS_IO; /* EBADF: the shell closed it */
}

static enum status open_temp(struct sink *s)
{
	s->temp = temp_create(s->target.path, TARGET_CREATE_MODE(&s->target), &s->fd);
	if (s->temp == TEMP_NONE)
		return STATUS_IO;
	return target_keep_private(&s->target, s->fd) ? STATUS_OK : STATUS_IO;
}

static enum status open_target(struct sink *s, const char *path)
{
	TRY(target_resolve(&s->target, path));
	if (s->target.kind == TARGET_FILE)
		return open_temp(s);
	if (s->target.kind == TARGET_DESCRIPTOR)
		s->fd = fcntl(s->target.fd, F_DUPFD_CLOEXEC, 0);
	else
		s->fd = fd_open(s->target.path, O_WRONLY, 0);
	return s->fd >= 0 ? STATUS_OK : STATUS_IO;
}

static enum status open_into(struct sink *s, const char *path)
{
	const char *name = is_stdout_name(path) ? "standard output" : path;

	s->name = mem_dup(name, strlen(name) + 1);
	if (s->name == NULL)
		return STATUS_MEMORY;
	return is_stdout_name(path) ? open_stdout(s) : open_target(s, path);
}

enum status sink_open(struct sink **out, const char *path, bool sync)
{
	struct sink *s = mem_zalloc(sizeof(*s));
	enum status status;

	*out = NULL;
	if (s == NULL)
		return STATUS_MEMORY;
	s->fd = -1;
	s->temp = TEMP_NONE;
	s->sync = sync;
	status = open_into(s, path);
	if (status == STATUS_OK)
		*out = s;
	else
		release(s);
	return status;
}

static bool close_now(struct sink *s)
{
	int fd = s->fd;

	s->fd = -1;
	return fd_close(fd);
}

enum status sink_flush(struct sink *s)
{
	size_t len = s->gathered_len;

	if (s->failed != STATUS_OK)
		return fail_again(s);
	s->gathered_len = 0;
	return len == 0 || fd_write_all(s->fd, s->gathered, len) ? STATUS_OK : fail(s);
}

enum status sink_suspend(struct sink *s)
{
	TRY(sink_flush(s));
	mem_free(s->gathered);
	s->gathered = NULL;
	if (s->temp == TEMP_NONE || s->fd < 0)
		return STATUS_OK;
	return close_now(s) ? STATUS_OK : fail(s);
}

/* After sink_suspend. */
static enum status reopen(struct sink *s)
{
	if (s->fd < 0)
		s->fd = temp_reopen(s->temp);
	return s->fd >= 0 ? STATUS_OK : fail(s);
}

/* What was not written for want of memory is a hole like any other: that failure is final, too. */
static enum status make_room(struct sink *s)
{
	if (s->gathered == NULL)
		s->gathered = mem_alloc(GATHER_LEN);
	return s->gathered != NULL ? STATUS_OK : fail_memory(s);
}

enum status sink_write(struct sink *s, const void *ptr, size_t len)
{
	if (s->failed != STATUS_OK)
		return fail_again(s);
	s->bytes += len;
	TRY(reopen(s));
	if (len > GATHER_LEN - s->gathered_len)
		TRY(sink_flush(s));
	if (len > GATHER_LEN)
		return fd_write_all(s->fd, ptr, len) ? STATUS_OK : fail(s);
	TRY(make_room(s));
	if (len > 0)
		memcpy(s->gathered + s->gathered_len, ptr, len);
	s->gathered_len += len;
	return STATUS_OK;
}

static bool finish_file(struct sink *s)
{
	if (!target_pass_on(&s->target, s->fd))
		return false;
	if (s->sync && !fd_sync(s->fd))
		return false;
	if (!close_now(s) || !temp_rename(s->temp, s->target.path))
		return false;
	s->temp = TEMP_NONE;
	return !s->sync || target_sync_folder(s->target.path);
}

/* Network file systems report some failures at close only. Standard output stays open for others, but
 * closing a duplicate asks the same question. */
static bool finish_in_place(struct sink *s)
{
	int copy;

	if (s->sync && !s->is_stdout && !fd_sync(s->fd))
		return false;
	if (!s->is_stdout)
		return close_now(s);
	copy = fcntl(s->fd, F_DUPFD_CLOEXEC, 0);
	return copy < 0 || fd_close(copy);
}

enum status sink_commit(struct sink *s)
{
	enum status status = sink_flush(s);

	if (status == STATUS_OK)
		status = reopen(s);
	if (status == STATUS_OK && !(s->temp != TEMP_NONE ? finish_file(s) : finish_in_place(s)))
		status = fail(s);
	release(s);
	return status;
}

void sink_discard(struct sink *s)
{
	if (s != NULL)
		release(s);
}

const char *sink_name(const struct sink *s)
{
	return s->name;
}

int sink_error(const struct sink *s)
{
	return s->error;
}

uint64_t sink_bytes(const struct sink *s)
{
	return s->bytes;
}

bool sink_is_terminal(const struct sink *s)
{
	return isatty(s->fd) == 1;
}

bool sink_same_file(const char *path, dev_t dev, ino_t ino)
{
	struct stat there = { .st_ino = 0 };
	int rc = is_stdout_name(path) ? fstat(STDOUT_FILENO, &there) : stat(path, &there);

	if (rc != 0 || there.st_dev != dev || there.st_ino != ino)
		return false;
	return S_ISREG(there.st_mode) || S_ISBLK(there.st_mode); /* reading and writing /dev/null is no conflict */
}

bool sink_same_target(const char *a, const char *b)
{
	struct target first, second;

	return target_resolve(&first, a) == STATUS_OK && target_resolve(&second, b) == STATUS_OK &&
	       target_is_same(&first, &second);
}

void sink_unlink_all(void)
{
	temp_unlink_all();
}
