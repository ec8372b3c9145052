/* bind_helpers.h: the helpers of the table mrrc that know nothing of the record at hand.
 *
 * Layer script. Each function fills the table mrrc, which is at the top of the stack. [-0, +0, m] */
#ifndef MRRC_SCRIPT_BIND_HELPERS_H
#define MRRC_SCRIPT_BIND_HELPERS_H

#include "script/bind.h"

void bind_text_functions(lua_State *L, struct script *s);       /* nfc nfd fold lower upper slug trim split */
void bind_identifier_functions(lua_State *L, struct script *s); /* isbn issn lccn */
void bind_regex_functions(lua_State *L, struct script *s);      /* regex */
void bind_data_functions(lua_State *L, struct script *s);       /* json mrk; for the prelude: csv embedded */

static inline void bind_helper_functions(lua_State *L, struct script *s)
{
	bind_text_functions(L, s);
	bind_identifier_functions(L, s);
	bind_regex_functions(L, s);
	bind_data_functions(L, s);
}

/* A text argument that may be nil: every helper gives nil for nil. [-0, +0, e] */
static inline bool luaX_maybespan(lua_State *L, int arg, struct span *out)
{
	if (lua_isnoneornil(L, arg))
		return false;
	*out = luaX_checkspan(L, arg);
	return true;
}

#endif
