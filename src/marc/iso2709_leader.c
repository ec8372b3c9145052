/* iso2709_leader.c: a damaged leader: what it says, what it should say, where the data begins.
 *
 * MARC 21 Leader: 0-4 record length, 5-8 status and types, 9 character coding, 10-11 "22", 12-16 base address
 * of data, 17-19 levels, 20-23 "4500". The numbers of a leader are hints here: the frame knows the
 * length, and the base address is the place from which most directory entries end on a field terminator. A
 * leader that lost or gained a byte is seen by the directory, which then starts one byte early or late. */
#include "base/utf8.h"
#include "marc/iso2709_inner.h"

static bool one_of(uint8_t c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static bool printable(uint8_t c)
{
	return c >= 0x20 && c <= 0x7E;
}

/* ---- where the data begins ---- */

/* Do twelve bytes at `at` have digits where an entry has its numbers? */
static bool entry_like(const struct repair *r, uint32_t at)
{
	return repair_number(r->raw.ptr + at + 3, 9) != UINT32_MAX;
}

/* Place behind the last of the entries that stand in a row from the leader on. */
static uint32_t entries_end(const struct repair *r, uint32_t leader_len)
{
	uint32_t at = leader_len;

	while (r->end - at >= DIRECTORY_ENTRY_LEN && entry_like(r, at))
		at += DIRECTORY_ENTRY_LEN;
	return at;
}

/* Directory entries that, counted from this base address, begin behind and end on a field terminator. */
static uint32_t base_score(const struct repair *r, uint32_t base)
{
	const uint8_t *p = r->raw.ptr;
	uint32_t score = 0;

	for (uint32_t at = r->leader_len; base - at >= DIRECTORY_ENTRY_LEN; at += DIRECTORY_ENTRY_LEN) {
		uint32_t len = repair_number(p + at + 3, 4), start = repair_number(p + at + 7, 5);

		if (len == 0 || len == UINT32_MAX || start == UINT32_MAX || start + len > r->end - base)
			continue;
		score += p[base + start + len - 1] == MARC_FT &&
			 (start == 0 || p[base + start - 1] == MARC_FT);
	}
	return score;
}

/* Of the stated address, the place behind the first field terminator, and the place behind the last thing
 * that looks like an entry, the one most entries agree with; the earlier of equals. 0 when there is none. */
static uint32_t best_base(const struct repair *r, uint32_t stated)
{
	uint32_t end_mark = repair_find(r, MARC_FT, r->leader_len, r->end);
	bool marked = end_mark < r->end, stated_ok = stated > r->leader_len && stated <= r->end;
	uint32_t choice[3] = { marked ? end_mark + 1 : 0, entries_end(r, r->leader_len), 0 };
	uint32_t best = 0, best_score = 0;

	if (stated_ok && marked && stated == end_mark + 1)
		return stated;
	if (stated_ok) {
		bool trusted = r->raw.ptr[stated - 1] == MARC_FT;

		choice[2] = trusted ? choice[0] : stated;
		choice[0] = trusted ? stated : choice[0];
	}
	for (int i = 0; i < 3; i++) {
		uint32_t score = choice[i] > r->leader_len ? base_score(r, choice[i]) : 0;

		if (choice[i] > r->leader_len && (best == 0 || score > best_score)) {
			best = choice[i];
			best_score = score;
		}
	}
	return best;
}

static bool settle_base(struct repair *r)
{
	uint32_t stated = repair_number(r->out->leader + 12, 5);

	r->base = best_base(r, stated);
	if (r->base == 0) {
		repair_reject(r, FAULT_BASE_ADDRESS, 12, stated, 0);
		return false;
	}
	if (r->base != stated) {
		bool beyond = stated != UINT32_MAX && stated > r->end;

		r->reframed = true;
		repair_note(r, beyond ? FAULT_BASE_BEYOND : FAULT_BASE_ADDRESS, 12, stated, r->base);
	}
	r->dir_end = r->base - 1;
	if (r->raw.ptr[r->dir_end] != MARC_FT) {
		r->dir_end = r->base - (r->base - r->leader_len) % DIRECTORY_ENTRY_LEN;
		r->reframed = true;
		repair_note(r, FAULT_DIRECTORY, r->base, 0, 0);
	}
	return true;
}

/* ---- a leader of 23 or 25 bytes ---- */

/* Values that MARC 21 and its users have at 5-9 and 17-23; NULL where the shape below says all. */
static const char *const leader_known[LEADER_LEN] = {
	[5] = "acdnopsx", [6] = "acdefgijkmopqrtuvwxyz", [7] = "abcdimns ", [8] = "a ", [9] = "a ",
	[17] = "12345678uznoIJKLM ", [18] = "aciunr ", [19] = "abcr ", [22] = "0", [23] = "0",
};

/* Could this be a leader, leaving position `but` out? `known`: only with values that are known. */
static bool leader_fits(const uint8_t *l, uint32_t but, bool known)
{
	static const char shape[] = "ddddd     22ddddd   45  ";

	for (uint32_t i = 0; i < LEADER_LEN; i++) {
		if (i == but)
			continue;
		if (shape[i] == 'd' ? l[i] < '0' || l[i] > '9' : shape[i] != ' ' && l[i] != (uint8_t)shape[i])
			return false;
		if (known && leader_known[i] && !one_of(l[i], leader_known[i]))
			return false;
	}
	return true;
}

/* The leader with one byte left out (25) or put in (23) at `at`: a constant if there is one, or a blank. */
static void leader_shift(const struct repair *r, uint32_t at, uint8_t *out)
{
	static const char filler[] = "          22        4500";
	const uint8_t *p = r->raw.ptr;

	if (r->leader_len > LEADER_LEN) {
		memcpy(out, p, at);
		memcpy(out + at, p + at + 1, LEADER_LEN - at);
	} else {
		memcpy(out, p, at);
		out[at] = (uint8_t)filler[at];
		memcpy(out + at + 1, p + at, LEADER_LEN - 1 - at);
	}
}

static enum fault_code shift_code(const struct repair *r, uint32_t at)
{
	if (r->raw.len > ISO2709_MAX_RECORD)
		return FAULT_RECORD_TOO_LONG;
	return r->leader_len < LEADER_LEN && at < 5 ? FAULT_LEADER_LENGTH : FAULT_LEADER;
}

/* Find the place where the byte was lost or came in. */
static bool mend_leader(struct repair *r)
{
	uint8_t *leader = r->out->leader;

	for (int known = 1; known >= 0; known--)
		for (uint32_t at = 0; at < LEADER_LEN; at++) {
			uint32_t but = r->leader_len < LEADER_LEN ? at : UINT32_MAX;

			leader_shift(r, at, leader);
			if (leader_fits(leader, but, known != 0)) {
				repair_note(r, shift_code(r, at), at, r->leader_len, LEADER_LEN);
				return true;
			}
		}
	repair_reject(r, FAULT_LEADER, 0, r->leader_len, LEADER_LEN);
	return false;
}

/* 24, or 23 or 25 when only so the directory is made of entries up to its terminator. */
static uint32_t measure_leader(const struct repair *r)
{
	uint32_t mark = repair_find(r, MARC_FT, LEADER_LEN, r->end);

	if (mark == r->end || (mark - LEADER_LEN) % DIRECTORY_ENTRY_LEN == 0)
		return LEADER_LEN;
	if (leader_fits(r->raw.ptr, UINT32_MAX, true) && repair_number(r->raw.ptr + 12, 5) == mark + 1)
		return LEADER_LEN; /* nothing is missing here: the directory has an entry of another width */
	for (uint32_t len = LEADER_LEN - 1; len <= LEADER_LEN + 1; len += 2)
		if (mark > len && (mark - len) % DIRECTORY_ENTRY_LEN == 0 && entries_end(r, len) == mark)
			return len;
	return LEADER_LEN;
}

/* ---- the leader's own values ---- */

static void check_length(struct repair *r)
{
	const uint8_t *p = r->raw.ptr;
	uint32_t stated = repair_number(p, 5), len = (uint32_t)r->raw.len;

	if (stated == len || stated == r->end + 1)
		return; /* the second: only the record terminator is missing, which has its own code */
	r->reframed = true;
	if (len > ISO2709_MAX_RECORD)
		repair_note(r, FAULT_RECORD_TOO_LONG, 0, stated, len);
	else if (stated == UINT32_MAX || (stated > 0 && stated <= LEADER_LEN + 1))
		repair_note(r, FAULT_LEADER_LENGTH, 0, stated, len);
	else
		repair_note(r, FAULT_LENGTH_MISMATCH, 0, stated, len);
}

/* Bytes that are no printable ASCII show as `?`. */
static void check_printable(struct repair *r)
{
	uint8_t *leader = r->out->leader;
	uint32_t first = LEADER_LEN;

	for (uint32_t i = LEADER_LEN; i-- > 0;)
		if (!printable(leader[i])) {
			leader[i] = '?';
			first = i;
		}
	if (first < LEADER_LEN)
		repair_note(r, FAULT_LEADER, first, r->raw.ptr[first], 0);
}

static void check_constants(struct repair *r)
{
	const uint8_t *leader = r->out->leader;

	if (memcmp(leader + 10, "22", 2) != 0)
		repair_note(r, FAULT_LEADER, 10, 0, 0);
	if (memcmp(leader + 20, "4500", 4) != 0)
		repair_note(r, FAULT_LEADER, 20, 0, 0);
}

/* MARC 21 Leader/09: blank is MARC-8, a is UTF-8; about anything else the text itself is asked. */
static void check_coding(struct repair *r)
{
	uint8_t coding = r->out->leader[9];
	struct span text = span_of(r->raw.ptr + LEADER_LEN, r->raw.len - LEADER_LEN);

	if (coding != 'a' && coding != ' ') {
		repair_note(r, FAULT_LEADER, 9, coding, ' ');
		if (utf8_valid_prefix(text) == text.len)
			r->out->flags |= RECORD_UTF8;
	} else if (coding == 'a') {
		r->out->flags |= RECORD_UTF8;
	}
}

/* The bytes there are, without a terminator that may be missing. */
static bool settle_end(struct repair *r)
{
	size_t len = r->raw.len;
	bool ended = len > 0 && r->raw.ptr[len - 1] == MARC_RT;

	if (len > UINT32_MAX / 2) {
		repair_reject(r, FAULT_TOO_LONG, 0, UINT32_MAX, 0);
		return false;
	}
	r->end = (uint32_t)len - ended;
	if (r->end < LEADER_LEN) {
		if (!r->rejected)
			repair_reject(r, FAULT_TRUNCATED, r->end, r->end, LEADER_LEN);
		return false;
	}
	if (!ended && !r->reframed) {
		r->reframed = true;
		repair_note(r, FAULT_NO_TERMINATOR, r->end, 0, 0);
	}
	return true;
}

bool repair_leader(struct repair *r)
{
	if (!settle_end(r))
		return false;
	r->leader_len = measure_leader(r);
	if (r->leader_len != LEADER_LEN) {
		r->reframed = true;
		if (!mend_leader(r))
			return false;
	} else {
		memcpy(r->out->leader, r->raw.ptr, LEADER_LEN);
		check_length(r);
	}
	check_printable(r);
	check_coding(r);
	check_constants(r);
	return settle_base(r);
}
