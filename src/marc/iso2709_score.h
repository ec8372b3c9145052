/* iso2709_score.h: what the bytes at a place look like: a leader, a directory, a gap between records.
 *
 * Layer marc, private to the splitter and its tests. Everything reads through a window, which
 * remembers when a byte was wanted that has not arrived yet. A verdict reached without such a wish
 * used only bytes that are there, so it stays the same however many more arrive: this is what makes
 * framing independent of buffers. */
#ifndef MRRC_MARC_ISO2709_SCORE_H
#define MRRC_MARC_ISO2709_SCORE_H

#include "marc/iso2709.h"

struct window {
	const uint8_t *p;
	size_t n;       /* bytes that are there */
	bool last;      /* nothing comes behind them */
	bool more;      /* a byte behind n was wanted though !last: every verdict is void */
	uint64_t steps; /* bytes looked at, for the tests of linear time */
};

#define WINDOW_END (-1)

static inline int window_at(struct window *w, size_t i)
{
	w->steps++;
	if (i < w->n)
		return w->p[i];
	if (!w->last)
		w->more = true;
	return WINDOW_END;
}

/* Leader, one field terminator, one record terminator. */
#define RECORD_MIN 26u
/* A gap longer than this needs no proof of what stands behind it. */
#define GAP_LOOK 4096u

/* Bytes that may stand between records: NUL TAB LF CR blank 0x1A, and a stray record terminator. */
bool score_is_gap(int c);
/* First place at or behind i that is no gap byte, looking at no more than `look` bytes. */
size_t score_gap_end(struct window *w, size_t i, size_t look);

/* `count` digits at i as a number; SIZE_MAX when one is no digit. */
size_t score_number(struct window *w, size_t i, size_t count);

/* The 24 bytes at i pass iso2709_plausible_leader. */
bool score_leader(struct window *w, size_t i);
/* The source ends within the leader at i, and what is there fits a leader. */
bool score_cut_leader(struct window *w, size_t i);
/* A leader strict enough to be looked for in the middle of data: plausible, with lower-case letters for
 * status and type (MARC 21 Leader/05-06), which no run of directory digits has. */
bool score_inner_leader(struct window *w, size_t i);
/* The same where either letter may be a blank, as in many real records: text in columns looks like this too, so
 * it is believed only of a record that is whole. */
bool score_inner_blank(struct window *w, size_t i);
/* At i stands what follows a leader: a directory entry or, for an empty directory, the field terminator. */
bool score_directory_start(struct window *w, size_t i);
/* A record whose leader is damaged but can still be recognised begins at e, or in the blanks before it
 * (not before lo). Sets its first byte and how far the bytes from Leader/05 on are shifted (-1, 0,
 * +1). */
bool score_damaged_leader(struct window *w, size_t lo, size_t e, size_t *start, int *shift);

/* The directory of the record at i validates: whole entries up to the field terminator before the base
 * address, each field ends on a field terminator, and behind the last of them stands the record
 * terminator, at *end. */
bool score_directory_fits(struct window *w, size_t i, size_t *end);
/* The record at i is whole: its directory fits and the stated length agrees. */
bool score_good_record(struct window *w, size_t i);
/* The fast road: length of the record at 0 when its leader, directory and delimiters agree on it in every
 * point; such a record is never cut, whatever stands in it or behind it. Else 0. */
size_t score_whole_record(struct window *w, size_t max_record);

/* A directory that does not fit, read for what it is still worth. */
struct reach {
	bool complete; /* every entry was readable and its field ends on a field terminator */
	size_t end;    /* behind the last field */
	size_t trust;  /* behind the last field up to which more entries are right than wrong; 0: none */
};
/* The record at 0, leader shifted by `shift`, its directory ended before `limit`. */
struct reach score_reach(struct window *w, int shift, size_t limit);

/* iso2709_frame, which also tells how many bytes it looked at. */
struct frame score_frame(const uint8_t *p, size_t n, bool last, size_t max_record, uint64_t *steps);

#endif
