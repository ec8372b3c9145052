/* bind_text.c: text in other clothes: mrrc.nfc nfd fold lower upper slug, and trim and split.
 *
 * Unicode is utf8proc's business. It wants room for code points, which is a userdata, so that no error
 * can leak it. Text need not be UTF-8 (records in MARC-8): what is well formed is mapped, other bytes
 * stay as they are. */
#include "base/utf8.h"
#include "marc/clean.h"
#include "script/bind_helpers.h"

#include <utf8proc.h>

#define NFC (UTF8PROC_STABLE | UTF8PROC_COMPOSE)
#define NFD (UTF8PROC_STABLE | UTF8PROC_DECOMPOSE)
#define FOLD (NFC | UTF8PROC_CASEFOLD)
#define SLUG (NFC | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE)

/* Append the well-formed text, mapped, to out. [-0, +0, e] */
static void add_mapped(lua_State *L, struct span text, utf8proc_option_t options, struct buf *out)
{
	utf8proc_ssize_t len = (utf8proc_ssize_t)text.len;
	utf8proc_ssize_t count = utf8proc_decompose(text.ptr, len, NULL, 0, options);

	if (count < 0)
		luaL_error(L, "text of %d bytes: %s", (int)text.len, utf8proc_errmsg(count));

	utf8proc_int32_t *points = lua_newuserdatauv(L, ((size_t)count + 1) * sizeof(*points), 0);

	count = utf8proc_decompose(text.ptr, len, points, count, options);
	len = count < 0 ? count : utf8proc_reencode(points, count, options);
	if (len < 0)
		luaL_error(L, "text of %d bytes: %s", (int)text.len, utf8proc_errmsg(len));
	luaX_check(L, buf_add(out, points, (size_t)len));
	lua_pop(L, 1);
}

/* Append text, mapped; ill-formed bytes are copied. [-0, +0, e] */
static void add_any(lua_State *L, struct span text, utf8proc_option_t options, struct buf *out)
{
	while (text.len > 0) {
		size_t good = utf8_valid_prefix(text);
		uint32_t ignored;

		if (good > 0)
			add_mapped(L, span_of(text.ptr, good), options, out);
		text = span_of(text.ptr + good, text.len - good);
		if (text.len == 0)
			return;
		size_t bad = utf8_decode(text, &ignored);
		luaX_check(L, buf_add(out, text.ptr, bad));
		text = span_of(text.ptr + bad, text.len - bad);
	}
}

static int map_text(lua_State *L, utf8proc_option_t options)
{
	struct buf *out = luaX_text(script_of(L));
	struct span text;

	if (!luaX_maybespan(L, 1, &text))
		return luaX_nil(L);
	add_any(L, text, options, out);
	luaX_pushspan(L, buf_span(out));
	return 1;
}

/* ASCII is in all normal forms. */
static int normalise(lua_State *L, utf8proc_option_t options)
{
	struct span text;

	if (!luaX_maybespan(L, 1, &text))
		return luaX_nil(L);
	if (utf8_has_high(text))
		return map_text(L, options);
	lua_settop(L, 1);
	return 1;
}

static int text_nfc_form(lua_State *L)
{
	return normalise(L, NFC);
}

static int text_nfd_form(lua_State *L)
{
	return normalise(L, NFD);
}

static int text_fold(lua_State *L)
{
	return map_text(L, FOLD);
}

/* One character for one: what utf8proc has no single counterpart for stays. */
static int change_case(lua_State *L, utf8proc_int32_t (*change)(utf8proc_int32_t))
{
	struct buf *out = luaX_text(script_of(L));
	struct span text;

	if (!luaX_maybespan(L, 1, &text))
		return luaX_nil(L);
	while (text.len > 0) {
		uint8_t bytes[4];
		uint32_t point;
		size_t len = utf8_decode(text, &point);

		if (point == 0xFFFD) /* or ill-formed */
			luaX_check(L, buf_add(out, text.ptr, len));
		else
			luaX_check(L, buf_add(out, bytes,
					      utf8_encode((uint32_t)change((utf8proc_int32_t)point), bytes)));
		text = span_of(text.ptr + len, text.len - len);
	}
	luaX_pushspan(L, buf_span(out));
	return 1;
}

static int text_lower(lua_State *L)
{
	return change_case(L, utf8proc_tolower);
}

static int text_upper(lua_State *L)
{
	return change_case(L, utf8proc_toupper);
}

/* ---- slug ---- */

static bool is_word(uint32_t point)
{
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)point);

	return point != 0xFFFD && c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_NO;
}

static bool is_apostrophe(uint32_t point)
{
	return point == '\'' || point == 0x2019 || point == 0x02BC;
}

/* Squeeze b in place: letters and digits stay, an apostrophe vanishes, anything else becomes one
 * hyphen between words. */
static size_t join_words(struct buf *b)
{
	size_t out = 0, at = 0;
	bool gap = false;

	while (at < b->len) {
		uint32_t point;
		size_t len = utf8_decode(span_of(b->ptr + at, b->len - at), &point);

		if (is_word(point)) {
			if (gap && out > 0)
				b->ptr[out++] = '-'; /* in place of what made the gap */
			gap = false;
			memmove(b->ptr + out, b->ptr + at, len);
			out += len;
		} else if (!is_apostrophe(point)) {
			gap = true;
		}
		at += len;
	}
	return out;
}

/* mrrc.slug("Les Misérables, t. 1") -> "les-miserables-t-1" */
static int text_slug(lua_State *L)
{
	struct buf *out = luaX_text(script_of(L));
	struct span text;

	if (!luaX_maybespan(L, 1, &text))
		return luaX_nil(L);
	add_any(L, text, SLUG, out);
	luaX_pushspan(L, span_of(out->ptr, join_words(out)));
	return 1;
}

/* ---- trim, split ---- */

static int text_trim(lua_State *L)
{
	struct span text;

	if (!luaX_maybespan(L, 1, &text))
		return luaX_nil(L);
	luaX_pushspan(L, clean_text(text));
	return 1;
}

/* mrrc.split(text, separator): an array; the separator is plain text */
static int text_split(lua_State *L)
{
	struct span text, sep;
	lua_Integer n = 0;

	if (!luaX_maybespan(L, 1, &text))
		return luaX_nil(L);
	sep = luaX_checkspan(L, 2);
	luaL_argcheck(L, sep.len > 0, 2, "a separator of at least one character expected");
	lua_newtable(L);
	for (;;) {
		const uint8_t *found = text.len ? memmem(text.ptr, text.len, sep.ptr, sep.len) : NULL;
		size_t len = found ? (size_t)(found - text.ptr) : text.len;

		luaX_pushspan(L, span_of(text.ptr, len));
		lua_rawseti(L, -2, ++n);
		if (!found)
			return 1;
		text = span_of(found + sep.len, text.len - len - sep.len);
	}
}

void bind_text_functions(lua_State *L, struct script *s)
{
	static const luaL_Reg functions[] = {
		{ "nfc", text_nfc_form }, { "nfd", text_nfd_form }, { "fold", text_fold },
		{ "lower", text_lower },  { "upper", text_upper },  { "slug", text_slug },
		{ "trim", text_trim },	  { "split", text_split },  { NULL, NULL },
	};

	luaX_setfuncs(L, s, functions);
}
