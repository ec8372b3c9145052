/* draft.c: whole fields of a draft: insert, remove, replace, retag, move; and the leader.
 *
 * One arena block holds the struct, the fields and their ids, with spare places, so that an edit begins
 * with one memcpy of the field array. Fields point at the original's bytes until they change; nothing is
 * ever written in place. What happens inside of a field is draft_field.c. */
#include "marc/draft.h"

#include "base/utf8.h"

#define SPARE_PLACES 8u /* beyond a quarter of the fields: most edits add fewer */

static const char default_leader[] = "00000nam a2200000   4500";

bool draft_tag_ok(struct span tag)
{
	if (tag.len != 3)
		return false;
	for (size_t i = 0; i < 3; i++) {
		uint8_t c = tag.ptr[i], letter = c | 0x20;

		if (!(c >= '0' && c <= '9') && !(letter >= 'a' && letter <= 'z'))
			return false;
	}
	return memcmp(tag.ptr, "000", 3) != 0; /* the reader calls it malformed */
}

bool draft_indicator_ok(uint8_t c)
{
	return c >= 0x20 && c <= 0x7E;
}

bool draft_code_ok(uint8_t c)
{
	return c > 0x20 && c <= 0x7E;
}

bool draft_text_ok(struct span text)
{
	unsigned bad = 0;

	for (size_t i = 0; i < text.len; i++)
		bad |= (uint8_t)(text.ptr[i] - MARC_RT) <= MARC_US - MARC_RT;
	return !bad;
}

/* May this stand as the content of a field with this tag? */
static bool content_ok(uint32_t tag, struct span content)
{
	unsigned bad = 0;

	if (content.len > UINT32_MAX)
		return false;
	if (tag_is_control(tag))
		return draft_text_ok(content);
	for (size_t i = 0; i < content.len; i++)
		bad |= (uint8_t)(content.ptr[i] - MARC_RT) <= MARC_FT - MARC_RT;
	return !bad;
}

static bool tag_number_ok(uint32_t tag)
{
	const uint8_t text[3] = { (uint8_t)(tag >> 16), (uint8_t)(tag >> 8), (uint8_t)tag };

	return tag <= 0xFFFFFF && draft_tag_ok(span_of(text, 3));
}

static uint32_t flags_for(uint32_t tag, struct span content)
{
	if (tag_is_control(tag))
		return FIELD_CHANGED | FIELD_CONTROL;
	if (content.len < 3 || content.ptr[0] == MARC_US || content.ptr[1] == MARC_US)
		return FIELD_CHANGED | FIELD_MALFORMED;
	return FIELD_CHANGED | (memchr(content.ptr + 2, MARC_US, content.len - 2) ? 0 : FIELD_MALFORMED);
}

static void mark_changed(struct draft *d)
{
	d->changed = true;
	d->view.flags = (d->view.flags & ~(uint32_t)RECORD_VERBATIM) | RECORD_DRAFT;
}

struct draft *draft_new(struct arena *arena, const struct record *r)
{
	uint32_t count = r ? r->count : 0, cap = count + count / 4 + SPARE_PLACES;
	size_t head = (sizeof(struct draft) + 15u) & ~(size_t)15u;
	struct draft *d = arena_alloc(arena, head + cap * (sizeof(struct field) + sizeof(uint32_t)));

	if (!d)
		return NULL;
	*d = (struct draft){ .cap = cap, .next_id = count, .arena = arena };
	d->fields = (struct field *)((uint8_t *)d + head);
	d->ids = (uint32_t *)(d->fields + cap);
	if (r)
		d->view = *r;
	else
		memcpy(d->view.leader, default_leader, LEADER_LEN);
	if (!r)
		d->view.flags = RECORD_DRAFT | RECORD_UTF8;
	d->view.field = d->fields;
	if (count)
		memcpy(d->fields, r->field, count * sizeof *d->fields);
	for (uint32_t i = 0; i < count; i++)
		d->ids[i] = i;
	return d;
}

/* Room for one more field. */
static enum status draft_room(struct draft *d)
{
	if (d->view.count < d->cap)
		return STATUS_OK;

	uint32_t cap = d->cap + d->cap / 2 + SPARE_PLACES;
	struct field *fields = arena_alloc(d->arena, cap * (sizeof *fields + sizeof *d->ids));

	if (!fields)
		return STATUS_MEMORY;
	uint32_t *ids = (uint32_t *)(fields + cap);

	memcpy(fields, d->fields, d->view.count * sizeof *fields);
	memcpy(ids, d->ids, d->view.count * sizeof *ids);
	d->fields = fields;
	d->view.field = fields;
	d->ids = ids;
	d->cap = cap;
	return STATUS_OK;
}

static enum status keep(struct draft *d, struct span *content)
{
	uint8_t *copy = arena_alloc(d->arena, content->len);

	if (!copy)
		return STATUS_MEMORY;
	if (content->len)
		memcpy(copy, content->ptr, content->len);
	content->ptr = copy;
	return STATUS_OK;
}

static void note_high(struct draft *d, struct span content)
{
	if (!(d->view.flags & RECORD_HIGH) && utf8_has_high(content))
		d->view.flags |= RECORD_HIGH;
}

enum status draft_insert_kept(struct draft *d, uint32_t at, uint32_t tag, struct span content)
{
	if (at > d->view.count || tag > 0xFFFFFF || content.len > UINT32_MAX)
		return STATUS_INVALID;
	TRY(draft_room(d));

	uint32_t behind = d->view.count - at;

	memmove(d->fields + at + 1, d->fields + at, behind * sizeof *d->fields);
	memmove(d->ids + at + 1, d->ids + at, behind * sizeof *d->ids);
	d->fields[at] = (struct field){ .ptr = content.ptr, .len = (uint32_t)content.len,
					.tag = tag & 0xFFFFFF,
					.flags = flags_for(tag, content) & 0xFF };
	d->ids[at] = d->next_id++;
	d->view.count++;
	note_high(d, content);
	mark_changed(d);
	return STATUS_OK;
}

enum status draft_insert(struct draft *d, uint32_t at, uint32_t tag, struct span content)
{
	if (at > d->view.count || !tag_number_ok(tag) || !content_ok(tag, content))
		return STATUS_INVALID;
	TRY(keep(d, &content));
	return draft_insert_kept(d, at, tag, content);
}

uint32_t draft_place_of(const struct draft *d, uint32_t tag)
{
	uint32_t at = d->view.count;

	while (at > 0 && d->fields[at - 1].tag > tag)
		at--;
	return at;
}

void draft_remove(struct draft *d, uint32_t at)
{
	uint32_t behind = d->view.count - at - 1;

	memmove(d->fields + at, d->fields + at + 1, behind * sizeof *d->fields);
	memmove(d->ids + at, d->ids + at + 1, behind * sizeof *d->ids);
	d->view.count--;
	mark_changed(d);
}

enum status draft_replace_kept(struct draft *d, uint32_t at, struct span content)
{
	struct field *f = &d->fields[at];

	if (span_eq(field_span(f), content))
		return STATUS_OK;
	if (content.len > UINT32_MAX)
		return STATUS_INVALID;
	f->ptr = content.ptr;
	f->len = (uint32_t)content.len;
	f->flags = flags_for(f->tag, content) & 0xFF;
	note_high(d, content);
	mark_changed(d);
	return STATUS_OK;
}

enum status draft_replace(struct draft *d, uint32_t at, struct span content)
{
	const struct field *f = &d->fields[at];

	if (span_eq(field_span(f), content))
		return STATUS_OK;
	if (!content_ok(f->tag, content))
		return STATUS_INVALID;
	TRY(keep(d, &content));
	return draft_replace_kept(d, at, content);
}

enum status draft_retag(struct draft *d, uint32_t at, uint32_t tag)
{
	struct field *f = &d->fields[at];

	if (f->tag == tag)
		return STATUS_OK;
	if (!tag_number_ok(tag) || tag_is_control(tag) != tag_is_control(f->tag))
		return STATUS_INVALID;
	f->tag = tag & 0xFFFFFF;
	f->flags |= FIELD_CHANGED;
	mark_changed(d);
	return STATUS_OK;
}

void draft_move(struct draft *d, uint32_t from, uint32_t to)
{
	struct field field = d->fields[from];
	uint32_t id = d->ids[from];

	if (from == to)
		return;
	if (from < to) {
		memmove(d->fields + from, d->fields + from + 1, (to - from) * sizeof *d->fields);
		memmove(d->ids + from, d->ids + from + 1, (to - from) * sizeof *d->ids);
	} else {
		memmove(d->fields + to + 1, d->fields + to, (from - to) * sizeof *d->fields);
		memmove(d->ids + to + 1, d->ids + to, (from - to) * sizeof *d->ids);
	}
	d->fields[to] = field;
	d->ids[to] = id;
	mark_changed(d);
}

enum status draft_reorder(struct draft *d, uint32_t n, const uint32_t *place, const uint32_t *from)
{
	struct field *fields = arena_alloc(d->arena, n * (sizeof *fields + sizeof *d->ids));
	bool same = true;

	if (!fields)
		return STATUS_MEMORY;
	uint32_t *ids = (uint32_t *)(fields + n);

	for (uint32_t i = 0; i < n; i++) {
		fields[i] = d->fields[from[i]];
		ids[i] = d->ids[from[i]];
		same = same && from[i] == place[i];
	}
	if (same)
		return STATUS_OK;
	for (uint32_t i = 0; i < n; i++) {
		d->fields[place[i]] = fields[i];
		d->ids[place[i]] = ids[i];
	}
	mark_changed(d);
	return STATUS_OK;
}

uint32_t draft_find(const struct draft *d, uint32_t id)
{
	if (id < d->view.count && d->ids[id] == id) /* places before it unchanged: the usual case */
		return id;
	for (uint32_t i = 0; i < d->view.count; i++)
		if (d->ids[i] == id)
			return i;
	return UINT32_MAX;
}

/* Record length and base address (MARC 21, Leader/00-04 and /12-16) are the writer's. */
static bool leader_place_computed(size_t pos)
{
	return pos <= 4 || (pos >= 12 && pos <= 16);
}

enum status draft_set_leader(struct draft *d, uint32_t pos, struct span value)
{
	if (pos > LEADER_LEN || value.len > LEADER_LEN - pos)
		return STATUS_INVALID;
	for (size_t i = 0; i < value.len; i++)
		if (leader_place_computed(pos + i) || !draft_indicator_ok(value.ptr[i]))
			return STATUS_INVALID;
	if (span_eq(span_of(d->view.leader + pos, value.len), value))
		return STATUS_OK;
	memcpy(d->view.leader + pos, value.ptr, value.len);
	if (d->view.leader[9] == 'a') /* MARC 21, Leader/09: UCS/Unicode */
		d->view.flags |= RECORD_UTF8;
	mark_changed(d);
	return STATUS_OK;
}
