/* codes.c: the little language of subfield codes that field views take: "abn-p", "^0-9".
 *
 * It is not the path language: it names codes of one field, letters in any order, and nothing else. Parsing
 * it costs a few nanoseconds a letter, so nothing is cached. */
#include "script/bind.h"

static void add_code(struct codes *c, uint8_t code)
{
	if (codes_have(c, code))
		return;
	c->set[code >> 6] |= (uint64_t)1 << (code & 63);
	c->order[c->count++] = code;
}

static void add_range(lua_State *L, int arg, struct codes *c, uint8_t first, uint8_t last)
{
	if (first > last)
		luaL_argerror(L, arg, lua_pushfstring(L, "the range %c-%c runs backwards", first, last));
	for (unsigned code = first; code <= last; code++)
		add_code(c, (uint8_t)code);
}

/* Codes are printable ASCII without the blank: 94 of them, so order[] always has room. */
static uint8_t one_code(lua_State *L, int arg, uint8_t byte)
{
	if (!draft_code_ok(byte))
		luaL_argerror(L, arg, "a subfield code is one printable ASCII character");
	return byte;
}

static void negate(struct codes *c)
{
	c->negated = true;
	c->set[0] = ~c->set[0];
	c->set[1] = ~c->set[1];
}

struct codes check_codes(lua_State *L, int arg)
{
	struct codes c = { .negated = false };

	if (lua_isnoneornil(L, arg)) {
		negate(&c);
		return c;
	}
	struct span text = luaX_checkspan(L, arg);
	bool inverse = text.len > 1 && text.ptr[0] == '^';
	if (text.len == 0)
		luaL_argerror(L, arg, "no subfield code given");
	for (size_t i = inverse; i < text.len; i++) {
		uint8_t code = one_code(L, arg, text.ptr[i]);

		if (i + 2 < text.len && text.ptr[i + 1] == '-') {
			add_range(L, arg, &c, code, one_code(L, arg, text.ptr[i + 2]));
			i += 2;
		} else {
			add_code(&c, code);
		}
	}
	if (inverse)
		negate(&c);
	return c;
}

void check_codes_order(lua_State *L, int arg, struct codes *c)
{
	static const char *const keys[] = { "order", NULL };
	static const char *const orders[] = { "record", "spec", NULL };

	if (lua_isnoneornil(L, arg))
		return;
	luaL_checktype(L, arg, LUA_TTABLE);
	for (lua_pushnil(L); lua_next(L, arg) != 0; lua_pop(L, 1)) {
		const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "(no text)";
		const char *value = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";

		if (strcmp(key, keys[0]) != 0)
			luaX_unknown(L, "option", key, keys);
		if (strcmp(value, orders[0]) != 0 && strcmp(value, orders[1]) != 0)
			luaL_argerror(L, arg, "order is \"record\" or \"spec\"");
		c->by_spec = !c->negated && strcmp(value, "spec") == 0;
	}
}

void codes_begin(struct codes_walk *w, const struct codes *c, const struct field *f)
{
	w->codes = *c;
	w->field = *f;
	w->sub = subfields_of(f);
	w->turn = 0;
}

static bool next_by_spec(struct codes_walk *w, struct subfield *out)
{
	while (w->turn < w->codes.count) {
		while (subfield_next(&w->sub, out))
			if (out->code == w->codes.order[w->turn])
				return true;
		w->sub = subfields_of(&w->field);
		w->turn++;
	}
	return false;
}

bool codes_next(struct codes_walk *w, struct subfield *out)
{
	if (w->codes.by_spec)
		return next_by_spec(w, out);
	while (subfield_next(&w->sub, out))
		if (codes_have(&w->codes, out->code))
			return true;
	return false;
}
