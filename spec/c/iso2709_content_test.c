/* iso2709_content_test.c: oddities inside fields, which are named and kept. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "read_record.h"

/* ---- bytes of fields ---- */

static void a_field_without_its_terminator_ends_where_the_directory_says(void **state)
{
	(void)state;
	made.b[made_find(&made, "10" US) - 1] = '!';
	mended(FAULT_FIELD_BOUNDS, SAMPLE_FIELDS, true);
	assert_field(2, "100", "1 " US "aAuthor, A.!");
	make_record(&made, sample);
	made.b[made.n - 2] = '!';
	mended(FAULT_FIELD_BOUNDS, SAMPLE_FIELDS, true);
	assert_field(4, "650", " 0" US "aThings.!");
}

static void a_terminator_inside_a_field_is_data(void **state)
{
	(void)state;
	make_title("10" US "aTi\x1etle", 0);
	mended(FAULT_FIELD_BOUNDS, SAMPLE_FIELDS, true);
	assert_field(3, "245", "10" US "aTi\x1etle");
	make_title("10" US "aTitle\x1e", 0);
	mended(FAULT_FIELD_BOUNDS, SAMPLE_FIELDS, true);
	make_title("10" US "aTi\x1dtle", 0);
	mended(FAULT_FIELD_BOUNDS, SAMPLE_FIELDS, true);
	assert_field(3, "245", "10" US "aTi\x1dtle");
}

static void missing_indicators_are_blanks(void **state)
{
	(void)state;
	make_title(US "aTitle", 0);
	mended(FAULT_INDICATOR, SAMPLE_FIELDS, true);
	assert_field(3, "245", "  " US "aTitle");
	make_title("1" US "aTitle", 0);
	mended(FAULT_INDICATOR, SAMPLE_FIELDS, true);
	assert_field(3, "245", "1 " US "aTitle");
}

static void indicators_that_are_no_characters_are_blanks(void **state)
{
	(void)state;
	make_title("\x01" "0" US "aTitle", 0);
	mended(FAULT_INDICATOR, SAMPLE_FIELDS, true);
	assert_field(3, "245", " 0" US "aTitle");
	make_title("\xC3\xA9" "0" US "aTitle", 0);
	mended(FAULT_INDICATOR, SAMPLE_FIELDS, true);
	assert_field(3, "245", " 0" US "aTitle");
	make_title("1\xE4\xB8\xAD" US "aTitle", 0);
	mended(FAULT_INDICATOR, SAMPLE_FIELDS, true);
	assert_field(3, "245", "1 " US "aTitle");
}

static void a_third_indicator_and_data_before_the_first_delimiter_stay(void **state)
{
	(void)state;
	make_title("104" US "aTitle", 0);
	mended(FAULT_INDICATOR, SAMPLE_FIELDS, true);
	assert_field(3, "245", "104" US "aTitle");
	make_title("10stray" US "aTitle", 0);
	mended(FAULT_STRAY_DATA, SAMPLE_FIELDS, true);
	assert_field(3, "245", "10stray" US "aTitle");
}

static void a_data_field_without_subfields_is_readable_raw_only(void **state)
{
	static const char *const wrong[] = { "10 no delimiter", "10", "1", "x" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		make_title(wrong[i], 0);
		mended(FAULT_NO_SUBFIELD, SAMPLE_FIELDS, true);
		assert_field(3, "245", wrong[i]);
		assert_int_equal(got.r.field[3].flags, FIELD_MALFORMED);
	}
}

static void an_empty_data_field_is_kept(void **state)
{
	static const struct made_field list[] = { { "001", "1", 0 }, { "245", "", 0 }, { NULL, NULL, 0 } };

	(void)state;
	make_record(&made, list);
	mended(FAULT_NO_SUBFIELD, 2, true);
	assert_field(1, "245", "");
}

static void empty_subfields_are_noted(void **state)
{
	static const char *const wrong[] = { "10" US "aTitle" US, "10" US "a" US "bx", "10" US US "aTitle",
					     "10" US "a", "10\x1f" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		make_title(wrong[i], 0);
		mended(FAULT_EMPTY_SUBFIELD, SAMPLE_FIELDS, true);
		assert_field(3, "245", wrong[i]);
	}
}

static void odd_subfield_codes_are_noted(void **state)
{
	static const char *const wrong[] = { "10" US " Title", "10" US "\xC3\xA9Title", "10" US "\x7fTitle",
					     "10" US "ax" US "\x01y" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		make_title(wrong[i], 0);
		mended(FAULT_SUBFIELD_CODE, SAMPLE_FIELDS, true);
		assert_field(3, "245", wrong[i]);
	}
}

static void a_delimiter_in_a_control_field_is_data(void **state)
{
	(void)state;
	put(made_find(&made, "s2010"), US);
	mended(FAULT_DELIMITER_IN_CONTROL, SAMPLE_FIELDS, true);
	make_record(&made, sample);
	put(made_entry(4), "009");
	mended(FAULT_DELIMITER_IN_CONTROL, SAMPLE_FIELDS, true);
}

static void control_characters_are_kept_and_noted(void **state)
{
	static const char wrong[] = { 0x00, 0x01, 0x0B, 0x1B, 0x1C, 0x7F };
	char text[] = "10" US "aTi_tle";

	(void)state;
	for (size_t i = 0; i < sizeof(wrong); i++) {
		text[6] = wrong[i];
		make_title(text, sizeof(text) - 1);
		mended(FAULT_CONTROL_CHARACTER, SAMPLE_FIELDS, true);
		assert_memory_equal(got.r.field[3].ptr, text, sizeof(text) - 1);
		assert_int_equal(noted(FAULT_CONTROL_CHARACTER)->found, wrong[i]);
	}
}

static void line_ends_in_data_are_a_warning_even_in_strict(void **state)
{
	(void)state;
	make_title("10" US "aTi\r\ntle", 0);
	for (enum recovery mode = RECOVERY_STRICT; mode <= RECOVERY_PERMISSIVE; mode++) {
		read_as(FAULT_NONE, mode);
		assert_false(rejected());
		assert_int_equal(fault_severity(noted(FAULT_CONTROL_CHARACTER)), 'W');
		assert_true(got.r.flags & RECORD_VERBATIM);
	}
}

static void ill_formed_utf8_is_kept_and_noted(void **state)
{
	static const char *const wrong[] = { "\xE9z", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
					     "\xC3" };
	char text[30];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		snprintf(text, sizeof(text), "10" US "aab%s" US "cok", wrong[i]);
		make_title(text, 0);
		mended(FAULT_UTF8, SAMPLE_FIELDS, true);
		assert_field(3, "245", text);
		assert_int_equal(noted(FAULT_UTF8)->offset, made_find(&made, text) + 6);
		assert_int_equal(noted(FAULT_UTF8)->tag, MARC_TAG('2', '4', '5'));
		made.b[9] = ' ';
		read_as(FAULT_NONE, RECOVERY_STRICT);
		assert_int_equal(got.r.fault_count, 0);
	}
}

static void a_character_cut_by_the_end_of_its_field_is_seen(void **state)
{
	(void)state;
	make_title("10" US "aTitl\xC3", 0);
	mended(FAULT_UTF8, SAMPLE_FIELDS, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_field_without_its_terminator_ends_where_the_directory_says),
		T(a_terminator_inside_a_field_is_data),
		T(missing_indicators_are_blanks),
		T(indicators_that_are_no_characters_are_blanks),
		T(a_third_indicator_and_data_before_the_first_delimiter_stay),
		T(a_data_field_without_subfields_is_readable_raw_only),
		T(an_empty_data_field_is_kept),
		T(empty_subfields_are_noted),
		T(odd_subfield_codes_are_noted),
		T(a_delimiter_in_a_control_field_is_data),
		T(control_characters_are_kept_and_noted),
		T(line_ends_in_data_are_a_warning_even_in_strict),
		T(ill_formed_utf8_is_kept_and_noted),
		T(a_character_cut_by_the_end_of_its_field_is_seen),
	};

	return cmocka_run_group_tests_name("iso2709_content", tests, NULL, NULL);
}
