/* iso2709_whole.c: the fast road of the splitter: is this record what its leader and directory say?
 *
 * Nearly every record is, so this is paid once per record and nothing else is: some 50 ns for a record of 1 kB. Digits are
 * read eight at a time, and one pass over the bytes finds a stray record terminator and counts the
 * field terminators. The count matters: a record that lost as many bytes at its end as the next one is long fits
 * its own length and, by chance, its own directory, but holds the terminators of both. */
#include "marc/iso2709_score.h"

/* Bytes compared at once; gcc and clang make it what the machine has. */
typedef uint8_t lanes __attribute__((vector_size(16)));
#define LANES sizeof(lanes)
#define COUNT_MAX 255 /* rounds until a counter of one byte is full */

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

/* Some high half byte is set unless all eight are the values of digits. */
static inline uint64_t not_digits(uint64_t x)
{
	x ^= ONES * '0';
	return ((x + ONES * 6) | x) & (ONES * 0xF0);
}

static inline bool five_digits(const uint8_t *p) /* eight bytes are there */
{
	return (not_digits(load8(p)) & 0xFFFFFFFFFFu) == 0;
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

bool iso2709_plausible_leader(const uint8_t *p)
{
	return p[10] == p[11] && (p[10] == '2' || p[10] == ' ') && five_digits(p) && five_digits(p + 12) &&
	       is_printable(p[5]) && is_printable(p[6]) && is_printable(p[7]) && is_printable(p[8]);
}

/* Length of field and starting position, four and five digits: pairs, then fours, all at once. */
static inline void entry_numbers(const uint8_t *entry, size_t *len, size_t *from, uint64_t *bad)
{
	uint64_t x = load8(entry + 3);
	unsigned units = (unsigned)entry[11] - '0';

	*bad |= not_digits(x) | (units > 9);
	x ^= ONES * '0';
	x = (x * 10 + (x >> 8)) & 0x00FF00FF00FF00FFu;
	x = x * 100 + (x >> 16);
	*len = x & 0xFFFF;
	*from = (x >> 32 & 0xFFFF) * 10 + units;
}

/* The entries from `at` on, the fields from `base` on: place behind the last field; 0 when an entry is malformed, a
 * field does not end on a field terminator, or a byte behind n is wanted (then *beyond). */
static size_t entries_end(const uint8_t *p, size_t n, size_t at, size_t base, bool *beyond)
{
	size_t end = 0;
	uint64_t bad = 0;

	for (; at + 1 < base; at += DIRECTORY_ENTRY_LEN) {
		size_t len, from, stop;

		entry_numbers(p + at, &len, &from, &bad);
		bad |= len == 0;
		stop = base + from + len;
		if (stop > n) {
			*beyond = !bad;
			return 0;
		}
		bad |= p[stop - 1] ^ MARC_FT; /* one branch an entry is enough */
		end = stop > end ? stop : end;
	}
	return bad ? 0 : end;
}

bool score_directory_fits(struct window *w, size_t i, size_t *end)
{
	bool beyond = false;
	size_t base;

	w->steps += LEADER_LEN;
	if (window_at(w, i + LEADER_LEN) == WINDOW_END || !five_digits(w->p + i + 12))
		return false;
	base = number5(w->p + i + 12);
	if (base <= LEADER_LEN + DIRECTORY_ENTRY_LEN || (base - LEADER_LEN - 1) % DIRECTORY_ENTRY_LEN != 0 ||
	    window_at(w, i + base - 1) != MARC_FT)
		return false;
	w->steps += base - LEADER_LEN;
	*end = entries_end(w->p, w->n, i + LEADER_LEN, i + base, &beyond);
	if (beyond && !w->last)
		w->more = true;
	return *end > 0 && window_at(w, *end) == MARC_RT;
}

/* Sum of 16 counters of one byte. */
static inline size_t lanes_sum(lanes counts)
{
	uint64_t half[2], sum;

	memcpy(half, &counts, sizeof(half));
	sum = (half[0] & 0x00FF00FF00FF00FFu) + (half[0] >> 8 & 0x00FF00FF00FF00FFu);
	sum += (half[1] & 0x00FF00FF00FF00FFu) + (half[1] >> 8 & 0x00FF00FF00FF00FFu);
	return (size_t)(sum * 0x0001000100010001u >> 48);
}

static inline lanes load_lanes(const uint8_t *p)
{
	lanes x;

	memcpy(&x, p, LANES);
	return x;
}

/* Minus one in each lane that holds a terminator of either kind. */
static inline lanes marks(lanes x)
{
	return (lanes)(x == (lanes){ 0 } + MARC_FT) + (lanes)(x == (lanes){ 0 } + MARC_RT);
}

/* Terminators of both kinds in [p, p+len), len >= LANES. */
static size_t count_marks(const uint8_t *p, size_t len)
{
	static const lanes place = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
	const uint8_t *end = p + len, *stop = end - LANES;
	lanes counts, rest;
	size_t count = 0;

	do {
		counts = (lanes){ 0 };
		for (size_t k = 0; k < COUNT_MAX / 4 && p + 3 * LANES <= stop; k++, p += 4 * LANES)
			counts -= (marks(load_lanes(p)) + marks(load_lanes(p + LANES))) +
				  (marks(load_lanes(p + 2 * LANES)) + marks(load_lanes(p + 3 * LANES)));
		count += lanes_sum(counts);
	} while (p + 3 * LANES <= stop);
	for (counts = (lanes){ 0 }; p <= stop; p += LANES)
		counts -= marks(load_lanes(p));
	/* the last lanes once more, but only those that were not looked at */
	rest = (lanes)(place >= (lanes){ 0 } + (uint8_t)(LANES - (size_t)(end - p)));
	return count + lanes_sum(counts - (marks(load_lanes(stop)) & rest));
}

bool score_tight(struct window *w, size_t end)
{
	size_t entries = (number5(w->p + 12) - LEADER_LEN - 1) / DIRECTORY_ENTRY_LEN;

	w->steps += end;
	return count_marks(w->p, end) == entries + 1;
}

size_t score_whole_record(struct window *w, size_t max_record)
{
	size_t len, e, end;

	if (w->n < RECORD_MIN || !iso2709_plausible_leader(w->p))
		return 0;
	len = number5(w->p);
	if (len < RECORD_MIN || len > w->n || len > max_record || w->p[len - 1] != MARC_RT)
		return 0;
	for (e = len; e < w->n && e - len < GAP_LOOK && score_is_gap(w->p[e]); e++)
		w->steps++;
	if (e == w->n ? !w->last : w->n - e < LEADER_LEN || !iso2709_plausible_leader(w->p + e))
		return 0;
	return score_directory_fits(w, 0, &end) && end + 1 == len && score_tight(w, end) ? len : 0;
}
