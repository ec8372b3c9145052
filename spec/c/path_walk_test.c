/* path_walk_test.c: which values a path gives, in which order, and what the walk tells about them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "base/alloc.h"
#include "path_fixture.h"

struct example {
	const char *path, *values;
};

static void check(const struct example *list, size_t count, const char *lines)
{
	const struct record *r = fixture_record(lines);
	int wrong = 0;

	for (size_t i = 0; i < count; i++) {
		const char *got = fixture_values(list[i].path, r);

		if (strcmp(got, list[i].values) != 0) {
			print_error("%s\n  expected: %s\n  got:      %s\n", list[i].path, list[i].values,
				    got);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

#define CHECK(lines, ...)                                                       \
	do {                                                                    \
		static const struct example list_[] = { __VA_ARGS__ };          \
		check(list_, sizeof(list_) / sizeof(list_[0]), lines);          \
	} while (0)

static void tags_and_codes_give_values_in_record_order(void **state)
{
	(void)state;
	CHECK(whale, { "245$a", "Moby Dick :" }, { "245a", "Moby Dick :" }, { "245.a", "Moby Dick :" },
	      { "245$c$a", "Moby Dick : ; Herman Melville ; edited." }, { "245ca",
									 "Moby Dick : ; Herman Melville ; "
										 "edited." },
	      { "245$a-b", "Moby Dick : ; or the whale /" }, { "245$z", "" }, { "999$a", "" }, { "001",
												"ocm00123" },
	      { "300", "625 p. ; 20 cm." }, { "001$a", "" }, { "041$a", "eng ; fre" },
	      { "020$^a", "paperback ; $12.00 ; ebook" }, { "650$^a0-9", "Fiction." }, { "650$0-9",
											"gnd ; (DE-588)1 ; "
												"fast ; "
	      "(DE-588)2 ; (DE-588)3" });
}

static void wildcards_and_tag_ranges_match_every_field_they_cover(void **state)
{
	(void)state;
	CHECK(whale, { "65.$a", "Whaling ; Whales. ; Sea stories. ; Nantucket." },
	      { "65X$a", "Whaling ; Whales. ; Sea stories. ; Nantucket." },
	      { "65xa", "Whaling ; Whales. ; Sea stories. ; Nantucket." }, { "6XXv", "Fiction." },
	      { ".00a", "Melville, Herman, ; 625 p. ; ; Delbanco, Andrew." }, { "00.",
									       "ocm00123 ; ta ; vd cvaizu ; "
	      "850219s1985    nyua     b    001 0 eng d" }, { "651-700a", "Nantucket. ; Delbanco, Andrew." },
	      { "600-650|*7|a", "Whales. ; Sea stories." }, { "...$2", "gnd ; fast" });
}

static void occurrences_count_from_zero_and_from_the_end(void **state)
{
	(void)state;
	CHECK(whale, { "650[0]$a", "Whaling" }, { "650[#]$a", "Sea stories." }, { "650[1]a", "Whales." },
	      { "650[0-1]a", "Whaling ; Whales." }, { "650[1-#]a", "Whales. ; Sea stories." },
	      { "650[#-1]a", "Whales. ; Sea stories." }, { "650[#-9]a", "Whaling ; Whales. ; Sea stories." },
	      { "650[#-#]a", "Sea stories." }, { "650[2-9]a", "Sea stories." }, { "650[3]a", "" },
		      { "650[3-9]a", "" },
	      { "65.[3]a", "Nantucket." }, { "041$a[0]", "eng" }, { "041$a[#]", "fre" }, { "041a[1]", "fre" },
	      { "041ah[0]", "eng ; ger" }, { "041$a-h[#]", "fre ; ger" }, { "008[0]/35-37", "eng" },
		      { "LDR[0]/06", "a" },
	      { "007[1]", "vd cvaizu" }, { "020[0]", "0142437247 paperback $12.00" });
}

static void indicators_stand_between_bars_and_behind_a_caret(void **state)
{
	(void)state;
	CHECK(whale, { "856|40|$u", "http://a.example/1" }, { "856|4*|u",
							     "http://a.example/1 ; http://b.example/2 ; "
	      "http://c.example/3" }, { "650|#0|a", "Whaling" }, { "650| 7|a", "Whales. ; Sea stories." },
	      { "650|*7|[0]a", "Whales." }, { "650|1*|a", "" }, { "00.|**|", "" }, { "245^1", "1" },
		      { "245^2", "0" },
	      { "650^2", "0 ; 7 ; 7" }, { "650[0]^2", "0" }, { "001^1", "" }, { "245|10|",
									       "Moby Dick : or the whale / "
	      "Herman Melville ; edited." });
}

static void positions_count_characters_and_are_cut_at_the_end(void **state)
{
	(void)state;
	CHECK(whale, { "008/35-37", "eng" }, { "008/07-10", "1985" }, { "008/7-10", "1985" }, { "008/0",
											       "8" },
	      { "008/#", "d" }, { "008/38-#", " d" }, { "008/#-1", " d" }, { "008/39-99", "d" }, { "008/40",
												  "" },
	      { "001/00-02", "ocm" }, { "245$a/0-3", "Moby" }, { "245a/0-3", "Moby" }, { "245$a/#", ":" },
		      { "245/0-3", "" },
	      { "LDR/06", "a" }, { "LDR/6", "a" }, { "LDR/#", "0" }, { "LDR", "01234cam a2200289 a 4500" },
	      { "ldr.type", "a" }, { "ldr.status", "c" }, { "ldr.encoding_level", " " }, { "ldr.length",
											  "01234" },
	      { "ldr.base", "00289" }, { "ldr.reserved", "4500" }, { "ldr.form", "a" }, { "ldr.level", "m" },
	      { "ldr.encoding", "a" }, { "007/00", "t ; v" }, { "880$a/1-2", "\xD0\xBE\xD0\xB1" },
		      { "880$a/#", "\xD0\xB8" },
	      { "880$a/3-9", "\xD0\xB8" }, { "880$a/4", "" });
}

static void positions_count_bytes_where_the_record_is_not_utf8(void **state)
{
	(void)state;
	CHECK("LDR 00000nam  2200000   4500\n880 10$a\xD0\x9C\xD0\xBE", { "880$a/1-2", "\x9C\xD0" });
}

static void unions_keep_record_order_and_give_nothing_twice(void **state)
{
	(void)state;
	CHECK(whale, { "700a:100a:110a", "Melville, Herman, ; Delbanco, Andrew." }, { "245b:245a",
										     "Moby Dick : ; or the "
											     "whale /" },
	      { "245a:245$a", "Moby Dick :" }, { "300:30.", "625 p. ; 20 cm." }, { "245a/0:245a/1", "M ; o" },
	      { "001:LDR/06:245^1", "a ; ocm00123 ; 1" }, { "650[0]a:650[2]a", "Whaling ; Sea stories." },
	      { "245a:245^1:245$c/0", "1 ; Moby Dick : ; H" });
}

static void marcspec_conditions_filter_what_stands_before_them(void **state)
{
	(void)state;
	CHECK(whale, { "020$q{$c}", "paperback" }, { "020$q{!$c}", "ebook" }, { "020$q{?$c}", "paperback" },
	      { "020$q{020$c}", "paperback" }, { "650$a{$2=\\gnd}", "Whales." }, { "650$a{$2!=\\gnd}",
										  "Whaling ; Sea stories." },
	      { "650$a{$a~\\sto}", "Sea stories." }, { "650$a{~\\ales}", "Whales." }, { "650$a{!~\\ales}",
										       "Whaling ; Sea "
											       "stories." },
	      { "650$a{^2=\\0}", "Whaling" }, { "650[1]{^2=\\7}$a", "Whales." }, { "650[0]{^2=\\7}$a", "" },
	      { "245$a{/#=\\:}", "Moby Dick :" }, { "245$a{/#=\\/}", "" }, { "245$b{/#=\\/}",
									    "or the whale /" },
	      { "008/18{LDR/6=\\t}", "" }, { "008/18{LDR/6=\\a}", "a" }, { "007[1]/3{/0=\\v}", "c" },
		      { "007[0]/1{/0=\\v}", "" },
	      { "007/1{/0=\\v}", "d" }, { "650$a{$2=\\gnd|$2=\\fast}", "Whales. ; Sea stories." },
		      { "650$a{$2}{$v}", "" },
	      { "650$a{$2|$v}{^2=\\0}", "Whaling" }, { "245$a{300$a~\\625\\sp.}", "Moby Dick :" },
		      { "856$u{[1]}", "http://b.example/2 ; "
	      "http://c.example/3" }, { "020$a{[1]$q=\\ebook}", "0142437247 ; 9780142437247" },
		      { "245$a{$b=$b}$c", "Moby Dick : ; "
	      "Herman Melville ; edited." }, { "245$a{$b=$c}", "" }, { "245$a{^1=^2}", "" }, { "041$a{$a=$a}",
											      "eng ; fre" },
	      { "041$a{=\\fre}", "fre" }, { "245$a/0-3{=\\Moby}", "Moby" }, { "245$a{\\x}", "Moby Dick :" },
		      { "245$a{\\x=\\x}", "Moby Dick :" },
	      { "020$c{=\\\\$12.00}", "$12.00" }, { "245$a{$a?$z}", "" }, { "245$a{$z!$y}", "Moby Dick :" });
}

static void conditions_of_ours_look_at_the_same_field(void **state)
{
	(void)state;
	CHECK(whale, { "650{$2 == \"gnd\"}$a", "Whales." }, { "650{$2 == \"gnd\"}", "Whales. gnd (DE-588)1" },
	      { "650{$2 != \"gnd\"}$a", "Whaling ; Sea stories." }, { "856{$u =~ /b\\.ex/}$u",
								     "http://b.example/2 ; "
									     "http://c.example/3" },
	      { "856$u{=~ /b\\.ex/}", "http://b.example/2" }, { "856$u{!~ /b\\.ex/}",
							       "http://a.example/1 ; http://c.example/3" },
	      { "007{/0 == \"v\"}", "vd cvaizu" }, { "007{/0 == \"v\"}/1", "d" }, { "650{^2 == \"7\"}[0]$a",
										   "Whales." },
	      { "650{^2 == \"7\"}[#]$a", "Sea stories." }, { "856{$3 == \"Contents\"}$u",
							    "http://a.example/1" },
	      { "650{$2 in [\"gnd\", \"fast\"] and $a =^ \"Sea\"}$a", "Sea stories." }, { "650{not $2}$a",
											 "Whaling" },
	      { "650{$2 not in [\"gnd\"]}a", "Whaling ; Sea stories." }, { "650{#$0 > 1}$a", "Sea stories." },
	      { "650{#$0 == 0}$a", "Whaling" }, { "300$a{$c =$ \"cm.\"}", "625 p. ;" },
		      { "650{($2 or $v) and ^2 == \"0\"}a", "Whaling" },
	      { "650{$a{$2 == \"gnd\"}}$a", "Whales." }, { "650{$0{=$ \"3\"}}$a", "Sea stories." },
	      { "245{100$d}$a", "Moby Dick :" }, { "245{110$a}$a", "" }, { "856|40|$u{$3 == \"Contents\"}",
									  "http://a.example/1" },
	      { "041$a{/0-1 == \"en\"}", "eng" }, { "LDR/06{/07 == \"m\"}", "a" }, { "ldr.type{=\\a}", "a" },
		      { "300{/0 == \"6\"}", "" });
}

static void signs_that_marcspec_reads_differently_keep_its_reading(void **state)
{
	(void)state;
	CHECK("245 12$a2$b1$$x", { "245$a{$a=^2}", "2" }, { "245$a{$b=^1}", "2" }, { "245$a{$b=^2}", "" },
	      { "245$a{$a=$b}", "" },
	      { "245$a{$a!~$b}", "2" }, { "245$a{$a!~/0}", "" }, { "245$a{$a=/0}", "2" },
		      { "245$a{$a =~ /2/}", "2" },
	      { "245$a{$a !~ /1/}", "2" }, { "245$a{$a=^\"2\"}", "2" });
}

static void a_damaged_data_field_has_no_subfields_and_no_indicators(void **state)
{
	(void)state;
	CHECK("245 no delimiter\n246 \n247 10$\n248 10$a$b", { "245$a", "" }, { "245^1", "" }, { "245|**|",
												"" },
	      { "245", "no delimiter" }, { "246", "" }, { "247$a", "" }, { "248$a", "" }, { "248$b", "" },
		      { "248$a/0", "" });
}

static void a_match_tells_field_place_code_and_the_characters_asked_for(void **state)
{
	const struct record *r = fixture_record(whale);
	struct path_walk w;
	struct match m;
	struct path *p;

	(void)state;
	assert_int_equal(path_compile(SPAN_LIT("245$c/0-99"), &p, NULL), STATUS_OK);
	path_begin(&w, p, r);
	assert_true(path_next(&w, &m));
	assert_int_equal(m.field, 8);
	assert_int_equal(m.nth, 2);
	assert_int_equal(m.code, 'c');
	assert_false(m.whole);
	assert_int_equal(m.chars_first, 0);
	assert_int_equal(m.chars_count, 100);
	assert_false(path_next(&w, &m));
	assert_false(path_next(&w, &m));
	path_free(p);
	assert_int_equal(path_compile(SPAN_LIT("LDR/06:300"), &p, NULL), STATUS_OK);
	path_begin(&w, p, r);
	assert_true(path_next(&w, &m));
	assert_true(m.field == UINT32_MAX && m.nth == -1 && m.code == 0);
	assert_true(path_next(&w, &m));
	assert_true(m.whole);
	assert_int_equal(m.value.ptr[2], MARC_US);
	path_free(p);
}

static uint32_t count_places(const char *text, const struct record *r, bool chosen)
{
	struct path_walk w;
	struct path *p;
	uint32_t place, count = 0, sum = 0;

	assert_int_equal(path_compile(span_str(text), &p, NULL), STATUS_OK);
	path_begin(&w, p, r);
	while (chosen ? path_next_chosen(&w, &place) : path_next_field(&w, &place)) {
		count++;
		sum += place;
	}
	path_free(p);
	return count * 1000 + sum;
}

static void fields_are_given_once_each(void **state)
{
	const struct record *r = fixture_record(whale);

	(void)state;
	assert_int_equal(count_places("041$a", r, false), 1006);
	assert_int_equal(count_places("650", r, false), 3036);
	assert_int_equal(count_places("650$0", r, false), 2025);
	assert_int_equal(count_places("650$0", r, true), 3036);
	assert_int_equal(count_places("650{$2}$z", r, true), 2025);
	assert_int_equal(count_places("650{$2}$z", r, false), 0);
	assert_int_equal(count_places("LDR/06:001", r, false), 1000);
	assert_int_equal(count_places("LDR/06:001", r, true), 1000);
	assert_int_equal(count_places("...", r, false), 19171);
}

static void a_field_can_be_left_in_the_middle(void **state)
{
	const struct record *r = fixture_record(whale);
	static const char *const texts[] = { "020$a$c$q", "020$a[0]$c$q" };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct path_walk w;
		struct match m;
		struct path *p;

		assert_int_equal(path_compile(span_str(texts[i]), &p, NULL), STATUS_OK);
		path_begin(&w, p, r);
		path_skip_field(&w);
		assert_true(path_next(&w, &m) && m.field == 4);
		path_skip_field(&w);
		assert_true(path_next(&w, &m) && m.field == 5 && m.nth == 0);
		path_skip_field(&w);
		assert_false(path_next(&w, &m));
		path_free(p);
	}
}

static void evaluation_allocates_nothing(void **state)
{
	static const char *const texts[] = { "245$a", "6..[#]$a", "650{$2 == \"gnd\"}$a", "856{$u =~ /b/}$u",
					    "008/35-37",
					     "650{=~ /Whale/}$a" };
	const struct record *r = fixture_record(whale);

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct path_walk w;
		struct match m;
		struct path *p;
		int count = 0;

		assert_int_equal(path_compile(span_str(texts[i]), &p, NULL), STATUS_OK);
		mem_fail_after(0, true);
		for (path_begin(&w, p, r); path_next(&w, &m);)
			count++;
		assert_int_equal(mem_refused(), 0);
		mem_fail_after(-1, false);
		assert_true(count > 0);
		path_free(p);
	}
}

static void many_subfields_with_an_occurrence_take_linear_time(void **state)
{
	static char lines[60000];
	size_t len = (size_t)sprintf(lines, "500 ##");

	(void)state;
	while (len < sizeof(lines) - 4)
		len += (size_t)sprintf(lines + len, "$a");
	lines[len] = '\0';
	CHECK(lines, { "500$a[#]", "" }, { "500$b[0]", "" }, { "500$a[29000]", "" });
}

/* Blocks of the manual that start with ```paths hold lines PATH --> VALUES about the record of this file. */
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
		char *arrow = strstr(line, " --> "), *end;

		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "```", 3) == 0)
			inside = strcmp(line, "```paths") == 0;
		if (!inside || !arrow)
			continue;
		for (end = arrow; end > line && end[-1] == ' ';)
			end--;
		*end = '\0';
		examples++;
		const char *got = fixture_values(line, r);
		const char *expected = strcmp(arrow + 5, "(nothing)") == 0 ? "" : arrow + 5;
		bool error = strcmp(expected, "(error)") == 0;

		if (error ? got[0] != '!' : strcmp(got, expected) != 0) {
			print_error("docs/PATHS.md: %s\n  says %s\n  is   %s\n", line, expected, got);
			wrong++;
		}
	}
	fclose(f);
	assert_true(examples > 20);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tags_and_codes_give_values_in_record_order),
		cmocka_unit_test(wildcards_and_tag_ranges_match_every_field_they_cover),
		cmocka_unit_test(occurrences_count_from_zero_and_from_the_end),
		cmocka_unit_test(indicators_stand_between_bars_and_behind_a_caret),
		cmocka_unit_test(positions_count_characters_and_are_cut_at_the_end),
		cmocka_unit_test(positions_count_bytes_where_the_record_is_not_utf8),
		cmocka_unit_test(unions_keep_record_order_and_give_nothing_twice),
		cmocka_unit_test(marcspec_conditions_filter_what_stands_before_them),
		cmocka_unit_test(conditions_of_ours_look_at_the_same_field),
		cmocka_unit_test(signs_that_marcspec_reads_differently_keep_its_reading),
		cmocka_unit_test(a_damaged_data_field_has_no_subfields_and_no_indicators),
		cmocka_unit_test(a_match_tells_field_place_code_and_the_characters_asked_for),
		cmocka_unit_test(fields_are_given_once_each),
		cmocka_unit_test(a_field_can_be_left_in_the_middle),
		cmocka_unit_test(evaluation_allocates_nothing),
		cmocka_unit_test(many_subfields_with_an_occurrence_take_linear_time),
		cmocka_unit_test(the_examples_of_the_manual_are_true),
	};

	return cmocka_run_group_tests_name("path_walk", tests, NULL, NULL);
}
