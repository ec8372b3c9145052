/* path_error.c: an error as people see it: sentence, the line, a caret.
 *
 * Columns are bytes in struct path_error, and code points on the screen: the caret stands below the
 * character. */
#include "base/utf8.h"
#include "marc/path_internal.h"

/* The line of the text that the column is on; column becomes relative to it. */
static struct span line_of(struct span text, size_t *column)
{
	size_t from = *column, to = *column;

	while (from > 0 && text.ptr[from - 1] != '\n')
		from--;
	while (to < text.len && text.ptr[to] != '\n')
		to++;
	*column -= from;
	return span_of(text.ptr + from, to - from);
}

static enum status add_shown(struct buf *out, struct span line)
{
	for (size_t i = 0; i < line.len; i++) {
		uint8_t c = line.ptr[i];

		TRY(buf_add_byte(out, c == '\t' ? ' ' : c < 0x20 || c == 0x7F ? '?' : c));
	}
	return STATUS_OK;
}

enum status path_error_text(struct span text, const struct path_error *err, struct buf *out)
{
	size_t column = err->column < text.len ? err->column : text.len;
	size_t mark = out->len;
	enum status st = buf_printf(out, "%s (column %zu)\n  ", err->message, column + 1);
	struct span line = text.len > 0 ? line_of(text, &column) : text;

	if (st == STATUS_OK)
		st = add_shown(out, line);
	if (st == STATUS_OK)
		st = buf_add_str(out, "\n  ");
	for (size_t i = line.len ? utf8_count(span_of(line.ptr, column)) : 0; i > 0 && st == STATUS_OK; i--)
		st = buf_add_byte(out, ' ');
	if (st == STATUS_OK)
		st = buf_add_byte(out, '^');
	if (st != STATUS_OK)
		out->len = mark;
	return st;
}
