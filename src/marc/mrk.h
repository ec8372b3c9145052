/* mrk.h: records as text for people, in the MARCMaker / MarcEdit mnemonic form:
 *
 *     =LDR  00714cam a2200205 a 4500
 *     =245  10$aThe title /$cauthor.
 *
 * One line a field, blanks in indicators and control fields as `\`, `$` in data as {dollar}, `{` `}` as {lcub}
 * {rcub}, an empty line after the record. Layer marc; pure, any thread. */
#ifndef MRRC_MARC_MRK_H
#define MRRC_MARC_MRK_H

#include "base/buf.h"
#include "marc/record.h"

/* Append r to out; with colour, tags, indicators and codes carry ANSI colours. Ill-formed UTF-8 is
 * shown as U+FFFD, control characters as <XX>, so that no input can drive a terminal. */
enum status mrk_write(const struct record *r, bool colour, struct buf *out) MUST_CHECK;

#endif
