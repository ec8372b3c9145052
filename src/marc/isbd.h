/* isbd.h: the punctuation that ISBD puts between elements, taken off the ends of one.
 *
 * Layer marc. Pure, any thread; the result lies within the text given. */
#ifndef MRRC_MARC_ISBD_H
#define MRRC_MARC_ISBD_H

#include "base/span.h"

/* Text without blanks and / : ; , = at its ends, and without one full stop at its end. The stop stays
 * where it belongs to the word: "...", an initial, an abbreviation with a stop inside ("N.Y.") or one
 * of a short list ("Inc."). */
struct span isbd_trim(struct span text);

#endif
