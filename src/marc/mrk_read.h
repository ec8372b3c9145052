/* mrk_read.h: records from text in the mnemonic form that mrk.h writes.
 *
 * Layer marc; one thread at a time. A record begins at =LDR (or =000) or behind an empty line; without
 * a leader it gets the default one. Blanks in front of a line's = do not count. `\` is a blank in
 * control fields and indicators, `#` too in indicators; {dollar} {lcub} {rcub} {bsol} are the only
 * mnemonics: all other characters stand for themselves, as UTF-8. */
#ifndef MRRC_MARC_MRK_READ_H
#define MRRC_MARC_MRK_READ_H

#include "base/buf.h"
#include "marc/draft.h"

struct mrk_reader {
	struct span rest;      /* what is not read yet, from the start of a line */
	uint32_t line;         /* number of that line, from 1 */
	struct buf field;      /* content of the field at hand */
	uint32_t error_line, error_column; /* from 1; columns are characters */
	const char *error;     /* constant text, set with STATUS_INVALID */
};

void mrk_reader_init(struct mrk_reader *r, struct span text);
void mrk_reader_release(struct mrk_reader *r);
/* The next record into a draft of the arena, *out NULL at the end. STATUS_INVALID: r->error says what
 * and where, and reading cannot go on. */
enum status mrk_read(struct mrk_reader *r, struct arena *arena, struct draft **out) MUST_CHECK;

#endif
