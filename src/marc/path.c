/* path.c: compiling a path, and what a compiled one tells about itself. */
#include "base/alloc.h"
#include "marc/path_internal.h"

static enum status parse_all(struct parse *ps, struct path **out)
{
	TRY(parse_check_text(ps));
	lex_blanks(ps);
	if (ps->at == ps->end)
		return parse_fail(ps, ps->at, "the path is empty");
	TRY(parse_path(ps, out));
	lex_blanks(ps);
	if (ps->at < ps->end)
		return parse_fail(ps, ps->at, "nothing may follow here; a path is a tag and what of it: "
				  "245, 245$a, 650[0]$a, 008/35-37");
	return STATUS_OK;
}

enum status path_compile(struct span text, struct path **out, struct path_error *err)
{
	struct pool pool = { NULL, NULL };
	struct parse ps;

	*out = NULL;
	parse_init(&ps, text, &pool, err);
	enum status st = parse_all(&ps, out);
	if (st != STATUS_OK) {
		pool_release(&pool);
		*out = NULL;
		return st;
	}
	(*out)->pool = pool;
	return STATUS_OK;
}

/* The path itself lies in its pool. */
void path_free(struct path *p)
{
	if (!p)
		return;
	struct pool pool = p->pool;

	pool_release(&pool);
}

enum path_target path_target(const struct path *p)
{
	return p->part->target;
}

uint32_t path_part_count(const struct path *p)
{
	return p->part_count;
}

bool path_has_code(const struct path *p, uint8_t code)
{
	return p->item_count == 0 || code_set_has(&p->codes, code);
}

uint8_t path_single_code(const struct path *p)
{
	return p->order_count == 1 ? p->order[0] : 0;
}

const uint8_t *path_codes(const struct path *p, uint32_t *count)
{
	*count = p->order_count;
	return p->order_count ? p->order : NULL;
}

int path_indicator(const struct path *p)
{
	return p->part->target == PATH_INDICATOR ? p->part->indicator : 0;
}

bool path_chars(const struct path *p, uint32_t *first, uint32_t *count)
{
	const struct range *r = p->part->item_count ? &p->item->chars : &p->part->chars;

	if (r->kind != RANGE_FORWARD || r->last == UINT32_MAX)
		return false;
	*first = r->first;
	*count = r->last - r->first + 1;
	return true;
}

uint32_t path_tag(const struct path *p)
{
	const struct path_part *part = p->part;

	return part->mask == 0xFFFFFFu && part->more == 0 && !part->leader ? part->tag : 0;
}

bool path_bars(const struct path *p, uint8_t out[2])
{
	out[0] = p->part->ind[0];
	out[1] = p->part->ind[1];
	return p->part->has_bars;
}

bool path_is_leader(const struct path *p)
{
	return p->part->leader;
}

bool path_has_conditions(const struct path *p)
{
	return p->has_conditions;
}

bool path_has_occurrence(const struct path *p)
{
	return p->slot_count > 0 || p->has_code_index;
}

bool path_names_tag(const struct path *p, uint32_t tag)
{
	for (uint32_t i = 0; i < p->part_count; i++) {
		const struct path_part *part = &p->part[i];

		if (!part->leader && (tag & part->mask) - part->tag <= part->more)
			return true;
	}
	return false;
}
