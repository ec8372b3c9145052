/* table_test.c: rows as CSV, TSV and JSON lines. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "agg/agg.h"
#include "base/alloc.h"

static char *two[] = { (char *)"id", (char *)"the, title" };

static struct agg_decl table_of(enum table_format format)
{
	return (struct agg_decl){
		.kind = AGG_TABLE,
		.columns = two,
		.column_count = 2,
		.format = format,
		.delimiter = format == TABLE_TSV ? '\t' : ',',
		.list = (char *)"; ",
	};
}

static void assert_text(struct buf *out, const char *expected)
{
	assert_int_equal(out->len, strlen(expected));
	assert_memory_equal(out->ptr, expected, out->len);
	buf_release(out);
}

/* The row {id = text, "the, title" = {"a", "b\"c"}}. */
static enum status write_row(const struct agg_decl *t, struct span text, struct buf *out)
{
	const struct span items[] = { SPAN_LIT("a"), SPAN_LIT("b\"c") };

	TRY(table_cell_begin(t, 0, out));
	TRY(table_text(t, text, out));
	TRY(table_cell_begin(t, 1, out));
	TRY(table_list(t, items, 2, out));
	return table_row_end(t, out);
}

static void check_row(enum table_format format, struct span text, const char *expected)
{
	struct agg_decl t = table_of(format);
	struct buf out;

	buf_init(&out, BUF_NO_LIMIT);
	assert_int_equal(write_row(&t, text, &out), STATUS_OK);
	assert_text(&out, expected);
}

static void csv_quotes_only_what_needs_it(void **unused)
{
	(void)unused;
	check_row(TABLE_CSV, SPAN_LIT("plain"), "plain,\"a; b\"\"c\"\n");
	check_row(TABLE_CSV, SPAN_LIT("a,b"), "\"a,b\",\"a; b\"\"c\"\n");
	check_row(TABLE_CSV, SPAN_LIT("\""), "\"\"\"\",\"a; b\"\"c\"\n");
	check_row(TABLE_CSV, SPAN_LIT("two\nlines\r"), "\"two\nlines\r\",\"a; b\"\"c\"\n");
	check_row(TABLE_CSV, SPAN_LIT("cr\r"), "\"cr\r\",\"a; b\"\"c\"\n");
	check_row(TABLE_CSV, SPAN_LIT("lf\n"), "\"lf\n\",\"a; b\"\"c\"\n");
	check_row(TABLE_CSV, SPAN_LIT(""), ",\"a; b\"\"c\"\n");
	check_row(TABLE_CSV, SPAN_LIT("tab\there"), "tab\there,\"a; b\"\"c\"\n");
}

static void another_delimiter_is_the_one_that_is_quoted(void **unused)
{
	struct agg_decl t = table_of(TABLE_CSV);
	struct buf out;

	(void)unused;
	buf_init(&out, BUF_NO_LIMIT);
	t.delimiter = ';';
	assert_int_equal(write_row(&t, SPAN_LIT("a,b"), &out), STATUS_OK);
	assert_text(&out, "a,b;\"a; b\"\"c\"\n");
}

static void tsv_blanks_what_would_break_the_line(void **unused)
{
	(void)unused;
	check_row(TABLE_TSV, SPAN_LIT("a\tb\nc\rd"), "a b c d\ta; b\"c\n");
}

static void json_lines_are_objects_and_never_ill_formed(void **unused)
{
	(void)unused;
	check_row(TABLE_JSONL, SPAN_LIT("q\"\\\n\x01"),
		  "{\"id\":\"q\\\"\\\\\\n\\u0001\",\"the, title\":[\"a\",\"b\\\"c\"]}\n");
	check_row(TABLE_JSONL, SPAN_LIT("\xC3\xA4 \xFF\xE2\x82"),
		  "{\"id\":\"\xC3\xA4 \xEF\xBF\xBD\xEF\xBF\xBD\",\"the, title\":[\"a\",\"b\\\"c\"]}\n");
}

static void the_header_names_the_columns(void **unused)
{
	struct agg_decl t = table_of(TABLE_CSV);
	struct buf out;

	(void)unused;
	buf_init(&out, BUF_NO_LIMIT);
	assert_int_equal(table_header(&t, &out), STATUS_OK);
	assert_text(&out, "id,\"the, title\"\n");
	t.bom = true;
	assert_int_equal(table_header(&t, &out), STATUS_OK);
	assert_text(&out, "\xEF\xBB\xBFid,\"the, title\"\n");
	t = table_of(TABLE_JSONL);
	assert_int_equal(table_header(&t, &out), STATUS_OK);
	assert_text(&out, "");
}

static void null_is_an_empty_cell_and_numbers_are_bare(void **unused)
{
	struct agg_decl t = table_of(TABLE_CSV);
	struct buf out;

	(void)unused;
	buf_init(&out, BUF_NO_LIMIT);
	assert_int_equal(table_cell_begin(&t, 0, &out), STATUS_OK);
	assert_int_equal(table_raw(&t, SPAN_LIT("null"), &out), STATUS_OK);
	assert_int_equal(table_cell_begin(&t, 1, &out), STATUS_OK);
	assert_int_equal(table_raw(&t, SPAN_LIT("1.5"), &out), STATUS_OK);
	assert_text(&out, ",1.5");
	t.format = TABLE_JSONL;
	assert_int_equal(table_raw(&t, SPAN_LIT("null"), &out), STATUS_OK);
	assert_text(&out, "null");
}

static void the_only_cell_of_a_row_shows_that_it_is_empty(void **unused)
{
	struct agg_decl t = table_of(TABLE_CSV);
	struct buf out;

	(void)unused;
	buf_init(&out, BUF_NO_LIMIT);
	t.column_count = 1;
	assert_int_equal(table_text(&t, span_of(NULL, 0), &out), STATUS_OK);
	assert_text(&out, "\"\"");
}

static void a_full_buffer_is_reported_at_every_step(void **unused)
{
	struct agg_decl t = table_of(TABLE_CSV);

	(void)unused;
	for (size_t limit = 0;; limit++) {
		struct buf out;

		buf_init(&out, limit);
		enum status st = write_row(&t, SPAN_LIT("a,\"b"), &out);
		buf_release(&out);
		if (st == STATUS_OK) {
			assert_int_equal(limit, strlen("\"a,\"\"b\",\"a; b\"\"c\"\n"));
			break;
		}
		assert_int_equal(st, STATUS_MEMORY);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_quotes_only_what_needs_it),
		cmocka_unit_test(another_delimiter_is_the_one_that_is_quoted),
		cmocka_unit_test(tsv_blanks_what_would_break_the_line),
		cmocka_unit_test(json_lines_are_objects_and_never_ill_formed),
		cmocka_unit_test(the_header_names_the_columns),
		cmocka_unit_test(null_is_an_empty_cell_and_numbers_are_bare),
		cmocka_unit_test(the_only_cell_of_a_row_shows_that_it_is_empty),
		cmocka_unit_test(a_full_buffer_is_reported_at_every_step),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
