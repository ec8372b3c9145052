/* identifier_test.c: published numbers, and what is not one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "marc/identifier.h"
#include "marc/clean.h"

static void assert_isbn(const char *text, const char *expected)
{
	char number[14] = "";
	struct span rest;

	assert_int_equal(identifier_isbn(span_str(text), number, &rest), IDENTIFIER_OK);
	assert_string_equal(number, expected);
	assert_int_equal(identifier_isbn13(span_str(text), number), 13);
}

static void assert_no_isbn(const char *text, enum identifier_fault fault)
{
	char number[14];
	struct span rest;

	assert_int_equal(identifier_isbn(span_str(text), number, &rest), fault);
	assert_int_equal(identifier_isbn13(span_str(text), number), 0);
}

static void isbns_come_out_as_thirteen_digits(void **state)
{
	(void)state;
	assert_isbn("0-306-40615-2", "9780306406157");
	assert_isbn("978-0-306-40615-7", "9780306406157");
	assert_isbn("0 19 852663 6", "9780198526636");
	assert_isbn("080442957x", "9780804429573");
	assert_isbn("ISBN-13: 9780306406157 (pbk.)", "9780306406157");
	assert_isbn("ISBN 0306406152", "9780306406157");
	assert_isbn("0306406152 2nd ed.", "9780306406157");
	assert_isbn("0\xE2\x80\x90" "306\xE2\x80\x93" "40615\xE2\x88\x92" "2", "9780306406157");
	assert_isbn("979-10-90636-07-1", "9791090636071");
}

static void what_is_no_isbn_says_why(void **state)
{
	(void)state;
	assert_no_isbn("", IDENTIFIER_NONE);
	assert_no_isbn("pbk.", IDENTIFIER_NONE);
	assert_no_isbn("(pbk.) 0306406152", IDENTIFIER_NONE);
	assert_no_isbn("0306406153", IDENTIFIER_CHECK);
	assert_no_isbn("9780306406158", IDENTIFIER_CHECK);
	assert_no_isbn("030640615", IDENTIFIER_LENGTH);
	assert_no_isbn("03064061522", IDENTIFIER_LENGTH);
	assert_no_isbn("97803064061577777777777777777777777", IDENTIFIER_LENGTH);
	assert_no_isbn("080442957X123", IDENTIFIER_LENGTH);
	assert_no_isbn("4006381333931", IDENTIFIER_PREFIX);
	assert_no_isbn("9790230671187", IDENTIFIER_PREFIX);
}

/* All cuts of a text that has everything, in memory of exactly that length. */
static void cut_text_is_never_read_beyond_its_end(void **state)
{
	const char *text = "ISBN-10: 0\xE2\x80\x90" "306 40615 2 (pbk.)/-";

	(void)state;
	for (size_t len = 0; len <= strlen(text); len++) {
		uint8_t *copy = test_malloc(len + 1);
		char number[14], lccn[13];
		struct span rest;

		memcpy(copy + 1, text, len);
		(void)identifier_isbn(span_of(copy + 1, len), number, &rest);
		(void)identifier_issn(span_of(copy + 1, len), number, &rest);
		(void)identifier_lccn(span_of(copy + 1, len), lccn);
		assert_true(clean_text(span_of(copy + 1, len)).len <= len);
		test_free(copy);
	}
}

static void only_978_numbers_have_ten_digits(void **state)
{
	char ten[11];

	(void)state;
	assert_true(identifier_isbn10("9780306406157", ten));
	assert_string_equal(ten, "0306406152");
	assert_true(identifier_isbn10("9780804429573", ten));
	assert_string_equal(ten, "080442957X");
	assert_false(identifier_isbn10("9791090636071", ten));
}

static void issns_come_out_with_their_hyphen(void **state)
{
	char number[10];
	struct span rest;

	(void)state;
	assert_int_equal(identifier_issn(span_str("0317-8471"), number, &rest), IDENTIFIER_OK);
	assert_string_equal(number, "0317-8471");
	assert_int_equal(identifier_issn(span_str("ISSN 2434561x (online)"), number, &rest), IDENTIFIER_OK);
	assert_string_equal(number, "2434-561X");
	assert_int_equal(rest.len, strlen(" (online)"));
	assert_int_equal(identifier_issn(span_str("0317-8472"), number, &rest), IDENTIFIER_CHECK);
	assert_int_equal(identifier_issn(span_str("0317-84711"), number, &rest), IDENTIFIER_LENGTH);
	assert_int_equal(identifier_issn(span_str(""), number, &rest), IDENTIFIER_NONE);
}

/* The examples of the Library of Congress, and the forms its syntax allows. */
static void lccns_are_normalised_as_published(void **state)
{
	static const char *const pairs[][2] = {
		{ "n78-890351", "n78890351" },	  { "n78-89035", "n78089035" },
		{ "n 78890351 ", "n78890351" },	  { " 85000002 ", "85000002" },
		{ "85-2 ", "85000002" },	  { "2001-000002", "2001000002" },
		{ "75-425165//r75", "75425165" }, { " 79139101 /AC/r932", "79139101" },
		{ "agr25000003", "agr25000003" }, { "sn2006058112", "sn2006058112" },
		{ "mm2002-12345", "mm2002012345" },
	};
	char number[13];

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		assert_int_equal(identifier_lccn(span_str(pairs[i][0]), number), IDENTIFIER_OK);
		assert_string_equal(number, pairs[i][1]);
	}
}

static void what_is_no_lccn_says_why(void **state)
{
	static const struct {
		const char *text;
		enum identifier_fault fault;
	} wrong[] = {
		{ "", IDENTIFIER_NONE },	     { " /AC", IDENTIFIER_NONE },
		{ "8500000", IDENTIFIER_LENGTH },    { "sn20060581123", IDENTIFIER_LENGTH },
		{ "85-1234567", IDENTIFIER_LENGTH }, { "85-", IDENTIFIER_FORM },
		{ "85-12a", IDENTIFIER_FORM },	     { "85-12-3", IDENTIFIER_FORM },
		{ "1n85000002", IDENTIFIER_FORM },   { "N85000002", IDENTIFIER_FORM },
		{ "185000002", IDENTIFIER_FORM },    { "abc185000002", IDENTIFIER_FORM },
		{ "abcd2002-1", IDENTIFIER_LENGTH }, { "mm2002-1234567", IDENTIFIER_LENGTH },
	};
	char number[13];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(identifier_lccn(span_str(wrong[i].text), number), wrong[i].fault);
}

static void punctuation_between_elements_is_trimmed(void **state)
{
	static const char *const pairs[][2] = {
		{ "The tidal margin :", "The tidal margin" },
		{ "Metadata / ", "Metadata" },
		{ "Title. ", "Title" },
		{ "Liu, Wenhua,", "Liu, Wenhua" },
		{ " = Parallel ;", "Parallel" },
		{ "Wren & Co.", "Wren & Co." },
		{ "Smith, J.", "Smith, J." },
		{ "Smith, J. R. R.,", "Smith, J. R. R." },
		{ "New York, N.Y. :", "New York, N.Y." },
		{ "and so on ...", "and so on ..." },
		{ "c2011.", "c2011" },
		{ "v. 1.", "v. 1" },
		{ "Ach.\xC2\xA0/", "Ach" },
		{ " / ", "" },
		{ ".", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct span got = clean_text(span_str(pairs[i][0])), want = span_str(pairs[i][1]);

		assert_int_equal(got.len, want.len);
		assert_memory_equal(got.ptr, want.ptr, want.len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(isbns_come_out_as_thirteen_digits),
		cmocka_unit_test(what_is_no_isbn_says_why),
		cmocka_unit_test(cut_text_is_never_read_beyond_its_end),
		cmocka_unit_test(only_978_numbers_have_ten_digits),
		cmocka_unit_test(issns_come_out_with_their_hyphen),
		cmocka_unit_test(lccns_are_normalised_as_published),
		cmocka_unit_test(what_is_no_lccn_says_why),
		cmocka_unit_test(punctuation_between_elements_is_trimmed),
	};

	return cmocka_run_group_tests_name("identifier", tests, NULL, NULL);
}
