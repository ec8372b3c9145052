/* iso2709_write.c: from a record to the bytes of ISO 2709.
 *
 * What came in whole and unchanged leaves as it came. For all else lengths are summed first, room is
 * made once, and directory and data are written side by side:
 *
 *     leader 24 | entry 12 ... | FT | field FT ... | RT
 *
 * The limits of the format (four digits for a field, five for the record) end here: a record beyond them is
 * refused whole, with the field that is to blame. */
#include "marc/charset_flag.h"
#include "marc/iso2709_inner.h"

/* Two digits at a time in the halves of a word: 103/1024 is close enough to a tenth below 100. */
static inline uint8_t *put_4_digits(uint8_t *p, uint32_t value)
{
	uint32_t pairs = value / 100 | value % 100 << 16;
	uint32_t tens = pairs * 103 >> 10 & 0x000F000F;
	uint32_t word = (tens | (pairs - tens * 10) << 8) + 0x30303030;

	p[0] = (uint8_t)word;
	p[1] = (uint8_t)(word >> 8);
	p[2] = (uint8_t)(word >> 16);
	p[3] = (uint8_t)(word >> 24);
	return p + 4;
}

static inline uint8_t *put_5_digits(uint8_t *p, uint32_t value)
{
	*p = (uint8_t)('0' + value / 10000);
	return put_4_digits(p + 1, value % 10000);
}

/* Bytes 1D, 1E and 1F shape the file; in a tag they would break it. */
static bool tag_breaks(uint32_t tag)
{
	for (int shift = 0; shift < 24; shift += 8)
		if ((tag >> shift & 0xFF) - MARC_RT <= MARC_US - MARC_RT)
			return true;
	return false;
}

static enum status refuse(struct fault *why, uint32_t tag, size_t found, uint32_t expected)
{
	*why = (struct fault){ .code = FAULT_UNWRITABLE, .tag = tag, .offset = FAULT_NO_POSITION,
			       .expected = expected };
	why->found = found > UINT32_MAX ? UINT32_MAX : (uint32_t)found;
	return STATUS_INVALID;
}

/* Length of the whole record, or why it has none. */
static enum status measure(const struct record *r, size_t *len, struct fault *why)
{
	*len = LEADER_LEN + 2 + (size_t)r->count * (DIRECTORY_ENTRY_LEN + 1);
	for (uint32_t i = 0; i < r->count; i++) {
		const struct field *f = &r->field[i];

		if (f->len >= ISO2709_MAX_FIELD)
			return refuse(why, f->tag, (size_t)f->len + 1, ISO2709_MAX_FIELD);
		if (tag_breaks(f->tag))
			return refuse(why, f->tag, f->tag, 0);
		*len += f->len;
	}
	return *len > ISO2709_MAX_RECORD ? refuse(why, 0, *len, ISO2709_MAX_RECORD) : STATUS_OK;
}

/* MARC 21 Leader: 0-4 record length, 10-11 and 20-23 constants, 12-16 base address of data. */
static void put_leader(uint8_t *p, const struct record *r, uint32_t len, uint32_t base)
{
	memcpy(p, r->leader, LEADER_LEN);
	put_5_digits(p, len);
	memcpy(p + 10, "22", 2);
	put_5_digits(p + 12, base);
	memcpy(p + 20, "4500", 4);
}

static uint8_t *put_entry(uint8_t *p, uint32_t tag, uint32_t len, uint32_t start)
{
	p[0] = (uint8_t)(tag >> 16);
	p[1] = (uint8_t)(tag >> 8);
	p[2] = (uint8_t)tag;
	p = put_4_digits(p + 3, len);
	return put_5_digits(p, start);
}

/* All of it into p, which has len bytes of room. */
static void put_record(uint8_t *p, const struct record *r, uint32_t len)
{
	uint32_t base = LEADER_LEN + 1 + r->count * DIRECTORY_ENTRY_LEN;
	uint8_t *entry = p + LEADER_LEN, *data = p + base;

	put_leader(p, r, len, base);
	for (uint32_t i = 0; i < r->count; i++) {
		const struct field *f = &r->field[i];

		entry = put_entry(entry, f->tag, f->len + 1, (uint32_t)(data - p) - base);
		if (f->len > 0)
			memcpy(data, f->ptr, f->len);
		data += f->len;
		*data++ = MARC_FT;
	}
	*entry = MARC_FT;
	*data = MARC_RT;
}

enum status iso2709_write(const struct record *r, struct buf *out, struct fault *why)
{
	enum charset_verdict charset = CHARSET_AS_FLAGGED;
	size_t len;

	if ((r->flags & (RECORD_VERBATIM | RECORD_DRAFT)) == RECORD_VERBATIM)
		return buf_add_span(out, r->raw);
	if (r->flags & RECORD_DRAFT)
		charset = charset_of_draft(r);
	if (charset == CHARSET_MIXED) {
		*why = (struct fault){ .code = FAULT_MIXED_CHARSETS, .offset = FAULT_NO_POSITION };
		return STATUS_INVALID;
	}
	TRY(measure(r, &len, why));
	TRY(buf_reserve(out, len));
	put_record(out->ptr + out->len, r, (uint32_t)len);
	if (charset == CHARSET_UTF8)
		out->ptr[out->len + 9] = 'a';
	out->len += len;
	return STATUS_OK;
}
