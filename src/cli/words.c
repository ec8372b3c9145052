/* words.c: numbers, sizes and near misses. */
#include "cli/words.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool digits(const char *text, const char **end, uint64_t *out)
{
	unsigned long long n;
	char *stop;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	n = strtoull(text, &stop, 10);
	if (errno)
		return false;
	*end = stop;
	*out = n;
	return true;
}

bool words_number(const char *text, uint64_t least, uint64_t most, uint64_t *out)
{
	const char *end;
	uint64_t n;

	if (!digits(text, &end, &n) || *end || n < least || n > most)
		return false;
	*out = n;
	return true;
}

static unsigned shift_of(char suffix)
{
	switch (suffix) {
	case 'k': case 'K': return 10;
	case 'm': case 'M': return 20;
	case 'g': case 'G': return 30;
	default: return 0;
	}
}

bool words_size(const char *text, uint64_t least, uint64_t most, uint64_t *out)
{
	const char *end;
	uint64_t n;
	unsigned shift;

	if (!digits(text, &end, &n))
		return false;
	shift = shift_of(*end);
	end += shift != 0;
	end += *end == 'B' || *end == 'b';
	if (*end || n > UINT64_MAX >> shift || n << shift < least || n << shift > most)
		return false;
	*out = n << shift;
	return true;
}

static size_t least_of(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

size_t words_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t row[65];

	a_len = a_len > 64 ? 64 : a_len;
	b_len = b_len > 64 ? 64 : b_len;
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t above = row[j];

			row[j] = least_of(above + 1, row[j - 1] + 1, corner + (a[i - 1] != b[j - 1]));
			corner = above;
		}
	}
	return row[b_len];
}

bool words_end_in(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len > end_len && strcmp(text + len - end_len, end) == 0;
}
