/* json.h: text and numbers as JSON (RFC 8259), for the small objects that the program itself writes.
 *
 * Layer base. Pure, any thread. Reading JSON is jansson's. */
#ifndef MRRC_BASE_JSON_H
#define MRRC_BASE_JSON_H

#include "base/buf.h"

/* Append s as a JSON string with its quotes; ill-formed UTF-8 becomes U+FFFD. */
enum status json_string(struct span s, struct buf *out) MUST_CHECK;
/* Append the shortest decimal that reads back as v; null for what JSON lacks (NaN, infinities). */
enum status json_number(double v, struct buf *out) MUST_CHECK;

#endif
