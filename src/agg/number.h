/* number.h: an integer or a double, as Lua has them, compared exactly. Layer agg; pure. */
#ifndef MRRC_AGG_NUMBER_H
#define MRRC_AGG_NUMBER_H

#include "base/buf.h"

struct number {
	bool is_int;
	int64_t i;
	double d;
};

/* -1, 0, 1; -0.0 is less than 0.0; NaN equals everything. */
int number_compare(const struct number *a, const struct number *b);
/* For JSON: NaN and infinities are null. */
enum status number_write_json(const struct number *n, struct buf *out) MUST_CHECK;
/* Text that number_read makes the same number of: "5", "0x1.8p+3", "nan", "-inf". */
enum status number_write(const struct number *n, struct buf *out) MUST_CHECK;
bool number_read(struct number *n, const char *text) MUST_CHECK;

#endif
