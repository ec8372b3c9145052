/* key_write.c: see key_write.h; apart from key_read.c because base/json.h and jansson.h both
 * know a json_string. */
#include "agg/key_write.h"

#include "base/json.h"
#include "base/utf8.h"

static enum status hex_write(struct span bytes, struct buf *out)
{
	static const char digits[] = "0123456789abcdef";

	TRY(buf_reserve(out, bytes.len * 2));
	for (size_t i = 0; i < bytes.len; i++) {
		out->ptr[out->len++] = (uint8_t)digits[bytes.ptr[i] >> 4];
		out->ptr[out->len++] = (uint8_t)digits[bytes.ptr[i] & 15];
	}
	return STATUS_OK;
}

enum status key_write(struct span key, struct buf *out)
{
	TRY(buf_add_str(out, "\"key\": "));
	TRY(json_string(key, out));
	if (utf8_valid_prefix(key) == key.len)
		return STATUS_OK;
	TRY(buf_add_str(out, ", \"hex\": \""));
	TRY(hex_write(key, out));
	return buf_add_byte(out, '"');
}
