/* clean.c: ISBD punctuation at the ends of a text.
 *
 * The full stop is the hard one: it ends a statement ("Tide pools.") or belongs to the word before it
 * ("Jr.", "N.Y."). It goes when that word has three letters or more and is not a known abbreviation,
 * when it is a number or a unit, or when a bracket or quotation mark stands before it. Words of other
 * scripts count letters, not bytes. */
#include "marc/clean.h"

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Bytes of the blank that p begins with, 0 when there is none; U+00A0 is one. */
static size_t blank_at(const uint8_t *p, size_t len)
{
	if (len > 0 && is_blank(p[0]))
		return 1;
	return len > 1 && p[0] == 0xC2 && p[1] == 0xA0 ? 2 : 0;
}

struct span clean_blanks(struct span t)
{
	size_t n;

	while ((n = blank_at(t.ptr, t.len)) > 0)
		t = span_of(t.ptr + n, t.len - n);
	while (t.len > 0 && ((n = blank_at(t.ptr + t.len - 1, 1)) > 0 ||
			     (t.len > 1 && (n = blank_at(t.ptr + t.len - 2, 2)) > 1)))
		t.len -= n;
	return t;
}

/* Bytes of letters; those above ASCII all count. */
static bool is_letter(uint8_t c)
{
	return c >= 0x80 || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static size_t letter_count(struct span word)
{
	size_t count = 0;

	for (size_t i = 0; i < word.len; i++)
		count += (word.ptr[i] & 0xC0) != 0x80; /* not a byte that continues a character of UTF-8 */
	return count;
}

static bool is_word(struct span word, const char *other)
{
	size_t len = strlen(other);

	if (word.len != len)
		return false;
	for (size_t i = 0; i < len; i++)
		if ((word.ptr[i] | 0x20) != (uint8_t)other[i])
			return false;
	return true;
}

static bool is_in(struct span word, const char *const *list)
{
	for (; *list; list++)
		if (is_word(word, *list))
			return true;
	return false;
}

/* Longer than two letters, and keep their full stop. */
static const char *const abbreviations[] = {
	"abt", "approx", "arr", "assoc", "aufl", "ausg", "bros", "cie", "comp", "corp", "dept", "diagr", "diagrs", "etc",
	"fig", "figs", "fol", "govt", "hrsg", "ill", "illus", "inc", "incl", "intl", "ltd", "natl", "pseud", "publ", "pts",
	"repr", "rev", "ser", "suppl", "univ", "verl", "vol", "vols", "zus", NULL,
};
/* Shorter than three, and never have one of their own (ISO symbols). */
static const char *const units[] = { "cm", "mm", NULL };

/* Is the full stop at the end of t the end of the statement? */
static bool ends_statement(struct span t)
{
	struct span word = span_of(t.ptr + t.len - 1, 0);

	while (word.ptr > t.ptr && is_letter(word.ptr[-1])) {
		word.ptr--;
		word.len++;
	}
	if (word.len == 0) {
		uint8_t before = t.len > 1 ? t.ptr[t.len - 2] : 0;

		return is_digit(before) || (before && strchr(")]\"'-?!", before));
	}
	if (word.ptr > t.ptr && word.ptr[-1] == '.')
		return false; /* N.Y. */
	return letter_count(word) > 2 ? !is_in(word, abbreviations) : is_in(word, units);
}

/* Punctuation at the end, at most one byte of it. */
static bool drop_last(struct span *t)
{
	uint8_t last = t->ptr[t->len - 1];
	bool apart = t->len == 1 || is_blank(t->ptr[t->len - 2]);

	/* C++, a=b: only where they stand apart are they ISBD's */
	if (strchr("/:;,", last) || (apart && strchr("=+", last)) || (last == '.' && (apart || ends_statement(*t)))) {
		t->len--;
		return true;
	}
	return false;
}

/* Punctuation that the area before has left at the start: "/ by", ": rest". */
static bool drop_first(struct span *t)
{
	if (t->len > 1 && strchr("/:;,=+", t->ptr[0]) && is_blank(t->ptr[1])) {
		*t = span_of(t->ptr + 1, t->len - 1);
		return true;
	}
	return false;
}

/* "[Oxford" and "1998]": a bracket that spans several subfields. */
static bool drop_bracket(struct span *t)
{
	if (t->ptr[0] == '[' && !memchr(t->ptr, ']', t->len)) {
		*t = span_of(t->ptr + 1, t->len - 1);
		return true;
	}
	if (t->ptr[t->len - 1] == ']' && !memchr(t->ptr, '[', t->len)) {
		t->len--;
		return true;
	}
	return false;
}

struct span clean_text(struct span text)
{
	struct span t = clean_blanks(text);

	while (t.len > 0 && t.ptr[t.len - 1] && t.ptr[0] && (drop_last(&t) || drop_first(&t) || drop_bracket(&t)))
		t = clean_blanks(t);
	return t;
}
