/* iso2709_neighbour_test.c: framing. However a record is damaged, the records next to it come out with
 * exactly their own bytes, and two that can be told apart are not glued. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "frames.h"

/* head, then two good records: both must come out. */
static void assert_two_survive(struct bytes head, struct bytes a, struct bytes b, const char *what, size_t k)
{
	struct bytes all = bytes_new(0);
	struct frames list;

	bytes_add(&all, head.p, head.n);
	bytes_add(&all, a.p, a.n);
	bytes_add(&all, b.p, b.n);
	list = frames_of(all, MAX_RECORD);
	if (!has_record(&list, head.n, a.n) || !has_record(&list, head.n + a.n, b.n))
		fail_msg("%s %zu: a neighbour is lost", what, k);
	free(list.v);
	free(all.p);
}

static void no_truncation_of_a_record_costs_the_next_one(void **state)
{
	struct bytes b = load_fixture("books");
	struct frames list = frames_of(b, MAX_RECORD);

	(void)state;
	for (size_t i = 0; i < list.count; i++) {
		const struct found *next = &list.v[(i + 1) % list.count];
		const struct found *behind = &list.v[(i + 2) % list.count];

		for (size_t n = 1; n < list.v[i].f.len; n++)
			assert_two_survive((struct bytes){ b.p + list.v[i].at, n },
					   (struct bytes){ b.p + next->at, next->f.len },
					   (struct bytes){ b.p + behind->at, behind->f.len }, "cut after", n);
	}
	free(list.v);
	free(b.p);
}

static void no_value_of_any_byte_costs_a_neighbour(void **state)
{
	struct bytes one = control_record(1), two = control_record(2), three = control_record(3);

	(void)state;
	for (size_t i = 0; i < two.n; i++) {
		uint8_t was = two.p[i];

		for (unsigned value = 0; value < 256; value++) {
			two.p[i] = (uint8_t)value;
			assert_two_survive(two, three, one, "byte", i);
		}
		two.p[i] = was;
	}
	free(one.p);
	free(two.p);
	free(three.p);
}

static uint32_t random_next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

/* n bytes of one of the kinds that damage is made of: noise, digits, delimiters, blanks, text, other
 * parts of the file. */
static void random_bytes(uint64_t *seed, struct bytes from, uint8_t *out, size_t n)
{
	static const char *const sets[] = { "0123456789", "\x1d\x1e\x1f", " \n\r\t", "abcdefgh 12" };
	uint32_t kind = random_next(seed) % 6;
	size_t at = random_next(seed) % (from.n - n);

	for (size_t i = 0; i < n; i++)
		if (kind < 4)
			out[i] = (uint8_t)sets[kind][random_next(seed) % strlen(sets[kind])];
		else
			out[i] = kind == 4 ? (uint8_t)random_next(seed) : from.p[at + i];
}

/* Damage b somewhere: [*from, *to) of the old bytes has become `put` new ones. */
static struct bytes damage(uint64_t *seed, struct bytes b, size_t *from, size_t *to, size_t *put)
{
	struct bytes out = bytes_new(0);
	uint32_t way = random_next(seed) % 3; /* overwrite, delete, insert */
	size_t len = 1 + random_next(seed) % (random_next(seed) % 4 ? 40 : 4096);
	uint8_t fresh[4096];

	*from = random_next(seed) % (b.n - len);
	*to = way == 2 ? *from : *from + len;
	*put = way == 1 ? 0 : len;
	random_bytes(seed, b, fresh, len);
	bytes_add(&out, b.p, *from);
	bytes_add(&out, fresh, *put);
	bytes_add(&out, b.p + *to, b.n - *to);
	return out;
}

static void random_damage_costs_only_the_records_it_touches(void **state)
{
	struct bytes b = load_fixture("books");
	struct frames good = frames_of(b, MAX_RECORD);
	uint64_t seed = 2709;

	(void)state;
	for (size_t round = 0; round < 6000; round++) {
		size_t from, to, put;
		struct bytes bad = damage(&seed, b, &from, &to, &put);
		struct frames list = frames_of(bad, MAX_RECORD);

		for (size_t i = 0; i < good.count; i++) {
			size_t at = good.v[i].at, end = at + good.v[i].f.len;

			if (end <= from ? !has_record(&list, at, end - at) :
			    at >= to && !has_record(&list, at - to + from + put, end - at))
				fail_msg("round %zu, %zu-%zu became %zu bytes: record at %zu lost", round,
					 from, to, put, at);
		}
		if (round % 60 == 0)
			assert_independent_of_buffers(bad, "random damage", round + 1);
		free(list.v);
		free(bad.p);
	}
	free(good.v);
	free(b.p);
}

/* Put text over the bytes at `at`. */
static void over(struct bytes b, size_t at, const char *text)
{
	memcpy(b.p + at, text, strlen(text));
}

/* Directory entry number i, from 0, of a record of the control file. */
static size_t entry_at(size_t i)
{
	return 24 + 12 * i;
}

/* The parts, one behind the other, come out as one frame each. */
static void assert_apart(const struct bytes *parts, size_t count)
{
	struct bytes all = bytes_new(0);
	struct frames list;
	size_t at = 0;

	for (size_t i = 0; i < count; i++)
		bytes_add(&all, parts[i].p, parts[i].n);
	list = frames_of(all, MAX_RECORD);
	for (size_t i = 0; i < count; at += parts[i].n, i++) {
		assert_true(i < list.count);
		assert_int_equal(list.v[i].at, at);
		assert_int_equal(list.v[i].f.len, parts[i].n);
	}
	assert_int_equal(list.count, count);
	assert_independent_of_buffers(all, "parts", 1);
	free(list.v);
	free(all.p);
}

static enum fault_code first_code(const struct bytes *parts, size_t count)
{
	struct bytes all = bytes_new(0);
	enum fault_code code;

	for (size_t i = 0; i < count; i++)
		bytes_add(&all, parts[i].p, parts[i].n);
	code = iso2709_frame(all.p, all.n, true, MAX_RECORD).code;
	free(all.p);
	return code;
}

static void two_damaged_records_side_by_side_are_told_apart(void **state)
{
	struct bytes one = control_record(1), two = control_record(2), three = control_record(3);
	struct bytes parts[] = { { one.p, one.n - 70 }, two, three };

	(void)state;
	over(two, 0, "00777");
	over(two, entry_at(4) + 3, "00a7");
	assert_apart(parts, 3);

	/* a terminator without a field terminator before it, then a leader that is hardly one */
	parts[0].n = one.n;
	over(one, 0, "00777");
	over(one, entry_at(4) + 3, "00a7");
	over(one, one.n - 2, ".");
	over(two, 0, "?????");
	assert_apart(parts, 3);
	free(one.p);
	free(two.p);
	free(three.p);
}

static void text_behind_a_damaged_record_is_not_taken_for_its_data(void **state)
{
	static uint8_t text[] = "*** end of page ***";
	struct bytes one = control_record(1), three = control_record(3);
	struct bytes parts[] = { one, { text, sizeof(text) - 1 }, three };

	(void)state;
	/* the length is right, the directory is not, the last field is open */
	over(one, entry_at(4) + 3, "00a7");
	over(one, one.n - 2, ".");
	assert_apart(parts, 3);
	over(one, one.n - 2, "\x1e"); /* the length is wrong, but the last field is closed */
	over(one, 0, "00777");
	assert_apart(parts, 3);
	free(one.p);
	free(three.p);
}

static void a_directory_that_points_into_the_next_record_does_not_cost_it(void **state)
{
	struct bytes one = control_record(1), three = control_record(3);
	struct bytes parts[] = { { one.p, one.n - 5 }, three };
	char entry[13];
	size_t from;

	(void)state;
	memcpy(entry, one.p + entry_at(8) + 7, 5);
	entry[5] = '\0';
	from = entry_at(9) + 1 + (size_t)atoi(entry);
	/* the last field now ends where the next record's directory does */
	snprintf(entry, sizeof(entry), "%04zu", one.n - 5 + entry_at(9) + 1 - from);
	over(one, entry_at(8) + 3, entry);
	assert_apart(parts, 2);
	free(one.p);
	free(three.p);
}

static void a_record_that_lost_as_many_bytes_as_the_next_one_has_does_not_swallow_it(void **state)
{
	struct bytes three = control_record(3), whole = bytes_new(0), middle = bytes_new(0);
	struct bytes parts[] = { { NULL, 0 }, three };
	size_t len = 24 + 24 + 1 + 3 + 900 + 1;
	char leader[64];

	(void)state;
	snprintf(leader, sizeof(leader), "%05zunam a2200049 i 4500001000300000500090000003\x1er2\x1e", len);
	bytes_add(&whole, leader, 52);
	bytes_fill(&whole, "  \x1f" "aText of no meaning, ", 899);
	bytes_add(&whole, "\x1e\x1d", 2);
	assert_int_equal(whole.n, len);
	assert_apart(&whole, 1);
	parts[0] = (struct bytes){ whole.p, len - three.n }; /* at its end */
	assert_apart(parts, 2);
	bytes_add(&middle, whole.p, len - three.n - 2); /* in its middle */
	bytes_add(&middle, "\x1e\x1d", 2);
	parts[0] = middle;
	assert_apart(parts, 2);
	assert_int_equal(first_code(parts, 2), FAULT_NONE);
	free(whole.p);
	free(middle.p);
	free(three.p);
}

static void a_lost_tail_with_as_many_fields_as_the_next_record_is_seen(void **state)
{
	struct bytes three = control_record(3), head = bytes_new(0), tail = bytes_new(0);
	struct bytes parts[] = { head, three };
	size_t base = entry_at(11) + 1;
	char text[64];

	(void)state;
	/* 001 and ten fields more, of three.n - 1 bytes in all: as many as the next record has terminators */
	snprintf(text, sizeof(text), "%05zunam a22%05zu i 4500001000300000", base + 3 + three.n, base);
	bytes_add(&head, text, 36);
	for (size_t i = 0; i < 10; i++) {
		size_t len = i < 9 ? 20 : three.n - 1 - 9 * 20;

		snprintf(text, sizeof(text), "500%04zu%05zu", len, 3 + i * 20);
		bytes_add(&head, text, 12);
		bytes_fill(&tail, "  \x1f" "aSome text of no meaning whatever. ", len - 1);
		bytes_add(&tail, "\x1e", 1);
	}
	bytes_add(&head, "\x1er2\x1e", 4);
	assert_int_equal(head.n, base + 3);
	parts[0] = head;
	assert_apart(parts, 2);
	assert_int_equal(first_code(parts, 2), FAULT_TRUNCATED);
	bytes_add(&tail, "\x1d", 1);
	bytes_add(&head, tail.p, tail.n);
	assert_apart(&head, 1);
	free(head.p);
	free(tail.p);
	free(three.p);
}

static void a_missing_terminator_is_told_from_a_missing_tail(void **state)
{
	struct bytes one = control_record(1), three = control_record(3);
	struct bytes parts[] = { { one.p, one.n - 1 }, three };

	(void)state;
	over(one, 0, "00777"); /* the length does not help */
	assert_apart(parts, 2);
	assert_int_equal(first_code(parts, 2), FAULT_NO_TERMINATOR);
	over(one, entry_at(4) + 3, "00a7"); /* nor does the directory */
	assert_apart(parts, 2);
	assert_int_equal(first_code(parts, 2), FAULT_TRUNCATED);
	free(one.p);
	free(three.p);
}

static void a_terminator_in_the_data_of_a_record_of_wrong_length_is_data(void **state)
{
	struct bytes one = control_record(1), three = control_record(3);
	struct bytes parts[] = { one, three };

	(void)state;
	over(one, one.n - 20, "\x1d");
	over(one, 0, "00777");
	assert_apart(parts, 2);
	free(one.p);
	free(three.p);
}

static void a_record_whose_delimiters_agree_is_never_cut(void **state)
{
	struct bytes r = bytes_new(0);
	char text[64];

	(void)state;
	/* every length is one too short, and there is a leader and an entry in the data */
	bytes_fill(&r, "00154nam a2200049 i 4500" "001000200000" "500009900003\x1e" "r2\x1e", 52);
	bytes_fill(&r, "  \x1f" "a00123nam a2200049 i 4500001000300000 and more ", 100);
	bytes_add(&r, "\x1e\x1d", 2);
	snprintf(text, sizeof(text), "%05zu", r.n);
	assert_memory_equal(r.p, text, 5);
	assert_apart(&r, 1);
	free(r.p);
}

static void a_length_padded_with_blanks_is_found_behind_any_gap(void **state)
{
	struct bytes two = control_record(2);

	(void)state;
	over(two, 0, "  ");
	for (size_t gap = 1; gap < 70000; gap += gap > 65400 && gap < 65560 ? 1 : 97) {
		struct bytes all = bytes_new(0);
		struct frames list;

		all.p = realloc(all.p, gap);
		assert_non_null(all.p);
		memset(all.p, 0, gap);
		all.n = gap;
		bytes_add(&all, two.p, two.n);
		list = frames_of(all, MAX_RECORD);
		assert_true(has_record(&list, gap, two.n));
		free(list.v);
		free(all.p);
	}
	free(two.p);
}

static void a_record_inside_a_field_is_not_cut_out(void **state)
{
	struct bytes one = control_record(1), three = control_record(3), all = bytes_new(0);
	char leader[64];
	size_t field = one.n + 1, len = 24 + 12 + 1 + field + 1;
	struct frames list;

	(void)state;
	snprintf(leader, sizeof(leader), "%05zunam a2200037 i 4500" "500%04zu00000\x1e", len, field);
	bytes_add(&all, leader, 37);
	bytes_add(&all, one.p, one.n);
	bytes_add(&all, "\x1e\x1d", 2);
	bytes_add(&all, three.p, three.n);
	list = frames_of(all, MAX_RECORD);
	assert_int_equal(list.count, 2);
	assert_true(has_record(&list, 0, len));
	assert_true(has_record(&list, len, three.n));
	assert_independent_of_buffers(all, "record in a field", 3);
	free(list.v);
	free(all.p);
	free(one.p);
	free(three.p);
}

static void an_appended_file_may_begin_with_a_byte_order_mark(void **state)
{
	struct bytes one = control_record(1), three = control_record(3), all = bytes_new(0);
	struct frames list;

	(void)state;
	bytes_add(&all, one.p, one.n - 1);
	bytes_add(&all, "\xEF\xBB\xBF", 3);
	bytes_add(&all, three.p, three.n);
	list = frames_of(all, MAX_RECORD);
	assert_int_equal(list.count, 3);
	assert_int_equal(list.v[0].f.len, one.n - 1);
	assert_int_equal(list.v[0].f.code, FAULT_NO_TERMINATOR);
	assert_int_equal(list.v[1].f.code, FAULT_BOM);
	assert_true(has_record(&list, one.n + 2, three.n));
	free(list.v);
	free(all.p);
	free(one.p);
	free(three.p);
}

static void a_record_longer_than_the_leader_can_say_stays_whole(void **state)
{
	static const char *const lengths[] = { "00000", "99999", "20409" };
	struct bytes one = control_record(1), three = control_record(3);

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct bytes all = bytes_new(0);
		struct frames list;
		size_t len;

		bytes_add(&all, one.p, one.n);
		bytes_fill(&all, lengths[i], 5);
		bytes_fill(&all, "nam a2200061 i 4500001000300000500999900003500999999999\x1er2\x1e", 59);
		for (size_t k = 0; k < 1200; k++)
			bytes_fill(&all, "  \x1f" "aA note that makes this record longer than any leader "
					 "can say, as happens with long lists.\x1e", 95);
		bytes_add(&all, "\x1d", 1);
		len = all.n - one.n;
		assert_true(len > 99999);
		bytes_add(&all, three.p, three.n);
		list = frames_of(all, MAX_RECORD);
		assert_int_equal(list.count, 3);
		assert_true(has_record(&list, one.n, len));
		assert_true(has_record(&list, one.n + len, three.n));
		free(list.v);
		free(all.p);
	}
	free(one.p);
	free(three.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_truncation_of_a_record_costs_the_next_one),
		cmocka_unit_test(no_value_of_any_byte_costs_a_neighbour),
		cmocka_unit_test(random_damage_costs_only_the_records_it_touches),
		cmocka_unit_test(two_damaged_records_side_by_side_are_told_apart),
		cmocka_unit_test(text_behind_a_damaged_record_is_not_taken_for_its_data),
		cmocka_unit_test(a_directory_that_points_into_the_next_record_does_not_cost_it),
		cmocka_unit_test(a_record_that_lost_as_many_bytes_as_the_next_one_has_does_not_swallow_it),
		cmocka_unit_test(a_lost_tail_with_as_many_fields_as_the_next_record_is_seen),
		cmocka_unit_test(a_missing_terminator_is_told_from_a_missing_tail),
		cmocka_unit_test(a_terminator_in_the_data_of_a_record_of_wrong_length_is_data),
		cmocka_unit_test(a_record_whose_delimiters_agree_is_never_cut),
		cmocka_unit_test(a_length_padded_with_blanks_is_found_behind_any_gap),
		cmocka_unit_test(a_record_inside_a_field_is_not_cut_out),
		cmocka_unit_test(an_appended_file_may_begin_with_a_byte_order_mark),
		cmocka_unit_test(a_record_longer_than_the_leader_can_say_stays_whole),
	};

	return cmocka_run_group_tests_name("iso2709_neighbour", tests, NULL, NULL);
}
