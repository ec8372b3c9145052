/* path_test.c: compiling paths: what they say of themselves, and what the errors say. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "path_fixture.h"

static struct path *compile(const char *text)
{
	struct path_error err;
	struct path *p;
	enum status st = path_compile(span_str(text), &p, &err);

	if (st == STATUS_INVALID)
		print_error("%s: %s\n", text, err.message);
	assert_int_equal(st, STATUS_OK);
	return p;
}

static void a_path_knows_what_it_names(void **state)
{
	static const struct {
		const char *text;
		enum path_target target;
	} list[] = {
		{ "245", PATH_FIELD },       { "6..", PATH_FIELD },       { "650[0]", PATH_FIELD },
		{ "650{$a}", PATH_FIELD },   { "245$a", PATH_SUBFIELD },  { "245ab", PATH_SUBFIELD },
		{ "245^1", PATH_INDICATOR }, { "008/06", PATH_CHARS },    { "245$a/0-3", PATH_CHARS },
		{ "245$a/0$b", PATH_CHARS }, { "LDR", PATH_LEADER },      { "LDR/06", PATH_CHARS },
		{ "ldr.type", PATH_LEADER }, { "650{/0}$a", PATH_SUBFIELD }, { " 245$a ", PATH_SUBFIELD },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		struct path *p = compile(list[i].text);

		if (path_target(p) != list[i].target)
			print_error("%s\n", list[i].text);
		assert_int_equal(path_target(p), list[i].target);
		path_free(p);
	}
}

static void a_path_tells_its_codes_in_the_order_written(void **state)
{
	struct path *p = compile("245$n-p$a$b$a");
	uint32_t count;

	(void)state;
	assert_memory_equal(path_codes(p, &count), "nopab", 5);
	assert_int_equal(count, 5);
	assert_true(path_has_code(p, 'o') && path_has_code(p, 'a'));
	assert_false(path_has_code(p, 'c') || path_has_code(p, 0xC3));
	assert_int_equal(path_single_code(p), 0);
	path_free(p);
	p = compile("245$^a-z");
	assert_true(path_has_code(p, '0') && path_has_code(p, '{') && !path_has_code(p, 'q') &&
		    !path_has_code(p, ' '));
	path_free(p);
	p = compile("245a");
	assert_int_equal(path_single_code(p), 'a');
	path_free(p);
	p = compile("245");
	assert_null(path_codes(p, &count));
	assert_int_equal(count, 0);
	assert_true(path_has_code(p, 'x'));
	assert_int_equal(path_single_code(p), 0);
	path_free(p);
}

static void a_path_tells_what_edits_ask(void **state)
{
	uint32_t first, count;
	uint8_t bars[2];
	struct path *p = compile("264|#1|");

	(void)state;
	assert_true(path_bars(p, bars));
	assert_true(bars[0] == ' ' && bars[1] == '1');
	assert_int_equal(path_tag(p), MARC_TAG('2', '6', '4'));
	assert_false(path_has_conditions(p) || path_has_occurrence(p) || path_is_leader(p));
	assert_false(path_chars(p, &first, &count));
	path_free(p);
	p = compile("264|*1|:260");
	assert_true(path_bars(p, bars) && bars[0] == 0);
	assert_int_equal(path_part_count(p), 2);
	assert_true(path_names_tag(p, MARC_TAG('2', '6', '0')));
	assert_false(path_names_tag(p, MARC_TAG('2', '6', '1')));
	path_free(p);
	p = compile("008/35-37");
	assert_true(path_chars(p, &first, &count));
	assert_true(first == 35 && count == 3);
	assert_false(path_bars(p, bars));
	path_free(p);
	p = compile("245$a/2");
	assert_true(path_chars(p, &first, &count) && first == 2 && count == 1);
	path_free(p);
	p = compile("008/3-#");
	assert_false(path_chars(p, &first, &count));
	path_free(p);
	p = compile("ldr.length");
	assert_true(path_is_leader(p) && path_chars(p, &first, &count) && first == 0 && count == 5);
	assert_int_equal(path_tag(p), 0);
	assert_false(path_names_tag(p, MARC_TAG('L', 'D', 'R')));
	path_free(p);
	p = compile("245^2");
	assert_int_equal(path_indicator(p), 2);
	path_free(p);
	p = compile("6..[0]{$a}");
	assert_true(path_has_conditions(p) && path_has_occurrence(p) && path_tag(p) == 0 &&
		    path_indicator(p) == 0);
	assert_true(path_names_tag(p, MARC_TAG('6', '5', '0')));
	path_free(p);
	p = compile("600-651$a[#]");
	assert_true(path_has_occurrence(p) && !path_has_conditions(p) && path_tag(p) == 0);
	path_free(p);
}

static void errors_name_the_place_and_our_spelling(void **state)
{
	static const struct {
		const char *text;
		size_t column;
		const char *part;
	} list[] = {
		{ "", 0, "empty" },
		{ "24", 2, "tag of three" },
		{ "2 5", 1, "tag of three" },
		{ "abC", 0, "one case" },
		{ "245A", 3, "$A" },
		{ "2456", 3, "$6" },
		{ "245$ab", 5, "$a$b" },
		{ "245$", 4, "subfield code" },
		{ "245$ ", 4, "subfield code" },
		{ "245$|", 4, "no subfield code" },
		{ "245$\xC3\x9F", 4, "subfield code" },
		{ "245$a-", 5, "$a-c" },
		{ "245$a-9", 5, "$a-c" },
		{ "245$z-a", 5, "backwards" },
		{ "245$A-Z", 5, "letter to letter" },
		{ "245a-c", 4, "$a-c" },
		{ "245.A", 4, "lower-case" },
		{ "880.6", 3, "$6" },
		{ "008a", 3, "008/35-37" },
		{ "245^3", 4, "^1 and ^2" },
		{ "245^12", 4, "^1 and ^2" },
		{ "245^", 4, "^1 and ^2" },
		{ "245^1/0", 5, "no positions" },
		{ "008/", 4, "position" },
		{ "008/x", 4, "position" },
		{ "008/3-", 6, "position" },
		{ "008/3-2", 4, "backwards" },
		{ "008/1-2-3", 7, "end here" },
		{ "008/1234567890", 4, "nine digits" },
		{ "245/0-3$a", 7, "245$a/0-3" },
		{ "650[4,0]", 3, "650|40|" },
		{ "650[,0]a", 3, "650|*0|" },
		{ "650[1,]a", 3, "650|1*|" },
		{ "008[35:38]", 3, "008/35-37" },
		{ "008[35-37]", 3, "008/35-37" },
		{ "008[6]", 3, "008/06" },
		{ "001[3-#]", 3, "001/03-#" },
		{ "LDR[6]", 3, "LDR/06" },
		{ "650[]", 3, "[0]" },
		{ "650[x]", 3, "650$x" },
		{ "245/a", 3, "245$a" },
		{ "008/a", 4, "a position" },
		{ "650[0", 3, "[0]" },
		{ "650[2-1]", 4, "backwards" },
		{ "650/#0.a", 3, "650|#0|" },
		{ "650|4|$a", 3, "two indicators" },
		{ "650|400|", 3, "two indicators" },
		{ "650[0]|*0|a", 6, "650|*0|[0]" },
		{ "ldr.kind", 4, "multipart" },
		{ "651-600", 0, "backwards" },
		{ "65.-660", 3, "three digits" },
		{ "245a:", 5, "tag of three" },
		{ "245 $a", 4, "nothing may follow" },
		{ "245$a == \"x\"", 6, "nothing may follow" },
		{ "245{", 4, "missing" },
		{ "245{$a", 3, "not closed" },
		{ "245{$a $b}", 7, "end with }" },
		{ "245{}", 4, "tag of three" },
		{ "008/0-7{^1}", 8, "no indicators" },
		{ "245^2{/0=\\1}", 6, "no positions" },
		{ "245{$a=\\te}st}", 13, "nothing may follow" },
		{ "245{$a=\\t$}", 9, "\\$" },
		{ "245{$a=\\a b}", 10, "end with }" },
		{ "008/18{LDR/6=\t}", 13, "control character" },
		{ "245\n", 3, "control character" },
	};
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		struct path_error err = { 0, "" };
		struct path *p = NULL;
		enum status st = path_compile(span_str(list[i].text), &p, &err);

		if (st != STATUS_INVALID || p || err.column != list[i].column || !strstr(err.message,
											 list[i].part)) {
			print_error("%s: status %d, column %zu, not %zu: %s\n", list[i].text, (int)st,
				    err.column,
				    list[i].column, err.message);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

static void every_prefix_of_a_long_path_compiles_or_is_refused(void **state)
{
	static const char text[] = "600-651|*0|{$2 in [\"a\", 'b'] and not ^1 == \"1\"}[#-1]{#$a > "
		"1}$a-c[0]/0-#{=~ /x\\/(y)/i}$x$^0-9"
				   ":LDR/06{=\\a|=\\b\\s\\}}:ldr.type:245abc:...^1{!$a|?$b}"
				   ":008[0]/07-10{LDR/7!~\\m}";

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		/* a block of its own, so that a read past its end is seen */
		uint8_t *copy = mem_dup(text, len);
		struct path_error err = { SIZE_MAX, "" };
		struct path *p;
		enum status st = path_compile(span_of(copy, len), &p, &err);

		assert_true(st == STATUS_OK || (st == STATUS_INVALID && err.column <= len && err.message[0]));
		if (len == sizeof(text) - 1)
			assert_int_equal(st, STATUS_OK);
		mem_free(copy);
		if (st == STATUS_OK)
			fixture_values(text, fixture_record(whale));
		path_free(p);
	}
}

static void limits_are_errors(void **state)
{
	static char text[70000];
	struct path_error err;
	struct path *p;
	size_t len = 3;

	(void)state;
	strcpy(text, "245");
	for (int i = 0; i < 64; i++, len += 4)
		strcpy(text + len, ":245");
	assert_int_equal(path_compile(span_str(text), &p, &err), STATUS_INVALID);
	assert_int_equal(path_compile(span_of(text, len - 4), &p, &err), STATUS_OK);
	assert_string_equal(fixture_values("245$a", fixture_record(whale)), "Moby Dick :");
	path_free(p);
	strcpy(text, "245[0]");
	for (int i = 0; i < 16; i++)
		strcat(text, ":245[0]");
	assert_int_equal(path_compile(span_str(text), &p, &err), STATUS_INVALID);
	assert_non_null(strstr(err.message, "16"));
	strcpy(text, "245");
	for (int i = 0; i < 257; i++)
		strcat(text, "$a[0]");
	assert_int_equal(path_compile(span_str(text), &p, &err), STATUS_INVALID);
	assert_non_null(strstr(err.message, "256"));
	memset(text, 'a', sizeof(text));
	memcpy(text, "245", 3);
	assert_int_equal(path_compile(span_of(text, sizeof(text)), &p, &err), STATUS_INVALID);
	assert_int_equal(path_compile(span_of(text, 65535), &p, &err), STATUS_OK);
	assert_int_equal(path_single_code(p), 'a');
	path_free(p);
	assert_int_equal(path_compile(SPAN_LIT("2"), &p, NULL), STATUS_INVALID);
	path_free(NULL);
}

static void every_allocation_may_fail(void **state)
{
	static const char text[] = "100a:6..[0]{$2 == \"gnd\"|$a~\\x}{^2}$a[0]$b/0-3{=~ /x/i}$c$d$e[1]$f[2]";
	long live = mem_live();
	struct path *p = NULL;
	enum status st;
	long n = 0;

	(void)state;
	do {
		mem_fail_after(n++, false);
		st = path_compile(SPAN_LIT(text), &p, NULL);
		mem_fail_after(-1, false);
		if (st != STATUS_OK) {
			assert_int_equal(st, STATUS_MEMORY);
			assert_null(p);
			assert_int_equal(mem_live(), live);
		}
	} while (st != STATUS_OK && n < 1000);
	assert_int_equal(st, STATUS_OK);
	assert_true(n > 15);
	path_free(p);
	assert_int_equal(mem_live(), live);
}

static void the_caret_stands_below_the_place(void **state)
{
	struct path_error err;
	struct path *p;
	struct expr *e;
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	assert_int_equal(path_compile(SPAN_LIT("650[4,0]"), &p, &err), STATUS_INVALID);
	assert_int_equal(path_error_text(SPAN_LIT("650[4,0]"), &err, &b), STATUS_OK);
	assert_int_equal(buf_add_byte(&b, 0), STATUS_OK);
	assert_string_equal((const char *)b.ptr, "brackets choose occurrences; indicators stand between "
			    "bars: 650|40| (column 4)\n"
			    "  650[4,0]\n"
			    "     ^");
	b.len = 0;
	static const char lines[] = "245$a == \"x\"\n\tand 650$a == \"\xC3\xA9\xC3\xA9\" 1\nor 001";
	assert_int_equal(expr_compile(SPAN_LIT(lines), &e, &err), STATUS_INVALID);
	assert_int_equal(path_error_text(SPAN_LIT(lines), &err, &b), STATUS_OK);
	assert_int_equal(buf_add_byte(&b, 0), STATUS_OK);
	assert_non_null(strstr((const char *)b.ptr, "\n   and 650$a == \"\xC3\xA9\xC3\xA9\" 1\n             "
			       "        ^"));
	buf_release(&b);
	buf_init(&b, 20);
	assert_int_equal(path_error_text(SPAN_LIT("650[4,0]"), &err, &b), STATUS_MEMORY);
	assert_int_equal(b.len, 0);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_knows_what_it_names),
		cmocka_unit_test(a_path_tells_its_codes_in_the_order_written),
		cmocka_unit_test(a_path_tells_what_edits_ask),
		cmocka_unit_test(errors_name_the_place_and_our_spelling),
		cmocka_unit_test(every_prefix_of_a_long_path_compiles_or_is_refused),
		cmocka_unit_test(limits_are_errors),
		cmocka_unit_test(every_allocation_may_fail),
		cmocka_unit_test(the_caret_stands_below_the_place),
	};

	return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
