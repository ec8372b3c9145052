/* script_trace.c: what an error says: the message handler of every call into Lua.
 *
 * It runs where the error happened, so that it can still see which line that was. Text that no line can be
 * found for stays as it is; error objects that are no text are named by their type, because asking them for
 * text could raise again. */
#include "script/internal.h"

#define PRELUDE "mrrc" /* the chunk of lua/mrrc/run.lua */

/* Behind "CHUNK:12: " at the beginning of text; NULL when it begins otherwise. */
static const char *behind_place(const char *text, const char *chunk)
{
	size_t len = strlen(chunk), digits;

	if (strncmp(text, chunk, len) != 0 || text[len] != ':')
		return NULL;
	digits = strspn(text + len + 1, "0123456789");
	text += len + 1 + digits;
	return digits && text[0] == ':' && text[1] == ' ' ? text + 2 : NULL;
}

/* A function in C called by another one names no line (string.gsub below e:sub), nor does error(text, 0); and
 * a line of the prelude helps nobody. The innermost line of the script goes before the text at stack place 1.
 * [-0, +0, m] */
static void add_place(lua_State *L)
{
	lua_Debug ar, inner = { .currentline = -1 };
	size_t len = 0;
	const char *text = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &len) : NULL;

	for (int level = 1; text && lua_getstack(L, level, &ar); level++) {
		lua_getinfo(L, "Sl", &ar);
		if (ar.currentline < 0 || strcmp(ar.short_src, PRELUDE) == 0)
			continue;
		if (behind_place(text, ar.short_src))
			return;
		if (inner.currentline < 0)
			inner = ar;
	}
	if (!text || inner.currentline < 0)
		return;

	const char *rest = behind_place(text, PRELUDE);
	size_t skipped = rest ? (size_t)(rest - text) : 0;

	lua_pushfstring(L, "%s:%d: ", inner.short_src, inner.currentline);
	lua_pushlstring(L, text + skipped, len - skipped);
	lua_concat(L, 2);
	lua_replace(L, 1);
}

/* The last lines of a traceback are our own protected call: nothing a script's author could do about. */
static size_t without_ours(const char *text, size_t len)
{
	static const char ours[] = "\n\t[C]: in ?";
	const size_t n = sizeof(ours) - 1;

	while (len >= n && memcmp(text + len - n, ours, n) == 0)
		len -= n;
	return len;
}

int script_traceback(lua_State *L)
{
	struct script *s = script_of(L);

	s->trace.len = 0;
	if (!s->memory_hit) {
		size_t len;

		if (lua_type(L, 1) == LUA_TNUMBER)
			(void)lua_tolstring(L, 1, NULL); /* here, where lack of memory is caught */
		if (!s->loading)
			add_place(L);
		luaL_traceback(L, L, NULL, 1);
		const char *text = lua_tolstring(L, -1, &len);

		if (buf_add(&s->trace, text, without_ours(text, len)) != STATUS_OK)
			s->trace.len = 0;
		lua_pop(L, 1);
	}
	return 1;
}

struct span script_error_text(lua_State *L)
{
	size_t len;

	/* no conversion of numbers in place, no __tostring: both could raise */
	if (lua_type(L, -1) == LUA_TSTRING) {
		const char *text = lua_tolstring(L, -1, &len);

		return span_of(text, len);
	}
	switch (lua_type(L, -1)) {
	case LUA_TNIL: return SPAN_LIT("(error object is nil)");
	case LUA_TTABLE: return SPAN_LIT("(error object is a table)");
	case LUA_TNUMBER: return SPAN_LIT("(error object is a number)");
	case LUA_TBOOLEAN: return SPAN_LIT("(error object is a boolean)");
	case LUA_TFUNCTION: return SPAN_LIT("(error object is a function)");
	default: return SPAN_LIT("(error object is no string)");
	}
}
