/* target.c: symbolic links, devices, descriptors and permissions behind an output path.
 *
 * Links are followed by hand because the file at the end may not exist yet, and because the links of
 * /proc/self/fd must be told apart: `-o /dev/stdout >>file` is to go on behind what the file has, not to
 * replace it.
 *
 * The umask cannot be read without changing it for all threads. So a file for a new name is created as any
 * program would create it, which applies umask and default ACL, and while it is still empty its mode is
 * noted and taken away. */
#include "io/target.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "io/fd.h"

enum { LINKS_MAX = 40 }; /* as the kernel */

static enum status fail_with(int error)
{
	errno = error;
	return STATUS_IO;
}

/* Length of the folder part with its slash, 0 when there is none. */
static size_t folder_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? (size_t)(slash + 1 - path) : 0;
}

static void folder_of(char folder[PATH_MAX], const char *path)
{
	size_t len = folder_len(path);

	snprintf(folder, PATH_MAX, "%.*s", len > 0 ? (int)len : 1, len > 0 ? path : ".");
}

static enum status set_path(struct target *t, const char *path)
{
	size_t len = strlen(path);

	if (len >= sizeof(t->path))
		return fail_with(ENAMETOOLONG);
	memcpy(t->path, path, len + 1);
	return STATUS_OK;
}

static enum status follow(struct target *t)
{
	char text[PATH_MAX], joined[2 * PATH_MAX];
	ssize_t len = readlink(t->path, text, sizeof(text) - 1);

	if (len < 0)
		return STATUS_IO;
	text[len] = '\0';
	snprintf(joined, sizeof(joined), "%.*s%s", text[0] == '/' ? 0 : (int)folder_len(t->path), t->path, text);
	return set_path(t, joined);
}

/* Is this link one of procfs, which leads to an open file whatever its text says? */
static bool is_magic_link(const struct target *t)
{
	char folder[PATH_MAX];
	struct statfs fs;

	folder_of(folder, t->path);
	return statfs(folder, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* "/proc/self/fd/1" is our own descriptor 1 when that is the file it leads to; else somebody else's. */
static enum status take_magic_link(struct target *t)
{
	const char *digits = t->path + folder_len(t->path);
	struct stat own;
	char *end;
	long fd = strtol(digits, &end, 10);

	if (stat(t->path, &t->stat) != 0)
		return STATUS_IO;
	t->exists = true;
	t->kind = TARGET_IN_PLACE;
	if (end != digits && *end == '\0' && fd >= 0 && fd <= INT_MAX && fstat((int)fd, &own) == 0 &&
	    is_same(&own, &t->stat)) {
		t->kind = TARGET_DESCRIPTOR;
		t->fd = (int)fd;
	}
	return STATUS_OK;
}

static enum status judge(struct target *t)
{
	t->exists = true;
	if (S_ISDIR(t->stat.st_mode))
		return fail_with(EISDIR);
	if (S_ISSOCK(t->stat.st_mode))
		return fail_with(EOPNOTSUPP);
	if (!S_ISREG(t->stat.st_mode)) {
		t->kind = TARGET_IN_PLACE;
		return STATUS_OK;
	}
	t->kind = TARGET_FILE; /* a rename would not mind a file that is write-protected, its owner would */
	return faccessat(AT_FDCWD, t->path, W_OK, AT_EACCESS) == 0 ? STATUS_OK : STATUS_IO;
}

static enum status judge_missing(struct target *t)
{
	if (errno != ENOENT || t->path[0] == '\0')
		return STATUS_IO;
	if (t->path[folder_len(t->path)] == '\0')
		return fail_with(EISDIR); /* "missing/" */
	t->exists = false;
	t->kind = TARGET_FILE;
	return STATUS_OK;
}

enum status target_resolve(struct target *t, const char *path)
{
	t->fd = -1;
	TRY(set_path(t, path));
	for (int links = 0; links <= LINKS_MAX; links++) {
		if (lstat(t->path, &t->stat) != 0)
			return judge_missing(t);
		if (!S_ISLNK(t->stat.st_mode))
			return judge(t);
		if (is_magic_link(t))
			return take_magic_link(t);
		TRY(follow(t));
	}
	return fail_with(ELOOP);
}

bool target_is_same(const struct target *a, const struct target *b)
{
	char folder_a[PATH_MAX], folder_b[PATH_MAX];
	struct stat at, bt;

	if (a->exists || b->exists)
		return a->exists && b->exists && S_ISREG(a->stat.st_mode) && is_same(&a->stat, &b->stat);
	folder_of(folder_a, a->path);
	folder_of(folder_b, b->path);
	return strcmp(a->path + folder_len(a->path), b->path + folder_len(b->path)) == 0 &&
	       stat(folder_a, &at) == 0 && stat(folder_b, &bt) == 0 && is_same(&at, &bt);
}

/* A file system without owners or modes says EPERM or "not supported": then there is nothing to keep. */
static bool set_mode(int fd, mode_t mode)
{
	return fchmod(fd, mode) == 0 || errno == EPERM || errno == ENOTSUP || errno == ENOSYS;
}

bool target_keep_private(struct target *t, int fd)
{
	if (!t->exists && fstat(fd, &t->stat) != 0)
		return false;
	return set_mode(fd, 0600);
}

bool target_pass_on(const struct target *t, int fd)
{
	mode_t mode = t->stat.st_mode & 0777;
	struct stat now;

	if (fstat(fd, &now) != 0)
		return false;
	if (now.st_gid != t->stat.st_gid && fchown(fd, (uid_t)-1, t->stat.st_gid) != 0)
		mode &= (mode_t)~070; /* what the old group could see is not for ours */
	if (now.st_uid != t->stat.st_uid && fchown(fd, t->stat.st_uid, (gid_t)-1) != 0)
		errno = 0; /* only root may give files away */
	return set_mode(fd, mode);
}

bool target_sync_folder(const char *path)
{
	char folder[PATH_MAX];
	bool synced;
	int fd;

	folder_of(folder, path);
	fd = fd_open(folder, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0)
		return true;
	synced = fd_sync(fd);
	fd_drop(fd);
	return synced;
}
