/* siphash_test.c: the published vectors of SipHash-2-4-128: key 00 … 0F, texts 00 01 02 …. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/siphash.h"

static void assert_vector(size_t len, const uint8_t *expected)
{
	uint8_t text[16], bytes[16];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)i;
	struct hash128 h = siphash128(UINT64_C(0x0706050403020100), UINT64_C(0x0F0E0D0C0B0A0908),
				      span_of(text, len));
	for (unsigned i = 0; i < 8; i++) {
		bytes[i] = (uint8_t)(h.low >> 8 * i);
		bytes[8 + i] = (uint8_t)(h.high >> 8 * i);
	}
	assert_memory_equal(bytes, expected, 16);
}

static void the_published_vectors_come_out(void **unused)
{
	(void)unused;
	assert_vector(0, (const uint8_t[]){ 0xA3, 0x81, 0x7F, 0x04, 0xBA, 0x25, 0xA8, 0xE6, 0x6D, 0xF6, 0x72, 0x14,
					    0xC7, 0x55, 0x02, 0x93 });
	assert_vector(1, (const uint8_t[]){ 0xDA, 0x87, 0xC1, 0xD8, 0x6B, 0x99, 0xAF, 0x44, 0x34, 0x76, 0x59, 0x11,
					    0x9B, 0x22, 0xFC, 0x45 });
}

static void every_byte_and_the_length_matter(void **unused)
{
	static const uint8_t zeros[16];

	(void)unused;
	for (size_t len = 1; len <= sizeof(zeros); len++) {
		struct hash128 shorter = siphash128(0, 0, span_of(zeros, len - 1));
		struct hash128 plain = siphash128(0, 0, span_of(zeros, len));

		assert_true(shorter.low != plain.low && shorter.high != plain.high);
		for (size_t at = 0; at < len; at++) {
			uint8_t other[16] = { 0 };

			other[at] = 1;
			struct hash128 h = siphash128(0, 0, span_of(other, len));
			assert_true(h.low != plain.low && h.high != plain.high);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_published_vectors_come_out),
		cmocka_unit_test(every_byte_and_the_length_matter),
	};

	return cmocka_run_group_tests_name("siphash", tests, NULL, NULL);
}
