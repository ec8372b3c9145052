/* bind_data.c: data in and out of text: mrrc.json, mrrc.mrk, and for the Lua side of the library host.csv and
 * host.embedded.
 *
 * What C allocates meanwhile is in a box (luax.c), since every push may raise. */
#include "marc/mrk_read.h"
#include "script/bind_helpers.h"
#include "script/embedded.h"
#include "script/parcel.h"

/* ---- mrrc.json ---- */

static void release_buf(void *p)
{
	buf_release(p);
}

/* mrrc.json(value) -> text with sorted keys */
static int data_json(lua_State *L)
{
	struct script *s = script_of(L);
	struct buf *parcel, *out = luaX_text(s);

	if (lua_isnoneornil(L, 1))
		return luaX_nil(L);
	parcel = luaX_pushbox(L, s, sizeof(*parcel), release_buf);
	buf_init(parcel, BUF_NO_LIMIT);
	parcel_pack(L, 1, "mrrc.json", 0, parcel);
	if (parcel_to_json(buf_span(parcel), out) == STATUS_INVALID)
		return luaL_error(L, "mrrc.json: keys are strings, numbers or booleans");
	luaX_pushspan(L, buf_span(out));
	return 1;
}

/* ---- mrrc.mrk ---- */

struct mrk_work {
	struct mrk_reader reader;
	struct arena arena;
};

static void release_work(void *p)
{
	struct mrk_work *w = p;

	mrk_reader_release(&w->reader);
	arena_release(&w->arena);
}

static void check_mrk(lua_State *L, const struct mrk_reader *r, enum status st)
{
	if (st == STATUS_INVALID)
		luaL_error(L, "mrk line %d, column %d: %s", (int)r->error_line, (int)r->error_column,
			   r->error);
	luaX_check(L, st);
}

/* mrrc.mrk(text) -> array of records */
static int data_mrk(lua_State *L)
{
	struct script *s = script_of(L);
	struct span text;
	struct draft *d;
	lua_Integer n = 0;

	if (!luaX_maybespan(L, 1, &text))
		return luaX_nil(L);
	struct mrk_work *w = luaX_pushbox(L, s, sizeof(*w), release_work);

	mrk_reader_init(&w->reader, text);
	arena_init(&w->arena, 0);
	lua_newtable(L);
	for (;;) {
		check_mrk(L, &w->reader, mrk_read(&w->reader, &w->arena, &d));
		if (!d)
			return 1;
		push_record_copy(L, s, &d->view);
		lua_rawseti(L, -2, ++n);
		arena_reset(&w->arena);
	}
}

/* ---- rows of CSV (RFC 4180) ---- */

/* The cell in quotes that begins at *at, unescaped, into out; *at moves behind the closing quote.
 * False: none. */
static bool quoted_cell(lua_State *L, struct span text, size_t *at, lua_Integer *line, struct buf *out)
{
	size_t i = *at + 1;

	for (; i < text.len; i++) {
		if (text.ptr[i] == '"') {
			if (i + 1 == text.len || text.ptr[i + 1] != '"') {
				*at = i + 1;
				return true;
			}
			i++;
		}
		*line += text.ptr[i] == '\n';
		luaX_check(L, buf_add_byte(out, text.ptr[i]));
	}
	return false;
}

static bool ends_line(struct span text, size_t at)
{
	return at == text.len || text.ptr[at] == '\n' ||
	       (text.ptr[at] == '\r' && (at + 1 == text.len || text.ptr[at + 1] == '\n'));
}

/* Push the cell at *at, which moves behind it. [-0, +1, e] */
static void push_cell(lua_State *L, struct span text, uint8_t sep, size_t *at, lua_Integer *line)
{
	struct buf *out = luaX_text(script_of(L));
	size_t from = *at;
	lua_Integer begun = *line;

	if (from < text.len && text.ptr[from] == '"') {
		if (!quoted_cell(L, text, at, line, out))
			luaL_error(L, "line %d: the quote has no end", (int)begun);
		if (!ends_line(text, *at) && text.ptr[*at] != sep)
			luaL_error(L, "line %d: text behind the closing quote", (int)*line);
		luaX_pushspan(L, buf_span(out));
		return;
	}
	while (!ends_line(text, *at) && text.ptr[*at] != sep)
		++*at;
	luaX_pushspan(L, span_of(text.ptr + from, *at - from));
}

/* host.csv(text, separator, at, line) -> row, at, line of what follows; nil at the end. at counts from 1. */
static int host_csv(lua_State *L)
{
	struct span text = luaX_checkspan(L, 1), sep = luaX_checkspan(L, 2);
	size_t at = (size_t)luaL_checkinteger(L, 3) - 1;
	lua_Integer line = luaL_checkinteger(L, 4), n = 0;

	luaL_argcheck(L, sep.len == 1, 2, "one character expected");
	if (at >= text.len)
		return luaX_nil(L);
	lua_newtable(L);
	for (;;) {
		push_cell(L, text, sep.ptr[0], &at, &line);
		lua_rawseti(L, -2, ++n);
		if (ends_line(text, at))
			break;
		at++; /* the separator */
	}
	while (at < text.len && text.ptr[at] == '\r')
		at++;
	at += at < text.len;
	lua_pushinteger(L, (lua_Integer)at + 1);
	lua_pushinteger(L, line + 1);
	return 3;
}

/* ---- the Lua half ---- */

/* host.embedded(name) -> source, or nil */
static int host_embedded(lua_State *L)
{
	const char *name = luaL_checkstring(L, 1);

	for (size_t i = 0; i < embedded_count; i++)
		if (strcmp(embedded_files[i].name, name) == 0) {
			luaX_pushspan(L, span_of(embedded_files[i].bytes, embedded_files[i].len));
			return 1;
		}
	return luaX_nil(L);
}

void bind_data_functions(lua_State *L, struct script *s)
{
	static const luaL_Reg functions[] = { { "json", data_json }, { "mrk", data_mrk }, { NULL, NULL } };
	static const luaL_Reg prelude[] = { { "csv", host_csv },
					    { "embedded", host_embedded },
					    { NULL, NULL } };

	luaX_setfuncs(L, s, functions);
	lua_getfield(L, -1, "host");
	luaX_setfuncs(L, s, prelude);
	lua_pop(L, 1);
}
