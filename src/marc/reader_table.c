/* reader_table.c: which fields a reader reads (MARC 21 Bibliographic, Authority and Holdings).
 *
 * Names and titles leave relators ($e, of meetings $j), control subfields and numbers out; a title that
 * follows a name belongs to added entries, not to authors. 652 and 655-659 are gaps among the subjects:
 * places as subjects long gone, genres, curricula and functions apart. */
#include "marc/reader.h"

#define BIB (KIND_UNKNOWN | KIND_BIBLIOGRAPHIC | KIND_HOLDINGS | KIND_COMMUNITY)
#define AUT KIND_AUTHORITY
#define LANG (BIB & ~KIND_COMMUNITY) /* whose 008 has a language where MAKE_LANGUAGE008 looks */
#define ANY KIND_ANY

#define PERSON "abcdjq"
#define BODY "abcdn"
#define MEETING "acdenq"

static const struct reader_source title_source[] = { { 245, 245, 0, 0, 0, ANY, MAKE_TEXT, "ab" } };
static const struct reader_source title_full_source[] = { { 245, 245, 0, 0, 0, ANY, MAKE_TEXT, "abnp" } };
static const struct reader_source responsibility_source[] = { { 245, 245, 0, 0, 0, ANY, MAKE_TEXT, "c" } };
static const struct reader_source author_source[] = {
	{ 100, 100, 0, 0, 0, BIB, MAKE_NAME, PERSON },
	{ 110, 110, 0, 0, 1, BIB, MAKE_NAME, BODY },
	{ 111, 111, 0, 0, 2, BIB, MAKE_NAME, MEETING },
};
static const struct reader_source authors_source[] = {
	{ 100, 100, 0, 0, 0, BIB, MAKE_NAME, PERSON },
	{ 110, 110, 0, 0, 0, BIB, MAKE_NAME, BODY },
	{ 111, 111, 0, 0, 0, BIB, MAKE_NAME, MEETING },
	{ 700, 700, 0, 0, 0, BIB, MAKE_NAME, PERSON },
	{ 710, 710, 0, 0, 0, BIB, MAKE_NAME, BODY },
	{ 711, 711, 0, 0, 0, BIB, MAKE_NAME, MEETING },
	{ 720, 720, 0, 0, 0, BIB, MAKE_NAME, "a" },
};
static const struct reader_source uniform_title_source[] = {
	{ 130, 130, 0, 0, 0, BIB, MAKE_TEXT, "adfghklmnoprst" },
	{ 240, 240, 0, 0, 1, BIB, MAKE_TEXT, "adfghklmnoprs" },
};
static const struct reader_source series_source[] = {
	{ 440, 440, 0, 0, 0, BIB, MAKE_TEXT, "anpv" },
	{ 490, 490, 0, 0, 0, BIB, MAKE_TEXT, "av" },
	{ 811, 811, 0, 0, 0, BIB, MAKE_TEXT, "^hijuwxy" },
	{ 800, 830, 0, 0, 0, BIB, MAKE_TEXT, "^ehiuwxy" },
};
#define IMPRINT(codes) { 264, 264, 0, '1', 0, BIB, MAKE_TEXT, codes }, { 260, 260, 0, 0, 1, BIB, MAKE_TEXT, codes }
static const struct reader_source publisher_source[] = { IMPRINT("b") };
static const struct reader_source place_source[] = { IMPRINT("a") };
static const struct reader_source publication_date_source[] = { IMPRINT("c") };
static const struct reader_source isbn_source[] = { { 20, 20, 0, 0, 0, ANY, MAKE_ISBN, "a" } };
static const struct reader_source isbns_source[] = { { 20, 20, 0, 0, 0, ANY, MAKE_ISBN, "a" } };
static const struct reader_source issn_source[] = { { 22, 22, 0, 0, 0, ANY, MAKE_ISSN, "a" } };
static const struct reader_source issnl_source[] = { { 22, 22, 0, 0, 0, ANY, MAKE_ISSN, "l" } };
static const struct reader_source lccn_source[] = { { 10, 10, 0, 0, 0, ANY, MAKE_LCCN, "a" } };
/* 086 first indicator: 0 Superintendent of Documents, 1 Government of Canada, blank whoever $2 says */
static const struct reader_source sudoc_source[] = {
	{ 86, 86, '0', 0, 0, ANY, MAKE_EACH, "a" },
	{ 86, 86, ' ', 0, 1, ANY, MAKE_EACH, "a" },
};
static const struct reader_source language_source[] = { { 8, 8, 0, 0, 0, LANG, MAKE_LANGUAGE008, "" } };
static const struct reader_source languages_source[] = {
	{ 8, 8, 0, 0, 0, LANG, MAKE_LANGUAGE008, "" },
	{ 41, 41, 0, 0, 0, BIB, MAKE_LANGUAGE, "a" },
};
static const struct reader_source subjects_source[] = {
	{ 611, 611, 0, 0, 0, BIB, MAKE_HEADING, "^jiuw" },
	{ 600, 651, 0, 0, 0, BIB, MAKE_HEADING, "^eiuw" },
	{ 653, 653, 0, 0, 0, BIB, MAKE_EACH, "a" },
	{ 654, 654, 0, 0, 0, BIB, MAKE_HEADING, "^e" },
	{ 656, 658, 0, 0, 0, BIB, MAKE_HEADING, "^" },
	{ 662, 662, 0, 0, 0, BIB, MAKE_HEADING, "^e" },
	{ 690, 699, 0, 0, 0, BIB, MAKE_HEADING, "^eiuw" },
};
static const struct reader_source genres_source[] = { { 655, 655, 0, 0, 0, BIB, MAKE_HEADING, "^iuw" } };
static const struct reader_source notes_source[] = {
	{ 500, 599, 0, 0, 0, BIB, MAKE_SENTENCE, "^3" },
	{ 600, 699, 0, 0, 0, AUT, MAKE_SENTENCE, "^3" },
	{ 680, 689, 0, 0, 0, KIND_CLASSIFICATION, MAKE_SENTENCE, "^3" },
};
static const struct reader_source physical_source[] = { { 300, 300, 0, 0, 0, BIB, MAKE_TEXT, "^3" } };
static const struct reader_source location_source[] = { { 852, 852, 0, 0, 0, ANY, MAKE_TEXT, "abc" } };
static const struct reader_source added_entries_source[] = {
	{ 711, 711, 0, 0, 0, BIB, MAKE_TEXT, "^hijuwx" },
	{ 700, 759, 0, 0, 0, BIB, MAKE_TEXT, "^ehiuwx" },
	{ 760, 789, 0, 0, 0, BIB, MAKE_TEXT, "abcdghkmnst" },
	{ 790, 799, 0, 0, 0, BIB, MAKE_TEXT, "^ehiuwx" },
};
static const struct reader_source heading_source[] = { { 100, 199, 0, 0, 0, AUT, MAKE_HEADING, "^w" } };
static const struct reader_source see_from_source[] = { { 400, 499, 0, 0, 0, AUT, MAKE_HEADING, "^iw" } };
static const struct reader_source see_also_source[] = { { 500, 599, 0, 0, 0, AUT, MAKE_HEADING, "^iw" } };
static const struct reader_source locations_source[] = { { 852, 852, 0, 0, 0, ANY, MAKE_TEXT, "abc" } };
static const struct reader_source captions_source[] = { { 853, 855, 0, 0, 0, ANY, MAKE_SENTENCE, "abcdefghijklm" } };
static const struct reader_source enumeration_source[] = {
	{ 863, 865, 0, 0, 0, ANY, MAKE_ENUMERATION, "abcdefghijklm" },
};
static const struct reader_source textual_source[] = { { 866, 868, 0, 0, 0, ANY, MAKE_SENTENCE, "a" } };
static const struct reader_source items_source[] = { { 876, 878, 0, 0, 0, ANY, MAKE_SENTENCE, "^3" } };

#define READER(name, shape) { #name, READER_##shape, name##_source, sizeof(name##_source) / sizeof(name##_source[0]) },
const struct reader readers[] = {
#include "marc/reader.def"
};
#undef READER
const size_t reader_count = sizeof(readers) / sizeof(readers[0]);
