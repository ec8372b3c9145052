/* record_test.c: fields by tag, the subfield walk over good and bad fields, copies, equality. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "marc/record.h"

#define US "\x1f"
#define TITLE MARC_TAG('2', '4', '5')
#define SUBJECT MARC_TAG('6', '5', '0')

static struct field made(uint32_t tag, const char *content)
{
	return (struct field){ .ptr = (const uint8_t *)content, .len = (uint32_t)strlen(content),
			       .tag = tag & 0xFFFFFF, .flags = tag_is_control(tag) ? FIELD_CONTROL : 0 };
}

/* The subfields of a field as text: "a=one b=two". */
static const char *walked(const struct field *f)
{
	static char text[200];
	struct subfield_walk w = subfields_of(f);
	struct subfield s;
	size_t at = 0;

	text[0] = '\0';
	while (subfield_next(&w, &s))
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%c=%.*s", at ? " " : "", s.code,
				       (int)s.value.len, (const char *)s.value.ptr);
	assert_false(subfield_next(&w, &s));
	return text;
}

static void assert_walk(const char *content, const char *expected)
{
	struct field f = made(TITLE, content);

	assert_string_equal(walked(&f), expected);
}

static void fields_of_a_tag_come_in_record_order(void **state)
{
	const struct field list[] = { made(SUBJECT, "1"), made(TITLE, "2"), made(SUBJECT, "3"),
				      made(SUBJECT, "4") };
	const struct record r = { .field = list, .count = 4 };
	uint32_t from = 0;

	(void)state;
	assert_ptr_equal(record_next(&r, SUBJECT, &from), &list[0]);
	assert_ptr_equal(record_next(&r, SUBJECT, &from), &list[2]);
	assert_int_equal(from, 3);
	assert_ptr_equal(record_next(&r, SUBJECT, &from), &list[3]);
	assert_null(record_next(&r, SUBJECT, &from));
	assert_null(record_next(&r, SUBJECT, &from));
	assert_ptr_equal(record_first(&r, TITLE), &list[1]);
	assert_null(record_first(&r, MARC_TAG('0', '0', '1')));
}

static void the_id_is_the_001_or_empty(void **state)
{
	const struct field list[] = { made(MARC_TAG('0', '0', '1'), "ocm1"), made(TITLE, "10") };
	const struct record with = { .field = list, .count = 2 }, without = { .field = list + 1, .count = 1 };

	(void)state;
	assert_true(span_eq(record_id(&with), SPAN_LIT("ocm1")));
	assert_int_equal(record_id(&without).len, 0);
}

static void tags_that_begin_with_two_zeros_are_control_fields(void **state)
{
	(void)state;
	assert_true(tag_is_control(MARC_TAG('0', '0', '8')));
	assert_true(tag_is_control(MARC_TAG('0', '0', 'A')));
	assert_false(tag_is_control(MARC_TAG('0', '1', '0')));
	assert_false(tag_is_control(MARC_TAG('1', '0', '0')));
}

static void subfields_are_walked_in_order(void **state)
{
	(void)state;
	assert_walk("10" US "aThe title /" US "cauthor.", "a=The title / c=author.");
	assert_walk("  " US "a" US "bx", "a= b=x");
}

static void the_walk_steps_over_damage(void **state)
{
	(void)state;
	assert_walk("10" US "aone" US, "a=one");
	assert_walk("10" US US "aone" US US US "btwo", "a=one b=two");
	assert_walk("10prefix" US "aone", "a=one");
	assert_walk("10" US " x", " =x");
	assert_walk("10" US "\xC3\xA9one" US "btwo", "?=one b=two");
	assert_walk("10" US "\xE9", "?=");
	assert_walk("10no delimiter", "");
	assert_walk("10", "");
	assert_walk("1", "");
	assert_walk("", "");
}

static void control_and_malformed_fields_have_no_subfields(void **state)
{
	struct field control = made(MARC_TAG('0', '0', '1'), "xx" US "aone");
	struct field bad = made(TITLE, "xx" US "aone");

	(void)state;
	bad.flags = FIELD_MALFORMED;
	assert_string_equal(walked(&control), "");
	assert_string_equal(walked(&bad), "");
}

/* A record with raw bytes, one field within and one outside of them, and a fault. */
struct sample {
	char raw[32];
	char other[8];
	struct field list[2];
	struct fault fault;
	struct record r;
};

static void sample_init(struct sample *s)
{
	memset(s, 0, sizeof(*s));
	memcpy(s->raw, "leader ocm1 and the rest", 24);
	memcpy(s->other, "  " US "ax", 5);
	s->list[0] = (struct field){ .ptr = (const uint8_t *)s->raw + 7, .len = 4,
				     .tag = MARC_TAG('0', '0', '1') & 0xFFFFFF, .flags = FIELD_CONTROL };
	s->list[1] = made(TITLE, s->other);
	s->fault = (struct fault){ .code = FAULT_INDICATOR, .repaired = true, .offset = 9 };
	s->r = (struct record){ .count = 2, .field = s->list, .raw = span_of(s->raw, 24),
				.flags = RECORD_VERBATIM, .offset = 1, .number = 2, .index = 3,
				.fault = &s->fault, .fault_count = 1 };
	memcpy(s->r.leader, "00000nam a2200000 a 4500", 24);
}

static void a_copy_lives_without_the_original(void **state)
{
	struct sample s;
	size_t len;
	void *block;
	const struct record *copy;

	(void)state;
	sample_init(&s);
	len = record_copy_len(&s.r);
	block = mem_alloc(len);
	copy = record_copy(&s.r, block);
	memset(&s, 0xEE, sizeof(s));
	assert_ptr_equal(copy, block);
	assert_true(span_eq(copy->raw, SPAN_LIT("leader ocm1 and the rest")));
	assert_ptr_equal(copy->field[0].ptr, copy->raw.ptr + 7);
	assert_true(span_eq(record_id(copy), SPAN_LIT("ocm1")));
	assert_string_equal(walked(&copy->field[1]), "a=x");
	assert_int_equal(copy->fault[0].code, FAULT_INDICATOR);
	assert_int_equal(copy->number, 2);
	assert_int_equal(copy->flags, RECORD_VERBATIM);
	mem_free(block);
}

static void a_copy_of_a_copy_is_the_same(void **state)
{
	struct sample s;
	void *one, *two;

	(void)state;
	sample_init(&s);
	one = mem_alloc(record_copy_len(&s.r));
	record_copy(&s.r, one);
	assert_int_equal(record_copy_len(one), record_copy_len(&s.r));
	two = mem_alloc(record_copy_len(one));
	assert_true(record_equal(record_copy(one, two), &s.r));
	mem_free(one);
	mem_free(two);
}

static void the_copy_of_a_draft_is_a_plain_record_without_raw_bytes(void **state)
{
	struct sample s;
	const struct record *copy;
	void *block;

	(void)state;
	sample_init(&s);
	s.r.flags |= RECORD_DRAFT;
	block = mem_alloc(record_copy_len(&s.r));
	copy = record_copy(&s.r, block);
	assert_int_equal(copy->flags, 0);
	assert_int_equal(copy->raw.len, 0);
	assert_true(record_equal(copy, &s.r));
	mem_free(block);
}

static void an_empty_record_can_be_copied(void **state)
{
	const struct record empty = { .count = 0 };
	void *block = mem_alloc(record_copy_len(&empty));

	(void)state;
	assert_true(record_equal(record_copy(&empty, block), &empty));
	mem_free(block);
}

static void equality_sees_leader_order_tag_and_content(void **state)
{
	struct sample a, b;
	struct field swap;

	(void)state;
	sample_init(&a);
	sample_init(&b);
	assert_true(record_equal(&a.r, &b.r));
	memcpy(b.r.leader, "99999", 5);
	memcpy(b.r.leader + 12, "99999", 5);
	assert_true(record_equal(&a.r, &b.r));
	b.r.leader[17] = 'x';
	assert_false(record_equal(&a.r, &b.r));
	b.r.leader[17] = a.r.leader[17];
	b.r.leader[11] = '3';
	assert_false(record_equal(&a.r, &b.r));
	b.r.leader[11] = '2';
	b.other[4] = 'y';
	assert_false(record_equal(&a.r, &b.r));
	b.other[4] = 'x';
	swap = b.list[0];
	b.list[0] = b.list[1];
	b.list[1] = swap;
	assert_false(record_equal(&a.r, &b.r));
	b.list[1] = b.list[0];
	b.list[0] = swap;
	b.list[1].tag = SUBJECT & 0xFFFFFF;
	assert_false(record_equal(&a.r, &b.r));
	b.r.count = 1;
	assert_false(record_equal(&a.r, &b.r));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_of_a_tag_come_in_record_order),
		cmocka_unit_test(the_id_is_the_001_or_empty),
		cmocka_unit_test(tags_that_begin_with_two_zeros_are_control_fields),
		cmocka_unit_test(subfields_are_walked_in_order),
		cmocka_unit_test(the_walk_steps_over_damage),
		cmocka_unit_test(control_and_malformed_fields_have_no_subfields),
		cmocka_unit_test(a_copy_lives_without_the_original),
		cmocka_unit_test(a_copy_of_a_copy_is_the_same),
		cmocka_unit_test(the_copy_of_a_draft_is_a_plain_record_without_raw_bytes),
		cmocka_unit_test(an_empty_record_can_be_copied),
		cmocka_unit_test(equality_sees_leader_order_tag_and_content),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
