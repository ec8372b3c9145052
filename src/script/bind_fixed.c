/* bind_fixed.c: rec:fixed and rec:meaning: elements of 006, 007 and 008 by the names of MARC 21.
 *
 * A name that no material has is a slip and raises; one that other materials have is nil. */
#include "marc/fixed.h"
#include "script/bind.h"

void push_meaning(lua_State *L, struct script *s, const struct coded *values, struct span value)
{
	struct buf *b = luaX_text(s);

	luaX_check(L, fixed_meaning(values, value, b));
	if (b->len > 0)
		luaX_pushspan(L, buf_span(b));
	else
		lua_pushnil(L);
}

static unsigned check_fixed_tag(lua_State *L, int arg)
{
	struct span tag = luaX_checkspan(L, arg);

	if (tag.len != 3 || memcmp(tag.ptr, "00", 2) != 0 || tag.ptr[2] < '6' || tag.ptr[2] > '8')
		luaL_argerror(L, arg, "\"006\", \"007\" or \"008\" expected");
	return (unsigned)(tag.ptr[2] - '0');
}

/* The element of arguments 2 and 3. [-0, +0, e] */
static struct fixed check_fixed(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	unsigned tag = check_fixed_tag(L, 2);
	struct span name = luaX_checkspan(L, 3);
	const char *names[FIXED_NAMES];
	struct fixed found;

	if (!fixed_find(r, tag, name, &found)) {
		fixed_names(tag, names);
		luaX_unknown(L, lua_tostring(L, 2), lua_tostring(L, 3), names);
	}
	return found;
}

/* rec:fixed(tag, name) */
static int fixed(lua_State *L)
{
	struct fixed found = check_fixed(L);

	if (!found.element)
		return luaX_nil(L);
	luaX_pushspan(L, found.value);
	return 1;
}

/* rec:meaning(tag, name) */
static int meaning(lua_State *L)
{
	struct fixed found = check_fixed(L);

	push_meaning(L, script_of(L), found.element ? found.element->values : NULL, found.value);
	return 1;
}

void bind_fixed_methods(lua_State *L, struct script *s)
{
	static const luaL_Reg methods[] = {
		{ "fixed", fixed },
		{ "meaning", meaning },
		{ NULL, NULL },
	};

	luaX_setfuncs(L, s, methods);
}
