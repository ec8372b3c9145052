/* number.c: see number.h. Hexadecimal text of doubles is C's own (%a), which loses nothing. */
#include "agg/number.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/json.h"

/* i against d: 2^63 is a double, INT64_MAX is not. */
static int compare_int_double(int64_t i, double d)
{
	if (d >= 9223372036854775808.0)
		return -1;
	if (d < -9223372036854775808.0)
		return 1;
	int64_t whole = (int64_t)d; /* cuts towards zero */
	double rest = d - (double)whole;

	if (i != whole)
		return i < whole ? -1 : 1;
	return rest > 0 ? -1 : rest < 0;
}

int number_compare(const struct number *a, const struct number *b)
{
	if (a->is_int && b->is_int)
		return (a->i > b->i) - (a->i < b->i);
	if (a->is_int)
		return compare_int_double(a->i, b->d);
	if (b->is_int)
		return -compare_int_double(b->i, a->d);
	if (a->d == 0 && b->d == 0)
		return !signbit(a->d) - !signbit(b->d);
	return (a->d > b->d) - (a->d < b->d);
}

enum status number_write_json(const struct number *n, struct buf *out)
{
	return n->is_int ? buf_printf(out, "%" PRId64, n->i) : json_number(n->d, out);
}

enum status number_write(const struct number *n, struct buf *out)
{
	if (n->is_int)
		return buf_printf(out, "%" PRId64, n->i);
	return isnan(n->d) ? buf_add_str(out, "nan") : buf_printf(out, "%a", n->d);
}

bool number_read(struct number *n, const char *text)
{
	char *end;

	*n = (struct number){ 0 };
	errno = 0;
	n->is_int = text[strspn(text, "-0123456789")] == '\0';
	if (n->is_int)
		n->i = strtoll(text, &end, 10);
	else
		n->d = strtod(text, &end);
	return *text != '\0' && *end == '\0' && (errno == 0 || !n->is_int);
}
