/* iso2709_repair_test.c: damaged leaders and directories, case by case. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "read_record.h"

/* ---- leader ---- */

static void a_wrong_length_is_mended(void **state)
{
	char shorter[6], longer[6];
	const char *const wrong[] = { "00000", shorter, longer, "99999", "00900" };

	(void)state;
	snprintf(shorter, sizeof(shorter), "%05u", (unsigned)(made.n - 1) % 100000);
	snprintf(longer, sizeof(longer), "%05u", (unsigned)(made.n + 1) % 100000);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		put(0, wrong[i]);
		mended(FAULT_LENGTH_MISMATCH, SAMPLE_FIELDS, false);
		assert_sample();
		assert_int_equal(noted(FAULT_LENGTH_MISMATCH)->expected, made.n);
	}
}

static void a_length_that_is_no_number_or_impossible_is_mended(void **state)
{
	static const char *const wrong[] = { "x0x1x", "00025", "  180", "180  ", "+0180",
					     "\xFF\x01\x1e\x1d\x1f" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		put(0, wrong[i]);
		mended(FAULT_LEADER_LENGTH, SAMPLE_FIELDS, false);
		assert_sample();
	}
}

static void a_wrong_base_address_is_found(void **state)
{
	static const char *const wrong[] = { "00000", "00084", "00086", "00097", "00024", "0 08x", "     " };

	(void)state;
	assert_int_equal(made.base, 85);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		put(12, wrong[i]);
		mended(FAULT_BASE_ADDRESS, SAMPLE_FIELDS, false);
		assert_sample();
		assert_int_equal(noted(FAULT_BASE_ADDRESS)->expected, 85);
	}
	put(12, "99999");
	mended(FAULT_BASE_BEYOND, SAMPLE_FIELDS, false);
	assert_sample();
}

static void odd_leader_constants_are_noted_and_the_record_stays_verbatim(void **state)
{
	static const struct {
		size_t at;
		const char *bytes;
	} wrong[] = { { 20, "    " }, { 20, "xxxx" }, { 20, "45 0" }, { 20, "3400" }, { 10, "  " },
		      { 10, "32" } };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		make_record(&made, sample);
		put(wrong[i].at, wrong[i].bytes);
		mended(FAULT_LEADER, SAMPLE_FIELDS, true);
		assert_sample();
		assert_int_equal(noted(FAULT_LEADER)->offset, wrong[i].at);
	}
}

static void an_entry_map_that_is_true_is_followed(void **state)
{
	size_t at = 24;

	(void)state;
	/* entries of 3 + 3 + 4 + 1: one digit less in both numbers, one byte more at the end */
	for (uint32_t i = 0; i < SAMPLE_FIELDS; i++) {
		uint8_t e[12];

		memcpy(e, made.b + made_entry(i), 12);
		memcpy(made.b + at, e, 3);
		memcpy(made.b + at + 3, e + 4, 3);
		memcpy(made.b + at + 6, e + 8, 4);
		made.b[at + 10] = '*';
		at += 11;
	}
	made_remove(&made, at, made.base - 1 - at);
	made.base = (uint32_t)at + 1;
	made_settle(&made);
	put(20, "3410");
	mended(FAULT_LEADER, SAMPLE_FIELDS, false);
	assert_sample();
}

static void bytes_in_the_leader_that_are_no_text_show_as_question_marks(void **state)
{
	(void)state;
	made.b[6] = 0xE9;
	made.b[18] = 0x01;
	mended(FAULT_LEADER, SAMPLE_FIELDS, true);
	assert_sample();
	assert_int_equal(got.r.leader[6], '?');
	assert_int_equal(got.r.leader[18], '?');
	assert_int_equal(got.r.raw.ptr[6], 0xE9);
}

static void a_leader_that_lost_a_byte_is_read_again(void **state)
{
	(void)state;
	for (size_t at = 0; at < 24; at++) {
		make_record(&made, sample);
		made_remove(&made, at, 1);
		mended(at < 5 ? FAULT_LEADER_LENGTH : FAULT_LEADER, SAMPLE_FIELDS, false);
		assert_sample();
		assert_memory_equal(got.r.leader + 10, "22", 2);
		assert_int_equal(got.r.leader[20], '4');
	}
}

static void a_leader_that_gained_a_byte_is_read_again(void **state)
{
	(void)state;
	for (size_t at = 0; at < 24; at++) {
		make_record(&made, sample);
		made_insert(&made, at, "X", 1);
		mended(FAULT_LEADER, SAMPLE_FIELDS, false);
		assert_sample();
		assert_memory_equal(got.r.leader + 5, "nam a22", 7);
		assert_memory_equal(got.r.leader + 17, " a 4500", 7);
	}
}

static void an_unknown_coding_is_judged_by_the_text(void **state)
{
	(void)state;
	make_title("10" US "aCaf\xC3\xA9", 0);
	made.b[9] = 'u';
	mended(FAULT_LEADER, SAMPLE_FIELDS, true);
	assert_true(got.r.flags & RECORD_UTF8);
	make_title("10" US "aCaf\xE2" "e", 0);
	made.b[9] = 'u';
	mended(FAULT_LEADER, SAMPLE_FIELDS, true);
	assert_false(got.r.flags & RECORD_UTF8);
}

/* ---- directory ---- */

static void a_directory_with_a_tail_gives_its_whole_entries(void **state)
{
	(void)state;
	made_insert(&made, made.base - 1, "65000", 5);
	made.base += 5;
	made_settle(&made);
	mended(FAULT_DIRECTORY, SAMPLE_FIELDS, false);
	assert_sample();
}

static void a_directory_without_its_terminator_is_read(void **state)
{
	(void)state;
	made.b[made.base - 1] = ' ';
	mended(FAULT_DIRECTORY, SAMPLE_FIELDS, false);
	assert_sample();
	make_record(&made, sample);
	made_remove(&made, made.base - 1, 1);
	mended(FAULT_DIRECTORY, SAMPLE_FIELDS, false);
	assert_sample();
}

static void entries_without_numbers_are_mended_by_the_terminators(void **state)
{
	static const char *const wrong[] = { "00x2", "-001", "    ", "\x01\x02\x03\x04" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		make_record(&made, sample);
		put(made_entry(2) + 3, wrong[i]);
		mended(FAULT_DIRECTORY, SAMPLE_FIELDS, false);
		assert_sample();
	}
	make_record(&made, sample);
	put(made_entry(2) + 7, "0a0b0");
	mended(FAULT_DIRECTORY, SAMPLE_FIELDS, false);
	assert_sample();
	assert_int_equal(noted(FAULT_DIRECTORY)->tag, MARC_TAG('1', '0', '0'));
}

static void an_entry_without_numbers_is_dropped_when_the_terminators_disagree(void **state)
{
	(void)state;
	make_title("10" US "aTi\x1e" "tle", 0);
	put(made_entry(2) + 3, "00x2");
	mended(FAULT_DIRECTORY, SAMPLE_FIELDS - 1, false);
	assert_field(1, "008", sample[1].content);
	assert_field(2, "245", "10" US "aTi\x1e" "tle");
}

static void wrong_bounds_are_mended_by_the_terminators(void **state)
{
	static const struct {
		size_t at;
		const char *digits;
	} wrong[] = { { 7, "90000" }, { 3, "9000" }, { 3, "0014" }, { 3, "0016" }, { 3, "0000" },
		      { 7, "00020" }, { 7, "00022" }, { 7, "00000" } };

	(void)state;
	assert_memory_equal(made.b + made_entry(2), "100001500021", 12);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		make_record(&made, sample);
		put(made_entry(2) + wrong[i].at, wrong[i].digits);
		mended(FAULT_FIELD_BOUNDS, SAMPLE_FIELDS, false);
		assert_sample();
	}
}

static void wrong_bounds_beside_a_stray_terminator_are_mended_one_by_one(void **state)
{
	static const struct {
		const char *digits;
	} wrong[] = { { "9000" }, { "0014" }, { "0016" }, { "0000" } };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		make_title("10" US "aTi\x1e" "tle", 0);
		put(made_entry(2) + 3, wrong[i].digits);
		mended(FAULT_FIELD_BOUNDS, SAMPLE_FIELDS, false);
		assert_field(2, "100", sample[2].content);
		assert_field(3, "245", "10" US "aTi\x1e" "tle");
	}
	make_title("10" US "aTi\x1e" "tle", 0);
	put(made_entry(2) + 7, "90000");
	mended(FAULT_FIELD_BOUNDS, SAMPLE_FIELDS - 1, false);
}

static void two_entries_for_the_same_bytes_are_both_kept(void **state)
{
	(void)state;
	memcpy(made.b + made_entry(4) + 3, made.b + made_entry(3) + 3, 9);
	read_as(FAULT_NONE, RECOVERY_STRICT);
	assert_true(rejected());
	read_as(FAULT_NONE, RECOVERY_LENIENT);
	assert_false(rejected());
	assert_int_equal(got.r.count, SAMPLE_FIELDS);
	assert_non_null(noted(FAULT_FIELD_BOUNDS));
}

static void a_directory_in_another_order_is_legal(void **state)
{
	uint8_t e[12];

	(void)state;
	memcpy(e, made.b + made_entry(1), 12);
	memcpy(made.b + made_entry(1), made.b + made_entry(3), 12);
	memcpy(made.b + made_entry(3), e, 12);
	for (enum recovery mode = RECOVERY_STRICT; mode <= RECOVERY_PERMISSIVE; mode++) {
		read_as(FAULT_NONE, mode);
		assert_false(rejected());
		assert_int_equal(got.r.fault_count, 1);
		assert_int_equal(fault_severity(noted(FAULT_ORDER)), 'I');
		assert_int_equal(got.r.flags, RECORD_VERBATIM | RECORD_UTF8);
		assert_field(1, "245", sample[3].content);
		assert_field(3, "008", sample[1].content);
	}
}

static void bytes_that_no_field_has_are_legal(void **state)
{
	(void)state;
	made_insert(&made, made.base + 5, "gap", 3);
	for (uint32_t i = 1; i < SAMPLE_FIELDS; i++) {
		char start[6] = { 0 };

		memcpy(start, made.b + made_entry(i) + 7, 5);
		made_digits(&made, made_entry(i) + 7, strtoul(start, NULL, 10) + 3, 5);
	}
	made_settle(&made);
	read_as(FAULT_NONE, RECOVERY_STRICT);
	assert_false(rejected());
	assert_int_equal(got.r.fault_count, 1);
	assert_int_equal(fault_severity(noted(FAULT_GAP)), 'I');
	assert_int_equal(got.r.flags, RECORD_VERBATIM | RECORD_UTF8);
	assert_sample();
}

static void odd_tags_are_kept(void **state)
{
	static const char *const wrong[] = { "2 5", "24-", "\xC3\xA9x", "000" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		put(made_entry(3), wrong[i]);
		read_as(FAULT_NONE, RECOVERY_STRICT);
		assert_true(rejected());
		read_as(FAULT_NONE, RECOVERY_LENIENT);
		assert_false(rejected());
		assert_true(noted(FAULT_TAG)->repaired);
		assert_field(3, wrong[i], sample[3].content);
		assert_true(got.r.flags & RECORD_VERBATIM);
	}
}

static void a_record_without_fields_is_a_leader(void **state)
{
	static const struct made_field none[] = { { NULL, NULL, 0 } };

	(void)state;
	make_record(&made, none);
	mended(FAULT_NO_FIELDS, 0, true);
	assert_memory_equal(got.r.leader, made.b, 24);
}

static void data_without_a_directory_is_rejected(void **state)
{
	static const struct made_field none[] = { { NULL, NULL, 0 } };

	(void)state;
	make_record(&made, none);
	made_insert(&made, 25, "data\x1e", 5);
	made_settle(&made);
	hopeless(FAULT_NONE, FAULT_NO_FIELDS);
	assert_int_equal(got.r.count, 0);
	assert_true(got.r.flags & RECORD_VERBATIM);
}

static void a_second_001_is_kept(void **state)
{
	(void)state;
	put(made_entry(1), "001");
	mended(FAULT_DUPLICATE_001, SAMPLE_FIELDS, true);
	assert_true(span_eq(record_id(&got.r), SPAN_LIT("ocm1")));
}

static void entries_that_name_the_same_bytes_without_end_are_rejected(void **state)
{
	static struct made_field list[501];

	(void)state;
	for (int i = 0; i < 500; i++)
		list[i] = (struct made_field){ "650", " 0" US "aSubject heading", 0 };
	make_record(&made, list);
	for (uint32_t i = 0; i < 500; i++)
		put(made_entry(i) + 3, "050000000");
	put(made_entry(0) + 3, "0500xxxxx");
	hopeless(FAULT_NONE, FAULT_FIELD_BOUNDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_wrong_length_is_mended),
		T(a_length_that_is_no_number_or_impossible_is_mended),
		T(a_wrong_base_address_is_found),
		T(odd_leader_constants_are_noted_and_the_record_stays_verbatim),
		T(an_entry_map_that_is_true_is_followed),
		T(bytes_in_the_leader_that_are_no_text_show_as_question_marks),
		T(a_leader_that_lost_a_byte_is_read_again),
		T(a_leader_that_gained_a_byte_is_read_again),
		T(an_unknown_coding_is_judged_by_the_text),
		T(a_directory_with_a_tail_gives_its_whole_entries),
		T(a_directory_without_its_terminator_is_read),
		T(entries_without_numbers_are_mended_by_the_terminators),
		T(an_entry_without_numbers_is_dropped_when_the_terminators_disagree),
		T(wrong_bounds_are_mended_by_the_terminators),
		T(wrong_bounds_beside_a_stray_terminator_are_mended_one_by_one),
		T(two_entries_for_the_same_bytes_are_both_kept),
		T(a_directory_in_another_order_is_legal),
		T(bytes_that_no_field_has_are_legal),
		T(odd_tags_are_kept),
		T(a_record_without_fields_is_a_leader),
		T(data_without_a_directory_is_rejected),
		T(a_second_001_is_kept),
		T(entries_that_name_the_same_bytes_without_end_are_rejected),
	};

	return cmocka_run_group_tests_name("iso2709_repair", tests, NULL, NULL);
}
