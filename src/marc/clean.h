/* clean.h: a heading or statement without the punctuation that ISBD puts between areas.
 *
 * Layer marc. Pure; what is returned lies inside of the text given. */
#ifndef MRRC_MARC_CLEAN_H
#define MRRC_MARC_CLEAN_H

#include "base/span.h"

/* Without blanks at both ends. */
struct span clean_blanks(struct span text);
/* Without blanks and ISBD punctuation at both ends: " / : ; , = +", a full stop that ends no abbreviation or
 * initial, and a square bracket whose partner is missing. */
struct span clean_text(struct span text);

#endif
