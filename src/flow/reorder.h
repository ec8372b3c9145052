/* reorder.h: items in any order in, items in sequence order out.
 *
 * Layer flow. slot = seq mod window: no sort, no allocation. The caller guarantees that at most `window`
 * items are alive at once (there are only K batches), so put never waits. */
#ifndef MRRC_FLOW_REORDER_H
#define MRRC_FLOW_REORDER_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct reorder;

struct reorder *reorder_new(size_t window) MUST_CHECK;
void reorder_free(struct reorder *ro);
/* Any thread. seq must be in [next, next + window) and its slot empty: asserted. */
void reorder_put(struct reorder *ro, uint64_t seq, void *item);
/* One thread. Waits for the next in sequence; NULL when `total` items were taken. */
void *reorder_take(struct reorder *ro) MUST_CHECK;
/* Same, waiting at most ms milliseconds; *timeout says that NULL means "not yet". */
void *reorder_take_for(struct reorder *ro, unsigned ms, int *timeout) MUST_CHECK;
/* No item with seq >= total will come. */
void reorder_end(struct reorder *ro, uint64_t total);
uint64_t reorder_waited_ns(struct reorder *ro);

#endif
