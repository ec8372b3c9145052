/* iso2709_score.c: shapes and scores for the slow road of the splitter.
 *
 * Nothing here decides where a record ends; each function answers one question about one place, in
 * time bounded by the bytes that the answer is about. Fields are never read: a directory is judged by
 * whether the places it names hold field terminators, which a wrong directory meets about once in
 * forty tries. */
#include "marc/iso2709_score.h"

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_lower(int c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_alnum(int c)
{
	return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z');
}

static bool is_printable(int c)
{
	return c >= 0x20 && c <= 0x7E;
}

bool score_is_gap(int c)
{
	switch (c) {
	case 0x00:
	case '\t':
	case '\n':
	case '\r':
	case ' ':
	case 0x1A:
	case MARC_RT:
		return true;
	default:
		return false;
	}
}

size_t score_gap_end(struct window *w, size_t i, size_t look)
{
	size_t e = i;

	while (e - i < look && score_is_gap(window_at(w, e)))
		e++;
	return e;
}

size_t score_number(struct window *w, size_t i, size_t count)
{
	size_t value = 0;

	for (size_t k = 0; k < count; k++) {
		int c = window_at(w, i + k);

		if (!is_digit(c))
			return SIZE_MAX;
		value = value * 10 + (size_t)(c - '0');
	}
	return value;
}

/* Byte k of a leader may be c (MARC 21 Leader; ISO 2709, 4.3). */
static bool leader_byte(size_t k, int c)
{
	if (k < 5 || (k >= 12 && k <= 16))
		return is_digit(c);
	if (k <= 8)
		return is_printable(c);
	if (k == 10 || k == 11)
		return c == '2' || c == ' ';
	return c >= 0;
}

bool score_leader(struct window *w, size_t i)
{
	(void)window_at(w, i + LEADER_LEN - 1);
	return i + LEADER_LEN <= w->n && iso2709_plausible_leader(w->p + i);
}

bool score_cut_leader(struct window *w, size_t i)
{
	if (!w->last || i >= w->n || w->n - i >= LEADER_LEN)
		return false;
	for (size_t k = 0; i + k < w->n; k++)
		if (!leader_byte(k, w->p[i + k]))
			return false;
	return true;
}

bool score_inner_leader(struct window *w, size_t i)
{
	return is_digit(window_at(w, i)) && is_lower(window_at(w, i + 6)) && is_lower(window_at(w, i + 5)) &&
	       score_leader(w, i);
}

bool score_inner_blank(struct window *w, size_t i)
{
	int status = window_at(w, i + 5), type = window_at(w, i + 6);

	return is_digit(window_at(w, i)) && (status == ' ' || is_lower(status)) && (type == ' ' || is_lower(type)) &&
	       score_leader(w, i);
}

bool score_directory_start(struct window *w, size_t i)
{
	if (window_at(w, i) == MARC_FT)
		return true;
	for (size_t k = 0; k < DIRECTORY_ENTRY_LEN; k++) {
		int c = window_at(w, i + k);

		if (k < 3 ? !is_alnum(c) : !is_digit(c))
			return false;
	}
	return true;
}

/* Leader/05-23 and the first directory entry, six points; the record length is no part of it because the
 * place is sought by what follows. Digits alone would fit anywhere in a directory, so they are not enough. */
static bool recognised(struct window *w, size_t origin)
{
	int status = window_at(w, origin + 5);
	bool type = is_printable(status) && !is_digit(status) && is_lower(window_at(w, origin + 6));
	bool counts = window_at(w, origin + 10) == '2' && window_at(w, origin + 11) == '2';
	bool base = score_number(w, origin + 12, 5) != SIZE_MAX;
	bool map = score_number(w, origin + 20, 4) == 4500;
	int points = type + counts + base + map;

	if (!type && !counts && !map)
		return false;
	return points == 4 || (points >= 2 && score_directory_start(w, origin + LEADER_LEN));
}

bool score_damaged_leader(struct window *w, size_t lo, size_t e, size_t *start, int *shift)
{
	*shift = 0;
	for (*start = e; e - *start <= 5; (*start)--) {
		if (recognised(w, *start))
			return true;
		if (*start == lo || w->p[*start - 1] != ' ')
			break;
	}
	*start = e;
	/* an origin of -1 is fine: only bytes from Leader/05 on are read, and unsigned sums come back */
	*shift = -1;
	if (recognised(w, e - 1))
		return true;
	*shift = 1;
	return !score_leader(w, e + 1) && recognised(w, e + 1);
}

/* A directory entry: tag, length of field, starting position; false when these are no numbers. */
static bool entry_read(struct window *w, size_t at, size_t *len, size_t *from)
{
	*len = score_number(w, at + 3, 4);
	*from = score_number(w, at + 7, 5);
	return *len != SIZE_MAX && *from != SIZE_MAX;
}

bool score_directory_fits(struct window *w, size_t i, size_t *end)
{
	size_t base = score_number(w, i + 12, 5);
	size_t at = i + LEADER_LEN;

	if (base == SIZE_MAX || base <= LEADER_LEN + DIRECTORY_ENTRY_LEN ||
	    (base - LEADER_LEN - 1) % DIRECTORY_ENTRY_LEN != 0 || window_at(w, i + base - 1) != MARC_FT)
		return false;
	*end = 0;
	for (; at + 1 < i + base; at += DIRECTORY_ENTRY_LEN) {
		size_t len, from, stop;

		if (!entry_read(w, at, &len, &from) || len == 0)
			return false;
		stop = i + base + from + len;
		if (window_at(w, stop - 1) != MARC_FT)
			return false;
		if (stop > *end)
			*end = stop;
	}
	return window_at(w, *end) == MARC_RT;
}

bool score_good_record(struct window *w, size_t i)
{
	size_t end;

	return score_directory_fits(w, i, &end) && score_number(w, i, 5) == end + 1 - i;
}

/* Base address: the leader's where a field terminator confirms it, else behind the first one. 0: none
 * before limit. */
static size_t find_base(struct window *w, size_t start, int shift, size_t limit)
{
	size_t said = score_number(w, start - LEADER_LEN + 12, 5);
	const uint8_t *ft;

	if (said != SIZE_MAX && said > LEADER_LEN) {
		said = shift < 0 ? said - 1 : said + (size_t)shift;
		if (said > start && said <= limit && w->p[said - 1] == MARC_FT)
			return said;
	}
	if (limit <= start)
		return 0;
	w->steps += limit - start;
	ft = memchr(w->p + start, MARC_FT, limit - start);
	return ft ? (size_t)(ft - w->p) + 1 : 0;
}

struct reach score_reach(struct window *w, int shift, size_t limit)
{
	struct reach r = { 0 };
	size_t start = shift < 0 ? LEADER_LEN - 1 : LEADER_LEN + (size_t)shift;
	size_t base = find_base(w, start, shift, limit < w->n ? limit : w->n);
	long balance = 0, best = 0;

	r.complete = base > start + DIRECTORY_ENTRY_LEN && (base - 1 - start) % DIRECTORY_ENTRY_LEN == 0;
	for (size_t at = start; at + DIRECTORY_ENTRY_LEN < base; at += DIRECTORY_ENTRY_LEN) {
		size_t len, from;
		bool right = entry_read(w, at, &len, &from) && len > 0;

		if (right && base + from + len > r.end)
			r.end = base + from + len;
		right = right && window_at(w, base + from + len - 1) == MARC_FT;
		r.complete = r.complete && right;
		balance += right ? 1 : -1;
		if (balance > best) {
			best = balance;
			r.trust = r.end;
		}
	}
	return r;
}
