/* kind_counter.h: the functions of all kinds whose result is a struct counter. Layer agg. */
#ifndef MRRC_AGG_KIND_COUNTER_H
#define MRRC_AGG_KIND_COUNTER_H

#include <jansson.h>

#include "agg/counter.h"
#include "agg/set.h"

void kind_counter_init(void *result, const struct agg_decl *d);
void kind_counter_release(void *result);
void kind_counter_reset(void *result);
enum status kind_counter_add(void *result, const struct agg_decl *d, const struct agg_piece *piece,
			     struct span key, struct span bytes) MUST_CHECK;
enum status kind_counter_merge(void *into, const void *from, const struct agg_decl *d) MUST_CHECK;
/* Lines of rows, and back. */
enum status kind_counter_write_rows(struct buf *out, const struct agg_row *rows, size_t count) MUST_CHECK;
enum status kind_counter_read_rows(struct counter *c, const json_t *rows) MUST_CHECK;

#endif
