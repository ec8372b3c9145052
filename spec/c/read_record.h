/* read_record.h: what the tests of the ISO 2709 reader share: one small record, and reading it damaged.
 *
 * Every case is made from the same record by changing bytes; `mended` says what lenient must make of it, and
 * checks beside that strict rejects it with the same code and that what lenient mended is written as a
 * record that reads back equal. Bytes are read from blocks of exact size: a read behind them shows. */
#ifndef MRRC_SPEC_READ_RECORD_H
#define MRRC_SPEC_READ_RECORD_H

#include "base/alloc.h"
#include "make_record.h"
#include "marc/iso2709.h"

static const struct made_field sample[] = {
	{ "001", "ocm1", 0 },
	{ "008", "100101s2010    ", 0 },
	{ "100", "1 " US "aAuthor, A.", 0 },
	{ "245", "10" US "aTitle /" US "cby A.", 0 },
	{ "650", " 0" US "aThings.", 0 },
	{ NULL, NULL, 0 },
};
#define SAMPLE_FIELDS 5u

static struct made made;

/* What the last read left. */
static struct {
	struct arena arena;
	uint8_t *block;
	struct record r;
} got;

static inline int open_arena(void **state)
{
	(void)state;
	arena_init(&got.arena, 0);
	make_record(&made, sample);
	return 0;
}

static inline int close_arena(void **state)
{
	(void)state;
	arena_release(&got.arena);
	mem_free(got.block);
	got.block = NULL;
	return mem_live() == 0 ? 0 : -1;
}

static inline void read_as(enum fault_code framing, enum recovery mode)
{
	struct span raw;

	mem_free(got.block);
	got.block = mem_dup(made.b, made.n);
	arena_reset(&got.arena);
	memset(&got.r, 0xEE, sizeof(got.r));
	raw = span_of(got.block, made.n);
	assert_int_equal(iso2709_read(raw, framing, mode, &got.arena, &got.r), STATUS_OK);
	assert_ptr_equal(got.r.raw.ptr, got.block);
	assert_int_equal(got.r.raw.len, made.n);
}

static inline const struct fault *noted(enum fault_code code)
{
	for (uint32_t i = 0; i < got.r.fault_count; i++)
		if (got.r.fault[i].code == code)
			return &got.r.fault[i];
	fail_msg("%s was not noted", fault_code_text(code));
	return NULL;
}

static inline bool rejected(void)
{
	return got.r.flags & RECORD_REJECTED;
}

/* What was read, written anew and read again, is the same. */
static inline void assert_comes_back(void)
{
	struct record again, plain = got.r;
	struct arena arena;
	struct fault why;
	struct buf out;

	plain.flags &= ~(uint32_t)RECORD_VERBATIM;
	arena_init(&arena, 0);
	buf_init(&out, BUF_NO_LIMIT);
	assert_int_equal(iso2709_write(&plain, &out, &why), STATUS_OK);
	assert_int_equal(iso2709_read(buf_span(&out), FAULT_NONE, RECOVERY_LENIENT, &arena, &again),
			 STATUS_OK);
	assert_int_equal(again.flags & RECORD_REJECTED, 0);
	if (memcmp(plain.leader + 10, "22", 2) == 0 && memcmp(plain.leader + 20, "4500", 4) == 0)
		assert_true(record_equal(&plain, &again));
	assert_int_equal(again.count, plain.count);
	buf_release(&out);
	arena_release(&arena);
}

/* Of a rejected record nothing is to be seen but a 001. */
static inline void assert_id_alone(void)
{
	assert_in_range(got.r.count, 0, 1);
	if (got.r.count == 1)
		assert_int_equal(got.r.field[0].tag, MARC_TAG('0', '0', '1'));
}

static inline void mended_frame(enum fault_code framing, enum fault_code code, uint32_t count, bool verbatim)
{
	read_as(framing, RECOVERY_STRICT);
	assert_true(rejected());
	assert_false(noted(code)->repaired);
	assert_id_alone();

	read_as(framing, RECOVERY_LENIENT);
	assert_false(rejected());
	assert_true(noted(code)->repaired);
	assert_int_equal(got.r.count, count);
	assert_int_equal((got.r.flags & RECORD_VERBATIM) != 0, verbatim);
	assert_comes_back();
}

/* Strict rejects `made`, lenient finds `count` fields in it; both name the code. */
static inline void mended(enum fault_code code, uint32_t count, bool verbatim)
{
	mended_frame(FAULT_NONE, code, count, verbatim);
}

/* No mode but permissive takes `made`, and that one keeps its bytes. */
static inline void hopeless(enum fault_code framing, enum fault_code code)
{
	for (enum recovery mode = RECOVERY_STRICT; mode <= RECOVERY_LENIENT; mode++) {
		read_as(framing, mode);
		assert_true(rejected());
		assert_id_alone();
		assert_non_null(noted(code));
	}
	read_as(framing, RECOVERY_PERMISSIVE);
	assert_false(rejected());
	for (uint32_t i = 0; i < got.r.fault_count; i++)
		if (got.r.fault[i].code == code && !got.r.fault[i].repaired)
			return;
	fail_msg("%s was not noted as what rejects", fault_code_text(code));
}

static inline void assert_field(uint32_t i, const char *tag, const char *content)
{
	const struct field *f = &got.r.field[i];

	assert_true(i < got.r.count);
	assert_int_equal(f->tag, MARC_TAG(tag[0], tag[1], tag[2]));
	assert_int_equal(f->len, strlen(content));
	assert_memory_equal(f->ptr, content, f->len);
}

/* The sample's fields are all there. */
static inline void assert_sample(void)
{
	assert_int_equal(got.r.count, SAMPLE_FIELDS);
	for (uint32_t i = 0; i < SAMPLE_FIELDS; i++)
		assert_field(i, sample[i].tag, sample[i].content);
}

/* The sample with another content for its field 245. */
static inline void make_title(const char *content, size_t len)
{
	struct made_field list[SAMPLE_FIELDS + 1];

	memcpy(list, sample, sizeof(list));
	list[3].content = content;
	list[3].len = len;
	make_record(&made, list);
}

static inline void put(size_t at, const char *bytes)
{
	memcpy(made.b + at, bytes, strlen(bytes));
}

#define T(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

#endif
