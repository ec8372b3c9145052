/* identifier.c: reading and checking the numbers that libraries go by.
 *
 * The standard numbers share one reader, read_digits, which takes the first word when that is a whole
 * number and otherwise also the words behind it ("0 19 852663 6"): a qualifier such as "2nd ed." must
 * not become digits. LCCNs have no check digit, so their form is all
 * that can be judged. */
#include "marc/identifier.h"

#include <strings.h>

const char *identifier_fault_text(enum identifier_fault fault)
{
	static const char *const texts[] = {
		[IDENTIFIER_OK] = "valid",
		[IDENTIFIER_NONE] = "no number",
		[IDENTIFIER_LENGTH] = "wrong length",
		[IDENTIFIER_CHECK] = "wrong check digit",
		[IDENTIFIER_PREFIX] = "wrong prefix",
		[IDENTIFIER_FORM] = "wrong form",
	};

	return texts[fault];
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static struct span behind(struct span s, size_t n)
{
	return span_of(s.ptr + n, s.len - n);
}

/* Length of the hyphen or dash at the start (U+002D, U+2010 to U+2015, U+2212), 0 when there is none. */
static size_t dash_len(struct span s)
{
	if (s.len > 0 && s.ptr[0] == '-')
		return 1;
	if (s.len < 3 || s.ptr[0] != 0xE2)
		return 0;
	if (s.ptr[1] == 0x80 && s.ptr[2] >= 0x90 && s.ptr[2] <= 0x95)
		return 3;
	return s.ptr[1] == 0x88 && s.ptr[2] == 0x92 ? 3 : 0;
}

static struct span skip_blanks(struct span s)
{
	while (s.len > 0 && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
		s = behind(s, 1);
	return s;
}

/* "ISBN", "isbn-13:", "ISSN " in front are labels; "ISBN 13: " is not told from a number that begins
 * with 13. */
static struct span skip_label(struct span s, const char *label)
{
	s = skip_blanks(s);
	if (s.len < 4 || strncasecmp((const char *)s.ptr, label, 4) != 0)
		return s;
	s = behind(s, 4);
	if (s.len > 3 && s.ptr[0] == '-' && s.ptr[1] == '1' && (s.ptr[2] == '0' || s.ptr[2] == '3') &&
	    (s.ptr[3] == ':' || s.ptr[3] == ' '))
		s = behind(s, 3);
	if (s.len > 0 && s.ptr[0] == ':')
		s = behind(s, 1);
	return skip_blanks(s);
}

#define MOST_DIGITS 14 /* one more than any number has: enough to know that it is too long */

struct digits {
	char text[MOST_DIGITS + 1];
	size_t count;
};

/* Digits and dashes, and an X as the last one of `x_at` places; returns what is behind. */
static struct span read_word(struct span s, size_t x_at, struct digits *d)
{
	while (s.len > 0 && d->count < MOST_DIGITS) {
		bool x = (s.ptr[0] == 'X' || s.ptr[0] == 'x') && d->count == x_at - 1;
		size_t dash = d->count > 0 ? dash_len(s) : 0;

		if (x || is_digit(s.ptr[0]))
			d->text[d->count++] = x ? 'X' : (char)s.ptr[0];
		else if (!dash)
			break;
		s = behind(s, dash ? dash : 1);
	}
	return s;
}

static bool is_length(size_t count, size_t a, size_t b)
{
	return count == a || count == b;
}

/* The number at the start, of `a` or `b` digits, by words as the top of the file says. */
static struct span read_digits(struct span s, size_t x_at, size_t a, size_t b, struct digits *d)
{
	d->count = 0;
	s = read_word(s, x_at, d);
	while (!is_length(d->count, a, b) && d->count > 0 && d->count < MOST_DIGITS) {
		struct span next = skip_blanks(s);
		bool check = d->count == x_at - 1; /* an X may stand here */

		if (next.len == s.len || next.len == 0)
			break;
		if (!is_digit(next.ptr[0]) && !(check && (next.ptr[0] | 0x20) == 'x'))
			break;
		s = read_word(next, x_at, d);
	}
	d->text[d->count] = '\0';
	return s;
}

/* Weights from `first` down to 1, modulus 11, X is ten: ISBN-10 and ISSN. */
static bool eleven_ok(const char *text, unsigned first)
{
	unsigned sum = 0;

	for (unsigned weight = first; weight > 0; weight--, text++)
		sum += weight * (*text == 'X' ? 10u : (unsigned)(*text - '0'));
	return sum % 11 == 0;
}

/* Weights 1 and 3 in turn, modulus 10; of the first twelve digits. */
static char ean_check(const char *text)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < 12; i++)
		sum += (unsigned)(text[i] - '0') * (i % 2 ? 3u : 1u);
	return (char)('0' + (10 - sum % 10) % 10);
}

static char eleven_check(const char *text, unsigned count)
{
	unsigned sum = 0, check;

	for (unsigned i = 0; i < count; i++)
		sum += (count + 1 - i) * (unsigned)(text[i] - '0');
	check = (11 - sum % 11) % 11;
	return check == 10 ? 'X' : (char)('0' + check);
}

static enum identifier_fault length_fault(const struct digits *d)
{
	return d->count == 0 ? IDENTIFIER_NONE : IDENTIFIER_LENGTH;
}

enum identifier_fault identifier_isbn(struct span text, char number[14], struct span *rest)
{
	struct digits d;
	struct span after = read_digits(skip_label(text, "ISBN"), 10, 10, 13, &d);

	if (!is_length(d.count, 10, 13) || (d.count == 13 && d.text[9] == 'X'))
		return length_fault(&d);
	if (d.count == 10) {
		if (!eleven_ok(d.text, 10))
			return IDENTIFIER_CHECK;
		memcpy(number, "978", 3);
		memcpy(number + 3, d.text, 9);
	} else {
		if (memcmp(d.text, "978", 3) != 0 && (memcmp(d.text, "979", 3) != 0 || d.text[3] == '0'))
			return IDENTIFIER_PREFIX;
		if (d.text[12] != ean_check(d.text))
			return IDENTIFIER_CHECK;
		memcpy(number, d.text, 12);
	}
	number[12] = ean_check(number);
	number[13] = '\0';
	*rest = after;
	return IDENTIFIER_OK;
}

size_t identifier_isbn13(struct span text, char out[14])
{
	struct span rest;

	return identifier_isbn(text, out, &rest) == IDENTIFIER_OK ? 13 : 0;
}

bool identifier_isbn10(const char number[14], char out[11])
{
	if (memcmp(number, "978", 3) != 0)
		return false;
	memcpy(out, number + 3, 9);
	out[9] = eleven_check(out, 9);
	out[10] = '\0';
	return true;
}

enum identifier_fault identifier_issn(struct span text, char number[10], struct span *rest)
{
	struct digits d;
	struct span after = read_digits(skip_label(text, "ISSN"), 8, 8, 8, &d);

	if (d.count != 8)
		return length_fault(&d);
	if (!eleven_ok(d.text, 8))
		return IDENTIFIER_CHECK;
	memcpy(number, d.text, 4);
	number[4] = '-';
	memcpy(number + 5, d.text + 4, 5);
	*rest = after;
	return IDENTIFIER_OK;
}

/* ---- LCCN ---- */

#define LCCN_SERIAL 6 /* digits behind the hyphen, once filled with zeros */

/* Append c unless it is the twelfth and last that an LCCN has. */
static bool lccn_add(char number[13], size_t *len, uint8_t c)
{
	if (*len >= 12)
		return false;
	number[(*len)++] = (char)c;
	return true;
}

/* Steps 1 to 3 of the normalisation: no blanks, nothing from a slash on, the serial number filled to
 * six digits. */
static enum identifier_fault lccn_strip(struct span text, char number[13], size_t *len)
{
	char serial[LCCN_SERIAL];
	size_t count = 0;
	bool hyphen = false;

	for (size_t i = 0; i < text.len && text.ptr[i] != '/'; i++) {
		uint8_t c = text.ptr[i];

		if (c == ' ')
			continue;
		if (c == '-' && !hyphen) {
			hyphen = true;
		} else if (!hyphen) {
			if (!lccn_add(number, len, c))
				return IDENTIFIER_LENGTH;
		} else {
			if (!is_digit(c))
				return IDENTIFIER_FORM;
			if (count == LCCN_SERIAL)
				return IDENTIFIER_LENGTH;
			serial[count++] = (char)c;
		}
	}
	if (hyphen && count == 0)
		return IDENTIFIER_FORM;
	for (size_t i = count; hyphen && i < LCCN_SERIAL; i++)
		if (!lccn_add(number, len, '0'))
			return IDENTIFIER_LENGTH;
	for (size_t i = 0; i < count; i++)
		if (!lccn_add(number, len, (uint8_t)serial[i]))
			return IDENTIFIER_LENGTH;
	return *len == 0 ? IDENTIFIER_NONE : IDENTIFIER_OK;
}

/* Eight digits at the end; in front of them, by length: nothing, a letter, two letters or digits, a
 * letter and two letters or digits, two letters and two digits. Letters are lower case. */
static bool lccn_form_ok(const char *number, size_t len)
{
	static const char *const forms[] = { "", "a", "aa|00", "aaa|a00", "aa00" };
	size_t front = len - 8;

	for (size_t i = front; i < len; i++)
		if (!is_digit((uint8_t)number[i]))
			return false;
	for (const char *form = forms[front];; form += front + 1) {
		size_t i = 0;

		while (i < front && (form[i] == '0' ? is_digit((uint8_t)number[i]) :
						      is_letter((uint8_t)number[i]) && number[i] >= 'a'))
			i++;
		if (i == front)
			return true;
		if (form[front] != '|')
			return false;
	}
}

enum identifier_fault identifier_lccn(struct span text, char number[13])
{
	size_t len = 0;
	enum identifier_fault fault = lccn_strip(text, number, &len);

	if (fault != IDENTIFIER_OK)
		return fault;
	if (len < 8)
		return IDENTIFIER_LENGTH;
	number[len] = '\0';
	return lccn_form_ok(number, len) ? IDENTIFIER_OK : IDENTIFIER_FORM;
}
