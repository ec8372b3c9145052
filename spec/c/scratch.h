/* scratch.h: for tests of files: a folder of their own to work in, and small helpers.
 *
 * scratch_enter makes the folder and goes into it, so plain names will do; scratch_leave removes it with
 * all it holds. Functions for child processes return false where a test would assert. */
#ifndef MRRC_SPEC_SCRATCH_H
#define MRRC_SPEC_SCRATCH_H

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char scratch_folder[PATH_MAX];

static inline int scratch_enter(void **state)
{
	const char *base = getenv("TMPDIR");

	(void)state;
	if (base == NULL) /* thousands of files are made in memory ten times as fast as on a disk */
		base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(scratch_folder, sizeof(scratch_folder), "%s/mrrc-test-XXXXXX", base);
	if (mkdtemp(scratch_folder) == NULL || chdir(scratch_folder) != 0)
		return -1;
	return 0;
}

static inline int scratch_remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

static inline int scratch_leave(void **state)
{
	(void)state;
	if (chdir("/") != 0)
		return -1;
	return nftw(scratch_folder, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline bool scratch_put(const char *path, const void *ptr, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	bool done = fd >= 0 && write(fd, ptr, len) == (ssize_t)len;

	return fd >= 0 && close(fd) == 0 && done;
}

static inline bool scratch_put_str(const char *path, const char *text)
{
	return scratch_put(path, text, strlen(text));
}

/* Is the file this text, all of it? */
static inline bool scratch_holds(const char *path, const char *text)
{
	char found[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd >= 0 ? read(fd, found, sizeof(found)) : -1;

	if (fd >= 0)
		close(fd);
	return len == (ssize_t)strlen(text) && memcmp(found, text, (size_t)len) == 0;
}

static inline off_t scratch_len(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_size : -1;
}

static inline mode_t scratch_mode(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_mode & 07777 : (mode_t)-1;
}

/* Temporary files of sinks in the folder; the name of one of them goes to name when that is not NULL. */
static inline size_t scratch_temps(const char *folder, char name[NAME_MAX + 1])
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t count = 0;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (strstr(entry->d_name, ".mrrc-") == NULL)
			continue;
		count++;
		if (name != NULL)
			snprintf(name, NAME_MAX + 1, "%s", entry->d_name);
	}
	if (dir != NULL)
		closedir(dir);
	return count;
}

/* Descriptors that this process has open. */
static inline size_t scratch_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t count = 0;

	while (dir != NULL && readdir(dir) != NULL)
		count++;
	if (dir != NULL)
		closedir(dir);
	return count;
}

/* Run in a child of its own, for limits, users and mounts that must not touch this one. The status it
 * gives, or -1 when it was ended by a signal. */
static inline int scratch_in_child(int (*run)(void))
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0)
		_exit(run());
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/* In a child: become somebody whom permissions mean something to. */
static inline bool scratch_be_nobody(void)
{
	return geteuid() != 0 || (setegid(65534) == 0 && seteuid(65534) == 0);
}

#endif
