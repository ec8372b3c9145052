/* fixed_leader.c: what MARC 21 allows in the leader, by position and format (Leader of the formats for
 * bibliographic, authority, holdings, classification and community information data).
 *
 * A record whose kind is not known is measured as a bibliographic one. Positions that a format leaves
 * undefined hold a blank. */
#include "marc/fixed.h"

#define END { NULL, NULL }

#define BIB (KIND_BIBLIOGRAPHIC | KIND_UNKNOWN)

static const struct coded undefined[] = { { " ", "undefined" }, END };
static const struct coded two_indicators[] = { { "2", "two indicators" }, END };
static const struct coded two_code[] = { { "2", "two characters of delimiter and code" }, END };
static const struct coded map_length[] = { { "4", "four characters of length" }, END };
static const struct coded map_start[] = { { "5", "five characters of start" }, END };
static const struct coded map_own[] = { { "0", "no part of its own" }, END };
static const struct coded map_last[] = { { "0", "undefined" }, END };
static const struct coded coding[] = { { " ", "MARC-8" }, { "a", "Unicode" }, END };

static const struct coded bib_status[] = {
	{ "a", "increase in encoding level" }, { "c", "corrected or revised" }, { "d", "deleted" },
	{ "n", "new" }, { "p", "increase in encoding level from prepublication" }, END,
};
static const struct coded bib_type[] = {
	{ "a", "language material" }, { "c", "notated music" }, { "d", "manuscript notated music" },
	{ "e", "cartographic material" }, { "f", "manuscript cartographic material" },
	{ "g", "projected medium" }, { "i", "nonmusical sound recording" },
	{ "j", "musical sound recording" }, { "k", "two-dimensional nonprojectable graphic" },
	{ "m", "computer file" }, { "o", "kit" }, { "p", "mixed materials" },
	{ "r", "three-dimensional object" }, { "t", "manuscript language material" }, END,
};
static const struct coded bib_level[] = {
	{ "a", "monographic component part" }, { "b", "serial component part" }, { "c", "collection" },
	{ "d", "subunit" }, { "i", "integrating resource" }, { "m", "monograph" }, { "s", "serial" }, END,
};
static const struct coded bib_control[] = { { " ", "no specified type" }, { "a", "archival" }, END };
static const struct coded bib_encoding[] = {
	{ " ", "full level" }, { "1", "full level, material not examined" },
	{ "2", "less than full level, material not examined" }, { "3", "abbreviated level" },
	{ "4", "core level" }, { "5", "partial (preliminary) level" }, { "7", "minimal level" },
	{ "8", "prepublication level" }, { "u", "unknown" }, { "z", "not applicable" }, END,
};
static const struct coded bib_form[] = {
	{ " ", "not ISBD" }, { "a", "AACR 2" }, { "c", "ISBD, punctuation omitted" },
	{ "i", "ISBD, punctuation included" }, { "n", "not ISBD, punctuation omitted" }, { "u", "unknown" },
	END,
};
static const struct coded bib_multipart[] = {
	{ " ", "not specified or not applicable" }, { "a", "set" }, { "b", "part with independent title" },
	{ "c", "part with dependent title" }, END,
};

static const struct coded authority_status[] = {
	{ "a", "increase in encoding level" }, { "c", "corrected or revised" }, { "d", "deleted" },
	{ "n", "new" }, { "o", "obsolete" }, { "s", "deleted, heading split into two or more" },
	{ "x", "deleted, heading replaced by another" }, END,
};
static const struct coded authority_type[] = { { "z", "authority data" }, END };
static const struct coded authority_encoding[] = {
	{ "n", "complete authority record" }, { "o", "incomplete authority record" }, END,
};
static const struct coded authority_punctuation[] = {
	{ " ", "no information" }, { "c", "punctuation omitted" }, { "i", "punctuation included" },
	{ "u", "unknown" }, END,
};

static const struct coded plain_status[] = {
	{ "c", "corrected or revised" }, { "d", "deleted" }, { "n", "new" }, END,
};
static const struct coded holdings_type[] = {
	{ "u", "unknown" }, { "v", "multipart item holdings" }, { "x", "single-part item holdings" },
	{ "y", "serial item holdings" }, END,
};
static const struct coded holdings_encoding[] = {
	{ "1", "holdings level 1" }, { "2", "holdings level 2" }, { "3", "holdings level 3" },
	{ "4", "holdings level 4" }, { "5", "holdings level 4 with piece designation" },
	{ "m", "mixed level" }, { "u", "unknown" }, { "z", "other level" }, END,
};
static const struct coded holdings_items[] = {
	{ "i", "item information included" }, { "n", "no item information" }, END,
};

static const struct coded classification_status[] = {
	{ "a", "increase in encoding level" }, { "c", "corrected or revised" }, { "d", "deleted" },
	{ "n", "new" }, END,
};
static const struct coded classification_type[] = { { "w", "classification data" }, END };
static const struct coded classification_encoding[] = {
	{ "n", "complete classification record" }, { "o", "incomplete classification record" }, END,
};

static const struct coded community_type[] = { { "q", "community information" }, END };
static const struct coded community_data[] = {
	{ "n", "individual" }, { "o", "organization" }, { "p", "program or service" }, { "q", "event" },
	{ "z", "other" }, END,
};

static const struct {
	uint8_t at, kinds;
	const struct coded *values;
} rules[] = {
	{ 5, BIB, bib_status },
	{ 5, KIND_AUTHORITY, authority_status },
	{ 5, KIND_CLASSIFICATION, classification_status },
	{ 5, KIND_HOLDINGS | KIND_COMMUNITY, plain_status },
	{ 6, BIB, bib_type },
	{ 6, KIND_AUTHORITY, authority_type },
	{ 6, KIND_HOLDINGS, holdings_type },
	{ 6, KIND_CLASSIFICATION, classification_type },
	{ 6, KIND_COMMUNITY, community_type },
	{ 7, BIB, bib_level },
	{ 7, KIND_COMMUNITY, community_data },
	{ 7, KIND_ANY, undefined },
	{ 8, BIB, bib_control },
	{ 8, KIND_ANY, undefined },
	{ 9, KIND_ANY, coding },
	{ 10, KIND_ANY, two_indicators },
	{ 11, KIND_ANY, two_code },
	{ 17, BIB, bib_encoding },
	{ 17, KIND_AUTHORITY, authority_encoding },
	{ 17, KIND_HOLDINGS, holdings_encoding },
	{ 17, KIND_CLASSIFICATION, classification_encoding },
	{ 17, KIND_ANY, undefined },
	{ 18, BIB, bib_form },
	{ 18, KIND_AUTHORITY, authority_punctuation },
	{ 18, KIND_HOLDINGS, holdings_items },
	{ 18, KIND_ANY, undefined },
	{ 19, BIB, bib_multipart },
	{ 19, KIND_ANY, undefined },
	{ 20, KIND_ANY, map_length },
	{ 21, KIND_ANY, map_start },
	{ 22, KIND_ANY, map_own },
	{ 23, KIND_ANY, map_last },
};

const struct coded *leader_values(enum record_kind kind, unsigned at)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].at == at && (rules[i].kinds & kind))
			return rules[i].values;
	return NULL;
}
