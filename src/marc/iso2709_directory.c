/* iso2709_directory.c: a damaged directory: where each field lies.
 *
 * Three witnesses are heard, the strongest first: entries that agree with the data as they are; a
 * directory that does so when some entries are wider (fields over 9,999 or offsets over 99,999
 * bytes); the sequence of field terminators, when there are as many as entries and no sound entry
 * contradicts it. Only when all three fail is each entry judged alone, and then a field keeps the bytes its
 * entry names, runs on to the next terminator, or is dropped, always with a note. */
#include "marc/iso2709_inner.h"

static uint32_t data_len(const struct repair *r)
{
	return r->end - r->base;
}

static bool is_end_mark(const struct repair *r, uint32_t at)
{
	return r->raw.ptr[at] == MARC_FT;
}

/* ---- reading ---- */

/* Widths of an entry's parts behind the tag: MARC 21 Leader/20-22. */
struct entry_map {
	uint32_t len, start, local;
};

static uint32_t map_width(struct entry_map m)
{
	return 3 + m.len + m.start + m.local;
}

static struct entry read_one(const struct repair *r, uint32_t at, struct entry_map m)
{
	const uint8_t *p = r->raw.ptr + at;
	struct entry e = { .tag = MARC_TAG(p[0], p[1], p[2]), .at = at };

	e.len = repair_number(p + 3, m.len);
	e.start = repair_number(p + 3 + m.len, m.start);
	e.digits = e.len != UINT32_MAX && e.start != UINT32_MAX;
	return e;
}

/* The bytes named lie in the data and end on a field terminator. */
static bool ends_well(const struct repair *r, const struct entry *e)
{
	uint32_t len = data_len(r);

	return e->digits && e->len > 0 && e->start <= len && e->len <= len - e->start &&
	       is_end_mark(r, r->base + e->start + e->len - 1);
}

/* A field begins behind the fields before it, or elsewhere behind a terminator. The latter proves nothing in
 * a record whose offsets wrap: there all must lie in a row. */
static bool begins_well(const struct repair *r, const struct entry *e, uint32_t behind)
{
	return e->start >= behind || (r->raw.len <= ISO2709_MAX_RECORD &&
				      (e->start == 0 || is_end_mark(r, r->base + e->start - 1)));
}

/* Read all entries of this shape, judge them, and return how many do not fit. */
static uint32_t read_entries(struct repair *r, struct entry_map m)
{
	uint32_t behind = 0, misfits = 0;

	r->entries = (r->dir_end - r->leader_len) / map_width(m);
	for (uint32_t i = 0; i < r->entries; i++) {
		struct entry e = read_one(r, r->leader_len + i * map_width(m), m);

		e.fits = ends_well(r, &e) && begins_well(r, &e, behind);
		if (e.fits && e.start + e.len > behind)
			behind = e.start + e.len;
		misfits += !e.fits;
		r->entry[i] = e;
	}
	return misfits;
}

/* The map that the leader states, when it is one that could be read; else that of MARC 21. */
static struct entry_map stated_map(const struct repair *r)
{
	const uint8_t *l = r->out->leader + 20;
	struct entry_map marc21 = { 4, 5, 0 };
	struct entry_map m = { l[0] - (uint32_t)'0', l[1] - (uint32_t)'0', l[2] - (uint32_t)'0' };

	return m.len - 3 < 7 && m.start - 3 < 7 && m.local < 10 ? m : marc21;
}

/* ---- witness two: entries of mixed width that lie in a row ---- */

/* The entry at `at` whose field begins at `start` and ends well, or false. */
static bool read_in_row(struct repair *r, uint32_t at, uint32_t start, struct entry *e, uint32_t *width)
{
	static const struct entry_map maps[] = { { 4, 5, 0 }, { 5, 5, 0 }, { 4, 6, 0 }, { 5, 6, 0 } };

	for (size_t i = 0; i < sizeof(maps) / sizeof(*maps); i++) {
		*width = map_width(maps[i]);
		if (*width > r->dir_end - at)
			continue;
		*e = read_one(r, at, maps[i]);
		if (e->start == start && ends_well(r, e))
			return true;
	}
	return false;
}

static bool wide_entries(struct repair *r)
{
	uint32_t at = r->leader_len, start = 0, count = 0, width;

	for (; at < r->dir_end; at += width) {
		struct entry *e = &r->entry[count];

		if (!read_in_row(r, at, start, e, &width))
			return false;
		e->fits = true;
		start += e->len;
		count++;
	}
	if (start != data_len(r) || count == 0)
		return false;
	r->entries = count;
	return true;
}

/* ---- witness three: the field terminators ---- */

/* A sound entry speaks against the sequence when it names another place. None can name one above 99,999. */
static bool marks_agree(const struct repair *r)
{
	uint32_t from = r->base;

	if (repair_tally(r, MARC_FT, r->base, r->end) != r->entries || !is_end_mark(r, r->end - 1))
		return false;
	for (uint32_t i = 0; i < r->entries; i++) {
		const struct entry *e = &r->entry[i];

		if (e->fits && from - r->base <= ISO2709_MAX_RECORD && e->start != from - r->base)
			return false;
		from = repair_find(r, MARC_FT, from, r->end) + 1;
	}
	return true;
}

static enum fault_code misfit_code(const struct entry *e, uint32_t len)
{
	if (len > ISO2709_MAX_FIELD)
		return FAULT_FIELD_TOO_LONG;
	return e->digits ? FAULT_FIELD_BOUNDS : FAULT_DIRECTORY;
}

/* Field places from the terminators alone. What the leader could not say has been noted with the leader. */
static void settle_by_marks(struct repair *r)
{
	uint32_t from = r->base;

	r->reframed = true;
	for (uint32_t i = 0; i < r->entries; i++) {
		struct entry *e = &r->entry[i];
		uint32_t len;

		e->from = from;
		e->end = repair_find(r, MARC_FT, from, r->end);
		len = e->end + 1 - from;
		r->tag = e->tag;
		if ((e->start != from - r->base || e->len != len) && e->end - r->base < ISO2709_MAX_RECORD)
			repair_note(r, misfit_code(e, len), e->at, e->digits ? e->len : UINT32_MAX, len);
		from = e->end + 1;
	}
}

/* ---- each entry alone ---- */

static void drop(struct repair *r, struct entry *e, enum fault_code code)
{
	e->dropped = true;
	r->reframed = true;
	repair_note(r, code, e->at, e->start, data_len(r));
}

/* Does the next field, or the end of the data, stand right behind this one? */
static bool next_follows(const struct repair *r, uint32_t i)
{
	uint32_t behind = r->entry[i].start + r->entry[i].len;

	if (i + 1 == r->entries)
		return behind == data_len(r);
	return r->entry[i + 1].digits && r->entry[i + 1].start == behind;
}

static void settle_alone(struct repair *r, uint32_t i)
{
	struct entry *e = &r->entry[i];

	if (!e->digits || e->start >= data_len(r)) {
		drop(r, e, e->digits ? FAULT_FIELD_BOUNDS : FAULT_DIRECTORY);
		return;
	}
	e->from = r->base + e->start;
	e->end = e->from + e->len - 1;
	if (e->fits)
		return;
	if (ends_well(r, e)) { /* shares bytes with a field before it: both stay */
		repair_note(r, FAULT_FIELD_BOUNDS, e->from, e->len, e->len);
		return;
	}
	if (e->len > 0 && e->len <= data_len(r) - e->start && next_follows(r, i)) {
		e->end++; /* all there but its terminator */
		repair_note(r, FAULT_FIELD_BOUNDS, e->from, e->len, e->len);
		return;
	}
	e->end = repair_find(r, MARC_FT, e->from, r->end);
	r->reframed = true;
	repair_note(r, misfit_code(e, e->end + 1 - e->from), e->from, e->len, e->end + 1 - e->from);
}

/* Entries may name the same bytes over and over; all fields together may be twice the data, no more. */
static void settle_each(struct repair *r)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < r->entries; i++) {
		struct entry *e = &r->entry[i];

		r->tag = e->tag;
		settle_alone(r, i);
		if (!e->dropped)
			sum += e->end - e->from + 1;
		if (sum > 2 * (uint64_t)data_len(r) + 2) {
			repair_reject(r, FAULT_FIELD_BOUNDS, e->at, e->start, data_len(r));
			r->entries = i;
			return;
		}
	}
}

/* ---- the whole ---- */

/* Fields in another order than their data, or bytes that no field has: legal, and said. */
static void note_order(struct repair *r)
{
	uint32_t behind = r->base;
	bool disorder = false;
	uint64_t sum = 0;

	for (uint32_t i = 0; i < r->entries; i++) {
		if (!r->entry[i].fits)
			return;
		disorder |= r->entry[i].from < behind;
		behind = r->entry[i].end + 1;
		sum += r->entry[i].len;
	}
	if (disorder)
		repair_warn(r, FAULT_ORDER, r->leader_len);
	if (sum > data_len(r))
		repair_note(r, FAULT_FIELD_BOUNDS, r->leader_len, (uint32_t)sum, data_len(r));
	else if (sum < data_len(r))
		repair_warn(r, FAULT_GAP, r->base);
}

/* Witness one: all entries agree with the data, in the common map or in the one the leader states. */
static bool plain_entries(struct repair *r)
{
	struct entry_map marc21 = { 4, 5, 0 }, stated = stated_map(r);
	uint32_t len = r->dir_end - r->leader_len;

	if (read_entries(r, marc21) == 0 && len % DIRECTORY_ENTRY_LEN == 0)
		return true;
	if (memcmp(&stated, &marc21, sizeof(stated)) == 0 || len % map_width(stated) != 0 ||
	    read_entries(r, stated) > 0)
		return false;
	r->reframed = true; /* the writer knows one map only */
	return true;
}

/* No witness for all entries at once. */
static void settle_misfits(struct repair *r)
{
	uint32_t rest = (r->dir_end - r->leader_len) % DIRECTORY_ENTRY_LEN;

	read_entries(r, (struct entry_map){ 4, 5, 0 });
	if (rest > 0) {
		r->reframed = true;
		repair_note(r, FAULT_DIRECTORY, r->dir_end - rest, rest, 0);
	}
	if (r->entries > 0 && marks_agree(r)) {
		settle_by_marks(r);
	} else if (r->raw.len > ISO2709_MAX_RECORD) {
		repair_reject(r, FAULT_RECORD_TOO_LONG, 0, (uint32_t)r->raw.len, ISO2709_MAX_RECORD);
		r->entries = 0;
	} else {
		settle_each(r);
	}
}

static void settle(struct repair *r)
{
	if (plain_entries(r)) {
		settle_each(r);
	} else if (wide_entries(r)) {
		r->reframed = true;
		if (r->raw.len <= ISO2709_MAX_RECORD)
			repair_note(r, FAULT_FIELD_TOO_LONG, r->leader_len, 0, 0);
		settle_each(r);
	} else {
		settle_misfits(r);
	}
	r->tag = 0;
}

static bool tag_ok(uint32_t tag)
{
	for (int shift = 0; shift < 24; shift += 8) {
		uint32_t c = tag >> shift & 0xFF;

		if (c - '0' > 9 && (c | 0x20) - 'a' > 25)
			return false;
	}
	return tag != MARC_TAG('0', '0', '0');
}

static void check_tag(struct repair *r, const struct entry *e, bool *id_seen)
{
	r->tag = e->tag;
	if (!tag_ok(e->tag))
		repair_note(r, FAULT_TAG, e->at, 0, 0);
	if (e->tag != MARC_TAG('0', '0', '1'))
		return;
	if (*id_seen)
		repair_note(r, FAULT_DUPLICATE_001, e->at, 0, 0);
	*id_seen = true;
}

static enum status make_fields(struct repair *r)
{
	bool id_seen = false;

	r->field = arena_alloc(r->arena, r->entries * sizeof(*r->field));
	if (!r->field)
		return STATUS_MEMORY;
	for (uint32_t i = 0; i < r->entries; i++) {
		const struct entry *e = &r->entry[i];

		if (e->dropped)
			continue;
		check_tag(r, e, &id_seen);
		r->field[r->fields++] = (struct field){ .ptr = r->raw.ptr + e->from, .len = e->end - e->from,
							.tag = e->tag & 0xFFFFFF,
							.flags = tag_is_control(e->tag) ? FIELD_CONTROL : 0 };
	}
	r->tag = 0;
	return STATUS_OK;
}

enum status repair_directory(struct repair *r)
{
	uint32_t room = (r->dir_end - r->leader_len) / 9 + 1; /* no map has entries of less than nine bytes */

	if (r->dir_end == r->leader_len && data_len(r) == 0) {
		repair_note(r, FAULT_NO_FIELDS, r->leader_len, 0, 0);
		return STATUS_OK;
	}
	r->entry = arena_alloc(r->arena, room * sizeof(*r->entry));
	if (!r->entry)
		return STATUS_MEMORY;
	settle(r);
	note_order(r);
	TRY(make_fields(r));
	if (r->fields == 0 && !r->rejected)
		repair_reject(r, r->entries > 0 ? FAULT_DIRECTORY : FAULT_NO_FIELDS, r->leader_len,
			      r->entries, 0);
	return STATUS_OK;
}
