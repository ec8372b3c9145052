/* iso2709_read_test.c: good records, damaged frames, the list of faults, and generated damage. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "read_record.h"

/* ---- good records ---- */

static void a_good_record_reads_the_same_in_every_mode(void **state)
{
	(void)state;
	for (enum recovery mode = RECOVERY_STRICT; mode <= RECOVERY_PERMISSIVE; mode++) {
		read_as(FAULT_NONE, mode);
		assert_sample();
		assert_int_equal(got.r.flags, RECORD_VERBATIM | RECORD_UTF8);
		assert_int_equal(got.r.fault_count, 0);
		assert_memory_equal(got.r.leader, made.b, 24);
		assert_ptr_equal(got.r.field[0].ptr, got.block + made.base);
		assert_int_equal(got.r.field[0].flags, FIELD_CONTROL);
		assert_int_equal(got.r.field[3].flags, 0);
		assert_comes_back();
	}
}

static void the_callers_members_are_left_alone(void **state)
{
	struct record r = { .offset = 11, .number = 22, .index = 33, .source = 44 };
	struct span raw = span_of(made.b, made.n);

	(void)state;
	assert_int_equal(iso2709_read(raw, FAULT_NONE, RECOVERY_STRICT, &got.arena, &r), STATUS_OK);
	made.b[9] = '?';
	assert_int_equal(iso2709_read(raw, FAULT_NONE, RECOVERY_STRICT, &got.arena, &r), STATUS_OK);
	assert_int_equal(r.offset, 11);
	assert_int_equal(r.number, 22);
	assert_int_equal(r.index, 33);
	assert_int_equal(r.source, 44);
}

static void good_records_of_every_length_are_clean(void **state)
{
	static char text[600];

	(void)state;
	memcpy(text, "10" US "a", 4);
	memset(text + 4, 'x', sizeof(text) - 4);
	for (size_t len = 5; len < sizeof(text); len++) {
		make_title(text, len);
		read_as(FAULT_NONE, RECOVERY_STRICT);
		assert_int_equal(got.r.fault_count, 0);
		assert_int_equal(got.r.field[3].len, len);
	}
}

static void one_odd_byte_is_seen_at_every_place(void **state)
{
	static char text[300];

	(void)state;
	for (size_t at = 4; at < sizeof(text) - 1; at++) {
		memcpy(text, "10" US "a", 4);
		memset(text + 4, 'x', sizeof(text) - 4);
		text[at] = 0x01;
		make_title(text, sizeof(text));
		read_as(FAULT_NONE, RECOVERY_LENIENT);
		assert_int_equal(got.r.fault_count, 1);
		assert_int_equal(got.r.fault[0].code, FAULT_CONTROL_CHARACTER);
		assert_int_equal(got.r.fault[0].offset, made_find(&made, "10" US) + at);
		assert_int_equal(got.r.fault[0].tag, MARC_TAG('2', '4', '5'));
	}
}

static void a_thousand_fields_are_read(void **state)
{
	static struct made_field list[1001];

	(void)state;
	for (int i = 0; i < 1000; i++)
		list[i] = (struct made_field){ "650", " 0" US "aSubject heading", 0 };
	make_record(&made, list);
	read_as(FAULT_NONE, RECOVERY_STRICT);
	assert_int_equal(got.r.count, 1000);
	assert_int_equal(got.r.fault_count, 0);
	assert_field(999, "650", " 0" US "aSubject heading");
}

static void letters_in_tags_are_fine(void **state)
{
	(void)state;
	put(made_entry(4), "LKR");
	read_as(FAULT_NONE, RECOVERY_STRICT);
	assert_int_equal(got.r.fault_count, 0);
	put(made_entry(4), "9xz");
	read_as(FAULT_NONE, RECOVERY_STRICT);
	assert_int_equal(got.r.fault_count, 0);
	assert_field(4, "9xz", " 0" US "aThings.");
}

static void high_bytes_and_coding_are_flagged(void **state)
{
	(void)state;
	make_title("10" US "aCaf\xC3\xA9", 0);
	read_as(FAULT_NONE, RECOVERY_STRICT);
	assert_int_equal(got.r.flags, RECORD_VERBATIM | RECORD_UTF8 | RECORD_HIGH);
	made.b[9] = ' ';
	read_as(FAULT_NONE, RECOVERY_STRICT);
	assert_int_equal(got.r.flags, RECORD_VERBATIM | RECORD_HIGH);
	assert_int_equal(got.r.fault_count, 0);
}

static void marc8_escapes_are_text_in_marc8_only(void **state)
{
	(void)state;
	make_title("10" US "a\x1b(NABC\x1b(B \xE2" "e", 0);
	made.b[9] = ' ';
	read_as(FAULT_NONE, RECOVERY_STRICT);
	assert_int_equal(got.r.fault_count, 0);
	make_title("10" US "a\x1b(NABC\x1b(B", 0);
	mended(FAULT_CONTROL_CHARACTER, SAMPLE_FIELDS, true);
}

/* ---- frames ---- */

static void a_missing_terminator_is_mended(void **state)
{
	(void)state;
	made.n--;
	mended_frame(FAULT_NO_TERMINATOR, FAULT_NO_TERMINATOR, SAMPLE_FIELDS, false);
	assert_sample();
	assert_int_equal(got.r.fault_count, 1);
	mended(FAULT_NO_TERMINATOR, SAMPLE_FIELDS, false);
}

static void what_is_cut_off_is_rejected_and_permissive_takes_what_is_there(void **state)
{
	(void)state;
	made.n = made_find(&made, "Title") + 3;
	hopeless(FAULT_TRUNCATED, FAULT_TRUNCATED);
	assert_true(got.r.count >= 4);
	assert_field(0, "001", "ocm1");
	assert_field(3, "245", "10" US "aTit");
}

static void what_is_longer_than_the_limit_is_rejected(void **state)
{
	(void)state;
	memset(made.b, 'x', sizeof(made.b));
	made.n = sizeof(made.b);
	hopeless(FAULT_TOO_LONG, FAULT_TOO_LONG);
	assert_int_equal(got.r.count, 0);
	assert_true(got.r.flags & RECORD_VERBATIM);
}

static void what_has_no_leader_is_cut_off(void **state)
{
	(void)state;
	for (size_t n = 0; n < 24; n++) {
		made.n = n;
		hopeless(FAULT_NONE, FAULT_TRUNCATED);
	}
	made.b[24] = 0x1D;
	made.n = 25;
	hopeless(FAULT_NONE, FAULT_BASE_ADDRESS);
}

/* ---- faults as a list ---- */

static void faults_come_in_order_of_position(void **state)
{
	(void)state;
	make_title("1" US "a\xFF\x01" US, 0);
	put(20, "    ");
	put(made_entry(1), "001");
	read_as(FAULT_NONE, RECOVERY_LENIENT);
	assert_true(got.r.fault_count >= 6);
	for (uint32_t i = 1; i < got.r.fault_count; i++)
		assert_true(got.r.fault[i - 1].offset <= got.r.fault[i].offset);
}

static void faults_of_one_record_are_bounded_and_the_fatal_one_is_among_them(void **state)
{
	static struct made_field list[501];

	(void)state;
	for (int i = 0; i < 500; i++)
		list[i] = (struct made_field){ "650", " " US "\x01", 0 };
	make_record(&made, list);
	read_as(FAULT_NONE, RECOVERY_LENIENT);
	assert_false(rejected());
	assert_int_equal(got.r.count, 500);
	assert_int_equal(got.r.fault_count, 64);
	for (uint32_t i = 0; i < 500; i++)
		put(made_entry(i) + 3, i < 400 ? "xxxxxxxxx" : "050000000");
	read_as(FAULT_NONE, RECOVERY_LENIENT);
	assert_true(rejected());
	assert_false(noted(FAULT_FIELD_BOUNDS)->repaired);
}

static void no_memory_is_a_status_and_leaks_nothing(void **state)
{
	enum status status = STATUS_MEMORY;
	struct arena arena;
	struct record r;
	long k;

	(void)state;
	make_title("1" US "a\xFF", 0);
	arena_init(&arena, 0);
	for (k = 0; status == STATUS_MEMORY; k++) {
		arena_release(&arena);
		mem_fail_after(k, true);
		status = iso2709_read(span_of(made.b, made.n), FAULT_NONE, RECOVERY_LENIENT, &arena, &r);
	}
	mem_fail_after(-1, false);
	assert_int_equal(status, STATUS_OK);
	assert_in_range(k, 2, 20);
	arena_release(&arena);
}

/* ---- generated damage ---- */

/* Whatever is read can be written unless the format forbids it, and comes back the same. */
static void read_damaged(enum fault_code framing)
{
	for (enum recovery mode = RECOVERY_STRICT; mode <= RECOVERY_PERMISSIVE; mode++) {
		struct fault why;
		struct buf out;
		bool writable;

		read_as(framing, mode);
		if (rejected() && got.r.fault_count == 0)
			fail_msg("rejected without a fault");
		if (mode == RECOVERY_STRICT && !rejected())
			for (uint32_t i = 0; i < got.r.fault_count; i++)
				assert_int_not_equal(fault_severity(&got.r.fault[i]), 'E');
		if (rejected())
			continue;
		buf_init(&out, BUF_NO_LIMIT);
		got.r.flags &= ~(uint32_t)RECORD_VERBATIM;
		writable = iso2709_write(&got.r, &out, &why) == STATUS_OK;
		buf_release(&out);
		if (writable && got.r.count > 0)
			assert_comes_back();
	}
}

static void every_truncation_is_survived(void **state)
{
	(void)state;
	for (size_t n = made.n; n-- > 0;) {
		made.n = n;
		read_damaged(FAULT_NONE);
		read_damaged(FAULT_TRUNCATED);
		read_damaged(FAULT_NO_TERMINATOR);
	}
}

static void every_value_of_every_byte_is_survived(void **state)
{
	(void)state;
	for (size_t at = 0; at < made.n; at++) {
		uint8_t before = made.b[at];

		for (int value = 0; value < 256; value++) {
			made.b[at] = (uint8_t)value;
			read_damaged(FAULT_NONE);
		}
		made.b[at] = before;
	}
}

static void every_swap_of_two_entries_is_legal(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < SAMPLE_FIELDS; i++)
		for (uint32_t j = 0; j < SAMPLE_FIELDS; j++) {
			uint8_t e[12];

			make_record(&made, sample);
			memcpy(e, made.b + made_entry(i), 12);
			memcpy(made.b + made_entry(i), made.b + made_entry(j), 12);
			memcpy(made.b + made_entry(j), e, 12);
			read_as(FAULT_NONE, RECOVERY_STRICT);
			assert_false(rejected());
			assert_field(i, sample[j].tag, sample[j].content);
			assert_comes_back();
		}
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void random_damage_is_survived(void **state)
{
	static const uint8_t likely[] = { 0x00, 0x1D, 0x1E, 0x1F, ' ', '0', '1', '9', 'a', 0x80, 0xC3, 0xFF };
	uint32_t seed = 2709;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		make_record(&made, sample);
		for (uint32_t n = 1 + next_random(&seed) % 6; n > 0; n--) {
			size_t at = next_random(&seed) % made.n;
			uint8_t c = likely[next_random(&seed) % sizeof(likely)];

			switch (next_random(&seed) % 4) {
			case 0:
				made_insert(&made, at, &c, 1);
				break;
			case 1:
				made_remove(&made, at, 1);
				break;
			default:
				made.b[at] = c;
			}
		}
		read_damaged(round % 8 ? FAULT_NONE : FAULT_NO_TERMINATOR);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_good_record_reads_the_same_in_every_mode),
		T(the_callers_members_are_left_alone),
		T(good_records_of_every_length_are_clean),
		T(one_odd_byte_is_seen_at_every_place),
		T(a_thousand_fields_are_read),
		T(letters_in_tags_are_fine),
		T(high_bytes_and_coding_are_flagged),
		T(marc8_escapes_are_text_in_marc8_only),
		T(a_missing_terminator_is_mended),
		T(what_is_cut_off_is_rejected_and_permissive_takes_what_is_there),
		T(what_is_longer_than_the_limit_is_rejected),
		T(what_has_no_leader_is_cut_off),
		T(faults_come_in_order_of_position),
		T(faults_of_one_record_are_bounded_and_the_fatal_one_is_among_them),
		T(no_memory_is_a_status_and_leaks_nothing),
		T(every_truncation_is_survived),
		T(every_value_of_every_byte_is_survived),
		T(every_swap_of_two_entries_is_legal),
		T(random_damage_is_survived),
	};

	return cmocka_run_group_tests_name("iso2709_read", tests, NULL, NULL);
}
