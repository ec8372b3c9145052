/* generate.c: writes MARC records that look like a library's, always the same ones.
 *
 *	generate COUNT >plain.mrc          about 1.1 kB and 18-40 fields each
 *	generate COUNT large >large.mrc    about 10 kB each, most of it notes
 *
 * Record n depends on n alone (its own splitmix64 seed), so a short file is the beginning of a longer one: what was checked
 * on 100,000 records holds for the first 100,000 of a million. Fields come in tag order and leaders are as every writer
 * leaves them, so that tools which rebuild a record can be compared byte for byte. About one record in eight has letters
 * outside ASCII, some of them with 880 fields in another script. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS(a) (sizeof(a) / sizeof((a)[0]))

enum { FIELDS_MAX = 400, BODY_MAX = 60000, LARGE_NOTES = 8300 };

static const char *const title_words[] = {
	"introduction", "theory", "studies", "analysis", "guide", "world", "modern", "social", "political", "systems", "design",
	"culture", "science", "practice", "history", "economic", "research", "methods", "essays", "development", "language",
	"education", "environment", "library", "music", "architecture", "philosophy", "religion", "energy", "water", "markets",
	"mathematics", "statistics", "biology", "chemistry", "physics", "engineering", "medicine", "law", "government", "cities",
	"migration", "poetry", "drama", "novel", "letters", "women", "children", "labour", "trade", "industry", "war", "peace",
	"memory", "nature", "landscape", "archaeology", "ancient", "medieval", "colonial", "contemporary", "comparative",
	"international", "regional", "urban", "rural", "digital", "information", "networks", "computation", "logic", "algebra",
};
static const char *const small_words[] = {"of", "and", "in", "the", "for", "a", "on", "to", "from", "with"};
static const char *const surnames[] = {
	"Anderson", "Baker", "Clarke", "Davies", "Edwards", "Foster", "Graham", "Hughes", "Irving", "Jenkins", "Keller", "Lawrence",
	"Mitchell", "Newman", "O'Brien", "Parker", "Quinn", "Roberts", "Schmidt", "Turner", "Underwood", "Vaughan", "Wagner", "Young",
};
static const char *const foreign_surnames[] = {
	"Müller", "González", "Łukasiewicz", "Dvor\u030cák", "Sørensen", "Lefe\u0300vre", "Şahin", "Björk",
	"Núñez", "Šimek", "Groß", "Ju\u0301nior",
};
static const char *const forenames[] = {
	"Alice", "Brian", "Catherine", "David", "Elizabeth", "Frank", "Grace", "Henry", "Isabel", "John", "Katherine", "Louis", "Mary",
	"Nicholas", "Olivia", "Peter", "Rachel", "Samuel", "Teresa", "William",
};
static const char *const foreign_titles[] = {
	"Geschichte der Universität", "Histoire générale des idées", "Introducción a la economía",
	"Über die Größe der Städte", "Krótka historia literatury", "L’école et la cité",
	"Fra\u030an by til by", "De\u030cjiny hudby",
};
static const char *const other_scripts[] = {
	"中国历史", "日本の建築", "История России",
	"Ελληνική ιστορία", "תולדות העיר",
};
static const char *const subjects[] = {
	"Education", "Libraries", "Women", "Agriculture", "Art", "Architecture, Modern", "Banks and banking", "Cities and towns",
	"Climatic changes", "Computer science", "Constitutional law", "Economic development", "Emigration and immigration",
	"Folklore", "Geology", "Industrial relations", "International trade", "Labor unions", "Linguistics", "Mathematics",
	"Medicine", "Music", "Philosophy", "Physics", "Political science", "Public health", "Railroads", "Rivers", "Slavery",
	"Social change", "Theater", "Water-supply", "World War, 1939-1945", "Zoology",
};
static const char *const subdivisions[] = {
	"History", "Social aspects", "Study and teaching", "Law and legislation", "Philosophy", "Statistics", "Economic aspects",
	"Congresses", "Bibliography", "Early works to 1800", "20th century", "Handbooks, manuals, etc",
};
static const char *const places[] = {
	"London", "New York", "Oxford", "Cambridge", "Chicago", "Berlin", "Paris", "Amsterdam", "Toronto", "Sydney", "Boston", "Edinburgh",
};
static const char *const countries[] = {"enk", "nyu", "enk", "enk", "ilu", "gw ", "fr ", "ne ", "onc", "xna", "mau", "stk"};
static const char *const languages[] = {"eng", "eng", "eng", "eng", "eng", "eng", "ger", "fre", "spa", "ita"};

/* a record under way: directory entries and the fields they point at */
struct draft {
	uint64_t rng;
	char directory[12 * FIELDS_MAX + 1];
	char body[BODY_MAX];
	size_t directory_len, body_len, field_start;
	const char *tag;
	bool foreign; /* has letters outside ASCII */
	unsigned place, year;
};

static void die(const char *what)
{
	fprintf(stderr, "generate: %s\n", what);
	exit(1);
}

/* splitmix64 */
static uint64_t next_random(struct draft *d)
{
	uint64_t z = d->rng += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static unsigned below(struct draft *d, size_t n)
{
	return (unsigned)(next_random(d) % n);
}

static bool chance(struct draft *d, unsigned percent)
{
	return below(d, 100) < percent;
}

#define PICK(d, list) ((list)[below((d), ITEMS(list))])

__attribute__((format(printf, 2, 3))) static void put(struct draft *d, const char *format, ...)
{
	va_list args;
	size_t room = sizeof(d->body) - d->body_len;
	int len;

	va_start(args, format);
	len = vsnprintf(d->body + d->body_len, room, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= room)
		die("a record grew too long");
	d->body_len += (size_t)len;
}

static void begin(struct draft *d, const char *tag, const char *indicators)
{
	d->tag = tag;
	d->field_start = d->body_len;
	put(d, "%s", indicators);
}

static void end(struct draft *d)
{
	char entry[40];

	put(d, "\x1e");
	if (d->directory_len / 12 >= FIELDS_MAX)
		die("a record got too many fields");
	snprintf(entry, sizeof(entry), "%.3s%04zu%05zu", d->tag, d->body_len - d->field_start, d->field_start);
	memcpy(d->directory + d->directory_len, entry, 12);
	d->directory_len += 12;
}

#define FIELD(d, tag, indicators, ...) (begin((d), (tag), (indicators)), put((d), __VA_ARGS__), end(d))

/* Words as in prose: small ones between, the first letter large. Low numbers are frequent, as words are. */
static void put_words(struct draft *d, unsigned count)
{
	size_t first = d->body_len;

	for (unsigned i = 0; i < count; i++) {
		unsigned a = below(d, ITEMS(title_words)), b = below(d, ITEMS(title_words));

		if (i > 0)
			put(d, " ");
		if (i > 0 && i + 1 < count && chance(d, 35))
			put(d, "%s ", PICK(d, small_words));
		put(d, "%s", title_words[a < b ? a : b]);
	}
	d->body[first] = (char)(d->body[first] - 'a' + 'A');
}

static const char *surname(struct draft *d)
{
	return d->foreign && chance(d, 60) ? PICK(d, foreign_surnames) : PICK(d, surnames);
}

static void control_fields(struct draft *d, uint64_t n)
{
	FIELD(d, "001", "", "bench%09llu", (unsigned long long)n);
	FIELD(d, "003", "", "XxBench");
	FIELD(d, "005", "", "20%02u%02u%02u%02u%02u%02u.0", 10 + below(d, 15), 1 + below(d, 12), 1 + below(d, 28), below(d, 24),
	      below(d, 60), below(d, 60));
	FIELD(d, "008", "", "%02u%02u%02us%04u    %s           00%u %u %s d", below(d, 25), 1 + below(d, 12), 1 + below(d, 28), d->year,
	      countries[d->place], below(d, 2), below(d, 2), PICK(d, languages));
	if (chance(d, 50))
		FIELD(d, "010", "  ", "\x1f" "a  %010llu", (unsigned long long)(2000000000u + n));
	for (unsigned i = below(d, 3); i > 0; i--)
		FIELD(d, "020", "  ", "\x1f" "a978%010llu\x1fq%s", (unsigned long long)(next_random(d) % 10000000000u),
		      chance(d, 50) ? "paperback" : "hardcover");
	FIELD(d, "035", "  ", "\x1f" "a(OCoLC)%09llu", (unsigned long long)(next_random(d) % 1000000000u));
	FIELD(d, "040", "  ", "\x1f" "aXxBench\x1f" "beng\x1f" "erda\x1f" "cXxBench\x1f" "dXxBench");
	if (chance(d, 25))
		FIELD(d, "043", "  ", "\x1f" "an-us---");
	FIELD(d, "050", "00", "\x1f" "a%c%c%u\x1f" "b.%c%u %u", 'A' + (int)below(d, 20), 'A' + (int)below(d, 20), 1 + below(d, 9000),
	      'A' + (int)below(d, 26), 1 + below(d, 99), d->year);
	FIELD(d, "082", "04", "\x1f" "a%03u.%u\x1f" "2%u", below(d, 1000), below(d, 1000), 19 + below(d, 5));
}

static void title_fields(struct draft *d)
{
	const char *author = NULL, *forename = PICK(d, forenames);
	unsigned born = 1900 + below(d, 90);

	if (chance(d, 75)) {
		author = surname(d);
		FIELD(d, "100", "1 ", "\x1f" "a%s, %s,\x1f" "d%u-\x1f" "eauthor.", author, forename, born);
	}
	begin(d, "245", author ? "10" : "00");
	if (d->foreign && chance(d, 50))
		put(d, "%s\x1f" "a%s :", chance(d, 30) ? "\x1f" "6880-01" : "", PICK(d, foreign_titles));
	else {
		put(d, "\x1f" "a");
		put_words(d, 2 + below(d, 5));
		put(d, " :");
	}
	put(d, "\x1f" "b");
	put_words(d, 3 + below(d, 4));
	put(d, author ? " /\x1f" "c%s %s." : ".", forename, author);
	end(d);
	if (chance(d, 20)) {
		begin(d, "246", "30");
		put(d, "\x1f" "a");
		put_words(d, 3);
		end(d);
	}
}

static void body_fields(struct draft *d)
{
	if (chance(d, 20))
		FIELD(d, "250", "  ", "\x1f" "a%u%s edition.", 2 + below(d, 5), "th");
	FIELD(d, "264", " 1", "\x1f" "a%s :\x1f" "b%s Press,\x1f" "c%u.", places[d->place], PICK(d, surnames), d->year);
	FIELD(d, "300", "  ", "\x1f" "a%s%u pages :\x1f" "billustrations ;\x1f" "c%u cm", chance(d, 30) ? "xii, " : "", 80 + below(d, 700),
	      20 + below(d, 12));
	FIELD(d, "336", "  ", "\x1f" "atext\x1f" "btxt\x1f" "2rdacontent");
	FIELD(d, "337", "  ", "\x1f" "aunmediated\x1f" "bn\x1f" "2rdamedia");
	FIELD(d, "338", "  ", "\x1f" "avolume\x1f" "bnc\x1f" "2rdacarrier");
	if (chance(d, 30)) {
		begin(d, "490", "1 ");
		put(d, "\x1f" "a");
		put_words(d, 3);
		put(d, " ;\x1f" "v%u", 1 + below(d, 120));
		end(d);
	}
}

static void note(struct draft *d, const char *tag, const char *indicators, unsigned words)
{
	begin(d, tag, indicators);
	put(d, "\x1f" "a");
	put_words(d, words);
	put(d, ".");
	end(d);
}

static void notes(struct draft *d, bool large)
{
	for (unsigned i = 1 + below(d, 3); i > 0; i--)
		note(d, "500", "  ", 3 + below(d, 4));
	while (large && d->body_len < LARGE_NOTES / 2)
		note(d, "500", "  ", 20 + below(d, 30));
	if (chance(d, 60))
		FIELD(d, "504", "  ", "\x1f" "aIncludes bibliographical references and index.");
	while (large && d->body_len < LARGE_NOTES)
		note(d, "505", "0 ", 100 + below(d, 150));
	if (chance(d, 25))
		note(d, "520", "  ", 8 + below(d, 16));
}

static void subject_fields(struct draft *d)
{
	for (unsigned i = 1 + below(d, 5) * below(d, 5) / 4; i > 0; i--) {
		begin(d, "650", " 0");
		put(d, "\x1f" "a%s", PICK(d, subjects));
		if (chance(d, 60))
			put(d, "\x1fx%s", PICK(d, subdivisions));
		if (chance(d, 30))
			put(d, "\x1fz%s", PICK(d, places));
		put(d, ".");
		end(d);
	}
	if (chance(d, 30))
		FIELD(d, "651", " 0", "\x1f" "a%s\x1fx%s.", PICK(d, places), PICK(d, subdivisions));
	if (chance(d, 25))
		FIELD(d, "655", " 7", "\x1f" "aHandbooks and manuals.\x1f" "2lcgft");
	for (unsigned i = below(d, 6) * below(d, 3) / 4; i > 0; i--)
		FIELD(d, "700", "1 ", "\x1f" "a%s, %s,\x1f" "d%u-\x1f" "eeditor.", surname(d), PICK(d, forenames), 1900 + below(d, 90));
}

static void link_and_local_fields(struct draft *d, uint64_t n)
{
	if (chance(d, 20))
		FIELD(d, "776", "08", "\x1fiOnline version:\x1f" "aBench.\x1fw(OCoLC)%09u", below(d, 1000000000));
	for (unsigned i = below(d, 10) * 3 / 10; i > 0; i--)
		FIELD(d, "856", "40", "\x1fuhttps://books.example.org/%s/%llu\x1fzFull text", PICK(d, languages), (unsigned long long)n);
	if (d->foreign && chance(d, 40))
		FIELD(d, "880", "10", "\x1f" "6245-01\x1f" "a%s.", PICK(d, other_scripts));
	for (unsigned i = below(d, 3); i > 0; i--)
		FIELD(d, "945", "  ", "\x1f" "a%u\x1flmain\x1fp$%u.%02u\x1fs-\x1fy.i%08u", below(d, 1000), 5 + below(d, 90), below(d, 100),
		      below(d, 100000000));
	if (chance(d, 50))
		FIELD(d, "998", "  ", "\x1f" "a%06u\x1f" "b%u", below(d, 1000000), below(d, 10));
}

static void write_record(const struct draft *d)
{
	size_t base = 24 + d->directory_len + 1, length = base + d->body_len + 1;

	if (length > 99999)
		die("a record is longer than ISO 2709 can say");
	printf("%05zunam a22%05zu i 4500", length, base);
	fwrite(d->directory, 1, d->directory_len, stdout);
	putchar(0x1e);
	fwrite(d->body, 1, d->body_len, stdout);
	putchar(0x1d);
}

static void generate(struct draft *d, uint64_t n, bool large)
{
	d->rng = n * 0xd1342543de82ef95u + (large ? 2 : 1);
	d->directory_len = d->body_len = 0;
	d->foreign = chance(d, 12);
	d->place = below(d, ITEMS(places));
	d->year = 1950 + below(d, 75);
	control_fields(d, n);
	title_fields(d);
	body_fields(d);
	notes(d, large);
	subject_fields(d);
	link_and_local_fields(d, n);
	write_record(d);
}

int main(int argc, char **argv)
{
	static struct draft draft;
	static char buffer[1 << 20];
	uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	bool large = argc == 3 && strcmp(argv[2], "large") == 0;

	if (count == 0 || (argc != 2 && !large))
		die("usage: generate COUNT [large] >FILE");
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	for (uint64_t n = 1; n <= count; n++)
		generate(&draft, n, large);
	if (fflush(stdout) != 0 || ferror(stdout))
		die("writing failed");
	return 0;
}
