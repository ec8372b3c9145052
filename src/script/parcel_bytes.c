/* parcel_bytes.c: see parcel_bytes.h. Every length is held against what is left. */
#include "script/parcel_bytes.h"

enum status parcel_put_varint(struct buf *out, uint64_t v)
{
	uint8_t bytes[10];
	size_t len = 0;

	for (; v >= 0x80; v >>= 7)
		bytes[len++] = (uint8_t)(v | 0x80);
	bytes[len++] = (uint8_t)v;
	return buf_add(out, bytes, len);
}

static void skip(struct span *in, size_t len)
{
	in->ptr += len;
	in->len -= len;
}

bool parcel_get_byte(struct span *in, uint8_t *out)
{
	if (in->len == 0)
		return false;
	*out = in->ptr[0];
	skip(in, 1);
	return true;
}

bool parcel_get_varint(struct span *in, uint64_t *out)
{
	uint8_t byte;

	*out = 0;
	for (unsigned shift = 0; shift < 64; shift += 7) {
		if (!parcel_get_byte(in, &byte))
			return false;
		*out |= (uint64_t)(byte & 0x7F) << shift;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

bool parcel_get_int(struct span *in, int64_t *out)
{
	uint64_t v;

	if (!parcel_get_varint(in, &v))
		return false;
	*out = (int64_t)(v >> 1 ^ (0 - (v & 1)));
	return true;
}

bool parcel_get_double(struct span *in, double *out)
{
	uint64_t bits = 0;

	if (in->len < 8)
		return false;
	for (unsigned i = 0; i < 8; i++)
		bits |= (uint64_t)in->ptr[i] << 8 * i;
	memcpy(out, &bits, sizeof(*out));
	skip(in, 8);
	return true;
}

bool parcel_get_string(struct span *in, struct span *out)
{
	uint64_t len;

	if (!parcel_get_varint(in, &len) || len > in->len)
		return false;
	*out = span_of(in->ptr, (size_t)len);
	skip(in, (size_t)len);
	return true;
}

bool parcel_get_counts(struct span *in, size_t *items, size_t *pairs)
{
	uint64_t n, m;

	if (!parcel_get_varint(in, &n) || !parcel_get_varint(in, &m) || n > in->len || m > (in->len - n) / 2)
		return false;
	*items = (size_t)n;
	*pairs = (size_t)m;
	return true;
}
