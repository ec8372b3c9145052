/* reader_test.c: readers and fixed elements below Lua: memory that runs out, fields that are cut or
 * malformed, every row of the tables. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "marc/clean.h"
#include "marc/fixed.h"
#include "marc/reader.h"

#define US "\x1f"

static struct record record_of(const char *leader, struct field *field, uint32_t count)
{
	struct record r = { .count = count, .flags = RECORD_UTF8, .field = field };

	memcpy(r.leader, leader, LEADER_LEN);
	return r;
}

static struct field field_of(const char *tag, const char *content)
{
	struct field f = { .ptr = (const uint8_t *)content, .len = (uint32_t)strlen(content) };

	f.tag = MARC_TAG(tag[0], tag[1], tag[2]) & 0xFFFFFF;
	if (tag_is_control(f.tag))
		f.flags = FIELD_CONTROL;
	return f;
}

static const char *const leaders[] = {
	"00000nam a2200000 a 4500", "00000nas a2200000 a 4500", "00000nem a2200000 a 4500", "00000njm a2200000 a 4500",
	"00000ngm a2200000 a 4500", "00000nmm a2200000 a 4500", "00000npc a2200000 a 4500", "00000nz  a2200000n  4500",
	"00000ny  a22000003n 4500", "00000nw  a2200000n  4500", "00000nqn a2200000   4500", "00000n?? a2200000   4500",
};
#define LEADERS (sizeof(leaders) / sizeof(leaders[0]))

/* A field of each tag that any reader asks for, with this content. */
static uint32_t fill(struct field *field, const char *content)
{
	uint32_t count = 0;
	char tag[4] = "000";

	for (unsigned n = 6; n < 900; n++) {
		tag[0] = (char)('0' + n / 100);
		tag[1] = (char)('0' + n / 10 % 10);
		tag[2] = (char)('0' + n % 10);
		field[count++] = field_of(tag, content);
	}
	return count;
}

static void read_all(const struct record *r, bool raw)
{
	struct buf b;
	int year;

	buf_init(&b, BUF_NO_LIMIT);
	for (size_t i = 0; i < reader_count; i++) {
		struct reader_walk w;
		bool more = true;

		reader_begin(&w, &readers[i], r, raw);
		for (unsigned n = 0; more; n++) {
			assert_int_equal(reader_next(&w, &b, &more), STATUS_OK);
			assert_true(n < 10000);
		}
		assert_int_equal(reader_next(&w, &b, &more), STATUS_OK);
		assert_false(more);
	}
	assert_int_equal(reader_year(r, &b, &year), STATUS_OK);
	buf_release(&b);
}

static void every_reader_ends_over_whatever_a_field_holds(void **state)
{
	static const char *const contents[] = {
		"", "1", "10", "10" US, "10" US "a", "10" US US "a" US, "10" US "a /", "10" US "a\xff\xfe" US "t" US "8.",
		"10" US "8" "1" US "a" "-" US "i" "2", "10" US "aeng" US "a   ", "10" US "l0028-083X" US "a-----------", "[",
		"10" US "a[" US "b]", "10" US "a97801311036", "10" US "a/" US "a85-", "10" US "a\xc3",
	};
	struct field field[900];

	(void)state;
	for (size_t c = 0; c < sizeof(contents) / sizeof(contents[0]); c++) {
		uint32_t count = fill(field, contents[c]);

		for (size_t l = 0; l < LEADERS; l++) {
			struct record r = record_of(leaders[l], field, count);

			read_all(&r, false);
			read_all(&r, true);
		}
	}
}

static void a_reader_says_when_memory_runs_out(void **state)
{
	struct field field[] = { field_of("863", "  " US "81.1" US "a12" US "i2001"), field_of("245", "10" US "aT" US "bU"),
				 field_of("041", "  " US "aeng"), field_of("020", "  " US "a0131103628") };
	struct record r = record_of(leaders[0], field, 4);
	struct buf b;
	size_t tried = 0;

	(void)state;
	for (size_t i = 0; i < reader_count; i++) {
		struct reader_walk w;
		bool more;

		reader_begin(&w, &readers[i], &r, false);
		buf_init(&b, BUF_NO_LIMIT);
		assert_int_equal(reader_next(&w, &b, &more), STATUS_OK);
		buf_release(&b);
		if (!more)
			continue;
		tried++;
		buf_init(&b, BUF_NO_LIMIT);
		reader_begin(&w, &readers[i], &r, false);
		mem_fail_after(0, false);
		assert_int_equal(reader_next(&w, &b, &more), STATUS_MEMORY);
		mem_fail_after(-1, false);
		buf_release(&b);
	}
	assert_in_range(tried, 5, reader_count);
}

static void elements_lie_inside_of_their_field_and_names_are_listed(void **state)
{
	static const uint8_t last[] = { 17, 22, 39 };
	const char *names[FIXED_NAMES];
	struct fixed found;

	(void)state;
	for (unsigned tag = 6; tag <= 8; tag++) {
		struct record r = record_of(leaders[0], NULL, 0);
		size_t count = 0;

		fixed_names(tag, names);
		for (; names[count]; count++)
			assert_true(fixed_find(&r, tag, span_str(names[count]), &found));
		assert_in_range(count, 10, FIXED_NAMES - 2);
		assert_false(fixed_find(&r, tag, span_str("nothing"), &found));
		for (const struct element *e = tag == 7 ? fixed_007 : fixed_008; e->name; e++)
			assert_true(e->len > 0 && e->first + e->len <= (tag == 7 ? last[1] : last[2]) + 1);
	}
}

static void check_list(const struct coded *v, size_t len)
{
	for (; v && v->code; v++) {
		assert_int_equal(strlen(v->code), len);
		assert_true(strlen(v->meaning) > 1);
		for (const struct coded *other = v + 1; other->code; other++)
			assert_string_not_equal(v->code, other->code);
	}
}

/* Two elements of one name may not claim the same material, two elements of one material not the same
 * place. */
static void no_element_is_defined_twice(void **state)
{
	const struct element *const tables[] = { fixed_008, fixed_007 };

	(void)state;
	for (size_t t = 0; t < 2; t++)
		for (const struct element *a = tables[t]; a->name; a++) {
			check_list(a->values, 1);
			for (const struct element *b = a + 1; b->name; b++) {
				bool same_place = a->first < b->first + b->len && b->first < a->first + a->len;

				if (!(a->where & b->where) || strcmp(a->name, "designation") == 0)
					continue; /* its values differ, its place does not */
				assert_string_not_equal(a->name, b->name);
				if (same_place)
					fail_msg("%s and %s lie at the same place", a->name, b->name);
			}
		}
}

static void values_of_the_leader_have_one_character_each_and_no_repeats(void **state)
{
	(void)state;
	for (size_t l = 0; l < LEADERS; l++) {
		struct record r = record_of(leaders[l], NULL, 0);
		unsigned listed = 0;

		for (unsigned at = 0; at < LEADER_LEN; at++) {
			const struct coded *v = leader_values(record_kind(&r), at);

			check_list(v, 1);
			listed += v != NULL;
		}
		assert_int_equal(listed, 14); /* 5-11 and 17-23 */
		assert_null(leader_values(record_kind(&r), LEADER_LEN));
	}
}

static void meanings_say_when_memory_runs_out(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, BUF_NO_LIMIT);
	mem_fail_after(0, false);
	assert_int_equal(fixed_meaning(leader_values(KIND_BIBLIOGRAPHIC, 5), SPAN_LIT("n"), &b), STATUS_MEMORY);
	mem_fail_after(-1, false);
	buf_release(&b);
}

static void cleaning_survives_bytes_that_are_no_text(void **state)
{
	static const char *const texts[] = { "", " ", ".", "..", "/", "[", "]", "\xff.", "\xc3.", "a\0." };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct span text = span_of(texts[i], i + 1 == sizeof(texts) / sizeof(texts[0]) ? 3 : strlen(texts[i]));
		struct span clean = clean_text(text);

		assert_true(clean.len <= text.len);
		assert_true(clean.len == 0 || (clean.ptr >= text.ptr && clean.ptr + clean.len <= text.ptr + text.len));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_reader_ends_over_whatever_a_field_holds),
		cmocka_unit_test(a_reader_says_when_memory_runs_out),
		cmocka_unit_test(elements_lie_inside_of_their_field_and_names_are_listed),
		cmocka_unit_test(no_element_is_defined_twice),
		cmocka_unit_test(values_of_the_leader_have_one_character_each_and_no_repeats),
		cmocka_unit_test(meanings_say_when_memory_runs_out),
		cmocka_unit_test(cleaning_survives_bytes_that_are_no_text),
	};

	return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
