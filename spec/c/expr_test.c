/* expr_test.c: what expressions say of a record, and which are refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "marc/path_internal.h"
#include "path_fixture.h"

#include <utf8proc.h>

/* 1, 0, or -1 with the message printed. */
static int truth(const char *text, const struct record *r)
{
	struct path_error err;
	struct expr *e;
	bool yes;

	if (expr_compile(span_str(text), &e, &err) != STATUS_OK) {
		print_error("%s: %s (column %zu)\n", text, err.message, err.column + 1);
		return -1;
	}
	yes = expr_match(e, r);
	expr_free(e);
	return yes;
}

static void check(const char *const *list, size_t count, int expected, const char *lines)
{
	const struct record *r = fixture_record(lines);
	int wrong = 0;

	for (size_t i = 0; i < count; i++)
		if (truth(list[i], r) != expected) {
			print_error("should be %s: %s\n", expected ? "true" : "false", list[i]);
			wrong++;
		}
	assert_int_equal(wrong, 0);
}

#define CHECK(lines, expected, ...)                                            \
	do {                                                                   \
		static const char *const list_[] = { __VA_ARGS__ };            \
		check(list_, sizeof(list_) / sizeof(list_[0]), expected, lines); \
	} while (0)
#define TRUE(...) CHECK(whale, 1, __VA_ARGS__)
#define FALSE(...) CHECK(whale, 0, __VA_ARGS__)

static void text_is_compared_with_any_value(void **state)
{
	(void)state;
	TRUE("008/35-37 == \"eng\"", "008/35-37=='eng'", "041$a == \"fre\"", "650$a =^ \"Sea\"",
	     "300$c =$ \"cm.\"",
	     "245$a != \"x\"", "999$a != \"x\"", "LDR/06 == \"a\"", "ldr.type == \"a\"", "245^1 == \"1\"",
		     "245^1 == 1",
	     "300 == \"625 p. ; 20 cm.\"", "041$a in [\"ger\", \"fre\"]", "041$a in[\"fre\"]",
		     "041$a not in [\"ger\"]",
	     "999 not in [\"x\"]", "008/07-10 in [1984, 1985]", "245$a == \"Moby Dick :\" or 999",
		     "300$a =^ \"\"");
	FALSE("008/35-37 == \"fre\"", "041$a != \"fre\"", "999$a == \"\"", "999$a =^ \"\"",
	      "041$a not in [\"fre\"]",
	      "041$a in [\"ger\", \"dut\", \"e\"]", "300$c =$ \"longer than 20 cm.\"",
		      "300$c =^ \"20 cm. or more\"");
}

static void regexes_search_in_every_value(void **state)
{
	(void)state;
	TRUE("650$a =~ /^Sea/", "650$a =~ /^sea/i", "856$u =~ /^https?:\\/\\/b\\./", "650$a !~ /x/",
	     "999$a !~ /x/",
	     "245$a =~ \"Dick\"", "880$a =~ /^\xD0\x9C\\w+$/", "880$a =~ /^.{4}$/",
		     "880$a =~ /\xD0\xBC\xD0\xBE/i",
	     "650 =~ /Whales. gnd/", "245$a =~ / m o b y /xi", "020$a =~ /^\\d{13}$/", "300$c =~ //");
	FALSE("650$a =~ /^sea/", "650$a !~ /^Sea/", "999$a =~ /x/", "999$a =~ //", "880$a =~ /^.{8}$/",
	      "020$a !~ /\\d{13}/");
}

static void numbers_are_compared_as_numbers_and_only_they(void **state)
{
	(void)state;
	TRUE("008/07-10 > 1984", "008/07-10 >= 1985", "008/07-10 <= 1985.0", "008/07-10 < 1985.5",
	     "008/07-10 > -3",
	     "008/07-10 < 100000000000000000000000000", "020$a > 9780142437246", "008/07-10 >= \"1985\"");
	FALSE("008/07-10 > 1985", "008/07-10 < 1985", "245$a > 0", "245$a < 0", "260$c < 3000", "999 < 1",
	      "020$a < 142437247");
	CHECK("500 ##$a-2$b007.50$c19uu$d$e-0", 1, "500$a < 0", "500$a > -3", "500$b == \"007.50\"",
	      "500$b >= 7.5", "500$b <= 7.5",
	      "500$b > 7.49", "500$e >= 0", "500$e <= 0");
	CHECK("500 ##$a-2$b007.50$c19uu$d$e-0", 0, "500$c > 0", "500$c < 9999", "500$d < 1", "500$b == 7.5",
	      "500$e < 0");
}

static void existence_counts_and_quantifiers(void **state)
{
	(void)state;
	TRUE("245", "?245", "?245$a", "!999", "not 999", "#650 == 3", "#650 > 2", "#650 >= 3", "#650 < 4",
	     "#650 <= 3", "#650 != 2",
	     "#999 == 0", "# 041$a == 2", "all 650^1 == \" \"", "all 041$a in [\"eng\", \"fre\"]",
		     "all 650$a != \"x\"",
	     "all 020$a =~ /^\\d+$/", "not all 650^2 == \"7\"", "#650{$2} == 2", "#6..$0 == 3");
	FALSE("999", "?999", "!245", "not not 999", "#650 > 3", "#650 != 3", "all 650^2 == \"7\"",
	      "all 999 == \"x\"",
	      "all 999 != \"x\"", "all 041$a != \"fre\"");
}

static void and_or_not_and_parentheses(void **state)
{
	(void)state;
	TRUE("245 and 100", "245 && 100", "999 or 245", "999||245", "245 and not 999", "245 && !999",
	     "999 and 999 or 245",
	     "245 or 999 and 999", "not (999 or 998)", "!(999)", "((245))", "245 and (999 or 100)\n  and 260",
		     "not 245 == \"x\"",
	     "!245$a == \"x\"", "245$a !~ /\\{/\n\tand 245$b != \"{\"\n\tand 100",
		     "650{$2 == \"gnd\"}$a == \"Whales.\"", "not not 245");
	FALSE("245 and 999", "(245 or 100) and 999", "not (245 or 999)", "!!999",
	      "650{$2 == \"gnd\"}$a == \"Whaling\"");
}

static void text_is_compared_in_nfc(void **state)
{
	(void)state;
	/* e + U+0301 in the record, U+00E9 in the expression, and the other way round; K is U+212A in the
	 * record */
	CHECK("LDR 00000nam a2200000   4500\n245 10$aCafe\xCC\x81$bCaf\xC3\xA9$c273 \xE2\x84\xAA", 1,
	      "245$a == \"Caf\xC3\xA9\"",
	      "245$b == \"Cafe\xCC\x81\"", "245$a =$ \"\xC3\xA9\"", "245$a in [\"x\", \"Caf\xC3\xA9\"]",
		      "245$a =~ /^.{4}$/",
	      "245$b =~ /fe\xCC\x81$/", "245$c == \"273 K\"", "245 =~ /Caf\xC3\xA9 Caf\xC3\xA9/",
		      "245{$a=$b}",
	      "245{$a=\\Caf\xC3\xA9}", "245$a =^ \"Caf\xC3\xA9\"");
	CHECK("LDR 00000nam a2200000   4500\n245 10$aCafe\xCC\x81", 0, "245$a =^ \"Cafe\"",
	      "245$a != \"Caf\xC3\xA9\"");
}

/* All code points that the quick look lets pass, against utf8proc's own tables: alone, and behind every
 * kind of base. */
static void the_quick_look_never_passes_a_text_that_nfc_changes(void **state)
{
	static const uint32_t bases[] = { 'a', 0x41A, 0xAC00, 0x1100, 0x4E00, 0xE9 };
	uint32_t passed = 0;

	(void)state;
	for (uint32_t cp = 0x80; cp < 0x20000; cp++) {
		uint8_t text[8];
		size_t len = utf8_encode(cp, text);

		if (utf8_valid_prefix(span_of(text, len)) != len || !text_is_nfc(span_of(text, len)))
			continue;
		passed++;
		for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
			struct scratch room;
			struct span nfc;

			len = utf8_encode(bases[i], text);
			len += utf8_encode(cp, text + len);
			assert_int_equal(text_nfc(span_of(text, len), &room, &nfc), STATUS_OK);
			assert_true(span_eq(nfc, span_of(text, len)));
			scratch_release(&room);
		}
		assert_int_equal(utf8proc_get_property((utf8proc_int32_t)cp)->combining_class, 0);
	}
	assert_true(passed > 20000);
}

static void bytes_that_are_not_utf8_neither_match_by_accident_nor_crash(void **state)
{
	(void)state;
	CHECK("LDR 00000nam a2200000   4500\n245 10$a\xFF\xC3$bx\xCC", 1, "245$a", "245$a !~ /x/",
	      "245$a != \"x\"", "245$b =~ /x/");
	CHECK("LDR 00000nam  2200000   4500\n245 10$a\xE9t\xE9", 1, "245$a =~ /^.t.$/", "#245$a == 1");
}

static void errors_name_the_place_and_the_remedy(void **state)
{
	static const struct {
		const char *text;
		size_t column;
		const char *part;
	} list[] = {
		{ "", 0, "empty" },
		{ "   ", 3, "empty" },
		{ "008/35-37 == eng", 13, "write \"eng\"" },
		{ "008/35-37 = \"eng\"", 10, "==" },
		{ "245$a ~ \"x\"", 6, "=~" },
		{ "\"eng\" == 008/35-37", 0, "starts with the path" },
		{ "245$a == \"x", 9, "closing" },
		{ "245$a =~ /x", 9, "closing slash" },
		{ "245$a =~ /(/", 11, "regex is wrong" },
		{ "245$a =~ /x/q", 12, "behind a regex" },
		{ "245$a =~ x", 9, "/text/" },
		{ "245$a == /x/", 9, "=~" },
		{ "245$a in \"x\"", 9, "list" },
		{ "245$a in [\"x\" \"y\"]", 14, "commas" },
		{ "245$a in [\"x\"", 9, "not closed" },
		{ "245$a in []", 10, "value" },
		{ "245$a <", 7, "missing" },
		{ "245$a < \"x\"", 8, "numbers" },
		{ "245$a < 19uu", 8, "write \"19uu\"" },
		{ "245$a == 100$a", 9, "write \"100\"" },
		{ "#650", 4, "number" },
		{ "#650 > x", 7, "number" },
		{ "#650 =~ /x/", 5, "number" },
		{ "all 650", 4, "comparison" },
		{ "245 and", 7, "missing" },
		{ "245 or or 246", 7, "is missing" },
		{ "(245", 0, "not closed" },
		{ "(245 246", 5, "parenthesis" },
		{ "245 246", 4, "and, or" },
		{ "245)", 3, "and, or" },
		{ "245 | 246", 4, "or (||)" },
		{ "?245 == \"x\"", 0, "? asks" },
		{ "245$a == \\x", 9, "write \"text\"" },
		{ "245{$a == :id}", 10, "outside of braces" },
		{ "245$a == :", 9, "name" },
		{ "245{$a == eng}", 10, "write \"eng\"" },
		{ "LDR/06 == \"\t\"", 11, "control character" },
		{ "008/18{LDR/6=\t}", 13, "control character" },
		{ "245{$a=\nova}", 7, "control character" },
		{ "245$a == \"x\" \001", 13, "control character" },
		{ "245[4,0]", 3, "245|40|" },
		{ "#650 > 99999999999", 7, "too large" },
	};
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		struct path_error err = { 0, "" };
		struct expr *e = NULL;
		enum status st = expr_compile(span_str(list[i].text), &e, &err);

		if (st != STATUS_INVALID || e || err.column != list[i].column || !strstr(err.message,
											 list[i].part)) {
			print_error("%s: status %d, column %zu, not %zu: %s\n", list[i].text, (int)st,
				    err.column,
				    list[i].column, err.message);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

static void names_are_filled_with_values(void **state)
{
	const struct record *r = fixture_record(whale);
	struct expr *e;
	bool yes;

	(void)state;
	assert_int_equal(expr_compile(SPAN_LIT("001 == :id or 008/07-10 > :year and 041$a == :id"), &e, NULL),
			 STATUS_OK);
	assert_int_equal(expr_binding_count(e), 2);
	assert_true(span_eq(expr_binding_name(e, 0), SPAN_LIT("id")));
	assert_true(span_eq(expr_binding_name(e, 1), SPAN_LIT("year")));
	assert_int_equal(expr_binding_name(e, 2).len, 0);
	struct span bound[2] = { SPAN_LIT("ocm00123"), SPAN_LIT("") };
	assert_int_equal(expr_match_with(e, r, bound, &yes), STATUS_OK);
	assert_true(yes);
	bound[0] = SPAN_LIT("fre");
	assert_true(expr_match_with(e, r, bound, &yes) == STATUS_OK && !yes);
	bound[1] = SPAN_LIT("1900");
	assert_true(expr_match_with(e, r, bound, &yes) == STATUS_OK && yes);
	assert_false(expr_match(e, r));
	expr_free(e);
	r = fixture_record("LDR 00000nam a2200000   4500\n245 10$aCaf\xC3\xA9");
	assert_int_equal(expr_compile(SPAN_LIT("245$a == :t"), &e, NULL), STATUS_OK);
	bound[0] = SPAN_LIT("Cafe\xCC\x81");
	assert_true(expr_match_with(e, r, bound, &yes) == STATUS_OK && yes);
	expr_free(e);
}

static void a_regex_that_runs_wild_is_an_error_and_not_a_no(void **state)
{
	const struct record *r =
		fixture_record("500 ##$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab");
	struct expr *e;
	bool yes = true;

	(void)state;
	assert_int_equal(expr_compile(SPAN_LIT("500$a =~ /^(a|aa|aaa)+(a|aa)+$/"), &e, NULL), STATUS_OK);
	assert_int_equal(expr_match_with(e, r, NULL, &yes), STATUS_MEMORY);
	assert_false(yes);
	assert_false(expr_match(e, r));
	expr_free(e);
}

static void depth_and_length_are_bounded(void **state)
{
	static char text[200000];
	struct path_error err;
	struct expr *e;

	(void)state;
	memset(text, '(', 100000);
	assert_int_equal(expr_compile(span_of(text, 100000), &e, &err), STATUS_INVALID);
	assert_int_equal(expr_compile(span_of(text, 60000), &e, &err), STATUS_INVALID);
	assert_non_null(strstr(err.message, "64 deep"));
	memset(text, '!', 60000);
	memcpy(text + 60000, "245", 3);
	assert_int_equal(expr_compile(span_of(text, 60003), &e, &err), STATUS_OK);
	assert_true(expr_match(e, fixture_record(whale)));
	expr_free(e);
	text[0] = '\0';
	for (int i = 0; i < 20; i++)
		strcat(text, "650{$a{245{$a{");
	assert_int_equal(expr_compile(span_str(text), &e, &err), STATUS_INVALID);
	assert_non_null(strstr(err.message, "64 deep"));
	strcpy(text, "245");
	for (size_t i = 3; i < 60000; i += 7)
		memcpy(text + i, " or 999", 8);
	assert_int_equal(expr_compile(span_str(text), &e, &err), STATUS_OK);
	assert_true(expr_match(e, fixture_record(whale)));
	expr_free(e);
	strcpy(text, "650");
	for (size_t i = 3; i < 60000; i += 4)
		memcpy(text + i, "{$a}", 5);
	assert_int_equal(expr_compile(span_str(text), &e, &err), STATUS_INVALID);
}

static void every_allocation_may_fail(void **state)
{
	static const char text[] = "650{$2 == \"gnd\" or ^2 in [\"0\", \"7\"]}[0]$a$b/0-3 =~ /x\xCC\x81/i "
		"and 1..a:7..a == :id "
				   "and not (245 == \"e\xCC\x81\" or #650 > 1)";
	long live = mem_live();
	struct expr *e = NULL;
	enum status st;
	long n = 0;

	(void)state;
	do {
		mem_fail_after(n++, false);
		st = expr_compile(span_str(text), &e, NULL);
		mem_fail_after(-1, false);
		if (st != STATUS_OK) {
			assert_int_equal(st, STATUS_MEMORY);
			assert_int_equal(mem_live(), live);
		}
	} while (st != STATUS_OK && n < 1000);
	assert_int_equal(st, STATUS_OK);
	assert_true(n > 20);
	expr_free(e);
	assert_int_equal(mem_live(), live);
}

static void lack_of_memory_while_normalising_is_reported(void **state)
{
	static char lines[8192];
	struct expr *e;
	bool yes;

	(void)state;
	strcpy(lines, "LDR 00000nam a2200000   4500\n245 10$a");
	for (int i = 0; i < 2000; i++)
		strcat(lines, "e\xCC\x81");
	const struct record *r = fixture_record(lines);
	long live = mem_live();

	assert_int_equal(expr_compile(SPAN_LIT("245$a =~ /x/ or 245 == \"\xC3\xA9\" or 245{$a=$a}"), &e,
				      NULL), STATUS_OK);
	assert_true(expr_match_with(e, r, NULL, &yes) == STATUS_OK && yes);
	for (long n = 0; n < 3; n++) {
		mem_fail_after(n, true);
		assert_int_equal(expr_match_with(e, r, NULL, &yes), STATUS_MEMORY);
		mem_fail_after(-1, false);
		assert_false(yes);
	}
	expr_free(e);
	assert_int_equal(mem_live(), live);
}

struct job {
	const struct expr *e;
	const struct record *r;
	int hits;
};

static void *match_often(void *arg)
{
	struct job *job = arg;

	for (int i = 0; i < 2000; i++)
		job->hits += expr_match(job->e, job->r);
	return NULL;
}

static void one_expression_serves_several_threads(void **state)
{
	const struct record *r = fixture_record(whale);
	struct job job[3];
	pthread_t thread[3];
	struct expr *e;

	(void)state;
	assert_int_equal(expr_compile(SPAN_LIT("650$a =~ /^S(e)a/ and 856{$u =~ /b/}$u !~ /(q)/"), &e, NULL),
			 STATUS_OK);
	for (int i = 0; i < 3; i++) {
		job[i] = (struct job){ e, r, 0 };
		assert_int_equal(pthread_create(&thread[i], NULL, match_often, &job[i]), 0);
	}
	for (int i = 0; i < 3; i++) {
		pthread_join(thread[i], NULL);
		assert_int_equal(job[i].hits, 2000);
	}
	expr_free(e);
}

/* Blocks of the manual that start with ```exprs hold lines EXPRESSION --> true or false. */
static void the_examples_of_the_manual_are_true(void **state)
{
	const struct record *r = fixture_record(whale);
	FILE *f = fopen("docs/PATHS.md", "r");
	char line[512];
	bool inside = false;
	int examples = 0, wrong = 0;

	(void)state;
	if (!f)
		skip();
	while (fgets(line, sizeof(line), f)) {
		char *arrow = strstr(line, " --> ");

		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "```", 3) == 0)
			inside = strcmp(line, "```exprs") == 0;
		if (!inside || !arrow)
			continue;
		*arrow = '\0';
		examples++;
		if (truth(line, r) != (strcmp(arrow + 5, "true") == 0)) {
			print_error("docs/PATHS.md: not %s: %s\n", arrow + 5, line);
			wrong++;
		}
	}
	fclose(f);
	assert_true(examples > 15);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_compared_with_any_value),
		cmocka_unit_test(regexes_search_in_every_value),
		cmocka_unit_test(numbers_are_compared_as_numbers_and_only_they),
		cmocka_unit_test(existence_counts_and_quantifiers),
		cmocka_unit_test(and_or_not_and_parentheses),
		cmocka_unit_test(text_is_compared_in_nfc),
		cmocka_unit_test(the_quick_look_never_passes_a_text_that_nfc_changes),
		cmocka_unit_test(bytes_that_are_not_utf8_neither_match_by_accident_nor_crash),
		cmocka_unit_test(errors_name_the_place_and_the_remedy),
		cmocka_unit_test(names_are_filled_with_values),
		cmocka_unit_test(a_regex_that_runs_wild_is_an_error_and_not_a_no),
		cmocka_unit_test(depth_and_length_are_bounded),
		cmocka_unit_test(every_allocation_may_fail),
		cmocka_unit_test(lack_of_memory_while_normalising_is_reported),
		cmocka_unit_test(one_expression_serves_several_threads),
		cmocka_unit_test(the_examples_of_the_manual_are_true),
	};

	return cmocka_run_group_tests_name("expr", tests, NULL, NULL);
}
