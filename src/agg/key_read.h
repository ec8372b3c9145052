/* key_read.h: what key_write.h wrote, and counts, out of JSON. Layer agg. */
#ifndef MRRC_AGG_KEY_READ_H
#define MRRC_AGG_KEY_READ_H

#include <jansson.h>

#include "base/buf.h"

/* The key of an object with the members of key_write. *key points into the JSON or into scratch, which is
 * emptied first. STATUS_INVALID: there is none. */
enum status key_read(const json_t *from, struct buf *scratch, struct span *key) MUST_CHECK;
/* A member that is an integer of at least 0. */
bool count_read(const json_t *from, const char *name, uint64_t *out) MUST_CHECK;

#endif
