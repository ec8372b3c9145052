/* key_write.h: keys in --agg-out, so that they come back byte for byte (key_read.h). Layer agg.
 *
 * JSON holds text; a key that is not well-formed UTF-8 also stands there as hexadecimal bytes. */
#ifndef MRRC_AGG_KEY_WRITE_H
#define MRRC_AGG_KEY_WRITE_H

#include "base/buf.h"

/* Append  "key": "text"  and, when need be,  , "hex": "…"  */
enum status key_write(struct span key, struct buf *out) MUST_CHECK;

#endif
