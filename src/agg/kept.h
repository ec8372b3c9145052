/* kept.h: what first and sample share: values in bytes, as JSON. Layer agg. */
#ifndef MRRC_AGG_KEPT_H
#define MRRC_AGG_KEPT_H

#include "agg/agg.h"

/* The member "values" with its values, one call of `next` for each. */
typedef bool kept_next(const void *result, size_t *pos, struct span *value);
enum status kept_write(const void *result, kept_next *next, struct buf *out) MUST_CHECK;

bool sample_next(const void *result, size_t *pos, struct span *value);

#endif
