/* mrk_read_test.c: what the writer of the mnemonic form wrote comes back, cut text stays in its bounds, memory may fail. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "marc/mrk.h"
#include "marc/mrk_read.h"

static const char two_records[] = "=LDR  00114cas a2200061 i 4500\n=001  one\n=245  10$aA {lcub}b{rcub} \\ {dollar}5$b$czwei \xC3\xA9\n"
				  "\n=001  two\n=003  a\\b{bsol}\n=999  \\9$ax\n\n";

/* Read all records of text; the status that ended it, the mnemonic form of all in out. */
static enum status read_all(struct span text, struct buf *out, struct mrk_reader *r)
{
	struct arena arena;
	struct draft *d = NULL;
	enum status st;

	arena_init(&arena, 0);
	mrk_reader_init(r, text);
	do {
		st = mrk_read(r, &arena, &d);
		if (st == STATUS_OK && d)
			st = mrk_write(&d->view, false, out);
	} while (st == STATUS_OK && d);
	mrk_reader_release(r);
	arena_release(&arena);
	return st;
}

static void records_come_back_as_they_were_written(void **state)
{
	static const char expected[] =
		"=LDR  00080cas a2200049 i 4500\n=001  one\n=245  10$aA {lcub}b{rcub} \\ {dollar}5$b$czwei \xC3\xA9\n\n"
		"=LDR  00077nam a2200061   4500\n=001  two\n=003  a\\b{bsol}\n=999  \\9$ax\n\n";
	struct mrk_reader r;
	struct buf out;

	(void)state;
	buf_init(&out, BUF_NO_LIMIT);
	assert_int_equal(read_all(SPAN_LIT(two_records), &out, &r), STATUS_OK);
	assert_int_equal(out.len, strlen(expected));
	assert_memory_equal(out.ptr, expected, out.len);
	buf_release(&out);
}

/* Every cut of the text, in a block of just that length, is read to its end or refused with a place inside of it. */
static void cut_text_is_never_read_beyond_its_end(void **state)
{
	long before = mem_live();

	(void)state;
	for (size_t len = 0; len < sizeof(two_records); len++) {
		struct buf out;
		struct mrk_reader r;
		uint8_t *copy = test_malloc(len + 1);

		buf_init(&out, BUF_NO_LIMIT);
		memcpy(copy + 1, two_records, len);
		if (read_all(span_of(copy + 1, len), &out, &r) != STATUS_OK) {
			assert_non_null(r.error);
			assert_in_range(r.error_line, 1, 8);
			assert_in_range(r.error_column, 1, 60);
		}
		test_free(copy);
		buf_release(&out);
	}
	assert_int_equal(mem_live(), before);
}

static void an_error_names_its_line_and_column(void **state)
{
	struct mrk_reader r;
	struct buf out;

	(void)state;
	buf_init(&out, BUF_NO_LIMIT);
	assert_int_equal(read_all(SPAN_LIT("=001  x\n\n=245  10$a\xC3\xA9{acute}"), &out, &r), STATUS_INVALID);
	assert_int_equal(r.error_line, 3);
	assert_int_equal(r.error_column, 12);
	buf_release(&out);
}

static void failing_memory_is_reported_and_nothing_is_lost(void **state)
{
	long before = mem_live();
	enum status st = STATUS_MEMORY;

	(void)state;
	for (long k = 0; st != STATUS_OK; k++) {
		struct mrk_reader r;
		struct buf out;

		assert_true(k < 100);
		buf_init(&out, BUF_NO_LIMIT);
		mem_fail_after(k, false);
		st = read_all(SPAN_LIT(two_records), &out, &r);
		assert_true(st == STATUS_OK ? mem_refused() == 0 : st == STATUS_MEMORY);
		mem_fail_after(-1, false);
		buf_release(&out);
	}
	assert_int_equal(mem_live(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_back_as_they_were_written),
		cmocka_unit_test(cut_text_is_never_read_beyond_its_end),
		cmocka_unit_test(an_error_names_its_line_and_column),
		cmocka_unit_test(failing_memory_is_reported_and_nothing_is_lost),
	};

	return cmocka_run_group_tests_name("mrk_read", tests, NULL, NULL);
}
