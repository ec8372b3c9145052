/* buf.h: bytes that grow, with a limit given at birth.
 *
 * Layer base. One thread at a time. Contents are not NUL-ended. Every function that may
 * grow returns STATUS_MEMORY when the limit or the memory is exhausted, and then leaves the
 * contents as they were. `len` may be lowered by hand to go back to a mark. */
#ifndef MRRC_BASE_BUF_H
#define MRRC_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

struct buf {
	uint8_t *ptr;
	size_t len, cap, limit; /* bytes */
};

#define BUF_NO_LIMIT ((size_t)-1)

void buf_init(struct buf *b, size_t limit);
void buf_release(struct buf *b);
/* Empty; memory above `keep` bytes is given back. */
void buf_reset(struct buf *b, size_t keep);
enum status buf_grow(struct buf *b, size_t room) MUST_CHECK; /* slow path of buf_reserve */
enum status buf_printf(struct buf *b, const char *fmt, ...) MUST_CHECK
	__attribute__((format(printf, 2, 3)));

/* Make room for `room` more bytes behind len. */
static inline enum status buf_reserve(struct buf *b, size_t room)
{
	return b->cap - b->len >= room ? STATUS_OK : buf_grow(b, room);
}

static inline enum status MUST_CHECK buf_add(struct buf *b, const void *ptr, size_t len)
{
	TRY(buf_reserve(b, len));
	if (len > 0)
		memcpy(b->ptr + b->len, ptr, len);
	b->len += len;
	return STATUS_OK;
}

static inline enum status MUST_CHECK buf_add_span(struct buf *b, struct span s)
{
	return buf_add(b, s.ptr, s.len);
}

static inline enum status MUST_CHECK buf_add_str(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

static inline enum status MUST_CHECK buf_add_byte(struct buf *b, uint8_t byte)
{
	return buf_add(b, &byte, 1);
}

static inline struct span buf_span(const struct buf *b)
{
	return span_of(b->ptr, b->len);
}

#endif
