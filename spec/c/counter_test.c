/* counter_test.c: the hash map behind counters, against a plain array, and without memory. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "agg/counter.h"
#include "base/alloc.h"

static int64_t count_of(const struct counter *c, struct span key)
{
	const struct counter_entry *e = counter_find(c, key);

	return e ? wide_clip(e->count) : -1;
}

static void add(struct counter *c, int64_t n, const char *key)
{
	assert_int_equal(counter_add(c, n, span_str(key)), STATUS_OK);
}

static void a_key_counts_what_was_added(void **unused)
{
	struct counter c;

	(void)unused;
	counter_init(&c);
	assert_null(counter_find(&c, SPAN_LIT("eng")));
	add(&c, 1, "eng");
	add(&c, 2, "fre");
	add(&c, 5, "eng");
	add(&c, -7, "");
	assert_int_equal(count_of(&c, SPAN_LIT("eng")), 6);
	assert_int_equal(count_of(&c, SPAN_LIT("fre")), 2);
	assert_int_equal(count_of(&c, SPAN_LIT("")), -7);
	assert_int_equal(count_of(&c, SPAN_LIT("en")), -1);
	assert_int_equal(c.count, 3);
	assert_int_equal(wide_clip(c.total), 1);
	counter_release(&c);
}

/* Every length takes its own way through the hash; a byte more or less is another key. */
static void keys_of_every_length_and_byte_are_told_apart(void **unused)
{
	uint8_t bytes[300];
	struct counter c;

	(void)unused;
	counter_init(&c);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 37);
	for (size_t len = 0; len <= sizeof(bytes); len++)
		assert_int_equal(counter_add(&c, (int64_t)len, span_of(bytes, len)), STATUS_OK);
	for (size_t len = 1; len < 40; len++) {
		for (size_t i = 0; i < len; i++) {
			bytes[i] ^= 0x80;
			assert_null(counter_find(&c, span_of(bytes, len)));
			bytes[i] ^= 0x80;
		}
	}
	for (size_t len = 0; len <= sizeof(bytes); len++)
		assert_int_equal(count_of(&c, span_of(bytes, len)), len);
	counter_release(&c);
}

static void many_keys_survive_growth_and_keep_their_order(void **unused)
{
	const struct counter_entry *e;
	struct counter c;
	size_t pos = 0;
	char key[32];

	(void)unused;
	counter_init(&c);
	for (int i = 0; i < 20000; i++) {
		snprintf(key, sizeof(key), "subject %d", i);
		add(&c, i, key);
	}
	for (int i = 0; i < 20000; i++) {
		snprintf(key, sizeof(key), "subject %d", i);
		assert_int_equal(count_of(&c, span_str(key)), i);
		e = counter_next(&c, &pos);
		assert_true(span_eq(span_of(e->key, e->len), span_str(key)));
	}
	assert_null(counter_next(&c, &pos));
	counter_release(&c);
}

/* Among 300,000 keys about ten pairs share all 32 bits of the hash. */
static void keys_with_the_same_hash_are_told_apart(void **unused)
{
	struct counter c;
	char key[32];

	(void)unused;
	counter_init(&c);
	for (int i = 0; i < 300000; i++) {
		snprintf(key, sizeof(key), "%d", i * 7);
		add(&c, 1, key);
	}
	assert_int_equal(c.count, 300000);
	counter_release(&c);
}

static void merging_adds_counts_and_new_keys(void **unused)
{
	struct counter a, b;
	char key[32];

	(void)unused;
	counter_init(&a);
	counter_init(&b);
	for (int i = 0; i < 3000; i++) {
		snprintf(key, sizeof(key), "%d", i);
		if (i % 2 == 0)
			add(&a, i, key);
		if (i % 3 == 0)
			add(&b, 1, key);
	}
	assert_int_equal(counter_merge(&a, &b), STATUS_OK);
	for (int i = 0; i < 3000; i++) {
		snprintf(key, sizeof(key), "%d", i);
		assert_int_equal(count_of(&a, span_str(key)),
				 i % 2 == 0 ? i + (i % 3 == 0) : i % 3 == 0 ? 1 : -1);
	}
	assert_int_equal(wide_clip(b.total), 1000);
	assert_int_equal(b.count, 1000);
	counter_release(&a);
	counter_release(&b);
}

static void counts_beyond_64_bits_come_back_exactly(void **unused)
{
	struct counter c;

	(void)unused;
	counter_init(&c);
	add(&c, INT64_MAX, "k");
	add(&c, INT64_MAX, "k");
	const struct counter_entry *e = counter_find(&c, SPAN_LIT("k"));
	assert_false(wide_fits(e->count));
	assert_true(wide_clip(e->count) == INT64_MAX);
	add(&c, -INT64_MAX, "k");
	assert_true(wide_fits(e->count));
	assert_true(wide_clip(e->count) == INT64_MAX);
	for (int i = 0; i < 3; i++)
		add(&c, INT64_MIN, "k");
	assert_false(wide_fits(e->count));
	assert_true(wide_clip(e->count) == INT64_MIN);
	counter_release(&c);
}

static void reset_empties_and_gives_back_what_was_unusual(void **unused)
{
	struct counter c;
	char key[64];

	(void)unused;
	counter_init(&c);
	add(&c, 1, "eng");
	size_t slots = c.slots;
	counter_reset(&c);
	assert_null(counter_find(&c, SPAN_LIT("eng")));
	assert_int_equal(c.count, 0);
	assert_int_equal(c.slots, slots);
	for (int i = 0; i < 60000; i++) {
		snprintf(key, sizeof(key), "a key that is somewhat longer than usual %d", i);
		add(&c, 1, key);
	}
	counter_reset(&c);
	assert_true(c.entries.cap <= (size_t)1 << 20);
	assert_true(c.slots <= (size_t)1 << 15);
	add(&c, 3, "eng");
	assert_int_equal(count_of(&c, SPAN_LIT("eng")), 3);
	counter_release(&c);
}

static void a_failed_allocation_leaves_the_counter_as_it_was(void **unused)
{
	long before = mem_live();

	(void)unused;
	for (long k = 0;; k++) {
		struct counter c;
		int64_t total = 0;
		char key[64];
		enum status st = STATUS_OK;

		counter_init(&c);
		mem_fail_after(k, false);
		for (int i = 0; i < 300 && st == STATUS_OK; i++) {
			snprintf(key, sizeof(key), "key number %d", i);
			st = counter_add(&c, 1, span_str(key));
			total += st == STATUS_OK;
		}
		mem_fail_after(-1, false);
		assert_int_equal(wide_clip(c.total), total);
		assert_int_equal(c.count, total);
		if (st != STATUS_OK) {
			assert_int_equal(st, STATUS_MEMORY);
			assert_int_equal(count_of(&c, span_str(key)), -1);
			assert_int_equal(counter_add(&c, 1, span_str(key)), STATUS_OK);
		}
		counter_release(&c);
		if (st == STATUS_OK) {
			assert_true(k > 3);
			break;
		}
	}
	assert_int_equal(mem_live(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_counts_what_was_added),
		cmocka_unit_test(keys_of_every_length_and_byte_are_told_apart),
		cmocka_unit_test(many_keys_survive_growth_and_keep_their_order),
		cmocka_unit_test(keys_with_the_same_hash_are_told_apart),
		cmocka_unit_test(merging_adds_counts_and_new_keys),
		cmocka_unit_test(counts_beyond_64_bits_come_back_exactly),
		cmocka_unit_test(reset_empties_and_gives_back_what_was_unusual),
		cmocka_unit_test(a_failed_allocation_leaves_the_counter_as_it_was),
	};

	return cmocka_run_group_tests_name("counter", tests, NULL, NULL);
}
