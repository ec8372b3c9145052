/* iso2709_write_test.c: records leave as they came or are built anew, and beyond the limits not at all. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "make_record.h"
#include "marc/iso2709.h"

static const struct made_field sample[] = {
	{ "001", "ocm1", 0 },
	{ "008", "100101s2010    ", 0 },
	{ "245", "10" US "aTitle /" US "cby A.", 0 },
	{ NULL, NULL, 0 },
};

static char long_text[100001];

/* A record of `count` data fields of `len` content bytes each. */
static struct record big_record(struct field *list, uint32_t count, uint32_t len)
{
	struct record r = { .field = list, .count = count };

	memset(long_text, 'x', sizeof(long_text));
	memcpy(long_text, "  " US "a", 4);
	memcpy(r.leader, "00000nam a2200000 a 4500", 24);
	for (uint32_t i = 0; i < count; i++)
		list[i] = (struct field){ .ptr = (const uint8_t *)long_text, .len = len,
					  .tag = MARC_TAG('5', '0', '0') & 0xFFFFFF };
	return r;
}

static void a_rebuilt_record_has_the_bytes_it_should_have(void **state)
{
	static struct made m;
	struct arena a;
	struct record r;
	struct buf out;
	struct fault why;

	(void)state;
	make_record(&m, sample);
	arena_init(&a, 0);
	buf_init(&out, BUF_NO_LIMIT);
	assert_int_equal(iso2709_read(span_of(m.b, m.n), FAULT_NONE, RECOVERY_STRICT, &a, &r), STATUS_OK);
	r.flags &= ~(uint32_t)RECORD_VERBATIM;
	assert_int_equal(iso2709_write(&r, &out, &why), STATUS_OK);
	assert_true(span_eq(buf_span(&out), span_of(m.b, m.n)));
	r.flags |= RECORD_VERBATIM | RECORD_DRAFT;
	assert_int_equal(iso2709_write(&r, &out, &why), STATUS_OK);
	assert_int_equal(out.len, 2 * m.n);
	assert_memory_equal(out.ptr + m.n, m.b, m.n);
	buf_release(&out);
	arena_release(&a);
}

static void a_verbatim_record_leaves_byte_for_byte(void **state)
{
	const struct record r = { .flags = RECORD_VERBATIM, .raw = SPAN_LIT("whatever came") };
	struct fault why;
	struct buf out;

	(void)state;
	buf_init(&out, BUF_NO_LIMIT);
	assert_int_equal(iso2709_write(&r, &out, &why), STATUS_OK);
	assert_true(span_eq(buf_span(&out), r.raw));
	buf_release(&out);
}

static void leader_constants_are_set_and_the_rest_stays(void **state)
{
	struct record r = { .count = 0 };
	struct fault why;
	struct buf out;

	(void)state;
	memcpy(r.leader, "99999cxx z99888887u 1111", 24);
	buf_init(&out, BUF_NO_LIMIT);
	assert_int_equal(iso2709_write(&r, &out, &why), STATUS_OK);
	assert_int_equal(out.len, 26);
	assert_memory_equal(out.ptr, "00026cxx z22000257u 4500\x1e\x1d", 26);
	buf_release(&out);
}

static void the_longest_field_is_written_and_one_byte_more_is_refused(void **state)
{
	struct field list[1];
	struct record r = big_record(list, 1, 9998);
	struct fault why;
	struct buf out;

	(void)state;
	buf_init(&out, BUF_NO_LIMIT);
	assert_int_equal(buf_add_str(&out, "before"), STATUS_OK);
	assert_int_equal(iso2709_write(&r, &out, &why), STATUS_OK);
	assert_memory_equal(out.ptr + 6 + 24, "500999900000", 12);
	out.len = 6;
	list[0].len = 9999;
	assert_int_equal(iso2709_write(&r, &out, &why), STATUS_INVALID);
	assert_int_equal(out.len, 6);
	assert_int_equal(why.code, FAULT_UNWRITABLE);
	assert_int_equal(why.tag, MARC_TAG('5', '0', '0'));
	assert_int_equal(why.found, 10000);
	assert_int_equal(why.expected, 9999);
	assert_int_equal(fault_severity(&why), 'E');
	buf_release(&out);
}

static void the_longest_record_is_written_and_one_byte_more_is_refused(void **state)
{
	struct field list[11];
	struct record r = big_record(list, 11, 9000);
	struct fault why;
	struct buf out;

	(void)state;
	buf_init(&out, BUF_NO_LIMIT);
	list[10].len = 99999 - (24 + 2 + 11 * 13) - 10 * 9000;
	assert_int_equal(iso2709_write(&r, &out, &why), STATUS_OK);
	assert_int_equal(out.len, 99999);
	assert_memory_equal(out.ptr, "99999", 5);
	out.len = 0;
	list[10].len++;
	assert_int_equal(iso2709_write(&r, &out, &why), STATUS_INVALID);
	assert_int_equal(out.len, 0);
	assert_int_equal(why.found, 100000);
	assert_int_equal(why.tag, 0);
	buf_release(&out);
}

static void a_tag_with_a_delimiter_is_refused(void **state)
{
	struct field list[1];
	struct record r = big_record(list, 1, 10);
	struct fault why;
	struct buf out;

	(void)state;
	buf_init(&out, BUF_NO_LIMIT);
	for (uint8_t c = 0x1C; c <= 0x20; c++)
		for (int shift = 0; shift < 24; shift += 8) {
			bool breaks = c >= 0x1D && c <= 0x1F;

			uint32_t tag = MARC_TAG('5', '0', '0') & ~(0xFFu << shift);

			list[0].tag = (tag | (uint32_t)c << shift) & 0xFFFFFF;
			assert_int_equal(iso2709_write(&r, &out, &why), breaks ? STATUS_INVALID : STATUS_OK);
		}
	buf_release(&out);
}

static void a_full_buffer_or_no_memory_appends_nothing(void **state)
{
	struct field list[1];
	struct record r = big_record(list, 1, 100);
	struct fault why;
	struct buf out;

	(void)state;
	buf_init(&out, 138);
	assert_int_equal(iso2709_write(&r, &out, &why), STATUS_MEMORY);
	assert_int_equal(out.len, 0);
	out.limit = 139;
	mem_fail_after(0, false);
	assert_int_equal(iso2709_write(&r, &out, &why), STATUS_MEMORY);
	assert_int_equal(out.len, 0);
	assert_int_equal(iso2709_write(&r, &out, &why), STATUS_OK);
	assert_int_equal(out.len, 139);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rebuilt_record_has_the_bytes_it_should_have),
		cmocka_unit_test(a_verbatim_record_leaves_byte_for_byte),
		cmocka_unit_test(leader_constants_are_set_and_the_rest_stays),
		cmocka_unit_test(the_longest_field_is_written_and_one_byte_more_is_refused),
		cmocka_unit_test(the_longest_record_is_written_and_one_byte_more_is_refused),
		cmocka_unit_test(a_tag_with_a_delimiter_is_refused),
		cmocka_unit_test(a_full_buffer_or_no_memory_appends_nothing),
	};

	return cmocka_run_group_tests_name("iso2709_write", tests, NULL, NULL);
}
