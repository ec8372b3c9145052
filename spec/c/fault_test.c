/* fault_test.c: the list of faults is one list, and codes are found in it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/fault.h"

static void every_code_is_found_again_and_has_a_sentence(void **state)
{
	(void)state;
	for (int i = FAULT_NONE + 1; i < FAULT_CODE_COUNT; i++) {
		enum fault_code code = (enum fault_code)i;

		assert_int_equal(strlen(fault_code_text(code)), 4);
		assert_int_equal(fault_from_text(fault_code_text(code)), code);
		assert_true(strlen(fault_message(code)) > 5);
	}
}

static void what_is_no_code_is_none(void **state)
{
	(void)state;
	assert_int_equal(fault_from_text(""), FAULT_NONE);
	assert_int_equal(fault_from_text("E000"), FAULT_NONE);
	assert_int_equal(fault_from_text("e106"), FAULT_NONE);
	assert_string_equal(fault_code_text(FAULT_NONE), "");
	assert_string_equal(fault_code_text(FAULT_CODE_COUNT), "");
	assert_string_equal(fault_message(FAULT_CODE_COUNT), "unknown fault");
}

static void a_repaired_fault_is_a_warning_and_a_note_stays_a_note(void **state)
{
	struct fault f = { .code = FAULT_FIELD_BOUNDS };

	(void)state;
	assert_int_equal(fault_severity(&f), 'E');
	f.repaired = true;
	assert_int_equal(fault_severity(&f), 'W');
	f.code = FAULT_GAP;
	assert_int_equal(fault_severity(&f), 'I');
	f.code = FAULT_NONE;
	assert_int_equal(fault_severity(&f), 'I');
}

static void codes_shared_with_other_tools_keep_their_meaning(void **state)
{
	(void)state;
	assert_int_equal(fault_from_text("E001"), FAULT_LEADER_LENGTH);
	assert_int_equal(fault_from_text("E005"), FAULT_TRUNCATED);
	assert_int_equal(fault_from_text("E106"), FAULT_FIELD_BOUNDS);
	assert_int_equal(fault_from_text("E301"), FAULT_UTF8);
	assert_int_equal(fault_from_text("E404"), FAULT_UNWRITABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_is_found_again_and_has_a_sentence),
		cmocka_unit_test(what_is_no_code_is_none),
		cmocka_unit_test(a_repaired_fault_is_a_warning_and_a_note_stays_a_note),
		cmocka_unit_test(codes_shared_with_other_tools_keep_their_meaning),
	};

	return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
