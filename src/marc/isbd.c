/* isbd.c: which marks at the end of an element are the rules' and which are the author's.
 *
 * The marks between elements are never the author's in practice. A full stop is either, and no rule
 * tells which: it goes, except behind initials and the abbreviations of a list, which is English,
 * German and French. */
#include "marc/isbd.h"

#include <strings.h>

static bool is_mark(uint8_t c)
{
	return c == '/' || c == ':' || c == ';' || c == ',' || c == '=';
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Blanks and marks at the end; U+00A0 is a blank too. */
static size_t without_end(const uint8_t *p, size_t len)
{
	for (;;) {
		if (len > 0 && (is_blank(p[len - 1]) || is_mark(p[len - 1])))
			len--;
		else if (len > 1 && p[len - 2] == 0xC2 && p[len - 1] == 0xA0)
			len -= 2;
		else
			return len;
	}
}

static size_t marks_in_front(struct span s)
{
	size_t n = 0;

	for (;;) {
		if (n < s.len && (is_blank(s.ptr[n]) || is_mark(s.ptr[n])))
			n++;
		else if (n + 1 < s.len && s.ptr[n] == 0xC2 && s.ptr[n + 1] == 0xA0)
			n += 2;
		else
			return n;
	}
}

static bool is_listed(struct span word)
{
	static const char *const words[] = {
		"bros", "ca",	"cf", "cie", "co",   "corp", "dept", "dr", "ed",  "esq",  "etc",  "geb",
		"ges",	"gmbh", "hrsg", "inc", "jr", "ltd",  "mr",   "mrs", "ms", "no",	  "nr",	  "phil",
		"prof", "rev",	"sr", "st",  "ste",  "univ", "usw",  "verb", "verl", "vol", "vs",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t len = strlen(words[i]);

		if (len == word.len && strncasecmp((const char *)word.ptr, words[i], len) == 0)
			return true;
	}
	return false;
}

/* Does the full stop at p[len - 1] belong to the word in front of it? */
static bool stop_belongs(const uint8_t *p, size_t len)
{
	size_t end = len - 1, from = end, letters = 0;

	while (from > 0 && !is_blank(p[from - 1]) && !memchr(".(-", p[from - 1], 3))
		from--;
	if (from > 0 && p[from - 1] == '.') /* "..." and "N.Y." but not "1st.ed." */
		return end - from <= 2;
	for (size_t i = from; i < end; i++)
		letters += (p[i] & 0xC0) != 0x80;
	if (letters == 1)
		return !(p[from] >= '0' && p[from] <= '9');
	return is_listed(span_of(p + from, end - from));
}

struct span isbd_trim(struct span text)
{
	size_t front = marks_in_front(text), len;

	text = span_of(text.ptr + front, text.len - front);
	len = without_end(text.ptr, text.len);
	if (len > 1 && text.ptr[len - 1] == '.' && !stop_belongs(text.ptr, len))
		len = without_end(text.ptr, len - 1);
	return span_of(text.ptr, len);
}
