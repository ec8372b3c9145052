/* foreign_test.c: what is refused as no ISO 2709 at all, and that damaged records are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "marc/foreign.h"

#define LEADER "00944nam a2200277 a 4500"

static const char *told(const char *text)
{
	return foreign_input((const uint8_t *)text, strlen(text));
}

static void other_forms_of_marc_are_refused_though_they_bring_leaders(void **state)
{
	(void)state;
	assert_non_null(strstr(told("<?xml version=\"1.0\"?>\n<record><leader>" LEADER "</leader></record>"), "marcxml"));
	assert_non_null(strstr(told("\xef\xbb\xbf\n=LDR  " LEADER "\n=001  x\n"), "mrk"));
	assert_non_null(strstr(told("[{\"leader\":\"" LEADER "\",\"fields\":[]}]"), "JSON"));
}

static void compressed_data_is_told_with_its_unpacker(void **state)
{
	(void)state;
	assert_non_null(strstr(told("\x1f\x8b\x08"), "zcat"));
	assert_non_null(strstr(told("BZh91AY"), "bzcat"));
}

static void a_leader_or_a_terminator_makes_it_marc(void **state)
{
	(void)state;
	assert_null(told(LEADER "001000400000"));
	assert_null(told("stray text " LEADER "001000400000"));
	assert_null(told("<p>stray markup</p>" LEADER "001000400000\x1e" "abc\x1e\x1d"));
	assert_null(told("nothing but a terminator\x1e"));
	assert_null(told(""));
	assert_null(told("\n\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_forms_of_marc_are_refused_though_they_bring_leaders),
		cmocka_unit_test(compressed_data_is_told_with_its_unpacker),
		cmocka_unit_test(a_leader_or_a_terminator_makes_it_marc),
	};

	return cmocka_run_group_tests_name("foreign", tests, NULL, NULL);
}
