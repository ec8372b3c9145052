/* safe_key.c: a key as a part of a file name. Names, not paths: no key can leave its folder. */
#include "agg/agg.h"

#define MAX_LEN ((size_t)200) /* bytes; NAME_MAX is 255, the rest of the template needs some */

/* At most MAX_LEN bytes, not through the middle of a UTF-8 character. */
static size_t cut_len(struct span key)
{
	size_t len = MAX_LEN;

	if (key.len <= MAX_LEN)
		return key.len;
	while (len > MAX_LEN - 3 && (key.ptr[len] & 0xC0) == 0x80)
		len--;
	return (key.ptr[len] & 0xC0) == 0x80 ? MAX_LEN : len;
}

enum status agg_safe_key(struct span key, struct buf *out)
{
	size_t len = cut_len(key);

	if (len == 0)
		return buf_add_str(out, "_none");
	TRY(buf_add(out, key.ptr, len));
	uint8_t *p = out->ptr + out->len - len;
	for (size_t i = 0; i < len; i++)
		if (p[i] == '/' || p[i] < 0x20 || p[i] == 0x7F)
			p[i] = '_';
	if (p[0] == '.')
		p[0] = '_';
	return STATUS_OK;
}
