/* iso2709_whole.c: the fast road of the splitter: is this record what its leader and directory say?
 *
 * Nearly every record is, so this is paid once per record and nothing else is. Digits are read eight
 * at a time, and one pass over the fields counts the terminators. The count matters: a record that
 * lost as many bytes at its end as the next one is long fits its stated length and, by chance, its
 * directory, but it holds the terminators of both. */
#include "marc/iso2709_score.h"

/* Bytes compared at once; gcc and clang make it what the machine has. */
typedef uint8_t lanes __attribute__((vector_size(16)));
#define LANES sizeof(lanes)
#define COUNT_ROUNDS 63 /* of four marks a lane: a counter of one byte holds 255 */

#define ONES 0x0101010101010101u

static inline uint64_t load8(const uint8_t *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof(x));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	x = __builtin_bswap64(x);
#endif
	return x;
}

static inline bool five_digits(const uint8_t *p) /* eight bytes are there */
{
	uint64_t x = load8(p) ^ ONES * '0';

	return (((x + ONES * 6) | x) & 0xF0F0F0F0F0u) == 0;
}

static inline bool is_printable(uint8_t c)
{
	return (uint8_t)(c - 0x20) <= 0x7E - 0x20;
}

static inline size_t number5(const uint8_t *p)
{
	return (size_t)(p[0] - '0') * 10000 + (size_t)(p[1] - '0') * 1000 + (size_t)(p[2] - '0') * 100 +
	       (size_t)(p[3] - '0') * 10 + (size_t)(p[4] - '0');
}

/* The four digits in the low bytes as a number, first the lowest: two pairs at once, then both pairs. */
static inline size_t number4(uint64_t x)
{
	x = x * (10 * 0x100 + 1) >> 8 & 0x00FF00FFu;
	return x * (100 * 0x10000 + 1) >> 16 & 0xFFFF;
}

bool iso2709_plausible_leader(const uint8_t *p)
{
	return p[10] == p[11] && (p[10] == '2' || p[10] == ' ') && five_digits(p) && five_digits(p + 12) &&
	       is_printable(p[5]) && is_printable(p[6]) && is_printable(p[7]) && is_printable(p[8]);
}

/* Each field of the directory [24, base-1) begins within len bytes, behind a field terminator. What is
 * no digit makes some number too, and that one misses. */
static bool fields_begin(const uint8_t *p, size_t base, size_t len)
{
	bool miss = false;

	for (const uint8_t *entry = p + LEADER_LEN; entry + 1 < p + base; entry += DIRECTORY_ENTRY_LEN) {
		/* the five digits of the starting position (MARC 21 Directory/07-11) */
		uint64_t x = (load8(entry + 4) ^ ONES * '0') >> 24;
		size_t from = base + (x >> 32) + 10 * number4(x);

		if (from >= len)
			return false;
		miss |= p[from - 1] != MARC_FT; /* one branch an entry is enough */
	}
	return !miss;
}

static inline lanes load_lanes(const uint8_t *p)
{
	lanes x;

	memcpy(&x, p, LANES);
	return x;
}

/* Minus one in each lane that holds a terminator of either kind: the two are neighbours. */
static inline lanes marks(lanes x)
{
	_Static_assert(MARC_FT == MARC_RT + 1, "one test finds both terminators");
	return (lanes)(((x - MARC_RT) & 0xFE) == 0);
}

/* Sum of 16 counters of one byte. */
static inline size_t lanes_sum(lanes counts)
{
	const uint64_t even = 0x00FF00FF00FF00FFu;
	uint64_t half[2];

	memcpy(half, &counts, sizeof(half));
	half[0] = (half[0] & even) + (half[0] >> 8 & even) + (half[1] & even) + (half[1] >> 8 & even);
	return (size_t)(half[0] * 0x0001000100010001u >> 48);
}

/* The same for four lanes at p, summed. */
static inline lanes marks4(const uint8_t *p)
{
	return (marks(load_lanes(p)) + marks(load_lanes(p + LANES))) +
	       (marks(load_lanes(p + 2 * LANES)) + marks(load_lanes(p + 3 * LANES)));
}

/* The same, but only of the last `len` bytes. */
static inline lanes marks4_last(const uint8_t *p, size_t len)
{
	static const lanes place = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
	const lanes from = (lanes){ 0 } + (uint8_t)(4 * LANES - len);
	lanes sum = { 0 };

	for (uint8_t k = 0; k < 4; k++)
		sum += marks(load_lanes(p + k * LANES)) & (lanes)(place + (uint8_t)(k * LANES) >= from);
	return sum;
}

/* Terminators of both kinds in [p + from, p + to). */
static size_t count_marks(const uint8_t *p, size_t from, size_t to)
{
	size_t count = 0;

	while (to - from >= 4 * LANES) {
		lanes counts = { 0 };

		for (size_t k = 0; k < COUNT_ROUNDS && to - from >= 4 * LANES; k++, from += 4 * LANES)
			counts -= marks4(p + from);
		count += lanes_sum(counts);
	}
	if (to >= 4 * LANES)
		return count + lanes_sum(-marks4_last(p + to - 4 * LANES, to - from));
	for (; from < to; from++)
		count += p[from] == MARC_FT || p[from] == MARC_RT;
	return count;
}

size_t score_whole_record(struct window *w, size_t max_record)
{
	const uint8_t *p = w->p;
	size_t len, base;

	if (w->n < RECORD_MIN || !iso2709_plausible_leader(p))
		return 0;
	len = number5(p);
	base = number5(p + 12);
	if (len > w->n || len > max_record || base + 2 > len || p[len - 1] != MARC_RT ||
	    p[len - 2] != MARC_FT || base <= LEADER_LEN + DIRECTORY_ENTRY_LEN || p[base - 1] != MARC_FT ||
	    (base - LEADER_LEN - 1) % DIRECTORY_ENTRY_LEN != 0)
		return 0;
	w->steps += base;
	if (!fields_begin(p, base, len))
		return 0;
	w->steps += len;
	return count_marks(p, base, len - 1) == (base - LEADER_LEN - 1) / DIRECTORY_ENTRY_LEN ? len : 0;
}
