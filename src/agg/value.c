/* value.c: a string, number or boolean of a script as bytes: a letter for its type, then the text, or the
 * eight bytes of the number as this machine has them (these bytes never leave the process). */
#include "agg/agg.h"

enum status agg_value_write(const struct agg_value *v, struct buf *out)
{
	TRY(buf_add_byte(out, (uint8_t)v->type));
	switch (v->type) {
	case VALUE_STRING:
		return buf_add_span(out, v->text);
	case VALUE_INT:
		return buf_add(out, &v->number.i, sizeof(v->number.i));
	case VALUE_DOUBLE:
		return buf_add(out, &v->number.d, sizeof(v->number.d));
	default:
		return STATUS_OK;
	}
}

struct agg_value agg_value_read(struct span bytes)
{
	struct agg_value v = { .type = (enum agg_value_type)bytes.ptr[0],
			       .text = span_of(bytes.ptr + 1, bytes.len - 1) };

	v.number.is_int = v.type == VALUE_INT;
	if (v.type == VALUE_INT)
		memcpy(&v.number.i, v.text.ptr, sizeof(v.number.i));
	else if (v.type == VALUE_DOUBLE)
		memcpy(&v.number.d, v.text.ptr, sizeof(v.number.d));
	return v;
}
