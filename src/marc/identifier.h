/* identifier.h: ISBN, ISSN and LCCN as they stand in records, checked and brought to one form.
 *
 * Layer marc. Pure, any thread, no memory. Text is what 020, 022 and 010 $a hold: perhaps a label in
 * front, hyphens or blanks within, a qualifier behind. A number is given only when its check digit
 * (ISBN, ISSN) or its form (LCCN) is right. */
#ifndef MRRC_MARC_IDENTIFIER_H
#define MRRC_MARC_IDENTIFIER_H

#include "base/span.h"

enum identifier_fault {
	IDENTIFIER_OK = 0,
	IDENTIFIER_NONE,   /* no digits where the number should be */
	IDENTIFIER_LENGTH, /* too few or too many */
	IDENTIFIER_CHECK,  /* the check digit is wrong */
	IDENTIFIER_PREFIX, /* neither 978 nor 979, or 979-0, which is printed music (ISO 10957) */
	IDENTIFIER_FORM,   /* an LCCN of no known form */
};
/* "wrong check digit" …; constant text. */
const char *identifier_fault_text(enum identifier_fault fault);

/* ISBN (ISO 2108). number: 13 digits and NUL; rest: what stands behind the number, into text. Both
 * only on OK. */
enum identifier_fault identifier_isbn(struct span text, char number[14], struct span *rest);
/* The same for those who want the number alone: 13, or 0 when there is no valid ISBN. */
size_t identifier_isbn13(struct span text, char out[14]);
/* The ten characters of a 978 number; false for a 979 number, which has none. */
bool identifier_isbn10(const char number[14], char out[11]);

/* ISSN (ISO 3297) as NNNN-NNNC. */
enum identifier_fault identifier_issn(struct span text, char number[10], struct span *rest);

/* LCCN by the rules of its namespace (Library of Congress, "The LCCN Namespace"): at most 12
 * characters and NUL. */
enum identifier_fault identifier_lccn(struct span text, char number[13]);

#endif
