/* utf8_test.c: well-formed sequences against a plain reading of Unicode's table 3-7. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/utf8.h"

/* Length of the well-formed sequence at p, or 0: decoded first and judged by value, as utf8.c does not. */
static size_t reference_len(const uint8_t *p, size_t n)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = p[0] < 0x80 ? 1 : p[0] >> 5 == 6 ? 2 : p[0] >> 4 == 14 ? 3 : p[0] >> 3 == 30 ? 4 : 0;
	uint32_t cp;

	if (len == 0 || len > n)
		return 0;
	cp = len == 1 ? p[0] : p[0] & (0x7Fu >> len);
	for (size_t i = 1; i < len; i++) {
		if (p[i] >> 6 != 2)
			return 0;
		cp = cp << 6 | (p[i] & 0x3Fu);
	}
	return cp < least[len] || cp > 0x10FFFF || cp >> 11 == 0x1B ? 0 : len;
}

static size_t reference_prefix(const uint8_t *p, size_t n)
{
	size_t at = 0, len;

	while (at < n && (len = reference_len(p + at, n - at)) > 0)
		at += len;
	return at;
}

static void every_pair_and_many_longer_strings_are_judged_as_by_the_table(void **state)
{
	static const uint8_t heads[] = { 0x00, 0x41, 0x7F, 0x80, 0x9F, 0xA0, 0xBF, 0xC0,
					 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
					 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF };
	const size_t count = sizeof(heads);

	(void)state;
	for (unsigned pair = 0; pair < 0x10000; pair++)
		for (size_t i = 0; i < count * count; i++) {
			uint8_t s[4] = { (uint8_t)(pair >> 8), (uint8_t)pair, heads[i / count],
					 heads[i % count] };

			if (utf8_valid_prefix(span_of(s, 4)) != reference_prefix(s, 4))
				fail_msg("%02X %02X %02X %02X", s[0], s[1], s[2], s[3]);
		}
}

static void a_fault_is_found_at_every_place_of_a_long_text(void **state)
{
	(void)state;
	for (size_t len = 1; len < 100; len++)
		for (size_t at = 0; at < len; at++) {
			uint8_t *text = mem_alloc(len); /* of exact size, so that a read behind it shows */

			memset(text, 'a', len);
			assert_false(utf8_has_high(span_of(text, len)));
			text[at] = 0xE9;
			assert_int_equal(utf8_valid_prefix(span_of(text, len)), at);
			assert_true(utf8_has_high(span_of(text, len)));
			mem_free(text);
		}
}

static void an_empty_text_is_well_formed(void **state)
{
	(void)state;
	assert_int_equal(utf8_valid_prefix(span_of(NULL, 0)), 0);
	assert_false(utf8_has_high(span_of(NULL, 0)));
	assert_int_equal(utf8_count(span_of(NULL, 0)), 0);
	assert_int_equal(utf8_offset(span_of(NULL, 0), 5), 0);
}

static void every_code_point_survives_encode_and_decode(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
		uint8_t s[4];
		uint32_t back;
		size_t len = utf8_encode(cp, s);

		if (utf8_decode(span_of(s, len), &back) != len)
			fail_msg("length of U+%04X", (unsigned)cp);
		if (back != (cp >> 11 == 0x1B ? 0xFFFD : cp))
			fail_msg("U+%04X", (unsigned)cp);
		if (utf8_valid_prefix(span_of(s, len)) != len)
			fail_msg("validity of U+%04X", (unsigned)cp);
	}
}

static void too_large_a_code_point_is_the_replacement_character(void **state)
{
	uint8_t s[4];

	(void)state;
	assert_int_equal(utf8_encode(0x110000, s), 3);
	assert_memory_equal(s, "\xEF\xBF\xBD", 3);
}

static void decoding_takes_the_maximal_subpart_of_an_ill_formed_sequence(void **state)
{
	/* the example of the Unicode standard, table 3-11, and its kin */
	static const struct {
		const char *text;
		size_t len;
	} cases[] = {
		{ "\x80z", 1 }, { "\xC0\xAF", 1 }, { "\xE0\x80\x80", 1 }, { "\xED\xA0\x80", 1 },
		{ "\xF4\x91\x92\x93", 1 }, { "\xE1\x80\xE2", 2 }, { "\xF0\x91\x92z", 3 },
		{ "\xF1\xBFz", 2 }, { "\xE2\x82", 2 }, { "\xFF", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint32_t cp = 0;

		assert_int_equal(utf8_decode(span_str(cases[i].text), &cp), cases[i].len);
		assert_int_equal(cp, 0xFFFD);
	}
}

static void characters_are_counted_and_found(void **state)
{
	const struct span text =
		SPAN_LIT("a\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80\xFFz and some more of it \xC3\xBC!");

	(void)state;
	assert_int_equal(utf8_count(text), 29);
	assert_int_equal(utf8_offset(text, 0), 0);
	assert_int_equal(utf8_offset(text, 1), 1);
	assert_int_equal(utf8_offset(text, 2), 3);
	assert_int_equal(utf8_offset(text, 3), 6);
	assert_int_equal(utf8_offset(text, 4), 10);
	assert_int_equal(utf8_offset(text, 5), 11);
	assert_int_equal(utf8_offset(text, 12), 18);
	assert_int_equal(utf8_offset(text, 29), text.len);
	assert_int_equal(utf8_offset(text, 1000), text.len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair_and_many_longer_strings_are_judged_as_by_the_table),
		cmocka_unit_test(a_fault_is_found_at_every_place_of_a_long_text),
		cmocka_unit_test(an_empty_text_is_well_formed),
		cmocka_unit_test(every_code_point_survives_encode_and_decode),
		cmocka_unit_test(too_large_a_code_point_is_the_replacement_character),
		cmocka_unit_test(decoding_takes_the_maximal_subpart_of_an_ill_formed_sequence),
		cmocka_unit_test(characters_are_counted_and_found),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
