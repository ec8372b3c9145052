/* target.h: what a path given for output really names.
 *
 * Layer io, private to it. Any thread. Failures leave errno. */
#ifndef MRRC_IO_TARGET_H
#define MRRC_IO_TARGET_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "base/status.h"

enum target_kind {
	TARGET_FILE,       /* a regular file, or nothing yet: to be replaced as a whole */
	TARGET_IN_PLACE,   /* a device or FIFO: to be opened and written */
	TARGET_DESCRIPTOR, /* one of our own, by a name like /dev/stdout: to be duplicated */
};

struct target {
	enum target_kind kind;
	bool exists;
	int fd;              /* TARGET_DESCRIPTOR: which */
	struct stat stat;    /* of the file there, or (target_keep_private) of the new one */
	char path[PATH_MAX]; /* with symbolic links at its end followed */
};

enum status target_resolve(struct target *t, const char *path) MUST_CHECK;
/* Resolved ones: one regular file, or one name for a new one. */
bool target_is_same(const struct target *a, const struct target *b);
/* The mode to create the temporary file with, and then: note what the system made of it, let nobody else
 * read. */
#define TARGET_CREATE_MODE(t) ((mode_t)((t)->exists ? 0600 : 0666))
bool target_keep_private(struct target *t, int fd) MUST_CHECK;
/* Give the finished file the owner, group and mode of the file it replaces, or those a new file has here. */
bool target_pass_on(const struct target *t, int fd) MUST_CHECK;
/* fsync the folder that holds path. Folders that cannot be opened or synced are left to the system. */
bool target_sync_folder(const char *path) MUST_CHECK;

#endif
