/* path_parse.c: a path from its text: TAG |ii| {..} [n] {..} then /n, ^n or $a[n]/n{..}, parts joined by
 * colons.
 *
 * Inside of a brace the tag may be missing; the path is then relative to what stands in front of the
 * brace. A tag that repeats the outer one means the field at hand as well, so that 020$c{020$a} is
 * 020$c{$a}, as MARCspec has it. */
#include "marc/path_internal.h"

#define ALL_BITS 0xFFFFFFu

/* ---- lists ---- */

static enum status add_part(struct parse *ps, struct path *p, const struct path_part *part)
{
	struct path_part *list = pool_grown(ps->pool, p->part, p->part_count, sizeof(*part));

	if (!list)
		return STATUS_MEMORY;
	p->part = list;
	p->part[p->part_count++] = *part;
	return STATUS_OK;
}

static bool is_plain(const struct path_item *item)
{
	return !item->index.kind && !item->chars.kind && !item->where;
}

/* Plain codes next to each other are one set: $a$b is tested as ab. */
static enum status add_item(struct parse *ps, struct path *p, struct path_part *part,
			    const struct path_item *item)
{
	struct path_item *last = part->item_count ? &p->item[p->item_count - 1] : NULL;

	if (last && is_plain(last) && is_plain(item)) {
		last->codes.bits[0] |= item->codes.bits[0];
		last->codes.bits[1] |= item->codes.bits[1];
		return STATUS_OK;
	}
	if (p->item_count == PATH_ITEMS_MAX)
		return parse_fail(ps, ps->at, "the path names more than 256 subfields");
	struct path_item *list = pool_grown(ps->pool, p->item, p->item_count, sizeof(*item));
	if (!list)
		return STATUS_MEMORY;
	p->item = list;
	p->item[p->item_count++] = *item;
	part->item_count++;
	p->has_code_index |= item->index.kind != RANGE_NONE;
	p->has_conditions |= item->where != NULL;
	return STATUS_OK;
}

/* ---- the tag ---- */

/* X and x stand for any character when the tag starts with a digit: 6XX. */
static uint8_t tag_char(const uint8_t *tag, int i)
{
	bool wild = (tag[i] == 'X' || tag[i] == 'x') && i > 0 && tag[0] >= '0' && tag[0] <= '9';

	return wild ? '.' : tag[i];
}

static bool one_case(const uint8_t *tag)
{
	bool lower = false, upper = false;

	for (int i = 0; i < 3; i++) {
		uint8_t c = tag_char(tag, i);

		lower |= c >= 'a' && c <= 'z';
		upper |= c >= 'A' && c <= 'Z';
	}
	return !(lower && upper);
}

static enum status parse_tag_chars(struct parse *ps, struct path_part *part)
{
	const uint8_t *tag = ps->at;

	for (size_t i = 0; i < 3; i++)
		if (!is_tag_char(lex_peek(ps, i)))
			return parse_fail(ps, tag + i < ps->end ? tag + i : ps->end,
					  "a path starts with a tag of three letters, digits or full stops: "
						  "245, 6.., LDR");
	if (!one_case(tag))
		return parse_fail(ps, tag, "a tag has letters of one case only, upper or lower");
	for (int i = 0; i < 3; i++) {
		uint8_t c = tag_char(tag, i);

		part->mask = part->mask << 8 | (c == '.' ? 0 : 0xFFu);
		part->tag = part->tag << 8 | (c == '.' ? 0 : c);
	}
	ps->at += 3;
	return STATUS_OK;
}

static bool all_digits(const uint8_t *tag, const uint8_t *end)
{
	for (int i = 0; i < 3; i++)
		if (tag + i >= end || tag[i] < '0' || tag[i] > '9')
			return false;
	return true;
}

/* 600-651 */
static enum status parse_tag_range(struct parse *ps, const uint8_t *tag, struct path_part *part)
{
	const uint8_t *to = ps->at + 1;

	if (lex_peek(ps, 0) != '-')
		return STATUS_OK;
	if (!all_digits(tag, ps->end) || !all_digits(to, ps->end))
		return parse_fail(ps, ps->at, "a range of tags has three digits on both sides: 600-651");
	if (memcmp(tag, to, 3) > 0)
		return parse_fail(ps, tag, "the range of tags runs backwards: %.3s comes after %.3s",
				  (const char *)tag,
				  (const char *)to);
	part->more = MARC_TAG(to[0], to[1], to[2]) - part->tag;
	ps->at += 4;
	return STATUS_OK;
}

static bool is_bar_char(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '#' || c == '*' || c == ' ';
}

static uint8_t bar_value(int c)
{
	return c == '*' ? 0 : c == '#' ? ' ' : (uint8_t)c;
}

/* |40|. What is no pair of indicators is left alone inside of braces: {245|$a} are alternatives. */
static enum status parse_bars(struct parse *ps, struct path_part *part)
{
	if (lex_peek(ps, 0) != '|')
		return STATUS_OK;
	if (is_bar_char(lex_peek(ps, 1)) && is_bar_char(lex_peek(ps, 2)) && lex_peek(ps, 3) == '|') {
		part->has_bars = true;
		part->ind[0] = bar_value(lex_peek(ps, 1));
		part->ind[1] = bar_value(lex_peek(ps, 2));
		ps->at += 4;
		return STATUS_OK;
	}
	if (ps->outer || lex_peek(ps, 1) == '|')
		return STATUS_OK;
	return parse_fail(ps, ps->at, "between bars stand two indicators, # for a blank and * for any: "
			  "|*0|, |#1|, |40|");
}

/* ---- behind the tag ---- */

static bool is_occurrence(const struct parse *ps)
{
	size_t i = 1;
	int c;

	while (c = lex_peek(ps, i), (c >= '0' && c <= '9') || c == '#' || c == '-')
		i++;
	return i > 1 && c == ']';
}

static enum status parse_index(struct parse *ps, const uint8_t *tag, struct range *out)
{
	const uint8_t *open = ps->at;

	if (lex_peek(ps, 0) != '[')
		return STATUS_OK;
	if (!is_occurrence(ps))
		return hint_brackets(ps, tag);
	ps->at++;
	TRY(parse_range(ps, out, "an occurrence"));
	ps->at++;
	return hint_single_field(ps, tag, open, out);
}

static enum status parse_chars(struct parse *ps, struct range *out)
{
	if (!lex_take(ps, "/"))
		return STATUS_OK;
	return parse_range(ps, out, "a position");
}

static enum status parse_indicator(struct parse *ps, struct path_part *part)
{
	int c = lex_peek(ps, 1), after = lex_peek(ps, 2);

	if ((c != '1' && c != '2') || (after >= '0' && after <= '9'))
		return parse_fail(ps, ps->at + 1 < ps->end ? ps->at + 1 : ps->end,
				  "a field has two indicators, ^1 and ^2");
	ps->at += 2;
	part->target = PATH_INDICATOR;
	part->indicator = (uint8_t)(c - '0');
	if (lex_peek(ps, 0) == '/')
		return parse_fail(ps, ps->at, "an indicator is one character; it has no positions");
	return STATUS_OK;
}

/* An occurrence in brackets, positions, conditions behind codes: they hold for each of the codes. */
static enum status finish_item(struct parse *ps, struct path *p, struct path_part *part,
			       struct path_item *item)
{
	static const uint8_t any_tag[] = "...";

	part->target = PATH_SUBFIELD;
	TRY(parse_index(ps, any_tag, &item->index));
	TRY(parse_chars(ps, &item->chars));
	TRY(parse_conditions(ps, part, item, &item->where));
	if (item->chars.kind)
		part->target = PATH_CHARS;
	return add_item(ps, p, part, item);
}

static enum status parse_items(struct parse *ps, struct path *p, struct path_part *part)
{
	bool chars = false;

	while (lex_take(ps, "$")) {
		struct path_item item = { .part = p->part_count };

		TRY(parse_codes(ps, p, &item.codes));
		TRY(finish_item(ps, p, part, &item));
		chars |= item.chars.kind != RANGE_NONE;
	}
	if (chars)
		part->target = PATH_CHARS;
	return STATUS_OK;
}

static bool is_lower(int c)
{
	return c >= 'a' && c <= 'z';
}

/* 245abnp, 245.a, 880.6 */
static enum status parse_short_codes(struct parse *ps, struct path *p, struct path_part *part)
{
	struct path_item item = { .part = p->part_count };
	bool dot = lex_take(ps, ".");
	int c = lex_peek(ps, 0);

	if (part->leader || (part->mask == ALL_BITS && part->more == 0 && tag_is_control(part->tag)))
		return parse_fail(ps, ps->at, "control fields and the leader have no subfields; positions "
				  "follow a slash: 008/35-37");
	if (dot && c >= '0' && c <= '9') {
		ps->at--;
		return parse_fail(ps, ps->at, "a digit as code needs a $: $%c", c);
	}
	if (dot && !is_lower(c))
		return parse_fail(ps, ps->at, "behind the full stop come codes, lower-case letters: 245.a");
	TRY(parse_bare_codes(ps, p, &item.codes));
	return finish_item(ps, p, part, &item);
}

/* What of the field: nothing (the whole), characters, an indicator, subfields. */
static enum status parse_selection(struct parse *ps, struct path *p, struct path_part *part,
				   const uint8_t *tag)
{
	int c = lex_peek(ps, 0);

	if (c == '/' && hint_is_slash_indicators(ps))
		return hint_slash_indicators(ps, tag);
	if (c == '/' && hint_is_slash_code(ps, tag))
		return hint_slash_code(ps, tag);
	if (c == '/') {
		part->target = PATH_CHARS;
		TRY(parse_chars(ps, &part->chars));
		if (lex_peek(ps, 0) == '$')
			return parse_fail(ps, ps->at, "positions come behind the code: 245$a/0-3");
	} else if (c == '^') {
		TRY(parse_indicator(ps, part));
	} else if (is_lower(c) || c == '.') {
		TRY(parse_short_codes(ps, p, part));
	}
	if (part->target == PATH_CHARS || part->target == PATH_INDICATOR)
		return part->item_count ? parse_items(ps, p, part) : parse_conditions(ps, part, NULL,
										      &part->after);
	return parse_items(ps, p, part);
}

static enum status set_index(struct parse *ps, struct path *p, struct path_part *part, const uint8_t *tag)
{
	const uint8_t *open = ps->at;

	TRY(parse_index(ps, tag, &part->index));
	if (!part->index.kind)
		return STATUS_OK;
	if (p->slot_count == PATH_SLOTS)
		return parse_fail(ps, open, "a path can count occurrences of fields in 16 places at most");
	part->slot = p->slot_count++;
	return STATUS_OK;
}

/* Index, conditions behind it, selection: what may follow tag and bars. */
static enum status parse_rest(struct parse *ps, struct path *p, struct path_part *part, const uint8_t *tag)
{
	TRY(set_index(ps, p, part, tag));
	TRY(parse_conditions(ps, part, NULL, &part->after));
	if (lex_peek(ps, 0) == '|' && part->index.kind && !ps->outer && lex_peek(ps, 1) != '|')
		return parse_fail(ps, ps->at, "indicators stand directly behind the tag: 650|*0|[0]");
	return parse_selection(ps, p, part, tag);
}

static enum status parse_leader(struct parse *ps, struct path *p, struct path_part *part, const uint8_t *tag)
{
	part->leader = true;
	part->target = PATH_LEADER;
	p->has_leader = true;
	if (lex_peek(ps, 0) != '.')
		return parse_rest(ps, p, part, tag);
	ps->at++;
	TRY(parse_leader_name(ps, part));
	return parse_conditions(ps, part, NULL, &part->after);
}

static enum status close_part(struct parse *ps, struct path *p, struct path_part *part)
{
	p->has_conditions |= part->before || part->after;
	return add_part(ps, p, part);
}

static enum status parse_part(struct parse *ps, struct path *p)
{
	struct path_part part = { .target = PATH_FIELD };
	const uint8_t *tag = ps->at;

	TRY(parse_tag_chars(ps, &part));
	if (memcmp(tag, "LDR", 3) == 0 || memcmp(tag, "ldr", 3) == 0) {
		TRY(parse_leader(ps, p, &part, tag));
		return close_part(ps, p, &part);
	}
	TRY(parse_tag_range(ps, tag, &part));
	TRY(parse_bars(ps, &part));
	TRY(parse_conditions(ps, &part, NULL, &part.before));
	TRY(parse_rest(ps, p, &part, tag));
	return close_part(ps, p, &part);
}

/* ---- paths without a tag, in braces ---- */

/* [1]^2 and [1]$a mean the outer tag; [1] alone the outer subfield when the brace stands behind one. */
static enum status parse_relative_index(struct parse *ps, struct path *p, struct path_part *part)
{
	static const uint8_t any_tag[] = "...";
	const struct path_part *outer = ps->outer->part;
	struct path_item item = { .part = 0 };

	if (ps->outer->item) {
		struct parse ahead = *ps;

		TRY(parse_index(&ahead, any_tag, &item.index));
		if (lex_peek(&ahead, 0) != '^' && lex_peek(&ahead, 0) != '$') {
			p->scope = SCOPE_FIELD;
			item.codes = ps->outer->item->codes;
			return finish_item(ps, p, part, &item);
		}
	}
	part->mask = outer->mask;
	part->tag = outer->tag;
	part->more = outer->more;
	part->leader = outer->leader;
	p->has_leader = outer->leader;
	return parse_rest(ps, p, part, any_tag);
}

static enum status parse_relative(struct parse *ps, struct path *p)
{
	struct path_part part = { .target = PATH_FIELD };
	const struct path_part *outer = ps->outer->part;
	int c = lex_peek(ps, 0);

	p->scope = SCOPE_FIELD;
	part.leader = outer->leader;
	p->has_leader = outer->leader;
	if (c == '^' && outer->target == PATH_CHARS && !ps->outer->item)
		return parse_fail(ps, ps->at, "a field with positions is a control field; it has no "
				  "indicators");
	if (c == '/' && outer->target == PATH_INDICATOR)
		return parse_fail(ps, ps->at, "an indicator is one character; it has no positions");
	if (c == '[') {
		p->scope = SCOPE_RECORD;
		TRY(parse_relative_index(ps, p, &part));
	} else if (c == '/') {
		p->scope = SCOPE_VALUE;
		part.target = PATH_CHARS;
		TRY(parse_chars(ps, &part.chars));
	} else if (c == '^') {
		TRY(parse_indicator(ps, &part));
	} else {
		TRY(parse_items(ps, p, &part));
	}
	return close_part(ps, p, &part);
}

static bool is_relative(const struct parse *ps)
{
	int c = lex_peek(ps, 0);

	return ps->outer && (c == '$' || c == '^' || c == '/' || c == '[');
}

/* ---- the whole ---- */

static bool same_tag(const struct path *p, const struct outer_spec *outer)
{
	const struct path_part *one = p->part, *two = outer->part;

	return p->part_count == 1 && !one->index.kind && !one->leader && !two->leader &&
		one->mask == two->mask &&
	       one->tag == two->tag && one->more == two->more;
}

static bool is_fast(const struct path *p)
{
	const struct path_part *part = p->part;

	return p->scope == SCOPE_RECORD && p->part_count == 1 && part->mask == ALL_BITS && part->more == 0 &&
	       !part->leader && !part->has_bars && !part->index.kind && !part->before && !part->after &&
	       p->item_count == 1 && is_plain(p->item);
}

static enum status parse_union(struct parse *ps, struct path *p)
{
	TRY(parse_part(ps, p));
	while (lex_take(ps, ":")) {
		if (p->part_count == PATH_PARTS_MAX)
			return parse_fail(ps, ps->at, "a path joins 64 parts at most");
		TRY(parse_part(ps, p));
	}
	return STATUS_OK;
}

enum status parse_path(struct parse *ps, struct path **out)
{
	struct path *p = pool_alloc(ps->pool, sizeof(*p));

	if (!p)
		return STATUS_MEMORY;
	TRY(parse_deeper(ps));
	if (is_relative(ps))
		TRY(parse_relative(ps, p));
	else
		TRY(parse_union(ps, p));
	ps->depth--;
	TRY(hint_after_path(ps));
	if (ps->outer && p->scope == SCOPE_RECORD && same_tag(p, ps->outer))
		p->scope = SCOPE_FIELD;
	p->fast = is_fast(p);
	p->only_leader = p->part_count == 1 && p->part->leader;
	*out = p;
	return STATUS_OK;
}
