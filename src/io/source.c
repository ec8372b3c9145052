/* source.c: a row of inputs read one after the other.
 *
 * Reads of a file cannot be interrupted and need not be; everything else is waited for with poll on the
 * input and on a pipe that source_wake writes to, so there is no moment at which a wake is lost. The pipe
 * exists only when an input may wait. An end is remembered: a terminal would go on after it, and a file
 * may grow. */
#include "io/source.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "io/fd.h"
#include "io/input.h"

enum { OPEN_MAX_INPUTS = 64, CLOSED = -1 };

struct input {
	char *path;
	int fd;
	struct source_info info;
};

struct source {
	size_t count, current;
	bool ended; /* the current input */
	bool lazy;  /* inputs are opened in their turn */
	int wake[2];
	atomic_bool stopped;         /* set by source_wake, read by source_read */
	atomic_uint_fast64_t bytes;  /* counted by source_read, read by anybody */
	uint64_t total;              /* constant after source_open */
	struct input input[];
};

static uint64_t size_left(const struct input *in, const struct stat *st)
{
	off_t at = in->fd == CLOSED ? 0 : lseek(in->fd, 0, SEEK_CUR); /* standard input may be in the middle */

	if (at < 0)
		at = 0;
	return st->st_size > at ? (uint64_t)(st->st_size - at) : 0;
}

static void describe(struct input *in, const struct stat *st)
{
	in->info.name = strcmp(in->path, "-") == 0 ? "standard input" : in->path;
	in->info.dev = st->st_dev;
	in->info.ino = st->st_ino;
	in->info.regular = S_ISREG(st->st_mode);
	in->info.size = in->info.regular ? size_left(in, st) : 0;
}

static void close_input(struct input *in)
{
	if (in->fd != CLOSED)
		input_close(in->fd);
	in->fd = CLOSED;
}

static enum status check_input(struct source *s, size_t i)
{
	struct input *in = &s->input[i];
	struct stat st;

	TRY(s->lazy ? input_check(in->path, &st) : input_open(in->path, &in->fd, &st));
	describe(in, &st);
	return STATUS_OK;
}

static enum status check_all(struct source *s, size_t *bad)
{
	for (size_t i = 0; i < s->count; i++) {
		*bad = i;
		TRY(check_input(s, i));
	}
	return STATUS_OK;
}

/* Everything is closed again and opened in its turn. */
static void turn_lazy(struct source *s)
{
	for (size_t i = 0; i < s->count; i++)
		close_input(&s->input[i]);
	s->lazy = true;
}

static enum status open_current(struct source *s)
{
	struct input *in = &s->input[s->current];
	struct stat st;

	s->ended = true; /* an input that cannot be opened is at its end: the caller may go on with the next */
	if (in->fd == CLOSED) {
		TRY(input_open(in->path, &in->fd, &st));
		if (S_ISREG(st.st_mode) != in->info.regular) {
			close_input(in);
			errno = ESTALE; /* something else than what was checked */
			return STATUS_IO;
		}
	}
	s->ended = false;
	return STATUS_OK;
}

static bool out_of_descriptors(void)
{
	return errno == EMFILE || errno == ENFILE;
}

static enum status open_inputs(struct source *s, size_t *bad)
{
	enum status status;

	s->lazy = s->count > OPEN_MAX_INPUTS;
	status = check_all(s, bad);
	if (status == STATUS_IO && !s->lazy && out_of_descriptors()) {
		turn_lazy(s);
		status = check_all(s, bad);
	}
	if (status == STATUS_OK && s->lazy) {
		*bad = 0;
		status = open_current(s);
	}
	return status;
}

static bool any_may_wait(const struct source *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (!s->input[i].info.regular)
			return true;
	return false;
}

static enum status prepare(struct source *s, const char *const *paths, size_t *bad)
{
	for (size_t i = 0; i < s->count; i++) {
		s->input[i].path = mem_dup(paths[i], strlen(paths[i]) + 1);
		if (s->input[i].path == NULL)
			return STATUS_MEMORY;
	}
	TRY(open_inputs(s, bad));
	if (any_may_wait(s)) {
		if (pipe2(s->wake, O_CLOEXEC | O_NONBLOCK) != 0)
			return STATUS_IO;
		return STATUS_OK; /* and the total is unknown: 0 */
	}
	for (size_t i = 0; i < s->count; i++)
		s->total += s->input[i].info.size;
	return STATUS_OK;
}

enum status source_open(struct source **out, const char *const *paths, size_t count, size_t *bad)
{
	static const char *const only_stdin[] = { "-" };
	struct source *s;
	enum status status;

	*out = NULL;
	*bad = 0;
	if (count == 0)
		return source_open(out, only_stdin, 1, bad);
	if (count > (SIZE_MAX - sizeof(*s)) / sizeof(s->input[0]))
		return STATUS_MEMORY;
	s = mem_zalloc(sizeof(*s) + count * sizeof(s->input[0]));
	if (s == NULL)
		return STATUS_MEMORY;
	s->count = count;
	s->wake[0] = s->wake[1] = CLOSED;
	for (size_t i = 0; i < count; i++)
		s->input[i].fd = CLOSED;
	status = prepare(s, paths, bad);
	if (status == STATUS_OK)
		*out = s;
	else
		source_close(s);
	return status;
}

void source_close(struct source *s)
{
	int kept = errno;

	if (s == NULL)
		return;
	for (size_t i = 0; i < s->count; i++) {
		close_input(&s->input[i]);
		mem_free(s->input[i].path);
	}
	fd_drop(s->wake[0]);
	fd_drop(s->wake[1]);
	mem_free(s);
	errno = kept;
}

size_t source_count(const struct source *s)
{
	return s->count;
}

const struct source_info *source_info(const struct source *s, size_t i)
{
	assert(i < s->count);
	return &s->input[i].info;
}

size_t source_current(const struct source *s)
{
	return s->current;
}

/* Until there are bytes, an end or an error to be read, or a wake. */
static enum status wait_for_bytes(struct source *s, int fd)
{
	struct pollfd wanted[2] = { { .fd = s->wake[0], .events = POLLIN }, { .fd = fd, .events = POLLIN } };

	while (poll(wanted, 2, -1) < 0)
		if (errno != EINTR)
			return STATUS_IO;
	return wanted[0].revents != 0 ? STATUS_STOPPED : STATUS_OK;
}

static enum status read_some(struct source *s, const struct input *in, void *into, size_t len, size_t *got)
{
	ssize_t n;

	do {
		if (atomic_load(&s->stopped))
			return STATUS_STOPPED;
		if (!in->info.regular)
			TRY(wait_for_bytes(s, in->fd));
		n = read(in->fd, into, len);
	} while (n < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK));
	if (n < 0)
		return STATUS_IO;
	*got = (size_t)n;
	return STATUS_OK;
}

enum status source_read(struct source *s, void *into, size_t len, size_t *got)
{
	assert(len > 0);
	*got = 0;
	if (atomic_load(&s->stopped))
		return STATUS_STOPPED;
	if (s->ended)
		return STATUS_OK;
	TRY(read_some(s, &s->input[s->current], into, len < SSIZE_MAX ? len : SSIZE_MAX, got));
	s->ended = *got == 0;
	atomic_fetch_add(&s->bytes, *got);
	return STATUS_OK;
}

enum status source_next(struct source *s, bool *more)
{
	close_input(&s->input[s->current]);
	s->ended = true;
	*more = s->current + 1 < s->count;
	if (!*more)
		return STATUS_OK;
	s->current++;
	return open_current(s);
}

void source_wake(struct source *s)
{
	int kept = errno;

	atomic_store(&s->stopped, true);
	if (s->wake[1] != CLOSED && write(s->wake[1], "", 1) < 0)
		errno = kept; /* full: it has been woken often enough */
	errno = kept;
}

uint64_t source_bytes(const struct source *s)
{
	return atomic_load(&s->bytes);
}

uint64_t source_total(const struct source *s)
{
	return s->total;
}
