/* json.c: JSON text out; which objects there are is the caller's business. */
#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

static enum status escape(uint32_t cp, struct buf *out)
{
	switch (cp) {
	case '"': return buf_add_str(out, "\\\"");
	case '\\': return buf_add_str(out, "\\\\");
	case '\n': return buf_add_str(out, "\\n");
	case '\r': return buf_add_str(out, "\\r");
	case '\t': return buf_add_str(out, "\\t");
	default: return buf_printf(out, "\\u%04x", (unsigned)cp);
	}
}

static bool plain(uint8_t c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

enum status json_string(struct span s, struct buf *out)
{
	size_t i = 0;

	TRY(buf_add_byte(out, '"'));
	while (i < s.len) {
		size_t run = i;

		while (run < s.len && plain(s.ptr[run]))
			run++;
		TRY(buf_add(out, s.ptr + i, run - i));
		i = run;
		if (i == s.len)
			break;

		uint32_t cp;
		uint8_t bytes[4];
		size_t len = utf8_decode(span_of(s.ptr + i, s.len - i), &cp);

		if (cp < 0x80)
			TRY(escape(cp, out));
		else
			TRY(buf_add(out, bytes, utf8_encode(cp, bytes)));
		i += len;
	}
	return buf_add_byte(out, '"');
}

enum status json_number(double v, struct buf *out)
{
	char text[32];

	if (!isfinite(v))
		return buf_add_str(out, "null");
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	return buf_add_str(out, text);
}
