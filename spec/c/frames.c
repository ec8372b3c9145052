/* frames.c: see frames.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "frames.h"

struct bytes bytes_new(size_t n)
{
	struct bytes b = { malloc(n ? n : 1), n };

	assert_non_null(b.p);
	return b;
}

void bytes_add(struct bytes *b, const void *p, size_t n)
{
	b->p = realloc(b->p, b->n + n + 1);
	assert_non_null(b->p);
	if (n > 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
}

void bytes_fill(struct bytes *b, const char *pattern, size_t n)
{
	size_t len = strlen(pattern);

	b->p = realloc(b->p, b->n + n + 1);
	assert_non_null(b->p);
	for (size_t i = 0; i < n; i++)
		b->p[b->n + i] = (uint8_t)pattern[i % len];
	b->n += n;
}

struct bytes load_fixture(const char *name)
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

struct frames frames_of(struct bytes b, size_t max_record)
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

bool has_record(const struct frames *list, size_t at, size_t len)
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

size_t records_in(const struct frames *list)
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
		fail_msg("%s: frame at %zu is %d/%d/%zu with %zu bytes, else %d/%d/%zu", what, at, a.kind,
			 a.code, a.len, n, b.kind, b.code, b.len);
}

void assert_independent_of_buffers(struct bytes b, const char *what, size_t step)
{
	struct frames list = frames_of(b, MAX_RECORD);

	for (size_t i = 0; i < list.count; i++) {
		const uint8_t *p = b.p + list.v[i].at;
		size_t rest = b.n - list.v[i].at, decided = 0;

		for (size_t n = 0; n <= rest && decided < 100; n += 1 + n / 1024 + decided * decided * step) {
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

struct bytes load_damage(const char *id)
{
	char name[32];

	snprintf(name, sizeof(name), "damage/%s", id);
	return load_fixture(name);
}

struct bytes control_record(size_t number)
{
	struct bytes b = load_damage("000"), r = bytes_new(0);
	struct frames list = frames_of(b, MAX_RECORD);

	assert_int_equal(list.count, 3);
	bytes_add(&r, b.p + list.v[number - 1].at, list.v[number - 1].f.len);
	free(list.v);
	free(b.p);
	return r;
}
