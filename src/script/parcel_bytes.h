/* parcel_bytes.h: the wire form of parcels, for parcel.c and parcel_json.c.
 *
 *     n t f              nil, true, false
 *     i varint           integer, zigzag
 *     d 8 bytes          float, IEEE 754, little endian
 *     s varint bytes     string
 *     T varint varint value… (key value)…
 *                        how many of both; the values at 1..n, then all other keys: numbers, strings,
 *                        booleans, in order
 *
 * A varint has seven bits a byte, least first, the high bit saying that more follow. */
#ifndef MRRC_SCRIPT_PARCEL_BYTES_H
#define MRRC_SCRIPT_PARCEL_BYTES_H

#include "base/buf.h"

enum status parcel_put_varint(struct buf *out, uint64_t v) MUST_CHECK;
/* Each moves *in behind what it read; false on bytes that are no parcel. */
bool parcel_get_byte(struct span *in, uint8_t *out);
bool parcel_get_varint(struct span *in, uint64_t *out);
bool parcel_get_int(struct span *in, int64_t *out);
bool parcel_get_double(struct span *in, double *out);
bool parcel_get_string(struct span *in, struct span *out);
/* The counts behind a T; no more than the bytes left can hold. */
bool parcel_get_counts(struct span *in, size_t *items, size_t *pairs);

#endif
