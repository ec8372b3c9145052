/* iso2709_split_test.c: framing. Three questions are put to every input: do the records next to a damaged one come out
 * with exactly their own bytes, is the answer the same however the buffer grew, and is the work linear? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "marc/iso2709.h"
#include "marc/iso2709_score.h"

#define MAX_RECORD ((size_t)16 << 20)
/* No boundary needs more bytes than the record limit, a gap and the farthest field of a record behind it. */
#define LOOKAHEAD ((size_t)256 << 10)

struct bytes {
	uint8_t *p;
	size_t n;
};

struct found {
	size_t at;
	struct frame f;
};

struct frames {
	struct found *v;
	size_t count, cap;
};

static struct bytes bytes_new(size_t n)
{
	struct bytes b = { malloc(n ? n : 1), n };

	assert_non_null(b.p);
	return b;
}

static void bytes_add(struct bytes *b, const void *p, size_t n)
{
	b->p = realloc(b->p, b->n + n + 1);
	assert_non_null(b->p);
	if (n > 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
}

static void bytes_fill(struct bytes *b, const char *pattern, size_t n)
{
	size_t len = strlen(pattern);

	for (size_t i = 0; i < n; i += len)
		bytes_add(b, pattern, len < n - i ? len : n - i);
}

static struct bytes load(const char *name)
{
	struct bytes b = bytes_new(0);
	char path[128], chunk[4096];
	FILE *f;
	size_t got;

	snprintf(path, sizeof(path), "fixtures/%s.mrc", name);
	f = fopen(path, "rb");
	if (!f)
		fail_msg("cannot open %s (run in the project's folder)", path);
	while ((got = fread(chunk, 1, sizeof(chunk), f)) > 0)
		bytes_add(&b, chunk, got);
	fclose(f);
	return b;
}

static void frames_add(struct frames *list, size_t at, struct frame f)
{
	if (list->count == list->cap) {
		list->cap = list->cap ? 2 * list->cap : 64;
		list->v = realloc(list->v, list->cap * sizeof(*list->v));
		assert_non_null(list->v);
	}
	list->v[list->count++] = (struct found){ at, f };
}

/* Every frame of b, each decided with all the bytes there. They must cover b without a hole. */
static struct frames frames_of(struct bytes b, size_t max_record)
{
	struct frames list = { 0 };
	size_t at = 0;

	for (;;) {
		struct frame f = iso2709_frame(b.p + at, b.n - at, true, max_record);

		if (f.kind == FRAME_END)
			break;
		assert_int_not_equal(f.kind, FRAME_MORE);
		assert_in_range(f.len, 1, b.n - at);
		frames_add(&list, at, f);
		at += f.len;
	}
	assert_int_equal(at, b.n);
	return list;
}

static bool has_record(const struct frames *list, size_t at, size_t len)
{
	size_t lo = 0, hi = list->count;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (list->v[mid].at < at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < list->count && list->v[lo].at == at && list->v[lo].f.len == len &&
	       list->v[lo].f.kind == FRAME_RECORD && list->v[lo].f.code == FAULT_NONE;
}

static size_t records_in(const struct frames *list)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += list->v[i].f.kind == FRAME_RECORD;
	return count;
}

static struct frame frame_copied(const uint8_t *p, size_t n, bool last)
{
	struct bytes exact = bytes_new(n); /* so that one byte too far is seen by the sanitizer */
	struct frame f;

	memcpy(exact.p, p, n);
	f = iso2709_frame(exact.p, n, last, MAX_RECORD);
	free(exact.p);
	return f;
}

static void assert_same(struct frame a, struct frame b, const char *what, size_t at, size_t n)
{
	if (a.kind != b.kind || a.code != b.code || a.len != b.len)
		fail_msg("%s: frame at %zu is %d/%d/%zu with %zu bytes, else %d/%d/%zu", what, at, a.kind, a.code,
			 a.len, n, b.kind, b.code, b.len);
}

/* With every shorter buffer the answer is the final one, or a wish for more. */
static void assert_independent_of_buffers(struct bytes b, const char *what, size_t step)
{
	struct frames list = frames_of(b, MAX_RECORD);

	for (size_t i = 0; i < list.count; i++) {
		const uint8_t *p = b.p + list.v[i].at;
		size_t rest = b.n - list.v[i].at, decided = 0;

		for (size_t n = 0; n <= rest && decided < 100; n += 1 + decided * decided * step) {
			struct frame f = frame_copied(p, n, false);

			if (f.kind == FRAME_MORE) {
				assert_int_equal(decided, 0);
				assert_true(n < MAX_RECORD + LOOKAHEAD);
				continue;
			}
			assert_same(f, list.v[i].f, what, list.v[i].at, n);
			decided++;
		}
		assert_same(frame_copied(p, rest, true), list.v[i].f, what, list.v[i].at, rest);
	}
	free(list.v);
}

static const char *const damages[] = {
	"000", "L01", "L02", "L03", "L04", "L05", "L06", "L07", "L08", "L09", "L10", "L11", "L12", "L13", "L14", "L15",
	"L16", "L17", "L18", "L19", "L20", "D01", "D02", "D03", "D04", "D05", "D06", "D07", "D08", "D09", "D10", "D11",
	"D12", "D13", "D14", "D15", "D16", "D17", "F01", "F02", "F03", "F04", "F05", "F06", "F07", "F08", "F09", "F10",
	"F11", "F12", "F13", "F14", "F15", "F16", "F17", "F18", "F19", "F20", "F21", "F22", "F23", "E16", "R01", "R02",
	"R03", "R04", "R05", "R06", "R07", "R08", "R09", "R10", "R11", "R12", "R13", "R15", "R17", "R18", "R19", "R20",
	"R24", "R25", "R26", "R27", "R28", "R29", "R31",
};
#define DAMAGES (sizeof(damages) / sizeof(damages[0]))

static struct bytes load_damage(const char *id)
{
	char name[32];

	snprintf(name, sizeof(name), "damage/%s", id);
	return load(name);
}

/* The three records of the control file. */
static struct bytes control_record(size_t number)
{
	struct bytes b = load_damage("000"), r = bytes_new(0);
	struct frames list = frames_of(b, MAX_RECORD);

	assert_int_equal(list.count, 3);
	bytes_add(&r, b.p + list.v[number - 1].at, list.v[number - 1].f.len);
	free(list.v);
	free(b.p);
	return r;
}

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
		struct bytes b = load(files[i]);

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
		struct bytes b = load(files[i].name);
		struct frames list = frames_of(b, MAX_RECORD);

		assert_int_equal(records_in(&list), files[i].records);
		free(list.v);
		free(b.p);
	}
}

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
	struct bytes b = load("books");
	struct frames list = frames_of(b, MAX_RECORD);

	(void)state;
	for (size_t i = 0; i < list.count; i++) {
		const struct found *next = &list.v[(i + 1) % list.count], *behind = &list.v[(i + 2) % list.count];

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

/* n bytes of one of the kinds that damage is made of: noise, digits, delimiters, blanks, text, other parts of the file. */
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
	struct bytes b = load("books");
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
				fail_msg("round %zu, %zu-%zu became %zu bytes: record at %zu lost", round, from, to, put, at);
		}
		if (round % 60 == 0)
			assert_independent_of_buffers(bad, "random damage", round + 1);
		free(list.v);
		free(bad.p);
	}
	free(good.v);
	free(b.p);
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
		bytes_fill(&all, "nam a2200061 i 4500" "001000300000" "500999900003" "500999999999" "\x1e" "r2\x1e", 59);
		for (size_t k = 0; k < 1200; k++)
			bytes_fill(&all, "  \x1f" "aA note that makes this record longer than any leader can say, as happens with long lists.\x1e", 95);
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
		assert_int_equal(iso2709_plausible_leader((const uint8_t *)cases[i].leader), cases[i].plausible);
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

static void gaps_of_any_length_leave_in_bounded_pieces(void **state)
{
	struct bytes b = bytes_new(0), one = control_record(1);
	struct frames list;

	(void)state;
	b.p = realloc(b.p, 1 << 20);
	assert_non_null(b.p);
	memset(b.p, 0, 1 << 20);
	b.n = 1 << 20;
	bytes_add(&b, one.p, one.n);
	list = frames_of(b, MAX_RECORD);
	for (size_t i = 0; i + 1 < list.count; i++) {
		assert_int_equal(list.v[i].f.code, FAULT_JUNK);
		assert_true(list.v[i].f.len <= 65536);
	}
	assert_true(has_record(&list, 1 << 20, one.n));
	free(list.v);
	free(b.p);
	free(one.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_leader_is_known_by_its_numbers_and_counts),
		cmocka_unit_test(fixture_files_hold_the_records_they_should),
		cmocka_unit_test(neighbours_of_every_damage_come_out_with_exactly_their_own_bytes),
		cmocka_unit_test(the_damaged_record_itself_stays_one_frame),
		cmocka_unit_test(junk_and_missing_ends_are_named),
		cmocka_unit_test(the_answer_does_not_depend_on_how_the_buffer_grew),
		cmocka_unit_test(no_truncation_of_a_record_costs_the_next_one),
		cmocka_unit_test(no_value_of_any_byte_costs_a_neighbour),
		cmocka_unit_test(random_damage_costs_only_the_records_it_touches),
		cmocka_unit_test(a_record_inside_a_field_is_not_cut_out),
		cmocka_unit_test(an_appended_file_may_begin_with_a_byte_order_mark),
		cmocka_unit_test(a_record_longer_than_the_leader_can_say_stays_whole),
		cmocka_unit_test(a_record_without_end_leaves_in_pieces_of_the_limit),
		cmocka_unit_test(a_cut_buffer_asks_for_more_and_an_ended_one_does_not),
		cmocka_unit_test(hostile_input_takes_steps_in_proportion_to_its_bytes),
		cmocka_unit_test(gaps_of_any_length_leave_in_bounded_pieces),
	};

	return cmocka_run_group_tests_name("iso2709_split", tests, NULL, NULL);
}
