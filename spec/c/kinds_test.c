/* kinds_test.c: every kind of result through a life: declared, added to in batches, merged, written as JSON and read
 * back; and what happens when memory ends on the way. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "agg/agg.h"
#include "base/alloc.h"

enum { WORDS, TOP, LENGTHS, BINS, NAMES, HASHES, MERGEABLE, FIRST = MERGEABLE, SAMPLE, ISSUES };

static enum status declare(struct agg_decls *d, bool all)
{
	struct number edge[] = { { .is_int = true, .i = 10 }, { .d = 20.5 } };
	const struct agg_decl decl[] = {
		{ .kind = AGG_COUNTER, .name = (char *)"words" },
		{ .kind = AGG_TOPK, .name = (char *)"top", .n = 2 },
		{ .kind = AGG_STATS, .name = (char *)"lengths" },
		{ .kind = AGG_HISTOGRAM, .name = (char *)"bins", .edge = edge, .edge_count = 2 },
		{ .kind = AGG_SET, .name = (char *)"names" },
		{ .kind = AGG_DISTINCT, .name = (char *)"hashes" },
		{ .kind = AGG_FIRST, .name = (char *)"first", .n = 5 },
		{ .kind = AGG_SAMPLE, .name = (char *)"sample", .n = 5 },
		{ .kind = AGG_ISSUES, .name = (char *)"issues" },
	};

	for (size_t i = 0; i < (all ? sizeof(decl) / sizeof(decl[0]) : MERGEABLE); i++)
		TRY(agg_decls_add(d, &decl[i]));
	return STATUS_OK;
}

static enum status keep(struct agg_set *set, unsigned record, struct span key)
{
	uint8_t bytes[40] = { VALUE_STRING };

	memcpy(bytes + 1, key.ptr, key.len);
	TRY(agg_keep(set, FIRST, record, span_of(bytes, key.len + 1)));
	TRY(agg_keep(set, SAMPLE, record, span_of(bytes, key.len + 1)));
	return agg_keep(set, SAMPLE, record, SPAN_LIT("t"));
}

static enum status add_record(struct agg_set *set, unsigned record, bool all)
{
	char text[32];
	struct span key = span_of(text, (size_t)snprintf(text, sizeof(text), "k%u\xFF", record % 7));

	for (size_t i = WORDS; i <= TOP; i++)
		TRY(agg_count(set, i, 1, key));
	TRY(agg_count(set, NAMES, 1, key));
	TRY(agg_count(set, HASHES, 1, key));
	TRY(agg_sum_int(set, LENGTHS, record));
	TRY(agg_sum_double(set, LENGTHS, record / 3.0));
	TRY(agg_sum_int(set, BINS, record));
	TRY(agg_sum_double(set, BINS, record / 2.0));
	if (all) {
		struct agg_issue issue = { .severity = (enum agg_severity)(record % 3), .record = record, .offset = 9 * record,
					   .file = SPAN_LIT("f.mrc"), .id = key, .where = SPAN_LIT("245"),
					   .message = SPAN_LIT("bad") };

		TRY(keep(set, record, key));
		TRY(agg_issue(set, ISSUES, &issue));
	}
	return agg_commit(set);
}

/* Records [from, to) in batches of `size` into master. */
static enum status run(struct agg_set *master, unsigned from, unsigned to, unsigned size, bool all,
		       const struct agg_decls *d)
{
	struct agg_set *batch = agg_set_new(d);
	enum status st = batch ? STATUS_OK : STATUS_MEMORY;

	for (unsigned r = from; st == STATUS_OK && r < to; r++) {
		st = add_record(batch, r, all);
		if (st == STATUS_OK && ((r - from) % size == size - 1 || r == to - 1)) {
			st = agg_merge(master, batch);
			agg_set_reset(batch);
		}
	}
	agg_set_free(batch);
	return st;
}

static enum status json_of(unsigned from, unsigned to, unsigned size, bool all, struct buf *out)
{
	struct agg_decls d = { 0 };
	struct agg_set *set = NULL;
	enum status st = declare(&d, all);

	if (st == STATUS_OK) {
		set = agg_set_new(&d);
		st = set ? run(set, from, to, size, all, &d) : STATUS_MEMORY;
	}
	if (st == STATUS_OK)
		st = agg_to_json(set, NULL, out);
	agg_set_free(set);
	agg_decls_release(&d);
	return st;
}

static void results_do_not_depend_on_the_size_of_batches(void **unused)
{
	struct buf one, other;

	(void)unused;
	buf_init(&one, BUF_NO_LIMIT);
	buf_init(&other, BUF_NO_LIMIT);
	assert_int_equal(json_of(0, 50, 1, true, &one), STATUS_OK);
	for (unsigned size = 2; size <= 50; size += 3) {
		other.len = 0;
		assert_int_equal(json_of(0, 50, size, true, &other), STATUS_OK);
		assert_true(span_eq(buf_span(&one), buf_span(&other)));
	}
	buf_release(&one);
	buf_release(&other);
}

/* The JSON of two parts, read and merged, as JSON again. */
static enum status merged_json(struct buf *out)
{
	struct agg_decls d[2] = { { 0 } };
	struct agg_set *set[2] = { NULL };
	struct agg_refusal why = { "" };
	struct buf part;
	enum status st = STATUS_OK;

	for (unsigned i = 0; i < 2 && st == STATUS_OK; i++) {
		buf_init(&part, BUF_NO_LIMIT);
		st = json_of(i * 20, i ? 50 : 20, 7, false, &part);
		if (st == STATUS_OK)
			st = agg_from_json(buf_span(&part), &d[i], &set[i], &why);
		buf_release(&part);
	}
	if (st == STATUS_OK && !agg_decls_match(&d[0], "a", &d[1], &why))
		st = STATUS_INVALID;
	if (st == STATUS_OK)
		st = agg_merge(set[0], set[1]);
	if (st == STATUS_OK)
		st = agg_to_json(set[0], NULL, out);
	if (st == STATUS_INVALID)
		print_message("refused: %s\n", why.text);
	for (unsigned i = 0; i < 2; i++) {
		agg_set_free(set[i]);
		agg_decls_release(&d[i]);
	}
	return st;
}

static void parts_read_back_and_merged_are_the_whole(void **unused)
{
	struct buf whole, merged;

	(void)unused;
	buf_init(&whole, BUF_NO_LIMIT);
	buf_init(&merged, BUF_NO_LIMIT);
	assert_int_equal(json_of(0, 50, 50, false, &whole), STATUS_OK);
	assert_int_equal(merged_json(&merged), STATUS_OK);
	assert_true(span_eq(buf_span(&whole), buf_span(&merged)));
	buf_release(&whole);
	buf_release(&merged);
}

static void json_that_is_cut_anywhere_is_refused(void **unused)
{
	struct agg_refusal why;
	struct agg_decls d;
	struct agg_set *set;
	struct buf whole;
	long before = mem_live();

	(void)unused;
	buf_init(&whole, BUF_NO_LIMIT);
	assert_int_equal(json_of(0, 9, 9, false, &whole), STATUS_OK);
	for (size_t len = 0; len + 2 < whole.len; len++) { /* the last two bytes are } and a line end */
		assert_int_equal(agg_from_json(span_of(whole.ptr, len), &d, &set, &why), STATUS_INVALID);
		agg_set_free(set);
		agg_decls_release(&d);
	}
	buf_release(&whole);
	assert_int_equal(mem_live(), before);
}

static void every_failed_allocation_is_reported_and_leaks_nothing(void **unused)
{
	long before = mem_live(), k = 0;

	(void)unused;
	for (int step = 0; step < 2; step++) {
		enum status st;

		for (k = 0;; k++) {
			struct buf out;

			buf_init(&out, BUF_NO_LIMIT);
			mem_fail_after(k, false);
			st = step ? merged_json(&out) : json_of(0, 30, 4, true, &out);
			mem_fail_after(-1, false);
			buf_release(&out);
			assert_int_equal(mem_live(), before);
			if (st == STATUS_OK)
				break;
			assert_int_equal(st, STATUS_MEMORY);
		}
		assert_true(k > 50);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(results_do_not_depend_on_the_size_of_batches),
		cmocka_unit_test(parts_read_back_and_merged_are_the_whole),
		cmocka_unit_test(json_that_is_cut_anywhere_is_refused),
		cmocka_unit_test(every_failed_allocation_is_reported_and_leaks_nothing),
	};

	return cmocka_run_group_tests_name("kinds", tests, NULL, NULL);
}
