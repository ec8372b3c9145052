/* siphash.h: SipHash-2-4 with 128 bits of result (Aumasson and Bernstein), a keyed hash.
 *
 * Layer base. Pure, any thread. For results that stand for a text without keeping it: with a fixed key equal
 * texts meet on every machine, and two different ones do not meet by chance (a million million texts: less
 * than one in 10^14). */
#ifndef MRRC_BASE_SIPHASH_H
#define MRRC_BASE_SIPHASH_H

#include "base/span.h"

struct hash128 {
	uint64_t low, high; /* the first and the last eight bytes, little-endian */
};

struct hash128 siphash128(uint64_t key_low, uint64_t key_high, struct span text);

#endif
