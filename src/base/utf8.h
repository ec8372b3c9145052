/* utf8.h: well-formed UTF-8 (Unicode 15, table 3-7): no overlongs, no surrogates, at most U+10FFFF.
 *
 * Layer base. Pure functions, any thread. */
#ifndef MRRC_BASE_UTF8_H
#define MRRC_BASE_UTF8_H

#include "base/span.h"

/* Length of the longest well-formed prefix; equals s.len when all of it is well formed. ASCII runs
 * are skipped eight bytes or more at a time. */
size_t utf8_valid_prefix(struct span s);
/* True when some byte is 0x80 or above. */
bool utf8_has_high(struct span s);
/* Decode the code point at s.ptr (s.len >= 1); returns its length in bytes, and for an ill-formed
 * byte returns the length of the maximal subpart (>= 1) with *cp = 0xFFFD. */
size_t utf8_decode(struct span s, uint32_t *cp);
/* Number of code points (an ill-formed subpart counts as one). */
size_t utf8_count(struct span s);
/* Bytes from the start to code point number n, at most s.len. */
size_t utf8_offset(struct span s, size_t n);
/* Write cp to out (at least 4 bytes); returns its length. */
size_t utf8_encode(uint32_t cp, uint8_t *out);

#endif
