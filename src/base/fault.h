/* fault.h: a fault of the data as data: what, where, how far.
 *
 * Layer base. Plain values, any thread; text for people is made only by fault_text. Positions:
 * `offset` counts bytes from the record's first byte, the record itself knows its offset in the
 * (decompressed) input. */
#ifndef MRRC_BASE_FAULT_H
#define MRRC_BASE_FAULT_H

#include <stdint.h>

#include "base/buf.h"

enum fault_code {
	FAULT_NONE = 0,
#define FAULT(code, name, text) FAULT_##name,
#include "base/fault.def"
#undef FAULT
	FAULT_CODE_COUNT
};

#define FAULT_NO_POSITION UINT32_MAX

struct fault {
	enum fault_code code;
	bool repaired;    /* lenient mended it: a warning, the record lives */
	uint32_t tag;     /* MARC_TAG of the field, 0 when none */
	uint32_t offset;  /* bytes from the record's first byte, or FAULT_NO_POSITION */
	uint32_t found;   /* a number that explains: stated length, entry number …, see the code's text */
	uint32_t expected;
};

const char *fault_code_text(enum fault_code code);    /* "E106" */
const char *fault_message(enum fault_code code);      /* the sentence, constant text */
/* 'E', 'W' or 'I': a repaired E is a W. */
char fault_severity(const struct fault *f);
/* Parse "E106"; FAULT_NONE when unknown. */
enum fault_code fault_from_text(const char *text);

#endif
