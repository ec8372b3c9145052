/* buf.c: the slow half of buf.h: growing, giving back, formatting.
 *
 * Growth doubles, so that appending is linear over all; the last step before the limit
 * takes the limit itself. The inline half in the header never calls here for nothing. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/alloc.h"

#define BUF_FIRST 64u /* bytes */

void buf_init(struct buf *b, size_t limit)
{
	*b = (struct buf){ .limit = limit };
}

void buf_release(struct buf *b)
{
	mem_free(b->ptr);
	buf_init(b, b->limit);
}

void buf_reset(struct buf *b, size_t keep)
{
	uint8_t *less;

	b->len = 0;
	if (b->cap <= keep)
		return;
	less = keep > 0 ? mem_realloc(b->ptr, keep) : NULL;
	if (!less) {
		buf_release(b);
		return;
	}
	b->ptr = less;
	b->cap = keep;
}

enum status buf_grow(struct buf *b, size_t room)
{
	size_t cap = b->cap < BUF_FIRST ? BUF_FIRST : b->cap;
	uint8_t *more;

	if (b->len > b->limit || room > b->limit - b->len)
		return STATUS_MEMORY;
	cap = cap <= SIZE_MAX / 2 ? cap * 2 : SIZE_MAX;
	if (cap < b->len + room)
		cap = b->len + room;
	if (cap > b->limit)
		cap = b->limit;
	more = mem_realloc(b->ptr, cap);
	if (!more)
		return STATUS_MEMORY;
	b->ptr = more;
	b->cap = cap;
	return STATUS_OK;
}

static int __attribute__((format(printf, 2, 0))) buf_vprint(struct buf *b, const char *fmt, va_list ap)
{
	size_t room = b->cap - b->len;

	return vsnprintf(room > 0 ? (char *)b->ptr + b->len : NULL, room, fmt, ap);
}

/* vsnprintf ends its output in a NUL, which needs one byte of room that len does not count. */
enum status buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = buf_vprint(b, fmt, ap);
	va_end(ap);
	if (len < 0)
		return STATUS_MEMORY;
	if ((size_t)len >= b->cap - b->len) {
		TRY(buf_reserve(b, (size_t)len + 1));
		va_start(ap, fmt);
		len = buf_vprint(b, fmt, ap);
		va_end(ap);
	}
	b->len += (size_t)len;
	return STATUS_OK;
}
