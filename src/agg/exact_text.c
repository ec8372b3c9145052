/* exact_text.c: an exact sum as text and back. Hexadecimal, since that needs no arithmetic: a limb is eight
 * digits. */
#include "agg/exact_sum.h"

#define MOST_BITS (32 * (EXACT_LIMBS - 4)) /* of what is read: sums of what is read still fit */

static enum status write_special(const struct exact_sum *s, struct buf *out)
{
	if (s->nan || (s->plus_inf && s->minus_inf))
		return buf_add_str(out, "nan");
	return buf_add_str(out, s->plus_inf ? "inf" : "-inf");
}

enum status exact_sum_write(const struct exact_sum *s, struct buf *out)
{
	uint32_t limb[EXACT_LIMBS];
	int low = 0, top = EXACT_LIMBS - 1;

	if (s->nan || s->plus_inf || s->minus_inf)
		return write_special(s, out);
	if (exact_sum_magnitude(s, limb))
		TRY(buf_add_byte(out, '-'));
	while (low < EXACT_UNITS_BIT / 32 && limb[low] == 0)
		low++;
	while (top > low && limb[top] == 0)
		top--;
	TRY(buf_printf(out, "0x%X", (unsigned)limb[top]));
	for (int i = top - 1; i >= low; i--)
		TRY(buf_printf(out, "%08X", (unsigned)limb[i]));
	return low < EXACT_UNITS_BIT / 32 ? buf_printf(out, "p-%d", EXACT_UNITS_BIT - 32 * low) : STATUS_OK;
}

static bool read_special(struct exact_sum *s, struct span text)
{
	if (span_eq(text, SPAN_LIT("nan")))
		s->nan = true;
	else if (span_eq(text, SPAN_LIT("inf")))
		s->plus_inf = true;
	else if (span_eq(text, SPAN_LIT("-inf")))
		s->minus_inf = true;
	else
		return false;
	return true;
}

static int digit_value(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What stands behind the digits: nothing, or p-N; the place of the last digit's bit, or -1. */
static int last_bit(struct span rest)
{
	int n = 0;

	if (rest.len == 0)
		return EXACT_UNITS_BIT;
	if (rest.len < 4 || rest.len > 6 || rest.ptr[0] != 'p' || rest.ptr[1] != '-')
		return -1;
	for (size_t i = 2; i < rest.len; i++) {
		if (rest.ptr[i] < '0' || rest.ptr[i] > '9')
			return -1;
		n = n * 10 + (rest.ptr[i] - '0');
	}
	return n % 32 == 0 && n <= EXACT_UNITS_BIT ? EXACT_UNITS_BIT - n : -1;
}

bool exact_sum_read(struct exact_sum *s, struct span text)
{
	bool negative = text.len > 0 && text.ptr[0] == '-';
	size_t from = (size_t)negative + 2, to = from;

	if (read_special(s, text))
		return true;
	if (text.len <= from || text.ptr[from - 2] != '0' || text.ptr[from - 1] != 'x')
		return false;
	while (to < text.len && digit_value(text.ptr[to]) >= 0)
		to++;
	int bit = last_bit(span_of(text.ptr + to, text.len - to));
	if (to == from || bit < 0 || (to - from) > (size_t)(MOST_BITS - bit) / 4)
		return false;
	for (; to > from; bit += 4)
		exact_sum_add_bits(s, (uint32_t)digit_value(text.ptr[--to]), (unsigned)bit, negative);
	return true;
}
