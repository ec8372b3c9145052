/* parcel.h: a plain Lua value as bytes and back: how reducer values leave the state that made them.
 *
 * Layer script. Plain is nil, booleans, numbers, strings, and tables of them; metatables stay behind, a
 * table reached by two ways arrives as two. Keys are sorted, so that equal values give equal bytes (equal
 * meaning: same type, same bits; NaN is one). */
#ifndef MRRC_SCRIPT_PARCEL_H
#define MRRC_SCRIPT_PARCEL_H

#include <lua.h>

#include "base/buf.h"

#define PARCEL_DEPTH 100 /* tables within tables */

/* Append the value at idx to out. Raises "WHAT: value.by_year[3] is a function …" on what cannot travel,
 * on cycles, below PARCEL_DEPTH tables and beyond `limit` bytes (0: none); out is then as it was. [-0, +0,
 * e] */
void parcel_pack(lua_State *L, int idx, const char *what, size_t limit, struct buf *out);
/* Push the value at the start of *in, which moves behind it. Raises on bytes that are no parcel. [-0, +1,
 * e] */
void parcel_unpack(lua_State *L, struct span *in);
/* The value as JSON: tables with only the keys 1..n, n > 0, are arrays, other keys become text, NaN and
 * infinities null. STATUS_INVALID: not exactly one parcel. */
enum status parcel_to_json(struct span in, struct buf *out) MUST_CHECK;

#endif
