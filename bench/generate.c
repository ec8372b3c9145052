/* generate.c: writes MARC records that look like a library's, always the same ones.
 *
 *	generate COUNT >plain.mrc          about 1.1 kB and 18-40 fields each
 *	generate COUNT large >large.mrc    about 10 kB each, most of it notes
 *
 * Record n depends on n alone (its own splitmix64 seed), so a short file is the beginning of a longer one. Fields come in tag
 * order and leaders are as every writer leaves them, so that tools which rebuild a record can be compared byte for byte. About
 * one record in nine has letters outside ASCII, some of them with an 880 field in another script. What a record may hold is the
 * table `rows`; its small template language draws from left to right, so every compiler makes the same file. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS(a) (sizeof(a) / sizeof((a)[0]))

enum { FIELDS_MAX = 400, BODY_MAX = 60000 };

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
	"London", "New York", "Oxford", "Cambridge", "Chicago", "Berlin", "Paris", "Amsterdam", "Toronto", "Sydney", "Boston",
	"Edinburgh",
};
static const char *const countries[] = {"enk", "nyu", "enk", "enk", "ilu", "gw ", "fr ", "ne ", "onc", "xna", "mau", "stk"};
static const char *const languages[] = {"eng", "eng", "eng", "eng", "eng", "eng", "ger", "fre", "spa", "ita"};
static const char *const bindings[] = {"paperback", "hardcover"};

static const struct list {
	const char *name;
	const char *const *words;
	size_t count;
} lists[] = {
	{"forename", forenames, ITEMS(forenames)},
	{"foreign title", foreign_titles, ITEMS(foreign_titles)},
	{"other script", other_scripts, ITEMS(other_scripts)},
	{"subject", subjects, ITEMS(subjects)},
	{"subdivision", subdivisions, ITEMS(subdivisions)},
	{"city", places, ITEMS(places)},
	{"language", languages, ITEMS(languages)},
	{"binding", bindings, ITEMS(bindings)},
};

/* what a record is, decided before its fields */
enum {
	AUTHOR = 1,
	NO_AUTHOR = 2,
	FOREIGN = 4, /* letters outside ASCII in names */
	FOREIGN_TITLE = 8,
	PLAIN_TITLE = 16,
	LARGE = 32,
};

/* One kind of field: for records that are all of `need`, in `percent` of them, `least` to `most` times.
 * In a template $ is the subfield delimiter and braces draw: {10-99} a number (as many digits as the first), {words 3-6} prose,
 * {subject} from a list, {author} {name} {surname} a person, {n} {year} {place} {country} what belongs to the record. */
static const struct row {
	unsigned need, percent, least, most;
	const char *tag, *template;
} rows[] = {
	{0, 100, 1, 1, "001", "bench{n}"},
	{0, 100, 1, 1, "003", "XxBench"},
	{0, 100, 1, 1, "005", "20{10-24}{01-12}{01-28}{00-23}{00-59}{00-59}.0"},
	{0, 100, 1, 1, "008", "{00-25}{01-12}{01-28}s{year}    {country}           00{0-1} {0-1} {language} d"},
	{0, 40, 1, 1, "010", "  $a  {2000000000-2025999999}"},
	{0, 100, 1, 2, "020", "  $a978{0000000000-9999999999}$q{binding}"},
	{0, 100, 1, 1, "035", "  $a(OCoLC){000000000-999999999}"},
	{0, 100, 1, 1, "040", "  $aXxBench$beng$erda$cXxBench"},
	{0, 20, 1, 1, "043", "  $an-us---"},
	{0, 100, 1, 1, "050", "00$aHD{1-9999}$b.S{10-99} {year}"},
	{0, 100, 1, 1, "082", "04$a{000-999}.{1-999}$2{19-23}"},
	{AUTHOR, 100, 1, 1, "100", "1 $a{author},$d{1900-1989}-$eauthor."},
	{AUTHOR | PLAIN_TITLE, 100, 1, 1, "245", "10$a{words 2-5} :$b{words 2-5} /$c{name}."},
	{AUTHOR | FOREIGN_TITLE, 100, 1, 1, "245", "10$6880-01$a{foreign title} :$b{words 2-5} /$c{name}."},
	{NO_AUTHOR | PLAIN_TITLE, 100, 1, 1, "245", "00$a{words 2-6} :$b{words 2-4}."},
	{NO_AUTHOR | FOREIGN_TITLE, 100, 1, 1, "245", "00$6880-01$a{foreign title}."},
	{0, 15, 1, 2, "246", "30$a{words 3-3}"},
	{0, 15, 1, 1, "250", "  $a{2-6}th edition."},
	{0, 100, 1, 1, "264", " 1$a{place} :$b{surname} Press,$c{year}."},
	{0, 100, 1, 1, "300", "  $a{80-799} pages :$billustrations ;$c{20-31} cm"},
	{0, 100, 1, 1, "336", "  $atext$btxt$2rdacontent"},
	{0, 100, 1, 1, "337", "  $aunmediated$bn$2rdamedia"},
	{0, 100, 1, 1, "338", "  $avolume$bnc$2rdacarrier"},
	{0, 20, 1, 1, "490", "1 $a{words 2-4} ;$v{1-120}"},
	{0, 100, 1, 1, "500", "  $a{words 3-6}."},
	{LARGE, 100, 10, 12, "500", "  $a{words 20-40}."},
	{0, 50, 1, 1, "504", "  $aIncludes bibliographical references and index."},
	{LARGE, 100, 4, 5, "505", "0 $a{words 100-160}."},
	{0, 15, 1, 1, "520", "  $a{words 8-24}."},
	{0, 100, 1, 2, "650", " 0$a{subject}."},
	{0, 75, 1, 2, "650", " 0$a{subject}$x{subdivision}."},
	{0, 20, 1, 2, "650", " 0$a{subject}$x{subdivision}$z{city}."},
	{0, 15, 1, 2, "651", " 0$a{city}$x{subdivision}."},
	{0, 20, 1, 1, "655", " 7$aHandbooks and manuals.$2lcgft"},
	{0, 30, 1, 3, "700", "1 $a{surname}, {forename},$d{1900-1989}-$eeditor."},
	{NO_AUTHOR, 100, 1, 1, "710", "2 $a{surname} Institute,$eissuing body."},
	{0, 15, 1, 1, "776", "08$iOnline version:$w(OCoLC){000000000-999999999}"},
	{0, 50, 1, 2, "856", "40$uhttps://books.example.org/{language}/{n}$zFull text"},
	{FOREIGN_TITLE, 100, 1, 1, "880", "10$6245-01$a{other script}."},
	{0, 45, 1, 2, "945", "  $a{1-999}$lmain$p{5-94}.{00-99}$y.i{00000000-99999999}"},
	{0, 40, 1, 1, "998", "  $a{000000-999999}$b{0-9}"},
};

struct draft {
	uint64_t rng, n;
	unsigned is; /* AUTHOR and so on */
	unsigned place, year;
	const char *forename, *surname; /* the author */
	char directory[12 * FIELDS_MAX];
	char body[BODY_MAX];
	size_t directory_len, body_len;
};

static void die(const char *what, const char *detail)
{
	fprintf(stderr, "generate: %s%s\n", what, detail);
	exit(1);
}

/* splitmix64 */
static uint64_t draw(struct draft *d)
{
	uint64_t z = d->rng += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static unsigned below(struct draft *d, size_t n)
{
	return (unsigned)(draw(d) % n);
}

static bool chance(struct draft *d, unsigned percent)
{
	return below(d, 100) < percent;
}

#define PICK(d, list) ((list)[below((d), ITEMS(list))])

static void put(struct draft *d, const char *text, size_t len)
{
	if (len > sizeof(d->body) - d->body_len)
		die("a record grew too long", "");
	memcpy(d->body + d->body_len, text, len);
	d->body_len += len;
}

static void put_text(struct draft *d, const char *text)
{
	put(d, text, strlen(text));
}

static void put_number(struct draft *d, int width, uint64_t number)
{
	char text[40];

	put(d, text, (size_t)snprintf(text, sizeof(text), "%0*llu", width, (unsigned long long)number));
}

static const char *surname(struct draft *d)
{
	return d->is & FOREIGN && chance(d, 60) ? PICK(d, foreign_surnames) : PICK(d, surnames);
}

/* Words as in prose: small ones between, the first letter large. The smaller of two draws makes some frequent, as words are. */
static void put_words(struct draft *d, unsigned count)
{
	size_t first = d->body_len;

	for (unsigned i = 0; i < count; i++) {
		unsigned a = below(d, ITEMS(title_words)), b = below(d, ITEMS(title_words));

		if (i > 0)
			put_text(d, " ");
		if (i > 0 && i + 1 < count && chance(d, 35)) {
			put_text(d, PICK(d, small_words));
			put_text(d, " ");
		}
		put_text(d, title_words[a < b ? a : b]);
	}
	d->body[first] = (char)(d->body[first] - 'a' + 'A');
}

static void put_person(struct draft *d, const char *first, const char *between, const char *second)
{
	put_text(d, first);
	put_text(d, between);
	put_text(d, second);
}

static bool put_from_list(struct draft *d, const char *name)
{
	for (size_t i = 0; i < ITEMS(lists); i++)
		if (strcmp(lists[i].name, name) == 0) {
			put_text(d, lists[i].words[below(d, lists[i].count)]);
			return true;
		}
	return false;
}

static bool put_own(struct draft *d, const char *name)
{
	if (strcmp(name, "n") == 0)
		put_number(d, 9, d->n);
	else if (strcmp(name, "year") == 0)
		put_number(d, 4, d->year);
	else if (strcmp(name, "place") == 0)
		put_text(d, places[d->place]);
	else if (strcmp(name, "country") == 0)
		put_text(d, countries[d->place]);
	else if (strcmp(name, "surname") == 0)
		put_text(d, surname(d));
	else if (strcmp(name, "author") == 0)
		put_person(d, d->surname, ", ", d->forename);
	else if (strcmp(name, "name") == 0)
		put_person(d, d->forename, " ", d->surname);
	else
		return false;
	return true;
}

/* "10-99" or "words 3-6" */
static bool put_range(struct draft *d, const char *text)
{
	bool prose = strncmp(text, "words ", 6) == 0;
	const char *number = prose ? text + 6 : text;
	char *dash, *end;
	uint64_t least = strtoull(number, &dash, 10), most;

	if (dash == number || *dash != '-')
		return false;
	most = strtoull(dash + 1, &end, 10);
	if (*end || most < least)
		return false;
	least += draw(d) % (most - least + 1);
	if (prose)
		put_words(d, (unsigned)least);
	else
		put_number(d, (int)(dash - number), least);
	return true;
}

static void put_template(struct draft *d, const char *text)
{
	char name[40];

	while (*text) {
		size_t len = strcspn(text, "${");

		put(d, text, len);
		text += len;
		if (*text == '$') {
			put(d, "\x1f", 1);
			text++;
		} else if (*text == '{') {
			len = strcspn(++text, "}");
			snprintf(name, sizeof(name), "%.*s", (int)len, text);
			if (!put_own(d, name) && !put_from_list(d, name) && !put_range(d, name))
				die("no such thing to draw: ", name);
			text += len + 1;
		}
	}
}

static void put_field(struct draft *d, const struct row *row)
{
	size_t start = d->body_len;
	char entry[48];

	put_template(d, row->template);
	put(d, "\x1e", 1);
	if (d->directory_len == sizeof(d->directory))
		die("a record got too many fields", "");
	snprintf(entry, sizeof(entry), "%.3s%04zu%05zu", row->tag, d->body_len - start, start);
	memcpy(d->directory + d->directory_len, entry, 12);
	d->directory_len += 12;
}

static void write_record(const struct draft *d)
{
	size_t base = 24 + d->directory_len + 1, length = base + d->body_len + 1;

	if (length > 99999)
		die("a record is longer than ISO 2709 can say", "");
	printf("%05zunam a22%05zu i 4500", length, base);
	fwrite(d->directory, 1, d->directory_len, stdout);
	putchar(0x1e);
	fwrite(d->body, 1, d->body_len, stdout);
	putchar(0x1d);
}

static void start_record(struct draft *d, uint64_t n, unsigned is)
{
	d->n = n;
	d->rng = n * 0xd1342543de82ef95u + is;
	d->directory_len = d->body_len = 0;
	d->is = is | (chance(d, 75) ? AUTHOR : NO_AUTHOR) | (chance(d, 12) ? FOREIGN : 0);
	d->is |= d->is & FOREIGN && chance(d, 50) ? FOREIGN_TITLE : PLAIN_TITLE;
	d->place = below(d, ITEMS(places));
	d->year = 1950 + below(d, 75);
	d->forename = PICK(d, forenames);
	d->surname = surname(d);
}

static void generate(struct draft *d, uint64_t n, unsigned is)
{
	start_record(d, n, is);
	for (size_t i = 0; i < ITEMS(rows); i++) {
		const struct row *row = &rows[i];

		if ((d->is & row->need) != row->need || !chance(d, row->percent))
			continue;
		for (unsigned times = row->least + below(d, row->most - row->least + 1); times > 0; times--)
			put_field(d, row);
	}
	write_record(d);
}

int main(int argc, char **argv)
{
	static struct draft draft;
	static char buffer[1 << 20];
	uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	bool large = argc == 3 && strcmp(argv[2], "large") == 0;

	if (count == 0 || (argc != 2 && !large))
		die("usage: generate COUNT [large] >FILE", "");
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	for (uint64_t n = 1; n <= count; n++)
		generate(&draft, n, large ? LARGE : 0);
	if (fflush(stdout) != 0 || ferror(stdout))
		die("writing failed", "");
	return 0;
}
