/* channel.h: a bounded FIFO of opaque items between threads, with lanes.
 *
 * Layer flow. Sending is giving: after a push the item belongs to whoever pops it. A channel has one or
 * more lanes under one lock; a popper names the lanes it serves (bit i = lane i) and gets the oldest item
 * of the HIGHEST lane among them that has one. So one waiting worker can serve two stages. Misuse of
 * pthread aborts. */
#ifndef MRRC_FLOW_CHANNEL_H
#define MRRC_FLOW_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct channel;

/* capacity: items per lane, >= 1; lanes: 1..8. NULL: no memory. */
struct channel *channel_new(size_t capacity, unsigned lanes) MUST_CHECK;
void channel_free(struct channel *ch); /* every item must have been taken */
/* Waits for room. false: closed, and the item is still the caller's. */
bool channel_push(struct channel *ch, unsigned lane, void *item) MUST_CHECK;
/* Waits for an item. NULL: closed and nothing left on the lanes asked for. *lane may be NULL. */
void *channel_pop(struct channel *ch, unsigned lanes, unsigned *lane) MUST_CHECK;
/* No more pushes; poppers drain what is left, then get NULL. Callable twice, from any thread. */
void channel_close(struct channel *ch);

/* Nanoseconds that poppers of this channel have waited so far (for --stats). */
uint64_t channel_waited_ns(struct channel *ch);
/* Most items that were ever in all lanes together: proof of back-pressure. */
size_t channel_peak(struct channel *ch);

#endif
