/* input.h: opening and checking one input.
 *
 * Layer io, private to it. Any thread. Failures leave errno. */
#ifndef MRRC_IO_INPUT_H
#define MRRC_IO_INPUT_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/status.h"

/* Open path ("-": standard input, which is never closed) and say what it is. */
enum status input_open(const char *path, int *fd, struct stat *st) MUST_CHECK;
/* The same answer without keeping a descriptor; what must not be opened twice (FIFOs, devices) is only
 * looked at. */
enum status input_check(const char *path, struct stat *st) MUST_CHECK;
void input_close(int fd);

#endif
