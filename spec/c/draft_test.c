/* draft_test.c: drafts: each verb, its refusals, and memory that ends. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "draft_sample.h"

static void assert_content(const struct draft *d, uint32_t at, const char *tag, const char *content)
{
	assert_true(at < d->view.count);
	assert_int_equal(d->view.field[at].tag, TAG(tag));
	assert_int_equal(d->view.field[at].len, strlen(content));
	assert_memory_equal(d->view.field[at].ptr, content, strlen(content));
}

/* ---- drafts ---- */

static void a_new_draft_equals_its_record_and_is_not_changed(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	assert_true(record_equal(&d->view, sample_record()));
	assert_false(d->changed);
	assert_false(d->view.flags & RECORD_DRAFT);
	assert_true(d->view.flags & RECORD_VERBATIM);
	for (uint32_t i = 0; i < d->view.count; i++)
		assert_ptr_equal(d->view.field[i].ptr, sample_record()->field[i].ptr);
}

static void a_draft_of_nothing_has_the_default_leader(void **state)
{
	(void)state;
	struct draft *d = draft_new(&arena, NULL);

	assert_non_null(d);
	assert_int_equal(d->view.count, 0);
	assert_memory_equal(d->view.leader, "00000nam a2200000   4500", LEADER_LEN);
	assert_true(d->view.flags & RECORD_DRAFT);
	assert_true(d->view.flags & RECORD_UTF8);
}

static void the_first_change_ends_verbatim_and_marks_the_draft(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	draft_remove(d, 3);
	assert_true(d->changed);
	assert_true(d->view.flags & RECORD_DRAFT);
	assert_false(d->view.flags & RECORD_VERBATIM);
}

static void insert_copies_the_content_and_keeps_the_neighbours(void **state)
{
	(void)state;
	struct draft *d = sample_draft();
	char content[] = "  " US "aNew";

	assert_ok(draft_insert(d, 3, TAG("500"), span_str(content)));
	memset(content, 'z', 4);
	assert_content(d, 3, "500", "  " US "aNew");
	assert_content(d, 2, "245", sample[2].content);
	assert_content(d, 4, "650", sample[3].content);
	assert_int_equal(d->view.count, SAMPLE_COUNT + 1);
}

static void insert_grows_beyond_the_spare_places(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	for (uint32_t i = 0; i < 200; i++)
		assert_ok(draft_insert(d, d->view.count, TAG("999"), SPAN_LIT("  " US "ax")));
	assert_int_equal(d->view.count, SAMPLE_COUNT + 200);
	assert_content(d, 2, "245", sample[2].content);
	for (uint32_t i = 0; i < d->view.count; i++)
		for (uint32_t k = 0; k < i; k++)
			assert_int_not_equal(d->ids[i], d->ids[k]);
}

static void insert_refuses_bad_tags_and_delimiters(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	assert_invalid(draft_insert(d, 0, TAG("24\x1e"), SPAN_LIT("  " US "ax")));
	assert_invalid(draft_insert(d, 0, TAG("24 "), SPAN_LIT("  " US "ax")));
	assert_invalid(draft_insert(d, 0, 0x1000000 | TAG("245"), SPAN_LIT("  " US "ax")));
	assert_invalid(draft_insert(d, 0, TAG("245"), SPAN_LIT("  " US "ax\x1e")));
	assert_invalid(draft_insert(d, 0, TAG("245"), SPAN_LIT("  " US "ax\x1d")));
	assert_invalid(draft_insert(d, 0, TAG("003"), SPAN_LIT("a" US "b")));
	assert_invalid(draft_insert(d, SAMPLE_COUNT + 1, TAG("245"), SPAN_LIT("  " US "ax")));
	assert_false(d->changed);
	assert_int_equal(d->view.count, SAMPLE_COUNT);
}

static void place_of_keeps_tag_order_as_far_as_there_is_one(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	assert_int_equal(draft_place_of(d, TAG("000")), 0);
	assert_int_equal(draft_place_of(d, TAG("003")), 1);
	assert_int_equal(draft_place_of(d, TAG("650")), 5);
	assert_int_equal(draft_place_of(d, TAG("999")), 6);
	draft_move(d, 2, 5); /* 001 008 650 650 856 245 */
	assert_int_equal(draft_place_of(d, TAG("300")), 6);
}

static void replace_with_equal_content_changes_nothing(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	assert_ok(draft_replace(d, 0, SPAN_LIT("x1")));
	assert_false(d->changed);
	assert_ok(draft_replace(d, 0, SPAN_LIT("x2")));
	assert_content(d, 0, "001", "x2");
	assert_true(d->changed);
	assert_true(d->view.field[0].flags & FIELD_CHANGED);
	assert_invalid(draft_replace(d, 0, SPAN_LIT("x\x1f")));
	assert_content(d, 0, "001", "x2");
}

static void a_high_byte_is_noted_in_the_flags(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	assert_false(d->view.flags & RECORD_HIGH);
	assert_ok(draft_subfield_set(d, 3, 0, SPAN_LIT("K\xc3\xa4tzchen")));
	assert_true(d->view.flags & RECORD_HIGH);
}

static void retag_does_not_mix_control_and_data_fields(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	assert_invalid(draft_retag(d, 2, TAG("001")));
	assert_invalid(draft_retag(d, 0, TAG("245")));
	assert_invalid(draft_retag(d, 2, TAG("2 5")));
	assert_ok(draft_retag(d, 2, TAG("245")));
	assert_false(d->changed);
	assert_ok(draft_retag(d, 2, TAG("246")));
	assert_content(d, 2, "246", sample[2].content);
	assert_ptr_equal(d->view.field[2].ptr, sample[2].content);
}

static void move_keeps_ids_with_their_fields(void **state)
{
	(void)state;
	struct draft *d = sample_draft();
	uint32_t id = d->ids[2];

	draft_move(d, 2, 5);
	assert_content(d, 5, "245", sample[2].content);
	assert_int_equal(draft_find(d, id), 5);
	draft_move(d, 5, 0);
	assert_content(d, 0, "245", sample[2].content);
	assert_content(d, 1, "001", "x1");
	assert_int_equal(draft_find(d, id), 0);
	draft_remove(d, 0);
	assert_int_equal(draft_find(d, id), UINT32_MAX);
}

static void move_to_its_own_place_changes_nothing(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	draft_move(d, 2, 2);
	assert_false(d->changed);
}

static void reorder_gives_fields_other_places(void **state)
{
	(void)state;
	struct draft *d = sample_draft();
	const uint32_t place[] = { 2, 4, 5 }, from[] = { 5, 2, 4 };

	assert_ok(draft_reorder(d, 3, place, place));
	assert_false(d->changed);
	assert_ok(draft_reorder(d, 3, place, from));
	assert_content(d, 2, "856", sample[5].content);
	assert_content(d, 3, "650", sample[3].content);
	assert_content(d, 4, "245", sample[2].content);
	assert_content(d, 5, "650", sample[4].content);
	assert_int_equal(draft_find(d, 5), 2);
}

/* ---- leader ---- */

static void leader_bytes_can_be_set(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	assert_ok(draft_set_leader(d, 5, SPAN_LIT("c")));
	assert_false(d->changed);
	assert_ok(draft_set_leader(d, 17, SPAN_LIT("7i")));
	assert_memory_equal(d->view.leader, "00000cam a22000007i 4500", LEADER_LEN);
	assert_true(d->changed);
}

static void computed_leader_bytes_and_places_outside_are_refused(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	assert_invalid(draft_set_leader(d, 4, SPAN_LIT("1c")));
	assert_invalid(draft_set_leader(d, 0, SPAN_LIT("1")));
	assert_invalid(draft_set_leader(d, 11, SPAN_LIT("20")));
	assert_invalid(draft_set_leader(d, 16, SPAN_LIT("0")));
	assert_invalid(draft_set_leader(d, 23, SPAN_LIT("00")));
	assert_invalid(draft_set_leader(d, 25, SPAN_LIT("")));
	assert_invalid(draft_set_leader(d, UINT32_MAX, SPAN_LIT("0")));
	assert_invalid(draft_set_leader(d, 5, SPAN_LIT("\xc3")));
	assert_false(d->changed);
}

/* ---- inside of a field ---- */

static void indicators_can_be_set(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	assert_ok(draft_set_indicator(d, 2, 2, '4'));
	assert_content(d, 2, "245", "14" US "aTitle" US "bof it /" US "cone" US "aagain");
	assert_ok(draft_set_indicator(d, 2, 1, ' '));
	assert_content(d, 2, "245", " 4" US "aTitle" US "bof it /" US "cone" US "aagain");
	assert_invalid(draft_set_indicator(d, 2, 1, 0x1f));
	assert_invalid(draft_set_indicator(d, 2, 1, 0x7f));
	assert_invalid(draft_set_indicator(d, 2, 3, '1'));
	assert_invalid(draft_set_indicator(d, 0, 1, '1'));
}

static void characters_are_replaced_in_place(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	assert_ok(draft_set_chars(d, 1, -1, 15, 3, SPAN_LIT("mau")));
	assert_content(d, 1, "008", "860506s1957    mau");
	assert_ok(draft_set_chars(d, 2, 0, 0, 1, SPAN_LIT("t")));
	assert_content(d, 2, "245", "10" US "atitle" US "bof it /" US "cone" US "aagain");
}

static void a_short_text_is_filled_with_blanks_first(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	assert_ok(draft_set_chars(d, 0, -1, 4, 2, SPAN_LIT("zz")));
	assert_content(d, 0, "001", "x1  zz");
	assert_ok(draft_set_chars(d, 0, -1, 5, 3, SPAN_LIT("abc"))); /* half inside */
	assert_content(d, 0, "001", "x1  zabc");
	assert_ok(draft_set_chars(d, 3, 0, 6, 1, SPAN_LIT("!")));
	assert_content(d, 3, "650", " 0" US "aCats  !");
}

static void characters_are_code_points(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	assert_ok(draft_subfield_set(d, 3, 0, SPAN_LIT("\xc3\xa4\xc3\xb6\xe2\x82\xac.")));
	assert_ok(draft_set_chars(d, 3, 0, 1, 2, SPAN_LIT("o\xc3\xbc")));
	assert_content(d, 3, "650", " 0" US "a\xc3\xa4o\xc3\xbc.");
	assert_invalid(draft_set_chars(d, 3, 0, 0, 2, SPAN_LIT("\xc3\xa4")));
	assert_invalid(draft_set_chars(d, 3, 0, 0, 1, SPAN_LIT("ab")));
}

static void characters_of_no_text_are_refused(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	assert_invalid(draft_set_chars(d, 3, -1, 0, 1, SPAN_LIT("x")));
	assert_invalid(draft_set_chars(d, 3, 7, 0, 1, SPAN_LIT("x")));
	assert_invalid(draft_set_chars(d, 1, -1, 0, 1, SPAN_LIT("\x1e")));
	assert_invalid(draft_set_chars(d, 1, -1, SIZE_MAX, 1, SPAN_LIT("x")));
	assert_false(d->changed);
}

static void subfields_are_replaced_by_ordinal(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	assert_ok(draft_subfield_set(d, 2, 3, SPAN_LIT("once more")));
	assert_content(d, 2, "245", "10" US "aTitle" US "bof it /" US "cone" US "aonce more");
	assert_ok(draft_subfield_set(d, 2, 1, SPAN_LIT("")));
	assert_content(d, 2, "245", "10" US "aTitle" US "b" US "cone" US "aonce more");
	assert_invalid(draft_subfield_set(d, 2, 4, SPAN_LIT("x")));
	assert_invalid(draft_subfield_set(d, 2, 0, SPAN_LIT("x\x1f" "by")));
	assert_invalid(draft_subfield_set(d, 0, 0, SPAN_LIT("x")));
}

static void subfields_are_inserted_before_an_ordinal(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	assert_ok(draft_subfield_insert(d, 3, 0, '6', SPAN_LIT("880-01")));
	assert_ok(draft_subfield_insert(d, 3, 2, 'x', SPAN_LIT("Care")));
	assert_content(d, 3, "650", " 0" US "6880-01" US "aCats" US "xCare");
	assert_invalid(draft_subfield_insert(d, 3, 4, 'x', SPAN_LIT("far")));
	assert_invalid(draft_subfield_insert(d, 3, 0, ' ', SPAN_LIT("blank")));
	assert_invalid(draft_subfield_insert(d, 3, 0, 0x1f, SPAN_LIT("US")));
	assert_invalid(draft_subfield_insert(d, 0, 0, 'a', SPAN_LIT("control")));
}

static void subfields_are_removed_and_the_last_takes_its_field_along(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	assert_ok(draft_subfield_remove(d, 4, 0));
	assert_content(d, 4, "650", " 7" US "2fast");
	assert_invalid(draft_subfield_remove(d, 4, 1));
	assert_ok(draft_subfield_remove(d, 4, 0));
	assert_int_equal(d->view.count, SAMPLE_COUNT - 1);
	assert_content(d, 4, "856", sample[5].content);
}

static void subfields_get_another_code(void **state)
{
	(void)state;
	struct draft *d = sample_draft();

	assert_ok(draft_subfield_recode(d, 2, 3, 'n'));
	assert_content(d, 2, "245", "10" US "aTitle" US "bof it /" US "cone" US "nagain");
	assert_invalid(draft_subfield_recode(d, 2, 9, 'n'));
	assert_invalid(draft_subfield_recode(d, 2, 0, 0x80));
}

static void doubled_delimiters_and_wide_codes_are_survived(void **state)
{
	(void)state;
	struct draft *d = draft_new(&arena, NULL);

	assert_ok(draft_insert(d, 0, TAG("500"),
			       SPAN_LIT("  " US US "aone" US "\xc3\xa4two" US "bthree" US)));
	assert_ok(draft_subfield_set(d, 0, 2, SPAN_LIT("3")));
	assert_ok(draft_subfield_recode(d, 0, 1, 'c'));
	assert_content(d, 0, "500", "  " US US "aone" US "ctwo" US "b3" US);
	assert_ok(draft_subfield_remove(d, 0, 0));
	assert_ok(draft_subfield_remove(d, 0, 0));
	assert_ok(draft_subfield_remove(d, 0, 0));
	assert_int_equal(d->view.count, 0);
}

static void a_malformed_field_is_kept_and_its_inside_left_alone(void **state)
{
	(void)state;
	struct draft *d = draft_new(&arena, NULL);

	assert_ok(draft_insert(d, 0, TAG("500"), SPAN_LIT("1")));
	assert_ok(draft_insert(d, 1, TAG("501"), SPAN_LIT("")));
	assert_ok(draft_insert(d, 2, TAG("502"), SPAN_LIT("no delimiter")));
	for (uint32_t at = 0; at < 3; at++) {
		assert_true(d->view.field[at].flags & FIELD_MALFORMED);
		assert_invalid(draft_set_indicator(d, at, 1, '1'));
		assert_invalid(draft_subfield_set(d, at, 0, SPAN_LIT("x")));
		assert_invalid(draft_subfield_insert(d, at, 0, 'a', SPAN_LIT("x")));
		assert_invalid(draft_subfield_remove(d, at, 0));
	}
	assert_content(d, 0, "500", "1");
}

static void surgery_next_to_damage_leaves_the_damage_alone(void **state)
{
	(void)state;
	struct draft *d = draft_new(&arena, NULL);

	assert_invalid(draft_insert(d, 0, TAG("500"), SPAN_LIT("  " US "a\x1d" US "bx")));
	assert_ok(draft_insert_kept(d, 0, TAG("500"), SPAN_LIT("  " US "a\x1d" US "bx")));
	assert_ok(draft_subfield_set(d, 0, 1, SPAN_LIT("y")));
	assert_ok(draft_set_indicator(d, 0, 1, '1'));
	assert_content(d, 0, "500", "1 " US "a\x1d" US "by");
	assert_invalid(draft_subfield_set(d, 0, 1, SPAN_LIT("\x1d")));
}

static void what_may_stand_in_a_record(void **state)
{
	(void)state;
	assert_true(draft_tag_ok(SPAN_LIT("9aZ")));
	assert_false(draft_tag_ok(SPAN_LIT("24")));
	assert_false(draft_tag_ok(SPAN_LIT("2450")));
	assert_false(draft_tag_ok(SPAN_LIT("24\x1d")));
	assert_false(draft_tag_ok(SPAN_LIT("2@5")));
	assert_true(draft_indicator_ok(' '));
	assert_true(draft_indicator_ok('~'));
	assert_false(draft_indicator_ok(0x7f));
	assert_false(draft_indicator_ok(0x80));
	assert_false(draft_code_ok(' '));
	assert_true(draft_code_ok('!'));
	assert_true(draft_text_ok(SPAN_LIT("\x1c \x20\xff")));
	assert_false(draft_text_ok(SPAN_LIT("a\x1d")));
	assert_false(draft_text_ok(SPAN_LIT("\x1e")));
	assert_false(draft_text_ok(SPAN_LIT("0123456789abcdef0123456789abcdef\x1f")));
}

/* ---- no memory ---- */

typedef enum status verb(struct draft *d);

static enum status insert_many(struct draft *d)
{
	for (int i = 0; i < 400; i++)
		TRY(draft_insert(d, 0, TAG("001"), SPAN_LIT("a control field of some length, again and "
							    "again")));
	return STATUS_OK;
}

static enum status set_long(struct draft *d)
{
	static const uint8_t text[8000] = "long";

	return draft_subfield_set(d, 3, 0, span_of(text, sizeof(text)));
}

static enum status fill_far(struct draft *d)
{
	return draft_set_chars(d, 1, -1, 9000, 1, SPAN_LIT("x"));
}

static void fail_each_allocation(verb *run)
{
	for (long k = 0;; k++) {
		arena_release(&arena);
		arena_init(&arena, 0);
		mem_fail_after(k, false);

		struct draft *d = draft_new(&arena, sample_record());
		enum status st = d ? run(d) : STATUS_MEMORY;

		mem_fail_after(-1, false);
		if (st == STATUS_OK) {
			assert_true(k > 1);
			return;
		}
		assert_int_equal(st, STATUS_MEMORY);
		for (uint32_t i = 0; d && i < d->view.count; i++)
			assert_non_null(d->view.field[i].ptr);
		assert_true(!d || d->view.count >= SAMPLE_COUNT);
	}
}

static void a_refused_allocation_is_reported_and_breaks_nothing(void **state)
{
	(void)state;
	fail_each_allocation(insert_many);
	fail_each_allocation(set_long);
	fail_each_allocation(fill_far);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(a_new_draft_equals_its_record_and_is_not_changed),
		T(a_draft_of_nothing_has_the_default_leader),
		T(the_first_change_ends_verbatim_and_marks_the_draft),
		T(insert_copies_the_content_and_keeps_the_neighbours),
		T(insert_grows_beyond_the_spare_places),
		T(insert_refuses_bad_tags_and_delimiters),
		T(place_of_keeps_tag_order_as_far_as_there_is_one),
		T(replace_with_equal_content_changes_nothing),
		T(a_high_byte_is_noted_in_the_flags),
		T(retag_does_not_mix_control_and_data_fields),
		T(move_keeps_ids_with_their_fields),
		T(move_to_its_own_place_changes_nothing),
		T(reorder_gives_fields_other_places),
		T(leader_bytes_can_be_set),
		T(computed_leader_bytes_and_places_outside_are_refused),
		T(indicators_can_be_set),
		T(characters_are_replaced_in_place),
		T(a_short_text_is_filled_with_blanks_first),
		T(characters_are_code_points),
		T(characters_of_no_text_are_refused),
		T(subfields_are_replaced_by_ordinal),
		T(subfields_are_inserted_before_an_ordinal),
		T(subfields_are_removed_and_the_last_takes_its_field_along),
		T(subfields_get_another_code),
		T(doubled_delimiters_and_wide_codes_are_survived),
		T(a_malformed_field_is_kept_and_its_inside_left_alone),
		T(surgery_next_to_damage_leaves_the_damage_alone),
		T(what_may_stand_in_a_record),
		T(a_refused_allocation_is_reported_and_breaks_nothing),
	};

	return cmocka_run_group_tests_name("draft", tests, NULL, NULL);
}
