/* reader_number.c: ISBN, ISSN and LCCN as they are compared.
 *
 * Catalogues write what surrounds a number into the same subfield ("0-13-110362-8 (pbk.)", "ISSN
 * 0028-0836"), so the number is what begins the text, with hyphens, and with blanks when it is none
 * without them. */
#include "marc/reader.h"

#define ISBN_MOST 13

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char upper(char c)
{
	return c == 'x' ? 'X' : c;
}

/* Blanks, a label of letters ("ISBN", "issn:") and what separates it. */
static struct span skip_label(struct span t)
{
	while (t.len > 0 && !is_digit((char)t.ptr[0]) && t.ptr[0] < 0x80 && t.ptr[0] != '(')
		t = span_of(t.ptr + 1, t.len - 1);
	return t;
}

/* Digits and X at the start of t, hyphens (and blanks) left out; SIZE_MAX when there are more than `most`. */
static size_t take_number(struct span t, bool blanks, char *out, size_t most)
{
	size_t count = 0;

	for (size_t i = 0; i < t.len; i++) {
		char c = upper((char)t.ptr[i]);

		if (c == '-' || (blanks && c == ' '))
			continue;
		if (!is_digit(c) && c != 'X')
			break;
		if (count == most)
			return SIZE_MAX;
		out[count++] = c;
	}
	return count;
}

/* Only the last character of these may be X, for ten. */
static bool are_digits(const char *t, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!is_digit(t[i]))
			return false;
	return true;
}

/* Sum with weights top, top - 1, … 1; X is ten. Numbers with a check character give a multiple of 11. */
static unsigned sum_eleven(const char *t, unsigned top)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < top; i++)
		sum += (top - i) * (t[i] == 'X' ? 10 : (unsigned)(t[i] - '0'));
	return sum;
}

/* ISO 2108: weights 1 and 3 in turn over twelve digits. */
static char check_digit13(const char *t)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < 12; i++)
		sum += (unsigned)(t[i] - '0') * (i % 2 ? 3 : 1);
	return (char)('0' + (10 - sum % 10) % 10);
}

static bool is_isbn13(const char *t)
{
	bool book = memcmp(t, "978", 3) == 0 || (memcmp(t, "979", 3) == 0 && t[3] != '0'); /* 979-0: music, ISO 10957 */

	return are_digits(t, 13) && book && t[12] == check_digit13(t);
}

static bool is_isbn10(const char *t)
{
	return are_digits(t, 9) && sum_eleven(t, 10) % 11 == 0;
}

static bool take_isbn(struct span t, bool blanks, char out[14])
{
	char digits[ISBN_MOST];
	size_t count = take_number(t, blanks, digits, ISBN_MOST);

	if (count == 13 && is_isbn13(digits)) {
		memcpy(out, digits, 13);
	} else if (count == 10 && is_isbn10(digits)) {
		memcpy(out, "978", 3);
		memcpy(out + 3, digits, 9);
		out[12] = check_digit13(out);
	} else {
		return false;
	}
	out[13] = '\0';
	return true;
}

size_t reader_isbn13(struct span text, char out[14])
{
	struct span t = skip_label(text);

	return take_isbn(t, false, out) || take_isbn(t, true, out) ? 13 : 0;
}

size_t reader_issn(struct span text, char out[10])
{
	struct span t = skip_label(text);
	char digits[8];

	/* ISO 3297 */
	if (take_number(t, false, digits, 8) != 8 || !are_digits(digits, 7) || sum_eleven(digits, 8) % 11 != 0)
		return 0;
	memcpy(out, digits, 4);
	out[4] = '-';
	memcpy(out + 5, digits + 4, 4);
	out[9] = '\0';
	return 9;
}

/* LCCN Namespace: drop blanks, drop a slash and all behind it, fill the serial number behind a hyphen up
 * to six digits. */
size_t reader_lccn(struct span text, char *out, size_t room)
{
	size_t len = 0, hyphen = SIZE_MAX;

	for (size_t i = 0; i < text.len && text.ptr[i] != '/'; i++) {
		char c = (char)text.ptr[i];

		if (c == ' ')
			continue;
		if (c == '-' && hyphen == SIZE_MAX) {
			hyphen = len;
			continue;
		}
		if (len + 1 >= room)
			return 0;
		out[len++] = c;
	}
	if (hyphen != SIZE_MAX) {
		size_t serial = len - hyphen;

		if (serial == 0 || serial > 6 || !are_digits(out + hyphen, serial) || hyphen + 7 > room)
			return 0;
		memmove(out + hyphen + 6 - serial, out + hyphen, serial);
		memset(out + hyphen, '0', 6 - serial);
		len = hyphen + 6;
	}
	out[len] = '\0';
	return len;
}
