/* iso2709_split.c: where one record ends and the next begins.
 *
 * The fast road (iso2709_whole.c) takes a record whose leader, directory and delimiters agree. All
 * else walks the slow road: byte by byte from the record's start, stopping where something speaks for
 * an end (a record terminator, the stated length, a leader in the middle of data), and asking
 * iso2709_score.c how much. Places are judged in order of position and each by the bytes around it, so
 * no good record behind a damaged one can be swallowed, a call costs no more than the bytes it hands
 * out, and it does not matter how the caller cut the stream. Repairing, or even reading, a damaged
 * record is left to iso2709_read.c. */
#include "marc/iso2709_score.h"

/* Gaps and text that belong to no record leave in pieces of this many bytes, so that they need no memory. */
#define PIECE 65536u

struct scan {
	struct window *w;
	size_t stated; /* Leader/00-04, 0 when it is no use */
	int shift;     /* of the leader, see score_damaged_leader */
	bool weighed;  /* what follows is known */
	bool fits;     /* the directory validates: the record ends on the terminator at `end` */
	size_t end;
	struct reach reach;
};

enum verdict { GO_ON, STOP };

static struct frame frame_of(enum frame_kind kind, enum fault_code code, size_t len)
{
	return (struct frame){ .kind = kind, .code = code, .len = len };
}

static bool is_bom(struct window *w, size_t i)
{
	return window_at(w, i) == 0xEF && window_at(w, i + 1) == 0xBB && window_at(w, i + 2) == 0xBF;
}

/* A leader, or one behind the byte order mark of an appended file. */
static bool starts_record(struct window *w, size_t i)
{
	return score_leader(w, i) || (is_bom(w, i) && score_leader(w, i + 3));
}

/* Does a record, the end of the source, or a gap that needs no proof follow? [i, e) is a gap. */
static bool is_boundary(struct window *w, size_t i, size_t e)
{
	size_t start;
	int shift;

	if (e - i >= GAP_LOOK || (e >= w->n && w->last))
		return true;
	if (starts_record(w, e) || score_cut_leader(w, e))
		return true;
	return score_damaged_leader(w, i, e, &start, &shift);
}

static void weigh(struct scan *s, size_t limit)
{
	if (s->weighed)
		return;
	s->weighed = true;
	if (s->stated > 0) /* the fast road must have seen all of it before anything else is believed */
		(void)window_at(s->w, s->stated - 1);
	s->fits = s->shift == 0 && score_directory_fits(s->w, 0, &s->end);
	if (!s->fits)
		s->reach = score_reach(s->w, s->shift, limit);
}

/* The directory validates and says that the record goes on behind k. */
static bool goes_behind(const struct scan *s, size_t k)
{
	return s->fits && s->end > k;
}

/* Whole records from k on end where this one says it ends. None inside a field of it could, for the
 * field has a terminator of its own: this one lost as many bytes as they are long, and the end is
 * theirs. */
static bool shares_end(struct scan *s, size_t k)
{
	while (k < s->end && score_good_record(s->w, k))
		k += score_number(s->w, k, 5);
	return k == s->end + 1;
}

/* A record terminator stands at k: the end of the record, or data? *next is where to go on. */
static enum verdict at_terminator(struct scan *s, size_t k, size_t *next, size_t *len)
{
	size_t e = score_gap_end(s->w, k, GAP_LOOK + 1);
	bool boundary;

	weigh(s, k);
	*next = e;
	*len = s->stated;
	if (s->stated > k && s->stated <= e && s->w->p[s->stated - 1] == MARC_RT)
		return STOP;
	*len = k + 1;
	boundary = is_boundary(s->w, k + 1, e);
	if (goes_behind(s, k)) /* a record inside a field: only where length and directory both say so */
		return boundary && (s->stated != s->end + 1 || shares_end(s, e)) ? STOP : GO_ON;
	if (boundary)
		return STOP;
	return s->w->p[k - 1] == MARC_FT && s->reach.trust <= k + 1 ? STOP : GO_ON;
}

/* The record says that it ends about here, and has no terminator: is this the start of the next one? */
static enum verdict at_stated_length(struct scan *s, size_t k)
{
	size_t e = score_gap_end(s->w, k, GAP_LOOK);

	if (e - k >= GAP_LOOK || (e > k && e <= s->w->n && memchr(s->w->p + k, MARC_RT, e - k)))
		return GO_ON;
	if (!starts_record(s->w, e) && !(s->w->last && e == s->w->n && e > k))
		return GO_ON;
	weigh(s, k);
	return goes_behind(s, k) ? GO_ON : STOP;
}

/* A leader stands in the middle of data. A whole record behind it ends this one; so does a record that
 * is itself damaged, unless the fields of this one reach over it. */
static enum verdict at_leader(struct scan *s, size_t k)
{
	weigh(s, k);
	if (goes_behind(s, k))
		return shares_end(s, k) ? STOP : GO_ON;
	if (score_good_record(s->w, k))
		return STOP;
	if (!score_inner_leader(s->w, k))
		return GO_ON;
	return score_directory_start(s->w, k + LEADER_LEN) && s->reach.trust <= k ? STOP : GO_ON;
}

/* What is wrong with a record that ends at k without a terminator: is all of it there? */
static struct frame cut_at(struct scan *s, size_t k)
{
	bool whole;

	weigh(s, k);
	whole = (s->stated >= RECORD_MIN && (s->stated == k || s->stated == k + 1)) ||
		(s->reach.complete && (s->reach.end == k || s->reach.end + 1 == k));
	if (k < LEADER_LEN && !(s->w->last && k == s->w->n))
		return frame_of(FRAME_JUNK, FAULT_GARBAGE, k);
	return frame_of(FRAME_RECORD, whole ? FAULT_NO_TERMINATOR : FAULT_TRUNCATED, k);
}

static struct frame frame_limited(size_t len, size_t max_record)
{
	if (len > max_record)
		return frame_of(FRAME_RECORD, FAULT_TOO_LONG, max_record);
	return frame_of(FRAME_RECORD, FAULT_NONE, len);
}

/* The slow road: a record begins at 0, its leader perhaps damaged. */
static struct frame scan_record(struct window *w, int shift, size_t max_record)
{
	struct scan s = { .w = w, .shift = shift };
	size_t stated = score_number(w, 0, 5);
	size_t k = 1;

	s.stated = stated != SIZE_MAX && stated >= RECORD_MIN ? stated : 0;
	while (!w->more) {
		int c = k < max_record ? window_at(w, k) : WINDOW_END;
		size_t next = k + 1, len;

		if (k >= max_record)
			return frame_of(FRAME_RECORD, FAULT_TOO_LONG, max_record);
		if (c == WINDOW_END)
			return cut_at(&s, k);
		if (c == MARC_RT) {
			if (at_terminator(&s, k, &next, &len) == STOP)
				return frame_limited(len, max_record);
		} else if ((k + 1 == s.stated || k == s.stated) && at_stated_length(&s, k) == STOP) {
			return cut_at(&s, k);
		} else if (c >= '0' && c <= '9' && score_inner_blank(w, k) && at_leader(&s, k) == STOP) {
			return cut_at(&s, k);
		}
		k = next;
	}
	return frame_of(FRAME_MORE, FAULT_NONE, 0);
}

/* Bytes without a leader at 0, up to where a record begins or seems to end. With a field terminator
 * among them they may be a record whose leader is lost: the reader shall see it, and reject it by
 * name. */
static struct frame scan_stray(struct window *w, size_t max_record)
{
	bool fields = window_at(w, 0) == MARC_FT, marks = fields;
	enum fault_code code = FAULT_TRUNCATED;
	size_t k = 1;

	for (int c; !w->more; k++) {
		c = window_at(w, k);
		if (c == WINDOW_END || (score_inner_leader(w, k) && score_directory_start(w, k + LEADER_LEN)) ||
		    (score_inner_blank(w, k) && score_good_record(w, k)))
			break;
		if ((!marks && k >= PIECE) || (!fields && k >= max_record))
			break;
		if (k >= max_record)
			return frame_of(FRAME_RECORD, FAULT_TOO_LONG, max_record);
		fields = fields || c == MARC_FT;
		marks = marks || c == MARC_FT || c == MARC_RT;
		if (c == MARC_RT) {
			size_t e = score_gap_end(w, k, GAP_LOOK + 1);

			if (w->p[k - 1] == MARC_FT || is_boundary(w, k + 1, e)) {
				code = FAULT_NONE;
				k++;
				break;
			}
			k = e - 1;
		}
	}
	if (fields && k >= RECORD_MIN)
		return frame_of(FRAME_RECORD, code, k);
	return frame_of(FRAME_JUNK, FAULT_GARBAGE, k);
}

static struct frame scan_start(struct window *w, size_t max_record)
{
	size_t e, start;
	int shift = 0;

	if (is_bom(w, 0))
		return frame_of(FRAME_JUNK, FAULT_BOM, 3);
	if (score_leader(w, 0))
		return scan_record(w, 0, max_record);
	e = score_gap_end(w, 0, PIECE);
	start = e;
	if (!score_leader(w, e) && score_damaged_leader(w, 0, e, &start, &shift) && start == 0)
		return scan_record(w, shift, max_record);
	if (e > 0)
		return frame_of(FRAME_JUNK, FAULT_JUNK, shift == 0 ? start : e);
	if (score_cut_leader(w, 0))
		return frame_of(FRAME_RECORD, FAULT_TRUNCATED, w->n);
	return scan_stray(w, max_record);
}

struct frame score_frame(const uint8_t *p, size_t n, bool last, size_t max_record, uint64_t *steps)
{
	struct window w = { .p = p, .n = n, .last = last };
	struct frame f;
	size_t len;

	if (n == 0)
		return frame_of(last ? FRAME_END : FRAME_MORE, FAULT_NONE, 0);
	if (max_record < LEADER_LEN)
		max_record = LEADER_LEN;
	len = score_whole_record(&w, max_record);
	if (len > 0) {
		f = frame_of(FRAME_RECORD, FAULT_NONE, len);
	} else {
		w.more = false;
		f = scan_start(&w, max_record);
		if (w.more)
			f = frame_of(FRAME_MORE, FAULT_NONE, 0);
	}
	if (steps)
		*steps += w.steps;
	return f;
}

struct frame iso2709_frame(const uint8_t *p, size_t n, bool last, size_t max_record)
{
	return score_frame(p, n, last, max_record, NULL);
}
