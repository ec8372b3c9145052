/* path_leader.c: names for the places of the leader: ldr.type is LDR/06. */
#include "marc/path_internal.h"

/* MARC 21, Leader: character positions. */
static const struct {
	const char *name;
	uint32_t first, last;
} leader_name[] = {
	{ "length", 0, 4 },   { "status", 5, 5 },          { "type", 6, 6 },   { "level", 7, 7 },
	{ "control", 8, 8 },  { "encoding_level", 17, 17 }, { "encoding", 9, 9 }, { "base", 12, 16 },
	{ "form", 18, 18 },   { "multipart", 19, 19 },     { "reserved", 20, 23 },
};

/* The cursor stands behind "ldr.". */
enum status parse_leader_name(struct parse *ps, struct path_part *part)
{
	struct span word = lex_word(ps, ps->at);

	for (size_t i = 0; i < sizeof(leader_name) / sizeof(leader_name[0]); i++)
		if (span_eq(word, span_str(leader_name[i].name))) {
			part->chars = (struct range){ RANGE_FORWARD, leader_name[i].first,
						     leader_name[i].last };
			part->target = PATH_LEADER;
			ps->at += word.len;
			return STATUS_OK;
		}
	return parse_fail(ps, ps->at, "the leader has no part of this name; it has status, type, level, "
			  "control, encoding, length, base, encoding_level, form, multipart and reserved");
}
