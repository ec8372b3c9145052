/* embedded.h: the Lua half of the product, carried inside the program.
 *
 * Layer script. tools/embed.lua turns lua/mrrc/NAME.lua into one entry each and writes the .c file below build/; `name` is what
 * require is asked for: "mrrc" for init.lua, "mrrc.isbn" for isbn.lua. Sorted by name in byte order. The table ends with an
 * entry of NULLs that embedded_count leaves out, so that it is never empty. */
#ifndef MRRC_SCRIPT_EMBEDDED_H
#define MRRC_SCRIPT_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *name;
	const unsigned char *bytes; /* Lua source, not NUL-ended */
	size_t len;
};

extern const struct embedded_file embedded_files[];
extern const size_t embedded_count;

#endif
