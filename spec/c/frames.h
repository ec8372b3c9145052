/* frames.h: what the tests of framing share: growing bytes, fixtures, and all frames of an input. */
#ifndef MRRC_SPEC_FRAMES_H
#define MRRC_SPEC_FRAMES_H

#include "marc/iso2709.h"

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

struct bytes bytes_new(size_t n);
void bytes_add(struct bytes *b, const void *p, size_t n);
/* n bytes of the pattern over and over. */
void bytes_fill(struct bytes *b, const char *pattern, size_t n);

/* fixtures/NAME.mrc, fixtures/damage/ID.mrc, and one of the three records (from 1) of the control file
 * 000. */
struct bytes load_fixture(const char *name);
struct bytes load_damage(const char *id);
struct bytes control_record(size_t number);

/* Every frame of b, each decided with all the bytes there. They must cover b without a hole. */
struct frames frames_of(struct bytes b, size_t max_record);
/* A record without fault stands at `at`, len bytes long. */
bool has_record(const struct frames *list, size_t at, size_t len);
size_t records_in(const struct frames *list);

/* With every shorter buffer the answer is the final one, or a wish for more. `step` thins out the
 * lengths that are tried behind the first answer. */
void assert_independent_of_buffers(struct bytes b, const char *what, size_t step);

#endif
