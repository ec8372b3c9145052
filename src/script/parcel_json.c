/* parcel_json.c: a packed value as JSON, without a Lua state. Keys are in order already. */
#include <inttypes.h>

#include "base/json.h"
#include "script/parcel.h"
#include "script/parcel_bytes.h"

static enum status add_value(struct span *in, int depth, struct buf *out);

static enum status add_array(struct span *in, size_t n, int depth, struct buf *out)
{
	TRY(buf_add_byte(out, '['));
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			TRY(buf_add_byte(out, ','));
		TRY(add_value(in, depth, out));
	}
	return buf_add_byte(out, ']');
}

/* A key that is no string, as text. */
static enum status add_key(struct span *in, int depth, struct buf *out)
{
	if (in->len > 0 && in->ptr[0] == 's')
		return add_value(in, depth, out);
	if (in->len > 0 && (in->ptr[0] == 'T' || in->ptr[0] == 'n'))
		return STATUS_INVALID;
	TRY(buf_add_byte(out, '"'));
	TRY(add_value(in, depth, out));
	return buf_add_byte(out, '"');
}

/* With other keys than 1..n the items are members "1", "2" …. */
static enum status add_object(struct span *in, size_t n, size_t pairs, int depth, struct buf *out)
{
	TRY(buf_add_byte(out, '{'));
	for (size_t i = 0; i < n + pairs; i++) {
		if (i > 0)
			TRY(buf_add_byte(out, ','));
		if (i < n)
			TRY(buf_printf(out, "\"%zu\"", i + 1));
		else
			TRY(add_key(in, depth, out));
		TRY(buf_add_byte(out, ':'));
		TRY(add_value(in, depth, out));
	}
	return buf_add_byte(out, '}');
}

static enum status add_table(struct span *in, int depth, struct buf *out)
{
	size_t n, pairs;

	if (depth >= PARCEL_DEPTH || !parcel_get_counts(in, &n, &pairs))
		return STATUS_INVALID;
	if (n > 0 && pairs == 0)
		return add_array(in, n, depth + 1, out);
	return add_object(in, n, pairs, depth + 1, out);
}

static enum status add_value(struct span *in, int depth, struct buf *out)
{
	uint8_t tag;
	int64_t i;
	double d;
	struct span s;

	if (!parcel_get_byte(in, &tag))
		return STATUS_INVALID;
	switch (tag) {
	case 'n':
		return buf_add_str(out, "null");
	case 't':
		return buf_add_str(out, "true");
	case 'f':
		return buf_add_str(out, "false");
	case 'i':
		return parcel_get_int(in, &i) ? buf_printf(out, "%" PRId64, i) : STATUS_INVALID;
	case 'd':
		return parcel_get_double(in, &d) ? json_number(d, out) : STATUS_INVALID;
	case 's':
		return parcel_get_string(in, &s) ? json_string(s, out) : STATUS_INVALID;
	case 'T':
		return add_table(in, depth, out);
	default:
		return STATUS_INVALID;
	}
}

enum status parcel_to_json(struct span in, struct buf *out)
{
	size_t mark = out->len;
	enum status st = add_value(&in, 0, out);

	if (st == STATUS_OK && in.len > 0)
		st = STATUS_INVALID;
	if (st != STATUS_OK)
		out->len = mark;
	return st;
}
