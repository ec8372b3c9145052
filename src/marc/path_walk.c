/* path_walk.c: the values of a path, one after the other, in record order.
 *
 * A path of one tag and some codes (245$a, by far the most frequent) has a loop of its own. All others go
 * field by field: first which parts of the path take the field (one bit each), then what they name of the
 * field as a whole, then its subfields, each shown to every item. Two parts that name the same value give
 * it once. What the walk has to remember lies in struct path_walk, so it can stop and go on anywhere. */
#include "marc/path_internal.h"

enum stage {
	STAGE_FIELD,    /* values of the field as a whole; turn counts parts */
	STAGE_SUBFIELD, /* the next subfield is due */
	STAGE_ITEMS,    /* items on the subfield at hand; turn counts items */
};

#define LEADER_PLACE UINT32_MAX

/* ---- one tag and codes ---- */

static bool enter_fast(struct path_walk *w)
{
	const struct field *field = w->record->field;
	uint32_t tag = w->path->part->tag;

	for (uint32_t i = w->next; i < w->end; i++)
		if (field[i].tag == tag) {
			w->next = i + 1;
			w->place = i;
			w->sub = subfields_of(&field[i]);
			w->nth = -1;
			return true;
		}
	w->next = w->end;
	return false;
}

static void set_subfield(const struct path_walk *w, const struct subfield *s, struct match *m)
{
	m->value = s->value;
	m->field = w->place;
	m->nth = w->nth;
	m->code = s->code;
	m->whole = false;
	m->chars_first = 0;
	m->chars_count = 0;
}

static bool next_fast(struct path_walk *w, struct match *m)
{
	struct subfield s;

	do {
		while (subfield_next(&w->sub, &s)) {
			w->nth++;
			if (code_set_has(&w->path->codes, s.code)) {
				set_subfield(w, &s, m);
				return true;
			}
		}
	} while (enter_fast(w));
	return false;
}

/* ---- which parts take a field ---- */

static bool is_data(const struct field *f)
{
	return !(f->flags & (FIELD_CONTROL | FIELD_MALFORMED)) && f->len >= 2;
}

static void set_field(const struct path_walk *w, uint32_t place, struct match *m)
{
	const struct field *f = place == LEADER_PLACE ? NULL : &w->record->field[place];

	*m = (struct match){ .field = place, .nth = -1 };
	m->value = f ? field_span(f) : span_of(w->record->leader, LEADER_LEN);
	m->whole = f && !field_is_control(f);
}

/* What the part names of the field as a whole. */
static bool field_value(const struct path_walk *w, const struct path_part *part, uint32_t place,
			struct match *m)
{
	set_field(w, place, m);
	if (part->target == PATH_INDICATOR) {
		if (place == LEADER_PLACE || !is_data(&w->record->field[place]))
			return false;
		m->value = span_of(m->value.ptr + part->indicator - 1, 1);
		m->whole = false;
	}
	return !part->chars.kind || (!m->whole && chars_cut(w->record, &part->chars, m));
}

static bool holds(struct path_walk *w, const struct expr_node *where, const struct path_here *here)
{
	struct scene scene = { w->record, here, NULL, &w->status };

	return node_true(where, &scene);
}

/* A condition on a position that the field does not have still sees the field: its own positions are its
 * business. */
static bool field_holds(struct path_walk *w, const struct path_part *part, const struct expr_node *where,
			uint32_t place)
{
	struct path_here here;

	if (!where)
		return true;
	here.place = place;
	set_field(w, place, &here.whole);
	if (part->item_count || !field_value(w, part, place, &here.value))
		here.value = here.whole;
	return holds(w, where, &here);
}

static bool bars_fit(const struct path_part *part, const struct field *f)
{
	return is_data(f) && (!part->ind[0] || part->ind[0] == f->ptr[0]) && (!part->ind[1] ||
									      part->ind[1] == f->ptr[1]);
}

/* All that stands in front of the index. */
static bool fits(struct path_walk *w, const struct path_part *part, uint32_t place)
{
	if (part->leader || place == LEADER_PLACE)
		return part->leader && place == LEADER_PLACE;
	const struct field *f = &w->record->field[place];

	if ((f->tag & part->mask) - part->tag > part->more)
		return false;
	return (!part->has_bars || bars_fit(part, f)) && field_holds(w, part, part->before, place);
}

static bool takes(struct path_walk *w, const struct path_part *part, uint32_t place)
{
	if (!fits(w, part, place))
		return false;
	if (part->index.kind) {
		struct path_slot *slot = &w->slot[part->slot];
		uint32_t n = slot->seen++;

		if (n < slot->first || n >= slot->end)
			return false;
	}
	return field_holds(w, part, part->after, place);
}

static uint64_t choose(struct path_walk *w, uint32_t place)
{
	uint64_t active = 0;

	for (uint32_t i = 0; i < w->path->part_count; i++)
		if (takes(w, &w->path->part[i], place))
			active |= UINT64_C(1) << i;
	return active;
}

/* ---- occurrences ---- */

static uint32_t count_fitting(struct path_walk *w, const struct path_part *part)
{
	uint32_t total = 0;

	if (part->leader)
		return 1;
	for (uint32_t i = 0; i < w->end; i++)
		total += fits(w, part, i);
	return total;
}

static void prepare_slot(struct path_walk *w, const struct path_part *part)
{
	struct path_slot *slot = &w->slot[part->slot];
	uint32_t total = part->index.kind == RANGE_BACKWARD ? count_fitting(w, part) : UINT32_MAX;

	slot->seen = 0;
	range_resolve(&part->index, total, &slot->first, &slot->end);
}

/* How often each code stands in the field: $a[#] wants to know before the first. */
static void count_codes(struct path_walk *w)
{
	struct subfield_walk sub = w->sub;
	struct subfield s;

	memset(w->code_seen, 0, sizeof(w->code_seen));
	memset(w->code_total, 0, sizeof(w->code_total));
	while (subfield_next(&sub, &s))
		if (s.code < 128)
			w->code_total[s.code]++;
}

/* ---- field by field ---- */

/* With one part, fields of other tags are passed over in a loop that does nothing else. */
static void pass_other_tags(struct path_walk *w)
{
	const struct path_part *part = w->path->part;
	const struct field *field = w->record->field;
	uint32_t i = w->next;

	while (i < w->end && (field[i].tag & part->mask) - part->tag > part->more)
		i++;
	w->next = i;
}

static bool enter_next(struct path_walk *w)
{
	if (w->path->part_count == 1 && w->next != LEADER_PLACE)
		pass_other_tags(w);
	while (w->next < w->end || w->next == LEADER_PLACE) {
		uint32_t place = w->next++;

		w->active = choose(w, place);
		if (!w->active) {
			if (w->path->part_count == 1)
				pass_other_tags(w);
			continue;
		}
		w->place = place;
		w->stage = STAGE_FIELD;
		w->turn = 0;
		w->gave_whole = false;
		return true;
	}
	return false;
}

/* A second part that names the same value whole gives nothing new. */
static bool is_repeat(struct path_walk *w, bool whole)
{
	bool repeat = whole && w->gave_whole;

	w->gave_whole |= whole;
	return repeat;
}

static bool next_of_field(struct path_walk *w, struct match *m)
{
	while (w->turn < w->path->part_count) {
		const struct path_part *part = &w->path->part[w->turn];
		bool active = w->active >> w->turn++ & 1;

		if (active && !part->item_count && field_value(w, part, w->place, m) &&
		    !is_repeat(w, part->target == PATH_FIELD || (part->leader && !part->chars.kind)))
			return true;
	}
	return false;
}

static bool occurs(const struct path_walk *w, const struct path_item *item, uint8_t code)
{
	uint32_t first, end, n = w->code_seen[code] - 1;

	range_resolve(&item->index, w->code_total[code], &first, &end);
	return n >= first && n < end;
}

static bool item_value(struct path_walk *w, const struct path_item *item, struct match *m)
{
	struct path_here here;

	if (!(w->active >> item->part & 1) || !code_set_has(&item->codes, w->at.code))
		return false;
	if (item->index.kind && !occurs(w, item, w->at.code))
		return false;
	set_subfield(w, &w->at, m);
	if (item->where)
		here.whole = *m;
	if (item->chars.kind && !chars_cut(w->record, &item->chars, m))
		return false;
	if (!item->where)
		return true;
	here.place = w->place;
	here.value = *m;
	return holds(w, item->where, &here);
}

static bool next_of_subfield(struct path_walk *w, struct match *m)
{
	while (w->turn < w->path->item_count) {
		const struct path_item *item = &w->path->item[w->turn++];

		if (item_value(w, item, m) && !is_repeat(w, !item->chars.kind))
			return true;
	}
	return false;
}

static bool enter_subfield(struct path_walk *w)
{
	if (!subfield_next(&w->sub, &w->at))
		return false;
	w->nth++;
	w->turn = 0;
	w->gave_whole = false;
	if (w->path->has_code_index && w->at.code < 128)
		w->code_seen[w->at.code]++;
	return true;
}

static void enter_subfields(struct path_walk *w)
{
	w->nth = -1;
	w->stage = STAGE_SUBFIELD;
	w->sub = (struct subfield_walk){ NULL, NULL };
	if (w->path->item_count && w->place != LEADER_PLACE)
		w->sub = subfields_of(&w->record->field[w->place]);
	if (w->path->has_code_index)
		count_codes(w);
}

static bool next_in_field(struct path_walk *w, struct match *m)
{
	if (w->stage == STAGE_FIELD) {
		if (next_of_field(w, m))
			return true;
		enter_subfields(w);
	}
	for (;;) {
		if (w->stage == STAGE_ITEMS && next_of_subfield(w, m))
			return true;
		if (!enter_subfield(w))
			return false;
		w->stage = STAGE_ITEMS;
	}
}

static bool next_general(struct path_walk *w, struct match *m)
{
	for (;;) {
		if (w->active && next_in_field(w, m))
			return true;
		w->active = 0;
		if (!enter_next(w))
			return false;
	}
}

/* The value at hand itself, or characters of what it was cut from. */
static bool next_of_here(struct path_walk *w, struct match *m)
{
	const struct range *chars = &w->path->part->chars;

	if (w->next >= w->end)
		return false;
	w->next = w->end;
	*m = chars->kind ? w->here->whole : w->here->value;
	return !chars->kind || (!m->whole && chars_cut(w->record, chars, m));
}

/* ---- the walk ---- */

static void begin(struct path_walk *w, const struct path *p, const struct record *r,
		  const struct path_here *here)
{
	w->status = STATUS_OK;
	w->path = p;
	w->record = r;
	w->here = here;
	w->next = p->has_leader ? LEADER_PLACE : 0;
	w->end = p->only_leader ? 0 : r->count;
	w->active = 0;
	w->sub = (struct subfield_walk){ NULL, NULL };
	w->nth = -1;
}

void path_begin_at(struct path_walk *w, const struct path *p, const struct record *r,
		   const struct path_here *here)
{
	begin(w, p, r, here);
	if (p->scope == SCOPE_VALUE) {
		w->next = 0;
		w->end = 1;
	} else if (p->scope == SCOPE_FIELD) {
		w->next = here->place;
		w->end = here->place + 1;
	}
	for (uint32_t i = 0; p->slot_count > 0 && i < p->part_count; i++)
		if (p->part[i].index.kind)
			prepare_slot(w, &p->part[i]);
}

void path_begin(struct path_walk *w, const struct path *p, const struct record *r)
{
	if (p->slot_count == 0)
		begin(w, p, r, NULL);
	else
		path_begin_at(w, p, r, NULL);
}

bool path_next(struct path_walk *w, struct match *m)
{
	if (w->path->fast)
		return next_fast(w, m);
	if (w->path->scope == SCOPE_VALUE)
		return next_of_here(w, m);
	return next_general(w, m);
}

void path_skip_field(struct path_walk *w)
{
	w->active = 0;
	w->sub.next = w->sub.end;
}

bool path_next_field(struct path_walk *w, uint32_t *place)
{
	struct match m;

	path_skip_field(w);
	while (path_next(w, &m)) {
		path_skip_field(w);
		if (m.field != LEADER_PLACE) {
			*place = m.field;
			return true;
		}
	}
	return false;
}

bool path_next_chosen(struct path_walk *w, uint32_t *place)
{
	while (w->path->fast ? enter_fast(w) : enter_next(w)) {
		path_skip_field(w);
		if (w->place != LEADER_PLACE) {
			*place = w->place;
			return true;
		}
	}
	return false;
}
