/* table.c: rows of a declared table as CSV (RFC 4180, but lines end in LF), TSV or JSON lines.
 *
 * A cell is first appended as it is and then quoted in place if it needs to be: most need nothing. A table
 * of one column quotes its empty cells, since readers skip an empty line. */
#include "agg/agg.h"

#include "base/json.h"

static bool needs_quotes(const struct agg_decl *t, const struct buf *out, size_t mark)
{
	for (size_t i = mark; i < out->len; i++) {
		uint8_t c = out->ptr[i];

		if (c == '"' || c == '\n' || c == '\r' || c == (uint8_t)t->delimiter)
			return true;
	}
	return out->len == mark && t->column_count == 1;
}

/* Quote what stands behind mark, from the end to the front, so that nothing is copied aside. */
static enum status quote_csv(const struct agg_decl *t, struct buf *out, size_t mark)
{
	size_t len = out->len - mark, quotes = 0;

	if (!needs_quotes(t, out, mark))
		return STATUS_OK;
	for (size_t i = mark; i < out->len; i++)
		quotes += out->ptr[i] == '"';
	TRY(buf_reserve(out, quotes + 2));
	uint8_t *cell = out->ptr + mark;
	size_t to = len + quotes + 2;
	out->len = mark + to;
	cell[--to] = '"';
	while (len-- > 0) {
		cell[--to] = cell[len];
		if (cell[len] == '"')
			cell[--to] = '"';
	}
	cell[0] = '"';
	return STATUS_OK;
}

static void blank_tsv(const struct agg_decl *t, struct buf *out, size_t mark)
{
	for (size_t i = mark; i < out->len; i++)
		if (out->ptr[i] == '\n' || out->ptr[i] == '\r' || out->ptr[i] == (uint8_t)t->delimiter)
			out->ptr[i] = ' ';
}

static enum status finish_cell(const struct agg_decl *t, struct buf *out, size_t mark)
{
	if (t->format == TABLE_CSV)
		return quote_csv(t, out, mark);
	blank_tsv(t, out, mark);
	return STATUS_OK;
}

enum status table_header(const struct agg_decl *t, struct buf *out)
{
	if (t->format == TABLE_JSONL)
		return STATUS_OK;
	if (t->bom)
		TRY(buf_add_str(out, "\xEF\xBB\xBF"));
	for (size_t i = 0; i < t->column_count; i++) {
		TRY(table_cell_begin(t, i, out));
		TRY(table_text(t, span_str(t->columns[i]), out));
	}
	return table_row_end(t, out);
}

enum status table_cell_begin(const struct agg_decl *t, size_t column, struct buf *out)
{
	if (t->format != TABLE_JSONL)
		return column > 0 ? buf_add_byte(out, (uint8_t)t->delimiter) : STATUS_OK;
	TRY(buf_add_byte(out, column > 0 ? ',' : '{'));
	TRY(json_string(span_str(t->columns[column]), out));
	return buf_add_byte(out, ':');
}

enum status table_text(const struct agg_decl *t, struct span text, struct buf *out)
{
	size_t mark = out->len;

	if (t->format == TABLE_JSONL)
		return json_string(text, out);
	TRY(buf_add_span(out, text));
	return finish_cell(t, out, mark);
}

enum status table_raw(const struct agg_decl *t, struct span json, struct buf *out)
{
	if (t->format == TABLE_JSONL)
		return buf_add_span(out, json);
	return table_text(t, span_eq(json, SPAN_LIT("null")) ? span_of(NULL, 0) : json, out);
}

static enum status json_list(const struct span *items, size_t count, struct buf *out)
{
	TRY(buf_add_byte(out, '['));
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			TRY(buf_add_byte(out, ','));
		TRY(json_string(items[i], out));
	}
	return buf_add_byte(out, ']');
}

enum status table_list(const struct agg_decl *t, const struct span *items, size_t count, struct buf *out)
{
	size_t mark = out->len;

	if (t->format == TABLE_JSONL)
		return json_list(items, count, out);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			TRY(buf_add_str(out, t->list));
		TRY(buf_add_span(out, items[i]));
	}
	return finish_cell(t, out, mark);
}

enum status table_row_end(const struct agg_decl *t, struct buf *out)
{
	return buf_add_str(out, t->format == TABLE_JSONL ? "}\n" : "\n");
}
