/* path_hint.c: errors for those who come from another program: their spelling is told in ours.
 *
 * Brackets mean indicators in Catmandu, positions in traject, SolrMarc and Python, and a slash brings
 * indicators in marc21-rs. Here brackets are occurrences and nothing else, bars are
 * indicators, slashes positions. */
#include "marc/path_internal.h"

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_small(int c)
{
	return c >= 'a' && c <= 'z';
}

/* Neither the leader nor 00X. */
static bool has_subfields(const uint8_t *tag)
{
	return is_digit(tag[0]) && memcmp(tag, "00", 2) != 0;
}

/* Read "4" or "" up to `stop`; false when something else stands there. */
static bool take_indicator(const uint8_t **at, const uint8_t *end, uint8_t stop, char *out)
{
	*out = '*';
	if (*at < end && **at != stop)
		*out = (char)*(*at)++;
	if (*at == end || **at != stop)
		return false;
	(*at)++;
	return is_digit(*out) || *out == '*' || *out == '#' || *out == ' ';
}

static bool take_digits(const uint8_t **at, const uint8_t *end, uint32_t *out)
{
	const uint8_t *from = *at;

	for (*out = 0; *at < end && is_digit(**at) && *at - from < 6; (*at)++)
		*out = *out * 10 + (uint32_t)(**at - '0');
	return *at > from;
}

/* The cursor stands on a bracket that holds no occurrence. */
enum status hint_brackets(struct parse *ps, const uint8_t *tag)
{
	const uint8_t *open = ps->at, *at = open + 1;
	uint32_t first, end;
	char one, two;

	if (take_indicator(&at, ps->end, ',', &one) && take_indicator(&at, ps->end, ']', &two))
		return parse_fail(ps, open, "brackets choose occurrences; indicators stand between bars: "
				  "%.3s|%c%c|",
				  (const char *)tag, one, two);
	at = open + 1;
	if (has_subfields(tag) && ps->end - at >= 2 && is_small(*at) && at[1] == ']')
		return parse_fail(ps, open, "brackets choose occurrences, as in [0]; a subfield follows a $: "
				  "%.3s$%c", (const char *)tag, *at);
	if (take_digits(&at, ps->end, &first) && at < ps->end && *at++ == ':' &&
	    take_digits(&at, ps->end, &end) && end > first)
		return parse_fail(ps, open, "brackets choose occurrences; positions follow a slash, the "
				  "last one included: %.3s/%02u-%02u", (const char *)tag, first, end - 1);
	return parse_fail(ps, open, "brackets hold an occurrence counted from 0: [0], [#] for the last, "
			  "[0-2] or [#-1]");
}

static bool is_single(const uint8_t *tag)
{
	static const char *const once[] = { "LDR", "ldr", "001", "003", "005", "008" };

	for (size_t i = 0; i < sizeof(once) / sizeof(once[0]); i++)
		if (memcmp(tag, once[i], 3) == 0)
			return true;
	return false;
}

/* 008[35-37]: a record has one 008 only (MARC 21, not repeatable), so positions are meant. */
enum status hint_single_field(struct parse *ps, const uint8_t *tag, const uint8_t *bracket,
			      const struct range *r)
{
	const char *name = (const char *)tag;

	if (!is_single(tag) || r->kind != RANGE_FORWARD)
		return STATUS_OK;
	if (r->first == 0 && (r->last == 0 || r->last == UINT32_MAX))
		return STATUS_OK;
	if (r->last == r->first)
		return parse_fail(ps, bracket, "there is only one %.3s; positions follow a slash: %.3s/%02u",
				  name, name,
				  r->first);
	if (r->last == UINT32_MAX)
		return parse_fail(ps, bracket, "there is only one %.3s; positions follow a slash: "
				  "%.3s/%02u-#", name,
				  name, r->first);
	return parse_fail(ps, bracket, "there is only one %.3s; positions follow a slash: %.3s/%02u-%02u",
			  name, name,
			  r->first, r->last);
}

/* 650/#0.a: two indicators and a full stop behind the slash. */
bool hint_is_slash_indicators(const struct parse *ps)
{
	for (size_t i = 1; i <= 2; i++) {
		int c = lex_peek(ps, i);

		if (!is_digit(c) && c != '#' && c != '*' && !is_small(c))
			return false;
	}
	return lex_peek(ps, 3) == '.';
}

enum status hint_slash_indicators(struct parse *ps, const uint8_t *tag)
{
	return parse_fail(ps, ps->at, "a slash brings positions; indicators stand between bars: %.3s|%c%c|$a",
			  (const char *)tag, lex_peek(ps, 1), lex_peek(ps, 2));
}

/* 245/a: a subfield behind a slash. */
bool hint_is_slash_code(const struct parse *ps, const uint8_t *tag)
{
	return has_subfields(tag) && is_small(lex_peek(ps, 1));
}

enum status hint_slash_code(struct parse *ps, const uint8_t *tag)
{
	return parse_fail(ps, ps->at, "a slash brings positions, as in 008/35-37; a subfield follows a $: "
			  "%.3s$%c", (const char *)tag, lex_peek(ps, 1));
}

/* A letter or digit directly behind a complete path. */
enum status hint_after_path(struct parse *ps)
{
	int c = lex_peek(ps, 0), before = ps->at > ps->begin ? ps->at[-1] : 0;

	if (!is_digit(c) && !is_small(c) && !(c >= 'A' && c <= 'Z'))
		return STATUS_OK;
	if (ps->at - ps->begin >= 2 && ps->at[-2] == '$')
		return parse_fail(ps, ps->at, "each code needs its own $: $%c$%c", before, c);
	if (ps->at - ps->begin >= 3 && is_tag_char(before))
		return parse_fail(ps, ps->at, "codes without $ are lower-case letters; write $%c", c);
	return parse_fail(ps, ps->at, "nothing may follow here; codes come after the tag, as in 245$a or "
			  "245ab");
}
