/* iso2709_oversize_test.c: fields over 9,999 and records over 99,999 bytes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "read_record.h"

static char long_text[120001];

/* The sample with a title of len content bytes; the numbers wrap as they must. */
static void make_long_title(size_t len)
{
	memset(long_text, 'x', sizeof(long_text));
	memcpy(long_text, "10" US "a", 4);
	make_title(long_text, len);
}

static void a_field_that_is_too_long_is_measured_by_its_terminator(void **state)
{
	static const char *const lengths[] = { "9999", "0000", "2346" };

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		make_long_title(12345);
		put(made_entry(3) + 3, lengths[i]);
		read_as(FAULT_NONE, RECOVERY_STRICT);
		assert_true(rejected());
		assert_false(noted(FAULT_FIELD_TOO_LONG)->repaired);
		read_as(FAULT_NONE, RECOVERY_LENIENT);
		assert_false(rejected());
		assert_int_equal(got.r.count, SAMPLE_FIELDS);
		assert_int_equal(got.r.field[3].len, 12345);
		assert_field(4, "650", " 0" US "aThings.");
		assert_false(got.r.flags & RECORD_VERBATIM);
	}
}

static void an_entry_with_five_digits_of_length_is_read(void **state)
{
	(void)state;
	make_long_title(12345);
	made_insert(&made, made_entry(3) + 3, "1", 1);
	put(made_entry(3) + 4, "2346");
	made.base++;
	made_settle(&made);
	read_as(FAULT_NONE, RECOVERY_LENIENT);
	assert_false(rejected());
	assert_true(noted(FAULT_FIELD_TOO_LONG)->repaired);
	assert_int_equal(got.r.count, SAMPLE_FIELDS);
	assert_int_equal(got.r.field[3].len, 12345);
	assert_field(4, "650", " 0" US "aThings.");
}

/* 30 fields of 4,000 bytes; the last eight begin or end beyond 99,999. */
static void make_long_record(void)
{
	static struct made_field list[31];

	memset(long_text, 'x', sizeof(long_text));
	memcpy(long_text, "10" US "a", 4);
	for (int i = 0; i < 30; i++)
		list[i] = (struct made_field){ "500", long_text, 3999 };
	make_record(&made, list);
	assert_true(made.n > 99999);
}

static void assert_long_record(void)
{
	read_as(FAULT_NONE, RECOVERY_STRICT);
	assert_true(rejected());
	assert_false(noted(FAULT_RECORD_TOO_LONG)->repaired);
	read_as(FAULT_NONE, RECOVERY_LENIENT);
	assert_false(rejected());
	assert_true(noted(FAULT_RECORD_TOO_LONG)->repaired);
	assert_int_equal(got.r.count, 30);
	for (uint32_t i = 0; i < 30; i++) {
		assert_int_equal(got.r.field[i].len, 3999);
		assert_ptr_equal(got.r.field[i].ptr, got.r.field[0].ptr + i * 4000);
	}
	assert_false(got.r.flags & RECORD_VERBATIM);
}

static void a_record_that_is_too_long_is_read_by_its_terminators(void **state)
{
	(void)state;
	make_long_record(); /* modulo 100,000 */
	assert_long_record();
	for (uint32_t i = 25; i < 30; i++)
		put(made_entry(i) + 7, "99999");
	put(0, "99999");
	assert_long_record();
	for (uint32_t i = 25; i < 30; i++)
		put(made_entry(i) + 7, "00000");
	put(0, "00000");
	assert_long_record();
	for (uint32_t i = 25; i < 30; i++)
		put(made_entry(i) + 3, "0000");
	assert_long_record();
}

static void six_digits_of_offset_or_length_are_read(void **state)
{
	(void)state;
	make_long_record();
	for (uint32_t i = 25; i < 30; i++) {
		made_insert(&made, made_entry(i) + 7 + (i - 25), "1", 1);
		made.base++;
	}
	made_settle(&made);
	assert_long_record();
	make_long_record();
	made_insert(&made, 0, "1", 1);
	assert_long_record();
}

static void a_record_that_is_too_long_and_unclear_is_rejected(void **state)
{
	(void)state;
	make_long_record();
	made.b[made.base + 500] = 0x1E;
	hopeless(FAULT_NONE, FAULT_RECORD_TOO_LONG);
	assert_int_equal(got.r.count, 0);
	assert_true(got.r.flags & RECORD_VERBATIM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_field_that_is_too_long_is_measured_by_its_terminator),
		T(an_entry_with_five_digits_of_length_is_read),
		T(a_record_that_is_too_long_is_read_by_its_terminators),
		T(six_digits_of_offset_or_length_are_read),
		T(a_record_that_is_too_long_and_unclear_is_rejected),
	};

	return cmocka_run_group_tests_name("iso2709_oversize", tests, NULL, NULL);
}
