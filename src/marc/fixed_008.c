/* fixed_008.c: the elements of 008, by material, and of 006, which repeats 008/18-34 (MARC 21
 * Bibliographic, Authority, Holdings and Classification, 008). Meanings are given where lists are short;
 * places and languages have code lists of their own. */
#include "marc/fixed.h"

#define END { NULL, NULL }
#define NO_ATTEMPT { "|", "no attempt to code" }

enum {
	BK = MATERIAL_BOOKS, CF = MATERIAL_COMPUTER_FILES, MP = MATERIAL_MAPS, MU = MATERIAL_MUSIC, CR = MATERIAL_SERIALS,
	VM = MATERIAL_VISUAL, MX = MATERIAL_MIXED, BIB = MATERIAL_BIBLIOGRAPHIC, AU = MATERIAL_AUTHORITY,
	HO = MATERIAL_HOLDINGS, CL = MATERIAL_CLASSIFICATION,
};

/* ---- bibliographic ---- */

static const struct coded date_types[] = {
	{ "b", "no dates, B.C. date involved" }, { "c", "continuing resource, still published" },
	{ "d", "continuing resource, ceased" }, { "e", "detailed date" },
	{ "i", "inclusive dates of a collection" }, { "k", "range of years of the bulk of a collection" },
	{ "m", "multiple dates" }, { "n", "dates unknown" },
	{ "p", "date of distribution and of production" }, { "q", "questionable date" },
	{ "r", "date of reprint and of original" }, { "s", "single date" },
	{ "t", "date of publication and of copyright" }, { "u", "continuing resource, status unknown" },
	NO_ATTEMPT, END,
};
static const struct coded modified[] = {
	{ " ", "not modified" }, { "d", "dashed-on information omitted" },
	{ "o", "completely romanized, printed in romanized form" },
	{ "r", "completely romanized, printed in script" }, { "s", "shortened" },
	{ "x", "missing characters" }, NO_ATTEMPT, END,
};
static const struct coded sources[] = {
	{ " ", "national bibliographic agency" }, { "c", "cooperative cataloging program" }, { "d", "other" },
	{ "u", "unknown" }, NO_ATTEMPT, END,
};
static const struct coded illustrations[] = {
	{ " ", "no illustrations" }, { "a", "illustrations" }, { "b", "maps" }, { "c", "portraits" },
	{ "d", "charts" }, { "e", "plans" }, { "f", "plates" }, { "g", "music" }, { "h", "facsimiles" },
	{ "i", "coats of arms" }, { "j", "genealogical tables" }, { "k", "forms" }, { "l", "samples" },
	{ "m", "phonodisc, phonowire" }, { "o", "photographs" }, { "p", "illuminations" }, NO_ATTEMPT, END,
};
static const struct coded audiences[] = {
	{ " ", "unknown or not specified" }, { "a", "preschool" }, { "b", "primary" },
	{ "c", "pre-adolescent" }, { "d", "adolescent" }, { "e", "adult" }, { "f", "specialized" },
	{ "g", "general" }, { "j", "juvenile" }, NO_ATTEMPT, END,
};
static const struct coded forms[] = {
	{ " ", "none of the following" }, { "a", "microfilm" }, { "b", "microfiche" }, { "c", "microopaque" },
	{ "d", "large print" }, { "f", "braille" }, { "o", "online" }, { "q", "direct electronic" },
	{ "r", "regular print reproduction" }, { "s", "electronic" }, NO_ATTEMPT, END,
};
static const struct coded governments[] = {
	{ " ", "not a government publication" }, { "a", "autonomous or semi-autonomous component" },
	{ "c", "multilocal" }, { "f", "federal or national" }, { "i", "international intergovernmental" },
	{ "l", "local" }, { "m", "multistate" }, { "o", "government publication, level undetermined" },
	{ "s", "state, provincial, territorial, dependent" },
	{ "u", "unknown whether government publication" }, { "z", "other" }, NO_ATTEMPT, END,
};
static const struct coded conferences[] = {
	{ "0", "not a conference publication" }, { "1", "conference publication" }, NO_ATTEMPT, END,
};
static const struct coded festschrifts[] = {
	{ "0", "not a festschrift" }, { "1", "festschrift" }, NO_ATTEMPT, END,
};
static const struct coded indexes[] = { { "0", "no index" }, { "1", "index present" }, NO_ATTEMPT, END };
static const struct coded literary_forms[] = {
	{ "0", "not fiction" }, { "1", "fiction" }, { "d", "dramas" }, { "e", "essays" }, { "f", "novels" },
	{ "h", "humor, satires" }, { "i", "letters" }, { "j", "short stories" }, { "m", "mixed forms" },
	{ "p", "poetry" }, { "s", "speeches" }, { "u", "unknown" }, NO_ATTEMPT, END,
};
static const struct coded biographies[] = {
	{ " ", "no biographical material" }, { "a", "autobiography" }, { "b", "individual biography" },
	{ "c", "collective biography" }, { "d", "contains biographical information" }, NO_ATTEMPT, END,
};
static const struct coded file_types[] = {
	{ "a", "numeric data" }, { "b", "computer program" }, { "c", "representational" },
	{ "d", "document" }, { "e", "bibliographic data" }, { "f", "font" }, { "g", "game" },
	{ "h", "sound" }, { "i", "interactive multimedia" }, { "j", "online system or service" },
	{ "m", "combination" }, { "u", "unknown" }, { "z", "other" }, NO_ATTEMPT, END,
};
static const struct coded map_types[] = {
	{ "a", "single map" }, { "b", "map series" }, { "c", "map serial" }, { "d", "globe" },
	{ "e", "atlas" }, { "f", "separate supplement to another work" },
	{ "g", "bound as part of another work" }, { "u", "unknown" }, { "z", "other" }, NO_ATTEMPT, END,
};
static const struct coded frequencies[] = {
	{ " ", "no determinable frequency" }, { "a", "annual" }, { "b", "bimonthly" },
	{ "c", "semiweekly" }, { "d", "daily" }, { "e", "biweekly" }, { "f", "semiannual" },
	{ "g", "biennial" }, { "h", "triennial" }, { "i", "three times a week" },
	{ "j", "three times a month" }, { "k", "continuously updated" }, { "m", "monthly" },
	{ "q", "quarterly" }, { "s", "semimonthly" }, { "t", "three times a year" }, { "u", "unknown" },
	{ "w", "weekly" }, { "z", "other" }, NO_ATTEMPT, END,
};
static const struct coded regularities[] = {
	{ "n", "normalized irregular" }, { "r", "regular" }, { "u", "unknown" },
	{ "x", "completely irregular" }, NO_ATTEMPT, END,
};
static const struct coded serial_types[] = {
	{ " ", "none of the following" }, { "d", "updating database" }, { "g", "magazine" },
	{ "h", "blog" }, { "j", "journal" }, { "l", "updating loose-leaf" }, { "m", "monographic series" },
	{ "n", "newspaper" }, { "p", "periodical" }, { "r", "repository" }, { "s", "newsletter" },
	{ "t", "directory" }, { "w", "updating web site" }, NO_ATTEMPT, END,
};
static const struct coded entry_conventions[] = {
	{ "0", "successive entry" }, { "1", "latest entry" }, { "2", "integrated entry" }, NO_ATTEMPT, END,
};
static const struct coded visual_types[] = {
	{ "a", "art original" }, { "b", "kit" }, { "c", "art reproduction" }, { "d", "diorama" },
	{ "f", "filmstrip" }, { "g", "game" }, { "i", "picture" }, { "k", "graphic" },
	{ "l", "technical drawing" }, { "m", "motion picture" }, { "n", "chart" }, { "o", "flash card" },
	{ "p", "microscope slide" }, { "q", "model" }, { "r", "realia" }, { "s", "slide" },
	{ "t", "transparency" }, { "v", "videorecording" }, { "w", "toy" }, { "z", "other" }, NO_ATTEMPT,
	END,
};
static const struct coded techniques[] = {
	{ "a", "animation" }, { "c", "animation and live action" }, { "l", "live action" },
	{ "n", "not applicable" }, { "u", "unknown" }, { "z", "other" }, NO_ATTEMPT, END,
};

/* ---- authority ---- */

static const struct coded authority_kinds[] = {
	{ "a", "established heading" }, { "b", "untraced reference" }, { "c", "traced reference" },
	{ "d", "subdivision" }, { "e", "node label" }, { "f", "established heading and subdivision" },
	{ "g", "reference and subdivision" }, NO_ATTEMPT, END,
};
static const struct coded rules[] = {
	{ "a", "earlier rules" }, { "b", "AACR 1" }, { "c", "AACR 2" }, { "d", "AACR 2 compatible heading" },
	{ "n", "not applicable" }, { "z", "other" }, NO_ATTEMPT, END,
};
static const struct coded thesauri[] = {
	{ "a", "Library of Congress Subject Headings" },
	{ "b", "LC subject headings for children's literature" }, { "c", "Medical Subject Headings" },
	{ "d", "National Agricultural Library subject authority file" },
	{ "k", "Canadian Subject Headings" }, { "n", "not applicable" },
	{ "r", "Art & Architecture Thesaurus" }, { "s", "Sears List of Subject Headings" },
	{ "v", "R\303\251pertoire de vedettes-mati\303\250re" }, { "z", "other" }, NO_ATTEMPT, END,
};
static const struct coded uses[] = { { "a", "appropriate" }, { "b", "not appropriate" }, NO_ATTEMPT, END };
static const struct coded evaluations[] = {
	{ "a", "tracings are consistent with the heading" },
	{ "b", "tracings are not necessarily consistent" }, { "n", "not applicable" }, NO_ATTEMPT, END,
};
static const struct coded updates[] = {
	{ "a", "record can be used" }, { "b", "record is being updated" }, NO_ATTEMPT, END,
};
static const struct coded names[] = {
	{ "a", "differentiated personal name" }, { "b", "undifferentiated personal name" },
	{ "n", "not applicable" }, NO_ATTEMPT, END,
};
static const struct coded levels[] = {
	{ "a", "fully established" }, { "b", "memorandum" }, { "c", "provisional" }, { "d", "preliminary" },
	{ "n", "not applicable" }, NO_ATTEMPT, END,
};

/* ---- holdings ---- */

static const struct coded receipts[] = {
	{ "0", "unknown" }, { "1", "other receipt or acquisition status" },
	{ "2", "received and complete or ceased" }, { "3", "on order" }, { "4", "currently received" },
	{ "5", "not currently received" }, { "6", "external access" }, NO_ATTEMPT, END,
};
static const struct coded acquisitions[] = {
	{ "c", "cooperative or consortial purchase" }, { "d", "deposit" }, { "e", "exchange" },
	{ "f", "free" }, { "g", "gift" }, { "l", "legal deposit" }, { "m", "membership" },
	{ "n", "non-library purchase" }, { "p", "purchase" }, { "q", "lease" }, { "u", "unknown" },
	{ "z", "other" }, NO_ATTEMPT, END,
};
static const struct coded completeness[] = {
	{ "0", "other" }, { "1", "complete" }, { "2", "incomplete" }, { "3", "scattered" },
	{ "4", "not applicable" }, NO_ATTEMPT, END,
};
static const struct coded reports[] = {
	{ "0", "separate copy report" }, { "1", "composite copy report" }, END,
};

/* ---- classification ---- */

static const struct coded class_kinds[] = {
	{ "a", "schedule record" }, { "b", "table record" }, { "c", "index term record" }, NO_ATTEMPT, END,
};
static const struct coded class_numbers[] = {
	{ "a", "single number" }, { "b", "defined number span" }, { "c", "summary number span" },
	{ "n", "not applicable" }, NO_ATTEMPT, END,
};
static const struct coded class_valid[] = {
	{ "a", "valid" }, { "b", "first number of the span is invalid" },
	{ "c", "last number of the span is invalid" }, { "d", "completely invalid" }, { "e", "obsolete" },
	{ "n", "not applicable" }, NO_ATTEMPT, END,
};
static const struct coded class_standard[] = {
	{ "a", "standard" }, { "b", "optional" }, { "n", "not applicable" }, NO_ATTEMPT, END,
};
static const struct coded class_synthesized[] = {
	{ "a", "not synthesized" }, { "b", "synthesized" }, { "n", "not applicable" }, NO_ATTEMPT, END,
};
static const struct coded class_display[] = {
	{ "a", "shown in standard schedules or tables" }, { "b", "extended display" }, NO_ATTEMPT, END,
};

const struct element fixed_008[] = {
	{ "date_entered", BIB | AU | HO | CL, 0, 6, NULL },
	/* bibliographic, all materials */
	{ "date_type", BIB, 6, 1, date_types },
	{ "date1", BIB, 7, 4, NULL },
	{ "date2", BIB, 11, 4, NULL },
	{ "place", BIB, 15, 3, NULL },
	{ "language", BIB, 35, 3, NULL },
	{ "modified", BIB | AU, 38, 1, modified },
	{ "source", BIB | AU, 39, 1, sources },
	/* what several materials have */
	{ "audience", BK | CF | MU | VM, 22, 1, audiences },
	{ "form", BK | CF | MU | CR | MX, 23, 1, forms },
	{ "form", MP | VM, 29, 1, forms },
	{ "government", BK | CF | MP | CR | VM, 28, 1, governments },
	{ "conference", BK | CR, 29, 1, conferences },
	{ "contents", BK, 24, 4, NULL },
	{ "contents", CR, 25, 3, NULL },
	{ "index", BK | MP, 31, 1, indexes },
	/* books */
	{ "illustrations", BK, 18, 4, illustrations },
	{ "festschrift", BK, 30, 1, festschrifts },
	{ "literary_form", BK, 33, 1, literary_forms },
	{ "biography", BK, 34, 1, biographies },
	/* computer files */
	{ "file_type", CF, 26, 1, file_types },
	/* maps */
	{ "relief", MP, 18, 4, NULL },
	{ "projection", MP, 22, 2, NULL },
	{ "map_type", MP, 25, 1, map_types },
	{ "special_format", MP, 33, 2, NULL },
	/* music */
	{ "composition", MU, 18, 2, NULL },
	{ "music_format", MU, 20, 1, NULL },
	{ "music_parts", MU, 21, 1, NULL },
	{ "accompanying_matter", MU, 24, 6, NULL },
	{ "literary_text", MU, 30, 2, NULL },
	{ "transposition", MU, 33, 1, NULL },
	/* serials and integrating resources */
	{ "frequency", CR, 18, 1, frequencies },
	{ "regularity", CR, 19, 1, regularities },
	{ "serial_type", CR, 21, 1, serial_types },
	{ "original_form", CR, 22, 1, NULL },
	{ "nature", CR, 24, 1, NULL },
	{ "script", CR, 33, 1, NULL },
	{ "entry_convention", CR, 34, 1, entry_conventions },
	/* visual materials */
	{ "running_time", VM, 18, 3, NULL },
	{ "visual_type", VM, 33, 1, visual_types },
	{ "technique", VM, 34, 1, techniques },
	/* authority */
	{ "geographic_subdivision", AU, 6, 1, NULL },
	{ "romanization", AU, 7, 1, NULL },
	{ "catalog_language", AU, 8, 1, NULL },
	{ "record_kind", AU, 9, 1, authority_kinds },
	{ "rules", AU, 10, 1, rules },
	{ "thesaurus", AU, 11, 1, thesauri },
	{ "series_type", AU, 12, 1, NULL },
	{ "series_numbering", AU, 13, 1, NULL },
	{ "main_use", AU, 14, 1, uses },
	{ "subject_use", AU, 15, 1, uses },
	{ "series_use", AU, 16, 1, uses },
	{ "subdivision_type", AU, 17, 1, NULL },
	{ "government", AU, 28, 1, NULL },
	{ "reference_evaluation", AU, 29, 1, evaluations },
	{ "update", AU, 31, 1, updates },
	{ "personal_name", AU, 32, 1, names },
	{ "establishment_level", AU, 33, 1, levels },
	/* holdings */
	{ "receipt_status", HO, 6, 1, receipts },
	{ "acquisition_method", HO, 7, 1, acquisitions },
	{ "cancellation_date", HO, 8, 4, NULL },
	{ "retention", HO, 12, 1, NULL },
	{ "specific_retention", HO, 13, 3, NULL },
	{ "completeness", HO, 16, 1, completeness },
	{ "copies", HO, 17, 3, NULL },
	{ "lending", HO, 20, 1, NULL },
	{ "reproduction", HO, 21, 1, NULL },
	{ "language", HO, 22, 3, NULL },
	{ "copy_report", HO, 25, 1, reports },
	{ "report_date", HO, 26, 6, NULL },
	/* classification */
	{ "record_kind", CL, 6, 1, class_kinds },
	{ "number_type", CL, 7, 1, class_numbers },
	{ "validity", CL, 8, 1, class_valid },
	{ "standard", CL, 9, 1, class_standard },
	{ "update", CL, 10, 1, updates },
	{ "establishment_level", CL, 11, 1, levels },
	{ "synthesized", CL, 12, 1, class_synthesized },
	{ "display", CL, 13, 1, class_display },
	{ NULL, 0, 0, 0, NULL },
};
