/* siphash.c: see siphash.h. Two rounds for each word of eight bytes, four rounds for each half of the
 * result. */
#include "base/siphash.h"

struct state {
	uint64_t v0, v1, v2, v3;
};

static uint64_t rotate(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static void rounds(struct state *s, int count)
{
	while (count-- > 0) {
		s->v0 += s->v1;
		s->v2 += s->v3;
		s->v1 = rotate(s->v1, 13) ^ s->v0;
		s->v3 = rotate(s->v3, 16) ^ s->v2;
		s->v0 = rotate(s->v0, 32) + s->v3;
		s->v2 += s->v1;
		s->v3 = rotate(s->v3, 21) ^ s->v0;
		s->v1 = rotate(s->v1, 17) ^ s->v2;
		s->v2 = rotate(s->v2, 32);
	}
}

/* At most eight bytes, little-endian. */
static uint64_t word(const uint8_t *p, size_t len)
{
	uint64_t w = 0;

	while (len-- > 0)
		w = w << 8 | p[len];
	return w;
}

static void take(struct state *s, uint64_t w)
{
	s->v3 ^= w;
	rounds(s, 2);
	s->v0 ^= w;
}

struct hash128 siphash128(uint64_t key_low, uint64_t key_high, struct span text)
{
	/* "somepseudorandomlygeneratedbytes"; the 0xEE and 0xDD tell 128 bits of result from 64 */
	struct state s = {
		UINT64_C(0x736F6D6570736575) ^ key_low, UINT64_C(0x646F72616E646F6D) ^ key_high ^ 0xEE,
		UINT64_C(0x6C7967656E657261) ^ key_low, UINT64_C(0x7465646279746573) ^ key_high,
	};
	const uint8_t *p = text.ptr;
	size_t left = text.len;
	struct hash128 out;

	for (; left >= 8; left -= 8, p += 8)
		take(&s, word(p, 8));
	take(&s, (uint64_t)text.len << 56 | word(p, left));
	s.v2 ^= 0xEE;
	rounds(&s, 4);
	out.low = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
	s.v1 ^= 0xDD;
	rounds(&s, 4);
	out.high = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
	return out;
}
