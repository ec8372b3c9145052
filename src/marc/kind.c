/* kind.c: record types of the five MARC 21 formats (Leader/06, 07). The obsolete b, h and n count as
 * bibliographic; of them only b, archival control, still tells which 008 is meant. */
#include "marc/kind.h"

static bool is_one_of(uint8_t byte, const char *set)
{
	return byte && strchr(set, byte);
}

enum record_kind record_kind(const struct record *r)
{
	uint8_t type = r->leader[6];

	if (type == 'z')
		return KIND_AUTHORITY;
	if (is_one_of(type, "uvxy"))
		return KIND_HOLDINGS;
	if (type == 'w')
		return KIND_CLASSIFICATION;
	if (type == 'q')
		return KIND_COMMUNITY;
	return is_one_of(type, "abcdefghijkmnoprt") ? KIND_BIBLIOGRAPHIC : KIND_UNKNOWN;
}

const char *record_kind_name(enum record_kind kind)
{
	switch (kind) {
	case KIND_BIBLIOGRAPHIC: return "bibliographic";
	case KIND_AUTHORITY: return "authority";
	case KIND_HOLDINGS: return "holdings";
	case KIND_CLASSIFICATION: return "classification";
	case KIND_COMMUNITY: return "community";
	case KIND_UNKNOWN: break;
	}
	return NULL;
}

/* The codes that Leader/06 and 006/00 share. */
static unsigned material_of_type(uint8_t type)
{
	if (is_one_of(type, "at"))
		return MATERIAL_BOOKS;
	if (is_one_of(type, "cdij"))
		return MATERIAL_MUSIC;
	if (is_one_of(type, "ef"))
		return MATERIAL_MAPS;
	if (is_one_of(type, "gkor"))
		return MATERIAL_VISUAL;
	if (type == 'm')
		return MATERIAL_COMPUTER_FILES;
	return is_one_of(type, "bp") ? MATERIAL_MIXED : 0;
}

unsigned material_of_form(uint8_t form)
{
	return form == 's' ? MATERIAL_SERIALS : material_of_type(form);
}

unsigned record_material(const struct record *r)
{
	switch (record_kind(r)) {
	case KIND_AUTHORITY: return MATERIAL_AUTHORITY;
	case KIND_HOLDINGS: return MATERIAL_HOLDINGS;
	case KIND_CLASSIFICATION: return MATERIAL_CLASSIFICATION;
	case KIND_COMMUNITY:
	case KIND_UNKNOWN: return 0;
	case KIND_BIBLIOGRAPHIC: break;
	}
	if (r->leader[6] == 'a' && is_one_of(r->leader[7], "bis"))
		return MATERIAL_SERIALS;
	return material_of_type(r->leader[6]);
}
