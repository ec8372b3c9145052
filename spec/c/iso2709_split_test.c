/* iso2709_split_test.c: framing. What each fixture is cut into, that the answer does not depend on how the
 * buffer grew, and that the work is linear. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "frames.h"
#include "marc/iso2709_score.h"

static const char *const damages[] = {
	"000", "L01", "L02", "L03", "L04", "L05", "L06", "L07", "L08", "L09", "L10", "L11", "L12", "L13",
	"L14", "L15", "L16", "L17", "L18", "L19", "L20", "D01", "D02", "D03", "D04", "D05", "D06", "D07",
	"D08", "D09", "D10", "D11", "D12", "D13", "D14", "D15", "D16", "D17", "F01", "F02", "F03", "F04",
	"F05", "F06", "F07", "F08", "F09", "F10", "F11", "F12", "F13", "F14", "F15", "F16", "F17", "F18",
	"F19", "F20", "F21", "F22", "F23", "E16", "R01", "R02", "R03", "R04", "R05", "R06", "R07", "R08",
	"R09", "R10", "R11", "R12", "R13", "R15", "R17", "R18", "R19", "R20", "R24", "R25", "R26", "R27",
	"R28", "R29", "R31",
};
#define DAMAGES (sizeof(damages) / sizeof(damages[0]))

static bool is_one_of(const char *id, const char *ids)
{
	return strstr(ids, id) != NULL;
}

/* Which of the three good records of the control a damaged file still holds. */
static const char *intact_in(const char *id)
{
	if (is_one_of(id, "R11 R12"))
		return "";
	if (is_one_of(id, "R07 R08 R09 R10"))
		return "12";
	return is_one_of(id, "000 R02 R03 R04 R05 R06 R13 R15 R17 R18 R19 R20 R27") ? "123" : "13";
}

static size_t place_of(struct bytes b, struct bytes part)
{
	uint8_t *p = memmem(b.p, b.n, part.p, part.n);

	assert_non_null(p);
	return (size_t)(p - b.p);
}

static void neighbours_of_every_damage_come_out_with_exactly_their_own_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < DAMAGES; i++) {
		struct bytes b = load_damage(damages[i]);
		struct frames list = frames_of(b, MAX_RECORD);

		for (const char *number = intact_in(damages[i]); *number; number++) {
			struct bytes r = control_record((size_t)(*number - '0'));

			if (!has_record(&list, place_of(b, r), r.n))
				fail_msg("%s: record %c is lost", damages[i], *number);
			free(r.p);
		}
		free(list.v);
		free(b.p);
	}
}

static void the_damaged_record_itself_stays_one_frame(void **state)
{
	(void)state;
	for (size_t i = 0; i < DAMAGES; i++) {
		struct bytes b = load_damage(damages[i]);
		struct frames list = frames_of(b, MAX_RECORD);
		size_t expected = is_one_of(damages[i], "R11 R12") ? 0 : 3;

		if (damages[i][0] != '0' && records_in(&list) != expected)
			fail_msg("%s: %zu records, not %zu", damages[i], records_in(&list), expected);
		free(list.v);
		free(b.p);
	}
}

/* kind and fault of each frame, as one word: R record, J junk. */
static void assert_story(const char *id, const char *expected)
{
	struct bytes b = load_damage(id);
	struct frames list = frames_of(b, MAX_RECORD);
	char story[256] = "";
	size_t len = 0;

	for (size_t i = 0; i < list.count; i++) {
		struct frame f = list.v[i].f;
		const char *code = f.code == FAULT_NONE ? "" : fault_code_text(f.code);

		len += (size_t)snprintf(story + len, sizeof(story) - len, "%s%c%s", i ? " " : "",
					f.kind == FRAME_RECORD ? 'R' : 'J', code);
	}
	if (strcmp(story, expected) != 0)
		fail_msg("%s: %s, not %s", id, story, expected);
	free(list.v);
	free(b.p);
}

static void junk_and_missing_ends_are_named(void **state)
{
	(void)state;
	assert_story("R01", "R RE006 R");
	assert_story("R02", "R JI008 R JI008 R");
	assert_story("R03", "R JI008 R JI008 R");
	assert_story("R04", "R JI008 R JI008 R");
	assert_story("R05", "R R JE009 R");
	assert_story("R06", "R R R JI008");
	assert_story("R07", "R R RE005");
	assert_story("R08", "R R RE005");
	assert_story("R09", "R R RE005");
	assert_story("R10", "R R RE006");
	assert_story("R11", "");
	assert_story("R12", "JI008");
	assert_story("R13", "JI009 R R R");
	assert_story("R15", "R R JI008 R");
	assert_story("R17", "R R JI008 R");
	assert_story("R19", "R R R JI008");
	assert_story("R20", "R R JE009 R");
	assert_story("R24", "R RE005 R");
	assert_story("R25", "R RE005 R");
	assert_story("R27", "R JE009 R R");
	assert_story("R28", "R RE006 R");
	assert_story("R29", "R R R");
	assert_story("F03", "R R R");
	assert_story("E16", "R R R");
	assert_story("L19", "R R R");
}

static void the_answer_does_not_depend_on_how_the_buffer_grew(void **state)
{
	static const char *const files[] = { "books",	 "damaged", "authority",    "holdings",
					     "marc8", "vendor_load", "junk_between" };

	(void)state;
	for (size_t i = 0; i < DAMAGES; i++) {
		struct bytes b = load_damage(damages[i]);

		assert_independent_of_buffers(b, damages[i], 1);
		free(b.p);
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct bytes b = load_fixture(files[i]);

		assert_independent_of_buffers(b, files[i], 1);
		free(b.p);
	}
}

static void fixture_files_hold_the_records_they_should(void **state)
{
	static const struct {
		const char *name;
		size_t records;
	} files[] = { { "books", 25 }, { "damaged", 5 },      { "authority", 4 },    { "holdings", 4 },
		      { "marc8", 1 },  { "vendor_load", 10 }, { "junk_between", 5 } };

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct bytes b = load_fixture(files[i].name);
		struct frames list = frames_of(b, MAX_RECORD);

		assert_int_equal(records_in(&list), files[i].records);
		free(list.v);
		free(b.p);
	}
}

static void a_record_without_end_leaves_in_pieces_of_the_limit(void **state)
{
	struct bytes one = control_record(1), three = control_record(3), all = bytes_new(0);
	size_t limit = 100000, long_ones = 0;
	struct frames list;

	(void)state;
	bytes_add(&all, one.p, one.n);
	bytes_add(&all, one.p, 300); /* a leader, a directory, some data … */
	bytes_fill(&all, "no record terminator here\x1e", 1 << 20);
	bytes_add(&all, three.p, three.n);
	list = frames_of(all, limit);
	assert_true(has_record(&list, 0, one.n));
	assert_true(has_record(&list, all.n - three.n, three.n));
	for (size_t i = 0; i < list.count; i++) {
		assert_true(list.v[i].f.len <= limit);
		if (list.v[i].f.code == FAULT_TOO_LONG) {
			assert_int_equal(list.v[i].f.len, limit);
			long_ones++;
		}
	}
	assert_int_equal(long_ones, (1 << 20) / limit);
	free(list.v);
	free(all.p);
	free(one.p);
	free(three.p);
}

static void a_cut_buffer_asks_for_more_and_an_ended_one_does_not(void **state)
{
	struct frame f = iso2709_frame((const uint8_t *)"", 0, false, MAX_RECORD);

	(void)state;
	assert_int_equal(f.kind, FRAME_MORE);
	f = iso2709_frame((const uint8_t *)"", 0, true, MAX_RECORD);
	assert_int_equal(f.kind, FRAME_END);
	f = iso2709_frame((const uint8_t *)"00", 2, false, MAX_RECORD);
	assert_int_equal(f.kind, FRAME_MORE);
	f = iso2709_frame((const uint8_t *)"00", 2, true, MAX_RECORD);
	assert_int_equal(f.kind, FRAME_RECORD);
	assert_int_equal(f.code, FAULT_TRUNCATED);
	f = iso2709_frame((const uint8_t *)"no", 2, true, MAX_RECORD);
	assert_int_equal(f.kind, FRAME_JUNK);
	assert_int_equal(f.code, FAULT_GARBAGE);
}

static void a_leader_is_known_by_its_numbers_and_counts(void **state)
{
	static const struct {
		const char *leader;
		bool plausible;
	} cases[] = {
		{ "00714cam a2200205 a 4500", true },  { "00000nam  2200097   4500", true },
		{ "00714cam a  00205 a 4500", true },  { "99999cam a2299999 a     ", true },
		{ "0071 cam a2200205 a 4500", false }, { "00714cam a22 0205 a 4500", false },
		{ "00714cam a2 00205 a 4500", false }, { "00714c\x01m a2200205 a 4500", false },
		{ "00714cam a1200205 a 4500", false }, { "00714\xe9" "am a2200205 a 4500", false },
		{ "Lorem ipsum dolor sit am", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(iso2709_plausible_leader((const uint8_t *)cases[i].leader),
				 cases[i].plausible);
}

/* What a reader does that doubles its buffer whenever it holds no whole frame: bytes looked at in all. */
static uint64_t steps_with_doubling(struct bytes b, size_t max_record)
{
	size_t at = 0, held = 0, cap = 4096;
	uint64_t steps = 0;

	for (;;) {
		struct frame f = score_frame(b.p + at, held, at + held == b.n, max_record, &steps);

		if (f.kind == FRAME_END)
			return steps;
		if (f.kind != FRAME_MORE) {
			at += f.len;
			held -= f.len;
			continue;
		}
		assert_true(at + held < b.n);
		assert_true(held < max_record + LOOKAHEAD);
		if (held == cap)
			cap *= 2;
		held = b.n - at < cap ? b.n - at : cap;
	}
}

static void assert_linear(const char *what, const char *pattern, size_t max_record)
{
	size_t n = (size_t)1 << 20;
	uint64_t steps[2];

	for (size_t i = 0; i < 2; i++) {
		struct bytes b = bytes_new(0);

		b.p = realloc(b.p, n << i);
		assert_non_null(b.p);
		for (; b.n < n << i; b.n++)
			b.p[b.n] = (uint8_t)pattern[b.n % strlen(pattern)];
		steps[i] = steps_with_doubling(b, max_record);
		free(b.p);
	}
	if (steps[1] * 10 > steps[0] * 24 || steps[0] > 64 * n)
		fail_msg("%s: %.1f steps a byte, twice the bytes take %.2f times as many", what,
			 (double)steps[0] / (double)n, (double)steps[1] / (double)steps[0]);
}

static void hostile_input_takes_steps_in_proportion_to_its_bytes(void **state)
{
	static const struct {
		const char *what, *pattern;
	} inputs[] = {
		{ "terminators", "\x1d" },
		{ "field terminators", "\x1e" },
		{ "terminators in text", "x\x1d" },
		{ "both terminators", "x\x1e\x1d" },
		{ "zeros", "0" },
		{ "twos", "2" },
		{ "leaders", "00024nam a2200025 i 4500" },
		{ "leaders of unknown length", "00000nam a2200025 i 4500" },
		{ "leaders that point far", "99999nam a2299999 i 4500" },
		{ "short leaders in twos", "000262222222222222222222" },
		{ "leaders with a directory", "99999nam a2200037 i 4500001000100000\x1e" },
		{ "leaders with far fields", "99999nam a2200037 i 4500500999999999\x1e" },
		{ "leaders in a directory", "99999nam a2200205 i 4500001000300000" },
		{ "records that lie", "00039nam a2200037 i 4500001000100000\x1ex\x1d" },
		{ "blanks", " " },
		{ "text", "Lorem ipsum 00714 " },
		{ "byte order marks", "\xEF\xBB\xBF" },
		{ "no terminator", "00714cam a2200205 a 4500 text without any end" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
		assert_linear(inputs[i].what, inputs[i].pattern, MAX_RECORD);
		assert_linear(inputs[i].what, inputs[i].pattern, 100000);
	}
}

static void gaps_and_text_of_any_length_leave_in_bounded_pieces(void **state)
{
	static const struct {
		const char *fill;
		enum fault_code code;
	} cases[] = { { " ", FAULT_JUNK }, { "text-of-another-kind-", FAULT_GARBAGE } };
	struct bytes one = control_record(1);

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		struct bytes b = bytes_new(0);
		struct frames list;

		bytes_fill(&b, cases[k].fill, 40000 * strlen(cases[k].fill));
		bytes_add(&b, one.p, one.n);
		if (k == 0)
			bytes_fill(&b, "\n\t", 100000);
		list = frames_of(b, MAX_RECORD);
		for (size_t i = 0; i < list.count; i++) {
			if (list.v[i].f.kind == FRAME_RECORD)
				continue;
			assert_int_equal(list.v[i].f.code, cases[k].code);
			assert_true(list.v[i].f.len <= 65536);
		}
		assert_true(has_record(&list, 40000 * strlen(cases[k].fill), one.n));
		free(list.v);
		list = frames_of(b, 10000); /* text is garbage, never a record that is too long */
		assert_int_equal(records_in(&list), 1);
		free(list.v);
		free(b.p);
	}
	free(one.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(neighbours_of_every_damage_come_out_with_exactly_their_own_bytes),
		cmocka_unit_test(the_damaged_record_itself_stays_one_frame),
		cmocka_unit_test(junk_and_missing_ends_are_named),
		cmocka_unit_test(the_answer_does_not_depend_on_how_the_buffer_grew),
		cmocka_unit_test(fixture_files_hold_the_records_they_should),
		cmocka_unit_test(a_record_without_end_leaves_in_pieces_of_the_limit),
		cmocka_unit_test(a_cut_buffer_asks_for_more_and_an_ended_one_does_not),
		cmocka_unit_test(a_leader_is_known_by_its_numbers_and_counts),
		cmocka_unit_test(hostile_input_takes_steps_in_proportion_to_its_bytes),
		cmocka_unit_test(gaps_and_text_of_any_length_leave_in_bounded_pieces),
	};

	return cmocka_run_group_tests_name("iso2709_split", tests, NULL, NULL);
}
