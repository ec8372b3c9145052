/* make_record.h: bytes of ISO 2709 records for tests, made apart from the code under test. */
#ifndef MRRC_SPEC_MAKE_RECORD_H
#define MRRC_SPEC_MAKE_RECORD_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define US "\x1f"

/* tag and content of one field, without terminator; tag NULL ends a list */
struct made_field {
	const char *tag, *content;
	size_t len; /* 0: strlen(content) */
};

struct made {
	uint8_t b[300000];
	size_t n;
	uint32_t base;
	uint32_t count;
};

/* Decimal digits over the bytes at `at`; what does not fit is cut on the left. */
static inline void made_digits(struct made *m, size_t at, unsigned long value, int width)
{
	for (int i = width; i-- > 0; value /= 10)
		m->b[at + (size_t)i] = (uint8_t)('0' + value % 10);
}

/* The numbers of the leader as they should be. */
static inline void made_settle(struct made *m)
{
	made_digits(m, 0, m->n, 5);
	made_digits(m, 12, m->base, 5);
}

static inline void make_record(struct made *m, const struct made_field *list)
{
	size_t start = 0, at;

	m->count = 0;
	while (list[m->count].tag)
		m->count++;
	m->base = 25 + 12 * m->count;
	memcpy(m->b, "00000nam a2200000 a 4500", 24);
	at = m->base;
	for (uint32_t i = 0; i < m->count; i++) {
		size_t len = list[i].len ? list[i].len : strlen(list[i].content);

		memcpy(m->b + 24 + 12 * i, list[i].tag, 3);
		made_digits(m, 24 + 12 * i + 3, len + 1, 4);
		made_digits(m, 24 + 12 * i + 7, start, 5);
		memcpy(m->b + at, list[i].content, len);
		m->b[at + len] = 0x1E;
		at += len + 1;
		start += len + 1;
	}
	m->b[m->base - 1] = 0x1E;
	m->b[at] = 0x1D;
	m->n = at + 1;
	made_settle(m);
}

/* Where entry number i stands, and the number it has for start. */
static inline size_t made_entry(uint32_t i)
{
	return 24 + 12 * (size_t)i;
}

/* `len` bytes go in at `at`; nothing is settled. */
static inline void made_insert(struct made *m, size_t at, const void *bytes, size_t len)
{
	memmove(m->b + at + len, m->b + at, m->n - at);
	memcpy(m->b + at, bytes, len);
	m->n += len;
}

static inline void made_remove(struct made *m, size_t at, size_t len)
{
	memmove(m->b + at, m->b + at + len, m->n - at - len);
	m->n -= len;
}

/* Place of the first occurrence of text. */
static inline size_t made_find(const struct made *m, const char *text)
{
	return (size_t)((const uint8_t *)memmem(m->b, m->n, text, strlen(text)) - m->b);
}

#endif
