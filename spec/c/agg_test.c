/* agg_test.c: declarations, journal, merging, reading, safe names and JSON of results. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "agg/agg.h"
#include "base/alloc.h"

enum { SUBJECTS, PAGES, LIST, SPLIT, TREE };

static struct agg_decls decls;

static enum status declare_all(struct agg_decls *d)
{
	char *columns[] = { (char *)"id", (char *)"title" };
	const struct agg_decl all[] = {
		{ .kind = AGG_COUNTER, .name = (char *)"subjects" },
		{ .kind = AGG_SUM, .name = (char *)"pages" },
		{ .kind = AGG_TABLE, .name = (char *)"list", .path = (char *)"l.csv", .columns = columns,
		  .column_count = 2, .delimiter = ',', .list = (char *)"; " },
		{ .kind = AGG_OUTPUT, .name = (char *)"split", .path = (char *)"{key}.mrc", .max_open = 64 },
		{ .kind = AGG_REDUCER, .name = (char *)"tree" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		TRY(agg_decls_add(d, &all[i]));
	return STATUS_OK;
}

static int setup(void **unused)
{
	(void)unused;
	return declare_all(&decls) == STATUS_OK ? 0 : -1;
}

static int teardown(void **unused)
{
	(void)unused;
	agg_decls_release(&decls);
	return 0;
}

static enum status fill(struct agg_set *set)
{
	TRY(agg_count(set, SUBJECTS, 1, SPAN_LIT("Whales")));
	TRY(agg_count(set, SUBJECTS, 3, SPAN_LIT("Birds")));
	TRY(agg_sum_int(set, PAGES, 100));
	TRY(agg_sum_double(set, PAGES, 0.5));
	TRY(agg_stream(set, LIST, span_of(NULL, 0), SPAN_LIT("1,x\n")));
	TRY(agg_stream(set, SPLIT, SPAN_LIT("eng"), SPAN_LIT("record")));
	return agg_commit(set);
}

static void declarations_are_copied_and_compared(void **unused)
{
	struct agg_decls other = { 0 };
	char *titel[] = { (char *)"id", (char *)"titel" };

	(void)unused;
	assert_int_equal(declare_all(&other), STATUS_OK);
	assert_true(agg_decls_equal(&decls, &other));
	char **columns = other.decl[LIST].columns;
	other.decl[LIST].columns = titel;
	assert_false(agg_decls_equal(&decls, &other));
	other.decl[LIST].columns = columns;
	other.decl[SPLIT].max_open = 3;
	assert_false(agg_decls_equal(&decls, &other));
	other.decl[SPLIT].max_open = 64;
	other.decl[TREE].kind = AGG_SUM;
	assert_false(agg_decls_equal(&decls, &other));
	agg_decls_release(&other);
	assert_false(agg_decls_equal(&decls, &other));
}

static void what_is_rolled_back_leaves_no_trace(void **unused)
{
	struct agg_set *set = agg_set_new(&decls);
	struct agg_sum_result sum;
	size_t pos = 0, i;
	struct span key, bytes;

	(void)unused;
	assert_int_equal(agg_count(set, SUBJECTS, 1, SPAN_LIT("kept")), STATUS_OK);
	size_t mark = agg_mark(set);
	assert_int_equal(agg_count(set, SUBJECTS, 1, SPAN_LIT("gone")), STATUS_OK);
	assert_int_equal(agg_sum_int(set, PAGES, 7), STATUS_OK);
	assert_int_equal(agg_stream(set, LIST, span_of(NULL, 0), SPAN_LIT("row\n")), STATUS_OK);
	assert_int_equal(agg_counter_distinct(set, SUBJECTS), 0);
	agg_rollback(set, mark);
	assert_int_equal(agg_commit(set), STATUS_OK);
	assert_int_equal(agg_mark(set), 0);
	assert_int_equal(agg_counter_get(set, SUBJECTS, SPAN_LIT("kept")), 1);
	assert_int_equal(agg_counter_get(set, SUBJECTS, SPAN_LIT("gone")), 0);
	assert_int_equal(agg_counter_distinct(set, SUBJECTS), 1);
	agg_sum_result(set, PAGES, &sum);
	assert_int_equal(sum.n, 0);
	assert_int_equal(agg_stream_count(set, LIST), 0);
	assert_false(agg_stream_next(set, &pos, &i, &key, &bytes));
	agg_set_free(set);
}

static void streams_come_in_the_order_they_were_made(void **unused)
{
	struct agg_set *set = agg_set_new(&decls), *master = agg_set_new(&decls);
	struct span key, bytes;
	size_t pos = 0, i;

	(void)unused;
	assert_int_equal(fill(set), STATUS_OK);
	assert_int_equal(fill(set), STATUS_OK);
	for (int round = 0; round < 2; round++) {
		assert_true(agg_stream_next(set, &pos, &i, &key, &bytes));
		assert_int_equal(i, LIST);
		assert_int_equal(key.len, 0);
		assert_true(span_eq(bytes, SPAN_LIT("1,x\n")));
		assert_true(agg_stream_next(set, &pos, &i, &key, &bytes));
		assert_int_equal(i, SPLIT);
		assert_true(span_eq(key, SPAN_LIT("eng")));
		assert_true(span_eq(bytes, SPAN_LIT("record")));
	}
	assert_false(agg_stream_next(set, &pos, &i, &key, &bytes));
	assert_int_equal(agg_merge(master, set), STATUS_OK);
	assert_int_equal(agg_stream_count(master, LIST), 2);
	pos = 0;
	assert_false(agg_stream_next(master, &pos, &i, &key, &bytes));
	agg_set_reset(set);
	assert_false(agg_stream_next(set, &pos, &i, &key, &bytes));
	assert_int_equal(agg_stream_count(set, SPLIT), 0);
	agg_set_free(set);
	agg_set_free(master);
}

static void rows_are_sorted_by_key_or_by_count(void **unused)
{
	struct agg_set *set = agg_set_new(&decls);
	struct agg_row *rows;
	size_t count;
	static const char *const keys[] = { "b", "ab", "c", "a", "" };

	(void)unused;
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(agg_count(set, SUBJECTS, i == 2 ? 9 : 4, span_str(keys[i])), STATUS_OK);
	assert_int_equal(agg_commit(set), STATUS_OK);
	assert_int_equal(agg_counter_rows(set, SUBJECTS, false, &rows, &count), STATUS_OK);
	assert_int_equal(count, 5);
	static const char *const by_key[] = { "", "a", "ab", "b", "c" };
	for (size_t i = 0; i < 5; i++)
		assert_true(span_eq(rows[i].key, span_str(by_key[i])));
	mem_free(rows);
	assert_int_equal(agg_counter_rows(set, SUBJECTS, true, &rows, &count), STATUS_OK);
	static const char *const by_count[] = { "c", "", "a", "ab", "b" };
	for (size_t i = 0; i < 5; i++)
		assert_true(span_eq(rows[i].key, span_str(by_count[i])));
	assert_int_equal(rows[0].count, 9);
	mem_free(rows);
	agg_set_free(set);
}

/* Ten numbers in batches of `size`: every division gives the same sum, least and greatest. */
static void sum_in_batches(const double *d, const int64_t *v, size_t size, struct agg_sum_result *out)
{
	struct agg_set *master = agg_set_new(&decls), *batch = agg_set_new(&decls);

	for (size_t i = 0; i < 10; i++) {
		assert_int_equal(agg_sum_double(batch, PAGES, d[i]), STATUS_OK);
		assert_int_equal(agg_sum_int(batch, PAGES, v[i]), STATUS_OK);
		assert_int_equal(agg_commit(batch), STATUS_OK);
		if (i % size == size - 1 || i == 9) {
			assert_int_equal(agg_merge(master, batch), STATUS_OK);
			agg_set_reset(batch);
		}
	}
	agg_sum_result(master, PAGES, out);
	agg_set_free(master);
	agg_set_free(batch);
}

static void sums_do_not_depend_on_the_size_of_batches(void **unused)
{
	const double d[10] = { 1e300, 0.1, -1e300, 0.2, 3, -0.0, 0.0, 1e-300, 5, NAN };
	const int64_t v[10] = { 5, -7, 3, INT64_MAX, 0, INT64_MIN, 2, 1, -1, 4 };
	struct agg_sum_result one, other;

	(void)unused;
	sum_in_batches(d, v, 1, &one);
	assert_int_equal(one.n, 20);
	assert_false(one.is_int);
	assert_true(isnan(one.value));
	assert_true(one.min == -1e300 && one.max == 1e300 && !one.min_is_int);
	for (size_t size = 2; size <= 10; size++) {
		sum_in_batches(d, v, size, &other);
		assert_memory_equal(&one.value, &other.value, sizeof(double));
		assert_true(one.min == other.min && one.max == other.max);
	}
}

static void assert_least(const double *d, size_t n, double expected, bool negative_zero)
{
	struct agg_set *set = agg_set_new(&decls);
	struct agg_sum_result r;

	for (size_t i = 0; i < n; i++)
		assert_int_equal(agg_sum_double(set, PAGES, d[i]), STATUS_OK);
	assert_int_equal(agg_commit(set), STATUS_OK);
	agg_sum_result(set, PAGES, &r);
	if (isnan(expected)) {
		assert_true(isnan(r.min));
	} else {
		assert_true(r.min == expected);
		assert_int_equal(signbit(r.min) != 0, negative_zero);
	}
	agg_set_free(set);
}

static void the_least_number_is_one_value_in_every_order(void **unused)
{
	(void)unused;
	assert_least((double[]){ 0.0, -0.0 }, 2, 0.0, true);
	assert_least((double[]){ -0.0, 0.0 }, 2, 0.0, true);
	assert_least((double[]){ NAN, 3 }, 2, 3, false);
	assert_least((double[]){ 3, NAN }, 2, 3, false);
	assert_least((double[]){ NAN, NAN }, 2, NAN, false);
	assert_least((double[]){ 1, -INFINITY, 5 }, 3, -INFINITY, true);
}

static void integers_and_floats_are_compared_exactly(void **unused)
{
	struct agg_set *set = agg_set_new(&decls);
	struct agg_sum_result r;

	(void)unused;
	assert_int_equal(agg_sum_int(set, PAGES, INT64_MAX), STATUS_OK); /* rounds to 2^63 as a double */
	assert_int_equal(agg_sum_double(set, PAGES, 9223372036854775808.0), STATUS_OK);
	assert_int_equal(agg_sum_double(set, PAGES, 2.0), STATUS_OK); /* of equal ones the integer is shown */
	assert_int_equal(agg_sum_int(set, PAGES, 2), STATUS_OK);
	assert_int_equal(agg_sum_double(set, PAGES, 2.0), STATUS_OK);
	assert_int_equal(agg_commit(set), STATUS_OK);
	agg_sum_result(set, PAGES, &r);
	assert_false(r.max_is_int);
	assert_true(r.max == 9223372036854775808.0);
	assert_true(r.min_is_int);
	assert_true(r.int_min == 2);
	agg_set_free(set);
}

static void a_sum_of_integers_is_an_integer(void **unused)
{
	struct agg_set *set = agg_set_new(&decls);
	struct agg_sum_result r;

	(void)unused;
	agg_sum_result(set, PAGES, &r);
	assert_true(r.is_int && r.int_value == 0 && r.n == 0);
	assert_int_equal(agg_sum_int(set, PAGES, INT64_MAX), STATUS_OK);
	assert_int_equal(agg_commit(set), STATUS_OK);
	agg_sum_result(set, PAGES, &r);
	assert_true(r.is_int && r.int_value == INT64_MAX);
	assert_int_equal(agg_sum_int(set, PAGES, 1), STATUS_OK);
	assert_int_equal(agg_commit(set), STATUS_OK);
	agg_sum_result(set, PAGES, &r);
	assert_false(r.is_int);
	assert_true(r.value == 9223372036854775808.0);
	agg_set_free(set);
}

static void assert_safe(struct span key, const char *expected)
{
	struct buf out;

	buf_init(&out, BUF_NO_LIMIT);
	assert_int_equal(agg_safe_key(key, &out), STATUS_OK);
	assert_int_equal(out.len, strlen(expected));
	assert_memory_equal(out.ptr, expected, out.len);
	buf_release(&out);
}

static void a_key_cannot_leave_its_folder(void **unused)
{
	(void)unused;
	assert_safe(SPAN_LIT("eng"), "eng");
	assert_safe(SPAN_LIT("../../etc/passwd"), "_._.._etc_passwd");
	assert_safe(SPAN_LIT(".hidden"), "_hidden");
	assert_safe(SPAN_LIT("a\nb\0c\x7F"), "a_b_c_");
	assert_safe(SPAN_LIT(""), "_none");
	assert_safe(SPAN_LIT("/"), "_");
}

static void long_keys_are_cut_between_characters(void **unused)
{
	uint8_t key[300];
	struct buf out;

	(void)unused;
	memset(key, 'x', sizeof(key));
	buf_init(&out, BUF_NO_LIMIT);
	assert_int_equal(agg_safe_key(span_of(key, 300), &out), STATUS_OK);
	assert_int_equal(out.len, 200);
	out.len = 0;
	memcpy(key + 198, "\xE2\x82\xAC", 3);
	assert_int_equal(agg_safe_key(span_of(key, 300), &out), STATUS_OK);
	assert_int_equal(out.len, 198);
	out.len = 0;
	assert_int_equal(agg_safe_key(span_of(key, 200), &out), STATUS_OK);
	assert_int_equal(out.len, 200);
	out.len = 0;
	memset(key, 0x80, sizeof(key));
	assert_int_equal(agg_safe_key(span_of(key, 300), &out), STATUS_OK);
	assert_int_equal(out.len, 200);
	buf_release(&out);
}

static void json_shows_every_result_with_sorted_rows(void **unused)
{
	static const char expected[] =
		"{\n"
		"  \"subjects\": {\"kind\": \"counter\", \"total\": 4, \"rows\": [\n"
		"    {\"key\": \"Birds\", \"count\": 3},\n"
		"    {\"key\": \"Whales\", \"count\": 1}\n"
		"  ]},\n"
		"  \"pages\": {\"kind\": \"sum\", \"n\": 2, \"sum\": 100.5, \"min\": 0.5, \"max\": 100, "
		"\"mean\": 50.25, \"exact\": {\"integers\": false, \"sum\": \"0x6480000000p-32\", "
		"\"min\": \"0x1p-1\", \"max\": \"100\"}},\n"
		"  \"list\": {\"kind\": \"table\", \"count\": 1},\n"
		"  \"split\": {\"kind\": \"output\", \"count\": 1},\n"
		"  \"tree\": {\"kind\": \"reducer\", \"value\": [1]}\n"
		"}\n";
	struct span reducers[5] = { { NULL, 0 } };
	struct agg_set *set = agg_set_new(&decls);
	struct buf out;

	(void)unused;
	buf_init(&out, BUF_NO_LIMIT);
	assert_int_equal(fill(set), STATUS_OK);
	reducers[TREE] = SPAN_LIT("[1]");
	assert_int_equal(agg_to_json(set, reducers, &out), STATUS_OK);
	assert_int_equal(out.len, strlen(expected));
	assert_memory_equal(out.ptr, expected, out.len);
	out.len = 0;
	agg_set_reset(set);
	assert_int_equal(agg_to_json(set, NULL, &out), STATUS_OK);
	assert_int_equal(buf_add_byte(&out, 0), STATUS_OK);
	assert_non_null(strstr((char *)out.ptr, "\"total\": 0, \"rows\": []}"));
	assert_non_null(strstr((char *)out.ptr, "{\"kind\": \"sum\", \"n\": 0, \"sum\": 0, "
						   "\"exact\": {\"integers\": true, \"sum\": \"0x0\"}}"));
	assert_non_null(strstr((char *)out.ptr, "\"value\": null}"));
	buf_release(&out);
	agg_set_free(set);
}

static void a_count_that_no_integer_holds_is_never_shown(void **unused)
{
	struct agg_set *set = agg_set_new(&decls);
	struct buf out;

	(void)unused;
	buf_init(&out, BUF_NO_LIMIT);
	assert_int_equal(agg_count(set, SUBJECTS, INT64_MAX, SPAN_LIT("a")), STATUS_OK);
	assert_int_equal(agg_commit(set), STATUS_OK);
	assert_true(agg_counter_fits(set, SUBJECTS));
	assert_int_equal(agg_count(set, SUBJECTS, 1, SPAN_LIT("b")), STATUS_OK);
	assert_int_equal(agg_commit(set), STATUS_OK);
	assert_false(agg_counter_fits(set, SUBJECTS)); /* the total */
	assert_int_equal(agg_to_json(set, NULL, &out), STATUS_INVALID);
	buf_release(&out);
	agg_set_free(set);
}

/* Everything once; the status of the first failure. */
static enum status whole_life(void)
{
	struct agg_decls d = { 0 };
	struct agg_set *set = NULL, *master = NULL;
	struct buf out;

	buf_init(&out, BUF_NO_LIMIT);
	enum status st = declare_all(&d);
	if (st == STATUS_OK) {
		set = agg_set_new(&d);
		master = agg_set_new(&d);
		st = set && master ? fill(set) : STATUS_MEMORY;
	}
	if (st == STATUS_OK)
		st = agg_merge(master, set);
	if (st == STATUS_OK)
		st = agg_to_json(master, NULL, &out);
	buf_release(&out);
	agg_set_free(set);
	agg_set_free(master);
	agg_decls_release(&d);
	return st;
}

static void every_failed_allocation_is_reported_and_leaks_nothing(void **unused)
{
	long before = mem_live();

	(void)unused;
	for (long k = 0;; k++) {
		mem_fail_after(k, false);
		enum status st = whole_life();
		mem_fail_after(-1, false);
		assert_int_equal(mem_live(), before);
		if (st == STATUS_OK) {
			assert_true(k > 20);
			break;
		}
		assert_int_equal(st, STATUS_MEMORY);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(declarations_are_copied_and_compared),
		cmocka_unit_test(what_is_rolled_back_leaves_no_trace),
		cmocka_unit_test(streams_come_in_the_order_they_were_made),
		cmocka_unit_test(rows_are_sorted_by_key_or_by_count),
		cmocka_unit_test(sums_do_not_depend_on_the_size_of_batches),
		cmocka_unit_test(the_least_number_is_one_value_in_every_order),
		cmocka_unit_test(integers_and_floats_are_compared_exactly),
		cmocka_unit_test(a_sum_of_integers_is_an_integer),
		cmocka_unit_test(a_key_cannot_leave_its_folder),
		cmocka_unit_test(long_keys_are_cut_between_characters),
		cmocka_unit_test(json_shows_every_result_with_sorted_rows),
		cmocka_unit_test(a_count_that_no_integer_holds_is_never_shown),
		cmocka_unit_test(every_failed_allocation_is_reported_and_leaks_nothing),
	};

	return cmocka_run_group_tests_name("agg", tests, setup, teardown);
}
