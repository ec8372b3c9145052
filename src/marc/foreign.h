/* foreign.h: inputs that are no ISO 2709 at all, told by their first bytes.
 *
 * Layer marc; pure, any thread. */
#ifndef MRRC_MARC_FOREIGN_H
#define MRRC_MARC_FOREIGN_H

#include <stddef.h>
#include <stdint.h>

#define FOREIGN_WINDOW ((size_t)4 << 10) /* MARC shows itself within so many bytes */

/* Why the first n bytes of an input cannot be ISO 2709, as half a sentence with advice; NULL when they can. n is at least
 * FOREIGN_WINDOW, or all there is. */
const char *foreign_input(const uint8_t *p, size_t n);

#endif
