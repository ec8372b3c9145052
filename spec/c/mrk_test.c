/* mrk_test.c: the mnemonic form, and that no input gets past it to a terminal. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "marc/mrk.h"

#define US "\x1f"

static struct field made(const char *tag, const char *content)
{
	uint32_t t = MARC_TAG(tag[0], tag[1], tag[2]);

	return (struct field){ .ptr = (const uint8_t *)content, .len = (uint32_t)strlen(content),
			       .tag = t & 0xFFFFFF, .flags = tag_is_control(t) ? FIELD_CONTROL : 0 };
}

static void assert_shown(const struct field *list, uint32_t count, bool colour, const char *expected)
{
	struct record r = { .field = list, .count = count };
	struct buf out;

	memcpy(r.leader, "00714cam a2200205 a 4500", 24);
	buf_init(&out, BUF_NO_LIMIT);
	assert_int_equal(mrk_write(&r, colour, &out), STATUS_OK);
	assert_int_equal(buf_add_byte(&out, '\0'), STATUS_OK);
	assert_string_equal((const char *)out.ptr, expected);
	buf_release(&out);
}

/* One field, shown as this line. */
static void assert_line(const char *tag, const char *content, const char *line)
{
	struct field f = made(tag, content);
	char expected[300];

	snprintf(expected, sizeof(expected), "=LDR  00714cam a2200205 a 4500\n%s\n\n", line);
	assert_shown(&f, 1, false, expected);
}

static void a_record_is_lines_and_an_empty_line(void **state)
{
	const struct field list[] = { made("001", "ocm1"),
				      made("245", "10" US "aThe title /" US "cauthor.") };

	(void)state;
	assert_shown(list, 2, false,
		     "=LDR  00714cam a2200205 a 4500\n=001  ocm1\n=245  10$aThe title /$cauthor.\n\n");
	assert_shown(NULL, 0, false, "=LDR  00714cam a2200205 a 4500\n\n");
}

static void blanks_and_reserved_characters_have_mnemonics(void **state)
{
	(void)state;
	assert_line("245", "1 " US "a$5 {b} c\\d", "=245  1\\$a{dollar}5 {lcub}b{rcub} c\\d");
	assert_line("245", "\\ " US "ax", "=245  {bsol}\\$ax");
	assert_line("008", "10  s\\2", "=008  10\\\\s{bsol}2");
}

static void what_could_drive_a_terminal_is_named(void **state)
{
	(void)state;
	assert_line("245", "10" US "a\x1b[2J\x7f\r\n\x9b\xC2\x9B!",
		    "=245  10$a<1B>[2J<7F><0D><0A>\xEF\xBF\xBD<9B>!");
	assert_line("001", "\x1b" "c", "=001  <1B>c");
	assert_line("2\x1b" "5", "10" US "ax", "=2<1B>5  10$ax");
	assert_line("245", "\x07\x1b" US "ax", "=245  <07><1B>$ax");
	assert_line("245", "10" US "\x07x", "=245  10$<07>x");
}

static void text_beyond_ascii_stays_and_bad_bytes_are_replaced(void **state)
{
	(void)state;
	assert_line("245", "10" US "a\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80",
		    "=245  10$a\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80");
	assert_line("245", "10" US "a\xE4\xB8 \xFF", "=245  10$a\xEF\xBF\xBD \xEF\xBF\xBD");
}

static void a_damaged_field_shows_all_it_has(void **state)
{
	struct field bad = made("245", "no delimiter");

	(void)state;
	assert_line("245", "10stray" US "ax" US US US "b" US, "=245  10stray$ax$$$b$");
	assert_line("245", "1", "=245  1");
	assert_line("245", "", "=245  ");
	assert_line("245", "10", "=245  10");
	bad.flags = FIELD_MALFORMED;
	assert_shown(&bad, 1, false, "=LDR  00714cam a2200205 a 4500\n=245  no delimiter\n\n");
}

static void colours_surround_tag_indicators_and_codes(void **state)
{
	const struct field list[] = { made("245", "10" US "aT") };

	(void)state;
	assert_shown(list, 1, true,
		     "\033[1;36m=LDR\033[0m  00714cam a2200205 a 4500\n"
		     "\033[1;36m=245\033[0m  \033[33m10\033[0m\033[32m$a\033[0mT\n\n");
}

static void no_memory_is_reported_at_every_step(void **state)
{
	const struct field list[] = { made("001", "\x01"), made("245", "1\\" US "a{T}\xC3\xA9\xFF\x07") };
	struct record r = { .field = list, .count = 2 };
	struct buf out;
	size_t limit = 0;
	enum status status;

	(void)state;
	memset(r.leader, ' ', sizeof(r.leader));
	do {
		buf_init(&out, limit++);
		status = mrk_write(&r, true, &out);
		assert_true(out.len <= out.limit);
		buf_release(&out);
	} while (status == STATUS_MEMORY);
	assert_int_equal(status, STATUS_OK);
	assert_in_range(limit, 100, 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_lines_and_an_empty_line),
		cmocka_unit_test(blanks_and_reserved_characters_have_mnemonics),
		cmocka_unit_test(what_could_drive_a_terminal_is_named),
		cmocka_unit_test(text_beyond_ascii_stays_and_bad_bytes_are_replaced),
		cmocka_unit_test(a_damaged_field_shows_all_it_has),
		cmocka_unit_test(colours_surround_tag_indicators_and_codes),
		cmocka_unit_test(no_memory_is_reported_at_every_step),
	};

	return cmocka_run_group_tests_name("mrk", tests, NULL, NULL);
}
