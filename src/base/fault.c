/* fault.c: the names of faults, from the one list in fault.def.
 *
 * Code text and sentence are constants; whatever varies (tag, offset, numbers) stays in
 * struct fault as numbers, and the reports put the two together. */
#include "base/fault.h"

static const struct {
	const char *code, *message;
} fault_table[FAULT_CODE_COUNT] = {
	{ "", "no fault" },
#define FAULT(code, name, text) { code, text },
#include "base/fault.def"
#undef FAULT
};

const char *fault_code_text(enum fault_code code)
{
	return code < FAULT_CODE_COUNT ? fault_table[code].code : "";
}

const char *fault_message(enum fault_code code)
{
	return code < FAULT_CODE_COUNT ? fault_table[code].message : "unknown fault";
}

char fault_severity(const struct fault *f)
{
	char letter = fault_code_text(f->code)[0];

	if (letter == '\0')
		return 'I';
	return letter == 'E' && f->repaired ? 'W' : letter;
}

enum fault_code fault_from_text(const char *text)
{
	for (int code = FAULT_NONE + 1; code < FAULT_CODE_COUNT; code++)
		if (strcmp(fault_table[code].code, text) == 0)
			return (enum fault_code)code;
	return FAULT_NONE;
}
