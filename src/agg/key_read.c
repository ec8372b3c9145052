/* key_read.c: see key_read.h. */
#include "agg/key_read.h"

static int digit_value(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum status hex_read(struct span digits, struct buf *out)
{
	if (digits.len % 2 != 0)
		return STATUS_INVALID;
	for (size_t i = 0; i < digits.len; i += 2) {
		int high = digit_value(digits.ptr[i]), low = digit_value(digits.ptr[i + 1]);

		if (high < 0 || low < 0)
			return STATUS_INVALID;
		TRY(buf_add_byte(out, (uint8_t)(high << 4 | low)));
	}
	return STATUS_OK;
}

static struct span text_of(const json_t *string)
{
	return span_of(json_string_value(string), json_string_length(string));
}

enum status key_read(const json_t *from, struct buf *scratch, struct span *key)
{
	const json_t *text = json_object_get(from, "key"), *hex = json_object_get(from, "hex");

	if (!json_is_string(text) || (hex && !json_is_string(hex)))
		return STATUS_INVALID;
	*key = text_of(text);
	if (hex) {
		scratch->len = 0;
		TRY(hex_read(text_of(hex), scratch));
		*key = buf_span(scratch);
	}
	return STATUS_OK;
}

bool count_read(const json_t *from, const char *name, uint64_t *out)
{
	const json_t *n = json_object_get(from, name);

	if (!json_is_integer(n) || json_integer_value(n) < 0)
		return false;
	*out = (uint64_t)json_integer_value(n);
	return true;
}
