/* bind_identifier.c: mrrc.isbn, mrrc.issn, mrrc.lccn over marc/identifier.h.
 *
 * A text that is no number is data, not a mistake of the script: nil and the reason. What stands
 * behind an ISBN or ISSN is its qualifier: the texts in parentheses, joined by "; ", or, without any,
 * whatever is left but punctuation. */
#include "marc/identifier.h"
#include "marc/clean.h"
#include "script/bind_helpers.h"

static int push_fault(lua_State *L, enum identifier_fault fault)
{
	lua_pushnil(L);
	lua_pushstring(L, identifier_fault_text(fault));
	return 2;
}

static struct span without_blanks(struct span s)
{
	while (s.len > 0 && s.ptr[0] == ' ')
		s = span_of(s.ptr + 1, s.len - 1);
	while (s.len > 0 && s.ptr[s.len - 1] == ' ')
		s.len--;
	return s;
}

/* Append the text of the parenthesis at the start of *rest, which moves behind it. [-0, +0, e] */
static void add_parenthesis(lua_State *L, struct span *rest, struct buf *out)
{
	size_t at = 1, depth = 1;

	while (at < rest->len) {
		depth += rest->ptr[at] == '(';
		depth -= rest->ptr[at] == ')';
		if (depth == 0)
			break;
		at++;
	}

	struct span inner = without_blanks(span_of(rest->ptr + 1, at - 1));

	if (inner.len > 0 && out->len > 0)
		luaX_check(L, buf_add_str(out, "; "));
	luaX_check(L, buf_add_span(out, inner));
	at += at < rest->len;
	*rest = span_of(rest->ptr + at, rest->len - at);
}

/* [-0, +1, e] */
static void push_qualifier(lua_State *L, struct span rest)
{
	struct buf *out = luaX_text(script_of(L));
	struct span whole = clean_text(rest);
	const uint8_t *open;

	while (rest.len > 0 && (open = memchr(rest.ptr, '(', rest.len)) != NULL) {
		rest = span_of(open, rest.len - (size_t)(open - rest.ptr));
		add_parenthesis(L, &rest, out);
	}
	if (out->len > 0)
		luaX_pushspan(L, buf_span(out));
	else if (whole.len > 0 && whole.ptr[0] != '(')
		luaX_pushspan(L, whole);
	else
		lua_pushnil(L);
}

/* mrrc.isbn.parse(text) -> number, qualifier | nil, reason */
static int isbn_parse(lua_State *L)
{
	char number[14];
	struct span text, rest;
	enum identifier_fault fault;

	if (!luaX_maybespan(L, 1, &text))
		return luaX_nil(L);
	fault = identifier_isbn(text, number, &rest);
	if (fault != IDENTIFIER_OK)
		return push_fault(L, fault);
	lua_pushstring(L, number);
	push_qualifier(L, rest);
	return 2;
}

static int isbn_to13(lua_State *L)
{
	int n = isbn_parse(L);

	if (n == 2 && !lua_isnil(L, -2)) {
		lua_pop(L, 1); /* the qualifier */
		return 1;
	}
	return n;
}

static int isbn_to10(lua_State *L)
{
	char number[14], ten[11];
	struct span text, rest;
	enum identifier_fault fault;

	if (!luaX_maybespan(L, 1, &text))
		return luaX_nil(L);
	fault = identifier_isbn(text, number, &rest);
	if (fault != IDENTIFIER_OK)
		return push_fault(L, fault);
	if (identifier_isbn10(number, ten)) {
		lua_pushstring(L, ten);
		return 1;
	}
	lua_pushnil(L);
	lua_pushliteral(L, "a number that begins with 979 has no ten digits");
	return 2;
}

static int isbn_valid(lua_State *L)
{
	char number[14];
	struct span text;

	if (!luaX_maybespan(L, 1, &text))
		return luaX_nil(L);
	lua_pushboolean(L, identifier_isbn13(text, number) > 0);
	return 1;
}

/* mrrc.issn.parse(text) -> "NNNN-NNNC", qualifier | nil, reason */
static int issn_parse(lua_State *L)
{
	char number[10];
	struct span text, rest;
	enum identifier_fault fault;

	if (!luaX_maybespan(L, 1, &text))
		return luaX_nil(L);
	fault = identifier_issn(text, number, &rest);
	if (fault != IDENTIFIER_OK)
		return push_fault(L, fault);
	lua_pushstring(L, number);
	push_qualifier(L, rest);
	return 2;
}

static int issn_valid(lua_State *L)
{
	char number[10];
	struct span text, rest;

	if (!luaX_maybespan(L, 1, &text))
		return luaX_nil(L);
	lua_pushboolean(L, identifier_issn(text, number, &rest) == IDENTIFIER_OK);
	return 1;
}

/* mrrc.lccn.parse(text) -> normalised | nil, reason */
static int lccn_parse(lua_State *L)
{
	char number[13];
	struct span text;
	enum identifier_fault fault;

	if (!luaX_maybespan(L, 1, &text))
		return luaX_nil(L);
	fault = identifier_lccn(text, number);
	if (fault != IDENTIFIER_OK)
		return push_fault(L, fault);
	lua_pushstring(L, number);
	return 1;
}

static int lccn_valid(lua_State *L)
{
	char number[13];
	struct span text;

	if (!luaX_maybespan(L, 1, &text))
		return luaX_nil(L);
	lua_pushboolean(L, identifier_lccn(text, number) == IDENTIFIER_OK);
	return 1;
}

static void set_group(lua_State *L, struct script *s, const char *name, const luaL_Reg *functions)
{
	lua_newtable(L);
	luaX_setfuncs(L, s, functions);
	lua_setfield(L, -2, name);
}

void bind_identifier_functions(lua_State *L, struct script *s)
{
	static const luaL_Reg isbn[] = { { "parse", isbn_parse },
					 { "valid", isbn_valid },
					 { "to13", isbn_to13 },
					 { "to10", isbn_to10 },
					 { NULL, NULL } };
	static const luaL_Reg issn[] = { { "parse", issn_parse }, { "valid", issn_valid }, { NULL, NULL } };
	static const luaL_Reg lccn[] = { { "parse", lccn_parse }, { "valid", lccn_valid }, { NULL, NULL } };

	set_group(L, s, "isbn", isbn);
	set_group(L, s, "issn", issn);
	set_group(L, s, "lccn", lccn);
}
