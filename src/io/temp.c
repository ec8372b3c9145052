/* temp.c: a table of temporary files that a signal handler can walk.
 *
 * The paths lie in static memory and each place has an atomic state, so temp_unlink_all needs no lock and
 * no allocator, and may run in any thread at any moment, even inside temp_create. A path is entered before
 * its file is created: a file that nobody knows of cannot be left behind. The states lie apart from the
 * paths, so that walking over them touches 32 KiB and paths that were never used cost nothing. */
#include "io/temp.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "io/fd.h"

/* free -> filling -> live -> free by the owner; live -> busy -> live by temp_unlink_all. An owner that
 * lets go of a busy place leaves it abandoned, and temp_unlink_all frees it: no path changes while it is
 * used. */
enum { FREE, FILLING, LIVE, BUSY, ABANDONED };

enum { RANDOM_LEN = 6, TRIES = 100 };

static const char mark[] = ".mrrc-";

static atomic_int states[TEMP_MAX];
static char paths[TEMP_MAX][PATH_MAX]; /* written by who holds the place as FILLING */

static bool exchange(int place, int from, int to)
{
	return atomic_compare_exchange_strong(&states[place], &from, to);
}

static int claim(void)
{
	for (int place = 0; place < TEMP_MAX; place++)
		if (atomic_load(&states[place]) == FREE && exchange(place, FREE, FILLING))
			return place; /* looked at first: a failed exchange is no cheaper than one that works */
	errno = EMFILE;
	return TEMP_NONE;
}

static void forget(int place)
{
	while (!exchange(place, LIVE, FREE) && !exchange(place, BUSY, ABANDONED))
		;
}

static uint64_t any_number(void)
{
	static atomic_uint_fast64_t turn;
	struct timespec now = { .tv_sec = 0 };
	uint64_t number;

	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) == (ssize_t)sizeof(number))
		return number;
	clock_gettime(CLOCK_REALTIME, &now); /* O_EXCL makes it safe; this only has to differ from others */
	number = (uint64_t)now.tv_nsec ^ (uint64_t)getpid() << 32;
	return number + atomic_fetch_add(&turn, 1) * UINT64_C(0x9e3779b97f4a7c15);
}

static void add_random(char *to)
{
	static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	uint64_t number = any_number();

	for (int i = 0; i < RANDOM_LEN; i++, number /= sizeof(letters) - 1)
		to[i] = letters[number % (sizeof(letters) - 1)];
	to[RANDOM_LEN] = '\0';
}

static size_t longest_name(const char *path, size_t folder_len)
{
	char folder[PATH_MAX];
	long limit;

	snprintf(folder, sizeof(folder), "%.*s", (int)folder_len, folder_len > 0 ? path : "");
	limit = pathconf(folder_len > 0 ? folder : ".", _PC_NAME_MAX);
	return limit > 0 ? (size_t)limit : NAME_MAX;
}

/* A name near the limit is shortened, at the start of a character: some file systems refuse half of one. */
static size_t fitting_len(const char *name, size_t limit)
{
	size_t len = strlen(name), rest = 1 + sizeof(mark) - 1 + RANDOM_LEN;

	if (len + rest <= limit)
		return len;
	len = limit > rest ? limit - rest : 0;
	while (len > 0 && ((uint8_t)name[len] & 0xc0) == 0x80)
		len--;
	return len;
}

/* Writes all but the random letters; returns where they go, or NULL. */
static char *make_path(char *path, const char *target)
{
	const char *slash = strrchr(target, '/');
	const char *name = slash != NULL ? slash + 1 : target;
	size_t folder_len = (size_t)(name - target);
	size_t name_len;
	int len;

	if (folder_len >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	name_len = fitting_len(name, longest_name(target, folder_len));
	len = snprintf(path, PATH_MAX, "%.*s.%.*s%s", (int)folder_len, target, (int)name_len, name, mark);
	if (len < 0 || len + RANDOM_LEN >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	return path + len;
}

/* Once it is live, the path stays as it is: a colliding name is given up before another is written. */
static int create_at(int place, char *letters, mode_t mode)
{
	for (int i = 0; i < TRIES; i++) {
		int fd;

		add_random(letters);
		atomic_store(&states[place], LIVE);
		fd = fd_open(paths[place], O_WRONLY | O_CREAT | O_EXCL, mode);
		if (fd >= 0 || errno != EEXIST)
			return fd;
		while (!exchange(place, LIVE, FILLING))
			;
	}
	return -1;
}

int temp_create(const char *target, mode_t mode, int *fd)
{
	int place = claim();
	char *letters;

	if (place == TEMP_NONE)
		return TEMP_NONE;
	letters = make_path(paths[place], target);
	if (letters == NULL) {
		atomic_store(&states[place], FREE);
		return TEMP_NONE;
	}
	*fd = create_at(place, letters, mode);
	if (*fd >= 0)
		return place;
	if (!exchange(place, FILLING, FREE))
		forget(place);
	return TEMP_NONE;
}

int temp_reopen(int place)
{
	return fd_open(paths[place], O_WRONLY | O_APPEND | O_NOFOLLOW, 0);
}

bool temp_rename(int place, const char *target)
{
	if (rename(paths[place], target) != 0)
		return false;
	forget(place);
	return true;
}

void temp_remove(int place)
{
	int kept = errno;

	unlink(paths[place]);
	forget(place);
	errno = kept;
}

void temp_unlink_all(void)
{
	int kept = errno;

	for (int place = 0; place < TEMP_MAX; place++) {
		if (atomic_load(&states[place]) != LIVE || !exchange(place, LIVE, BUSY))
			continue;
		unlink(paths[place]);
		if (!exchange(place, BUSY, LIVE))
			atomic_store(&states[place], FREE);
	}
	errno = kept;
}
