/* iso2709_read.c: from the bytes of one frame to a record: the fast road.
 *
 * Nearly all records are in order, so this file only asks whether everything is; it names no fault.
 * One pass over the directory reads tag, length and start of an entry by words and looks at both ends
 * of its field; one pass over the data, sixteen bytes at a time, looks for what a field cannot hold. Any
 * doubt sends the record to iso2709_repair.c, which finds out what it is; doubts about good records
 * cost time and nothing else. Oddities are or-ed into masks and asked for once, at the end. */
#include "base/utf8.h"
#include "marc/iso2709_inner.h"

#define BYTES8(b) (UINT64_C(0x0101010101010101) * (b))
#define TOP8 BYTES8(0x80)

/* Compilers make one load of these. */
static inline uint32_t load32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t load64(const uint8_t *p)
{
	return (uint64_t)load32(p) | (uint64_t)load32(p + 4) << 32;
}

/* Not zero when some byte of the word is no ASCII digit. The lowest such byte meets no carry. */
static inline uint64_t not_digits(uint64_t word)
{
	return ((word + BYTES8(0x80 - ':')) | (word - BYTES8('0'))) & TOP8;
}

/* Not zero when some byte of the word lies outside of 0x20-0x7E. */
static inline uint64_t not_printable(uint64_t word)
{
	return ((word + BYTES8(0x01)) | (word - BYTES8(0x20))) & TOP8;
}

static inline bool is_alnum(uint32_t c)
{
	return c - '0' < 10 || (c | 0x20) - 'a' < 26;
}

static bool tag_is_odd(uint32_t word)
{
	return !is_alnum(word & 0xFF) || !is_alnum(word >> 8 & 0xFF) || !is_alnum(word >> 16 & 0xFF);
}

/* Five digits; *odd collects what is none. */
static inline uint32_t five_digits(const uint8_t *p, uint64_t *odd)
{
	uint32_t value = 0;

	*odd |= not_digits((uint64_t)load32(p) | (uint64_t)p[4] << 32 | (uint64_t)0x303030 << 40);
	for (int i = 0; i < 5; i++)
		value = value * 10 + (uint32_t)(p[i] - '0');
	return value;
}

/* Leader in order and in accord with n bytes of record: its base address, else 0. MARC 21 Leader: 0-4 length,
 * 9 character coding, 10-11 and 20-23 constants, 12-16 base address. */
static uint32_t clean_base(const uint8_t *p, size_t n)
{
	uint64_t odd = not_printable(load64(p)) | not_printable(load64(p + 8)) |
		       not_printable(load64(p + 16));
	uint32_t len = five_digits(p, &odd), base = five_digits(p + 12, &odd);

	odd |= (load64(p + 8) >> 16 & 0xFFFF) ^ ('2' | '2' << 8);
	odd |= load32(p + 20) ^ load32((const uint8_t *)"4500");
	odd |= (uint64_t)(p[9] != 'a' && p[9] != ' ');
	if (odd || len != n || base <= LEADER_LEN + 1 || base >= n)
		return 0;
	return (base - LEADER_LEN - 1) % DIRECTORY_ENTRY_LEN == 0 && p[base - 1] == MARC_FT ? base : 0;
}

/* One directory entry: tag 0-2, length 3-6, start 7-11. */
static inline uint64_t read_entry(const uint8_t *p, uint32_t *tag, uint32_t *len, uint32_t *start)
{
	uint64_t word = load64(p + 3), odd = not_digits(word);
	uint32_t head = load32(p), last = p[11];

	*tag = __builtin_bswap32(head << 8) & 0xFFFFFF;
	odd |= (uint64_t)(last - '0' > 9);
	if (not_digits((head & 0xFFFFFF) | BYTES8('0') << 24))
		odd |= tag_is_odd(head);
	word -= BYTES8('0');
	word = (word * 10 + (word >> 8)) & UINT64_C(0x00FF00FF00FF00FF);
	word = word * 100 + (word >> 16);
	*len = (uint32_t)(word & 0xFFFF);
	*start = (uint32_t)(word >> 32 & 0xFFFF) * 10 + (last - '0');
	return odd;
}

/* What stands at the head of a data field of at least four bytes: two printable bytes and a delimiter. */
static inline uint64_t data_head_odd(const uint8_t *p)
{
	uint32_t head = load32(p);

	return not_printable((head & 0xFFFF) | BYTES8(0x20) << 16) | ((head >> 16 & 0xFF) ^ MARC_US);
}

/* Control fields of one record, as the directory pass meets them. */
struct control_run {
	uint32_t end; /* the fields before any data field end here */
	uint32_t ids; /* fields 001 */
};

static inline bool control_odd(struct control_run *run, const uint8_t *data, uint32_t tag, uint32_t from,
			       uint32_t end)
{
	run->ids += tag == MARC_TAG('0', '0', '1');
	if (from == run->end)
		run->end = end;
	else if (memchr(data + from, MARC_US, end - from))
		return true;
	return tag == MARC_TAG('0', '0', '0');
}

/* Fill count fields from the directory at `dir`; false when something is not as it should be. */
static bool clean_fields(const uint8_t *dir, const uint8_t *data, uint32_t data_len, uint32_t count,
			 struct field *field)
{
	struct control_run run = { 0, 0 };
	uint32_t from = 0;
	uint64_t odd = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t tag, len, start, end;

		odd |= read_entry(dir + (size_t)i * DIRECTORY_ENTRY_LEN, &tag, &len, &start);
		end = from + len;
		if (start != from || end > data_len || len == 0)
			return false;
		odd |= data[end - 1] ^ MARC_FT;
		if (tag_is_control(tag))
			odd |= control_odd(&run, data, tag, from, end);
		else
			odd |= len < 4 ? 1 : data_head_odd(data + from);
		field[i] = (struct field){ .ptr = data + from, .len = len - 1, .tag = tag & 0xFFFFFF,
					   .flags = tag_is_control(tag) ? FIELD_CONTROL : 0 };
		from = end;
	}
	return !odd && from == data_len && run.ids <= 1 && !memchr(data, MARC_US, run.end);
}

/* ---- the data area, sixteen bytes at a time ---- */

typedef uint8_t vec __attribute__((vector_size(16)));

#define VEC_LEN 16u
#define SPLAT(b) ((vec){ b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b })

struct survey {
	vec high; /* or of all bytes */
	vec odd;  /* not zero where a field cannot have this */
	vec ends; /* field terminators, counted per lane */
};

static inline vec load_vec(const uint8_t *p)
{
	vec v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* Look at p[0..16); p[16] and p[17] are read too. `escape` is the one control character that may stand in
 * text: ESC in MARC-8, in UTF-8 none, which is said by repeating the delimiter. A delimiter must be followed
 * by a code (printable, no blank) and at least one byte of value. */
static inline void survey_step(struct survey *s, const uint8_t *p, vec escape)
{
	vec here = load_vec(p), code = load_vec(p + 1), value = load_vec(p + 2);
	vec delimiter = (vec)(here == SPLAT(MARC_US)), end = (vec)(here == SPLAT(MARC_FT));
	vec control = (vec)(here < SPLAT(0x20)) | (vec)(here == SPLAT(0x7F));
	vec bad_code = (vec)(code - SPLAT(0x21) > SPLAT(0x7E - 0x21));
	vec no_value = (vec)((value | SPLAT(1)) == SPLAT(MARC_US));

	s->high |= here;
	s->ends -= end;
	s->odd |= control & ~(delimiter | end | (vec)(here == escape));
	s->odd |= delimiter & (bad_code | no_value);
}

static inline bool any_bit(vec v, uint64_t mask)
{
	uint64_t half[2];

	memcpy(half, &v, sizeof(half));
	return (half[0] | half[1]) & mask;
}

static inline uint32_t lane_sum(vec v)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < VEC_LEN; i++)
		sum += v[i];
	return sum;
}

/* Look over the data area; true when it holds `count` field terminators and nothing odd. A lane counts to
 * 255, so terminators are summed up before that many steps. */
static bool clean_data(const uint8_t *p, size_t n, bool marc8, uint32_t count, bool *high)
{
	vec escape = marc8 ? SPLAT(0x1B) : SPLAT(MARC_US);
	struct survey s = { .ends = SPLAT(0) };
	uint8_t tail[2 * VEC_LEN + 2];
	uint32_t ends = 0;

	while (n >= VEC_LEN + 2) {
		size_t steps = (n - 2) / VEC_LEN;

		if (steps > 127)
			steps = 127;
		for (size_t i = 0; i < steps; i++)
			survey_step(&s, p + i * VEC_LEN, escape);
		p += steps * VEC_LEN;
		n -= steps * VEC_LEN;
		ends += lane_sum(s.ends);
		s.ends = SPLAT(0);
	}
	memset(tail, ' ', sizeof(tail));
	memcpy(tail, p, n);
	survey_step(&s, tail, escape);
	survey_step(&s, tail + VEC_LEN, escape);
	*high = any_bit(s.high, TOP8);
	return ends + lane_sum(s.ends) == count && !any_bit(s.odd, UINT64_MAX);
}

/* True when the record is in order, and then *out is filled; false leaves the rest to the slow road. */
static bool read_clean(struct span raw, uint32_t base, struct field *field, struct record *out)
{
	const uint8_t *data = raw.ptr + base;
	uint32_t count = (base - LEADER_LEN - 1) / DIRECTORY_ENTRY_LEN;
	uint32_t data_len = (uint32_t)raw.len - base - 1;
	bool utf8 = raw.ptr[9] == 'a', high;

	if (!clean_fields(raw.ptr + LEADER_LEN, data, data_len, count, field))
		return false;
	if (!clean_data(data, data_len, !utf8, count, &high))
		return false;
	if (utf8 && high && utf8_valid_prefix(span_of(data, data_len)) < data_len)
		return false;
	memcpy(out->leader, raw.ptr, LEADER_LEN);
	out->count = count;
	out->field = field;
	out->raw = raw;
	out->flags = RECORD_VERBATIM | (high ? RECORD_HIGH : 0u) | (utf8 ? RECORD_UTF8 : 0u);
	out->fault_count = 0;
	out->fault = NULL;
	return true;
}

enum status iso2709_read(struct span raw, enum fault_code framing, enum recovery recovery,
			 struct arena *arena, struct record *out)
{
	uint32_t base = 0;

	if (framing == FAULT_NONE && raw.len > LEADER_LEN + 1 && raw.len <= ISO2709_MAX_RECORD &&
	    raw.ptr[raw.len - 1] == MARC_RT)
		base = clean_base(raw.ptr, raw.len);
	if (base > LEADER_LEN + 1) {
		size_t count = (base - LEADER_LEN - 1) / DIRECTORY_ENTRY_LEN;
		struct field *field = arena_alloc(arena, count * sizeof(*field));

		if (!field)
			return STATUS_MEMORY;
		if (read_clean(raw, base, field, out))
			return STATUS_OK;
	}
	return iso2709_repair(raw, framing, recovery, arena, out);
}
