/* charset_flag.h: does leader/09 tell the truth about a record that is about to leave?
 *
 * Layer marc; pure, any thread. Values made by scripts are UTF-8; the text of a record flagged blank is MARC-8 and passes as bytes. */
#ifndef MRRC_MARC_CHARSET_FLAG_H
#define MRRC_MARC_CHARSET_FLAG_H

#include "marc/record.h"

enum charset_verdict {
	CHARSET_AS_FLAGGED, /* leader/09 may stay as it is */
	CHARSET_UTF8,       /* all text is UTF-8: leader/09 is to be 'a' (MARC 21 Leader/09) */
	CHARSET_MIXED,      /* UTF-8 was added to MARC-8 text: no flag would be true */
};

enum charset_verdict charset_of_draft(const struct record *r);

#endif
