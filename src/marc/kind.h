/* kind.h: what a record describes, told by its leader: the MARC 21 format, and for bibliographic records
 * the material.
 *
 * Layer marc. Pure functions of single characters. The values are bits, so that tables can say "in
 * these". */
#ifndef MRRC_MARC_KIND_H
#define MRRC_MARC_KIND_H

#include "marc/record.h"

enum record_kind {
	KIND_UNKNOWN = 1, /* Leader/06 is no code of MARC 21 */
	KIND_BIBLIOGRAPHIC = 2,
	KIND_AUTHORITY = 4,
	KIND_HOLDINGS = 8,
	KIND_CLASSIFICATION = 16,
	KIND_COMMUNITY = 32,
};
#define KIND_ANY 63

/* By Leader/06. */
enum record_kind record_kind(const struct record *r);
/* "bibliographic" …; NULL for KIND_UNKNOWN. */
const char *record_kind_name(enum record_kind kind);

/* Which 008 a record has: the seven of bibliographic records, and one each of other formats. */
enum material {
	MATERIAL_BOOKS = 1,
	MATERIAL_COMPUTER_FILES = 2,
	MATERIAL_MAPS = 4,
	MATERIAL_MUSIC = 8,
	MATERIAL_SERIALS = 16,
	MATERIAL_VISUAL = 32,
	MATERIAL_MIXED = 64,
	MATERIAL_AUTHORITY = 128,
	MATERIAL_HOLDINGS = 256,
	MATERIAL_CLASSIFICATION = 512,
};
#define MATERIAL_BIBLIOGRAPHIC 127

/* By Leader/06 and /07; 0 when there is none. */
unsigned record_material(const struct record *r);
/* By 006/00, form of material. */
unsigned material_of_form(uint8_t form);

#endif
