/* words.h: small readings of command line words: numbers, sizes, near misses. Layer cli; pure. */
#ifndef MRRC_CLI_WORDS_H
#define MRRC_CLI_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A decimal number within [least, most]; nothing else on the line. */
bool words_number(const char *text, uint64_t least, uint64_t most, uint64_t *out);
/* The same with an optional suffix K, M, G (powers of 1,024) and an optional B behind it. */
bool words_size(const char *text, uint64_t least, uint64_t most, uint64_t *out);
/* Edits (insert, delete, replace) between two words, at most 64 bytes of each. */
size_t words_distance(const char *a, size_t a_len, const char *b, size_t b_len);
/* Is this a longer text that ends so? */
bool words_end_in(const char *text, const char *end);

#endif
