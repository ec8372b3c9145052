/* exact_sum.c: the long accumulator of exact_sum.h.
 *
 * Limbs weigh 2^32 each but are 64 bits wide and signed: an addition touches three of them and carries
 * nothing. After 2^30 additions at most, settle() carries. Integers mostly never get here: they stay in
 * `small` until it would overflow. */
#include "agg/exact_sum.h"

#include <math.h>
#include <string.h>

#define UNITS_BIT EXACT_UNITS_BIT
#define UNITS_LIMB (UNITS_BIT / 32)
#define MAX_WAITING (UINT32_C(1) << 30)
#define LOW32 UINT64_C(0xFFFFFFFF)

void exact_sum_reset(struct exact_sum *s)
{
	if (s->wide)
		memset(s->limb, 0, sizeof(s->limb));
	s->waiting = 0;
	s->small = 0;
	s->wide = s->nan = s->plus_inf = s->minus_inf = false;
}

/* Carry: afterwards every limb but the last is in [0, 2^32), and the last has the sign. */
static void settle(struct exact_sum *s)
{
	int64_t carry = 0;

	for (int i = 0; i < EXACT_LIMBS; i++) {
		int64_t v = s->limb[i] + carry;
		int64_t low = (int64_t)((uint64_t)v & LOW32);

		if (i == EXACT_LIMBS - 1) {
			s->limb[i] = v;
			break;
		}
		s->limb[i] = low;
		carry = (v - low) / ((int64_t)1 << 32);
	}
	s->waiting = 1;
}

static void make_room(struct exact_sum *s, uint32_t additions)
{
	s->wide = true;
	if (s->waiting > MAX_WAITING - additions)
		settle(s);
	s->waiting += additions;
}

/* Add (or take away) magnitude * 2^(bit - UNITS_BIT). */
static void add_at(struct exact_sum *s, uint64_t magnitude, unsigned bit, bool negative)
{
	unsigned shift = bit % 32;
	int64_t *limb = &s->limb[bit / 32];
	uint64_t low = magnitude << shift;
	uint64_t high = shift ? magnitude >> (64 - shift) : 0;
	int64_t sign = negative ? -1 : 1;

	make_room(s, 1);
	limb[0] += sign * (int64_t)(low & LOW32);
	limb[1] += sign * (int64_t)(low >> 32);
	limb[2] += sign * (int64_t)high;
}

static uint64_t magnitude_of(int64_t v)
{
	return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

void exact_sum_add_int(struct exact_sum *s, int64_t v)
{
	int64_t sum;

	if (!__builtin_add_overflow(s->small, v, &sum)) {
		s->small = sum;
		return;
	}
	add_at(s, magnitude_of(s->small), UNITS_BIT, s->small < 0);
	s->small = v;
}

/* IEEE 754 binary64: sign, 11 bits of exponent (bias 1023), 52 of fraction. A finite v is fraction *
 * 2^*exponent. */
static uint64_t fraction_of(double v, int *exponent, bool *negative)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	*negative = bits >> 63;
	int biased = (int)(bits >> 52 & 0x7FF);
	uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);

	/* the last bit of the fraction weighs 2^(biased - 1075), of a subnormal 2^-1074 */
	*exponent = (biased > 0 ? biased : 1) - 1075;
	return biased > 0 ? fraction | UINT64_C(1) << 52 : fraction;
}

void exact_sum_add_double(struct exact_sum *s, double v)
{
	int exponent;
	bool negative;
	uint64_t fraction = fraction_of(v, &exponent, &negative);

	if (!isfinite(v)) {
		s->nan |= isnan(v) != 0;
		s->plus_inf |= !isnan(v) && !negative;
		s->minus_inf |= !isnan(v) && negative;
	} else if (fraction > 0) {
		add_at(s, fraction, (unsigned)(UNITS_BIT + exponent), negative);
	}
}

/* magnitude^2 * 2^(bit - UNITS_BIT), which is (high * 2^32 + low)^2; magnitude <= 2^63 */
static void add_square_at(struct exact_sum *s, uint64_t magnitude, unsigned bit)
{
	uint64_t high = magnitude >> 32, low = magnitude & LOW32;

	add_at(s, low * low, bit, false);
	add_at(s, high * low, bit + 33, false);
	add_at(s, high * high, bit + 64, false);
}

void exact_sum_add_int_square(struct exact_sum *s, int64_t v)
{
	uint64_t m = magnitude_of(v);

	if (m < UINT64_C(3037000500)) /* its square is below 2^63 */
		exact_sum_add_int(s, (int64_t)(m * m));
	else
		add_square_at(s, m, UNITS_BIT);
}

void exact_sum_add_double_square(struct exact_sum *s, double v)
{
	int exponent;
	bool negative;
	uint64_t fraction = fraction_of(v, &exponent, &negative);

	if (!isfinite(v))
		exact_sum_add_double(s, fabs(v));
	else if (fraction > 0)
		add_square_at(s, fraction, (unsigned)(UNITS_BIT + 2 * exponent));
}

void exact_sum_add_bits(struct exact_sum *s, uint32_t magnitude, unsigned bit, bool negative)
{
	add_at(s, magnitude, bit, negative);
}

void exact_sum_merge(struct exact_sum *into, const struct exact_sum *from)
{
	into->nan |= from->nan;
	into->plus_inf |= from->plus_inf;
	into->minus_inf |= from->minus_inf;
	exact_sum_add_int(into, from->small);
	if (!from->wide)
		return;
	if (from->waiting > MAX_WAITING / 2) {
		struct exact_sum settled = *from;

		settle(&settled);
		make_room(into, settled.waiting);
		for (int i = 0; i < EXACT_LIMBS; i++)
			into->limb[i] += settled.limb[i];
		return;
	}
	make_room(into, from->waiting);
	for (int i = 0; i < EXACT_LIMBS; i++)
		into->limb[i] += from->limb[i];
}

/* A copy in sign and magnitude: every limb in [0, 2^32). Returns whether the sum is negative. */
static bool to_magnitude(const struct exact_sum *s, struct exact_sum *out)
{
	*out = *s;
	if (out->small)
		add_at(out, magnitude_of(out->small), UNITS_BIT, out->small < 0);
	settle(out);
	if (out->limb[EXACT_LIMBS - 1] >= 0)
		return false;
	for (int i = 0; i < EXACT_LIMBS; i++)
		out->limb[i] = -out->limb[i];
	settle(out);
	return true;
}

bool exact_sum_magnitude(const struct exact_sum *s, uint32_t limb[EXACT_LIMBS])
{
	struct exact_sum m;
	bool negative = to_magnitude(s, &m);

	for (int i = 0; i < EXACT_LIMBS; i++)
		limb[i] = (uint32_t)m.limb[i];
	return negative;
}

/* 32 bits from bit `from` on (which may be negative). */
static uint64_t bits_at(const struct exact_sum *m, int from)
{
	uint64_t out = 0;

	for (int bit = from < 0 ? 0 : from, at = bit / 32; at <= bit / 32 + 1 && at < EXACT_LIMBS; at++) {
		int shift = at * 32 - from;
		uint64_t limb = (uint64_t)m->limb[at];

		if (shift >= 32)
			break;
		out |= shift >= 0 ? limb << shift : limb >> -shift;
	}
	return out & LOW32;
}

static bool any_below(const struct exact_sum *m, int bit)
{
	for (int at = 0; at * 32 < bit; at++) {
		uint64_t limb = (uint64_t)m->limb[at];

		if (bit - at * 32 < 32)
			limb &= (UINT64_C(1) << (bit - at * 32)) - 1;
		if (limb)
			return true;
	}
	return false;
}

/* The highest bit set, or -1. */
static int top_bit(const struct exact_sum *m)
{
	for (int at = EXACT_LIMBS - 1; at >= 0; at--)
		if (m->limb[at])
			return at * 32 + 63 - __builtin_clzll((uint64_t)m->limb[at]);
	return -1;
}

double exact_sum_double(const struct exact_sum *s)
{
	struct exact_sum m;

	if (s->nan || (s->plus_inf && s->minus_inf))
		return (double)NAN;
	if (s->plus_inf || s->minus_inf)
		return s->plus_inf ? (double)INFINITY : -(double)INFINITY;
	bool negative = to_magnitude(s, &m);
	int top = top_bit(&m);
	if (top < 0)
		return 0.0;
	/* 53 bits and one to round by. Bits below 2^-1074 are zero in a sum (not in one of squares), hence
	 * a subnormal result is exact. */
	int low = top - 53;
	uint64_t kept = bits_at(&m, low) | (bits_at(&m, low + 32) << 32);
	bool half = kept & 1, sticky = any_below(&m, low);
	kept >>= 1;
	if (half && (sticky || (kept & 1)))
		kept++;
	double v = ldexp((double)kept, low + 1 - UNITS_BIT);
	return negative ? -v : v;
}

bool exact_sum_int(const struct exact_sum *s, int64_t *out)
{
	struct exact_sum m;

	if (s->nan || s->plus_inf || s->minus_inf)
		return false;
	bool negative = to_magnitude(s, &m);
	uint64_t v = (uint64_t)m.limb[UNITS_LIMB] | (uint64_t)m.limb[UNITS_LIMB + 1] << 32;

	if (top_bit(&m) >= UNITS_BIT + 64 || any_below(&m, UNITS_BIT) || v > (uint64_t)INT64_MAX + negative)
		return false;
	*out = negative ? (int64_t)(0 - v) : (int64_t)v;
	return true;
}
