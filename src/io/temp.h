/* temp.h: the temporary files that exist, so that even a dying program can take them along.
 *
 * Layer io, private to it. Any thread. A file is named by its place in a fixed table. Failures leave
 * errno. */
#ifndef MRRC_IO_TEMP_H
#define MRRC_IO_TEMP_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/status.h"

enum { TEMP_MAX = 8192, TEMP_NONE = -1 };

/* Create ".NAME.mrrc-XXXXXX" beside target, open for writing. Its place, or TEMP_NONE: EMFILE when the
 * table is full, ENAMETOOLONG, or what open says. */
int temp_create(const char *target, mode_t mode, int *fd) MUST_CHECK;
/* Open it once more, to append. -1 on failure. */
int temp_reopen(int place) MUST_CHECK;
/* Give it the target's name. true: it is no temporary file any more; false: it still is. */
bool temp_rename(int place, const char *target) MUST_CHECK;
/* Unlink it; errno stays as it was. */
void temp_remove(int place);
/* Async-signal-safe. */
void temp_unlink_all(void);

#endif
