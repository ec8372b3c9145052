/* result_row.c: mrrc.table, and t:row{column = value, …}: one row, formatted in the worker.
 *
 * Cells are strings, numbers, booleans, nothing, and arrays of these; the same values are allowed in every
 * format, so that changing the format never breaks a script. */
#include <math.h>

#include "base/json.h"
#include "script/result.h"
#include "script/result_options.h"

struct row {
	const struct agg_decl *decl;
	struct buf *out; /* text_buf of the script */
};

static int bad_cell(lua_State *L, const struct row *row, size_t column, int idx, const char *where)
{
	bool named = luaL_getmetafield(L, idx, "__name") == LUA_TSTRING;

	const char *type = named ? lua_tostring(L, -1) : luaL_typename(L, idx);

	return luaL_error(L,
			  "table '%s': column '%s' cannot hold a %s%s (cells are strings, numbers, booleans "
			  "and arrays of them)",
			  row->decl->name, row->decl->columns[column], type, where);
}

/* ---- keys ---- */

/* A key of the row that is no column. The names have to end in NULL. */
static int unknown_column(lua_State *L, const struct agg_decl *d, const char *key)
{
	const char **names = lua_newuserdatauv(L, (d->column_count + 1) * sizeof(*names), 0);

	for (size_t i = 0; i < d->column_count; i++)
		names[i] = d->columns[i];
	names[d->column_count] = NULL;
	const char *nearest = luaX_nearest(key, names);
	if (nearest)
		return luaL_error(L, "table '%s': no column '%s' (did you mean '%s'?)", d->name, key,
				  nearest);
	return luaL_error(L, "table '%s': no column '%s'", d->name, key);
}

/* Every key of the row at 2 is a column; columns is the stack index of their table. */
static void check_columns(lua_State *L, const struct agg_decl *d, int columns)
{
	lua_pushnil(L);
	while (lua_next(L, 2)) {
		lua_pop(L, 1);
		if (lua_type(L, -1) != LUA_TSTRING)
			luaL_error(L, "table '%s': a row names its columns: row{%s = …}", d->name,
				   d->columns[0]);
		lua_pushvalue(L, -1);
		if (lua_rawget(L, columns) == LUA_TNIL)
			unknown_column(L, d, lua_tostring(L, -2));
		lua_pop(L, 1);
	}
}

/* ---- cells ---- */

/* In CSV and TSV as Lua prints it, in JSON so that it reads back the same. NaN and infinities are no JSON:
 * null. */
static void add_number(lua_State *L, const struct row *row, int idx)
{
	size_t len;

	if (row->decl->format == TABLE_JSONL && !lua_isinteger(L, idx)) {
		luaX_check(L, json_number(lua_tonumber(L, idx), row->out));
		return;
	}
	lua_pushvalue(L, idx);
	const char *text = lua_tolstring(L, -1, &len);
	luaX_check(L, table_raw(row->decl, span_of(text, len), row->out));
	lua_pop(L, 1);
}

/* false: this type is no scalar */
static bool add_scalar(lua_State *L, const struct row *row, int idx)
{
	size_t len;
	const char *text;

	switch (lua_type(L, idx)) {
	case LUA_TNIL:
		luaX_check(L, table_raw(row->decl, SPAN_LIT("null"), row->out));
		return true;
	case LUA_TBOOLEAN:
		text = lua_toboolean(L, idx) ? "true" : "false";
		luaX_check(L, table_raw(row->decl, span_str(text), row->out));
		return true;
	case LUA_TNUMBER:
		add_number(L, row, idx);
		return true;
	case LUA_TSTRING:
		text = lua_tolstring(L, idx, &len);
		luaX_check(L, table_text(row->decl, span_of(text, len), row->out));
		return true;
	default:
		return false;
	}
}

/* The table at idx has the keys 1..n and no other. */
static void check_array(lua_State *L, const struct row *row, size_t column, int idx, size_t n)
{
	size_t count = 0;

	lua_pushnil(L);
	for (; lua_next(L, idx); lua_pop(L, 1))
		if (++count > n || !lua_isinteger(L, -2) || (lua_Unsigned)lua_tointeger(L, -2) - 1 >= n)
			bad_cell(L, row, column, idx, " with other keys than 1..n");
}

static void add_json_list(lua_State *L, const struct row *row, size_t column, int idx, size_t n)
{
	luaX_check(L, buf_add_byte(row->out, '['));
	for (size_t i = 1; i <= n; i++) {
		if (i > 1)
			luaX_check(L, buf_add_byte(row->out, ','));
		lua_rawgeti(L, idx, (lua_Integer)i);
		if (!add_scalar(L, row, lua_gettop(L)))
			bad_cell(L, row, column, lua_gettop(L), " in an array");
		lua_pop(L, 1);
	}
	luaX_check(L, buf_add_byte(row->out, ']'));
}

/* Joined by the table's `list`; the texts are kept alive in a Lua table of their own. */
static void add_joined(lua_State *L, const struct row *row, size_t column, int idx, size_t n)
{
	struct span *items = lua_newuserdatauv(L, (n ? n : 1) * sizeof(*items), 0);

	lua_createtable(L, (int)n, 0);
	for (size_t i = 0; i < n; i++) {
		int type = lua_rawgeti(L, idx, (lua_Integer)i + 1);

		if (type != LUA_TSTRING && type != LUA_TNUMBER && type != LUA_TBOOLEAN)
			bad_cell(L, row, column, lua_gettop(L), " in an array");
		const char *text = luaL_tolstring(L, -1, &items[i].len);
		items[i].ptr = (const uint8_t *)text;
		lua_rawseti(L, -3, (lua_Integer)i + 1);
		lua_pop(L, 1);
	}
	luaX_check(L, table_list(row->decl, items, n, row->out));
	lua_pop(L, 2);
}

static void add_cell(lua_State *L, const struct row *row, size_t column, int idx)
{
	luaX_check(L, table_cell_begin(row->decl, column, row->out));
	if (add_scalar(L, row, idx))
		return;
	if (lua_type(L, idx) != LUA_TTABLE)
		bad_cell(L, row, column, idx, "");
	size_t n = lua_rawlen(L, idx);
	check_array(L, row, column, idx, n);
	if (row->decl->format == TABLE_JSONL)
		add_json_list(L, row, column, idx, n);
	else
		add_joined(L, row, column, idx, n);
}

static int table_row(lua_State *L)
{
	struct script *s = script_of(L);
	const struct result_handle *h = result_hooked(L, "row");
	struct row row = { result_decl(s, h->i), luaX_text(s) };

	if (lua_isnoneornil(L, 2))
		return 0;
	luaL_checktype(L, 2, LUA_TTABLE);
	lua_settop(L, 2);
	lua_getiuservalue(L, 1, 1);
	check_columns(L, row.decl, 3);
	for (size_t i = 0; i < row.decl->column_count; i++) {
		lua_rawgeti(L, 3, (lua_Integer)i + 1);
		lua_rawget(L, 2);
		add_cell(L, &row, i, 4);
		lua_settop(L, 3);
	}
	luaX_check(L, table_row_end(row.decl, row.out));
	/* without a path rows go where print goes, in the order of both; the empty piece counts the row */
	if (!row.decl->path) {
		luaX_check(L, buf_add_span(s->text, buf_span(row.out)));
		row.out->len = 0;
	}
	luaX_check(L, agg_stream(s->yield->aggs, h->i, span_of(NULL, 0), buf_span(row.out)));
	row.out->len = 0;
	return 0;
}

/* ---- the kind ---- */

/* Column names of d by place, and places by name. [-0, +1, m] */
static void push_columns(lua_State *L, const struct agg_decl *d)
{
	lua_createtable(L, (int)d->column_count, (int)d->column_count);
	for (size_t i = 0; i < d->column_count; i++) {
		lua_pushstring(L, d->columns[i]);
		lua_pushvalue(L, -1);
		lua_rawseti(L, -3, (lua_Integer)i + 1);
		lua_pushinteger(L, (lua_Integer)i + 1);
		lua_rawset(L, -3);
	}
}

static int declare(lua_State *L)
{
	struct script *s = script_of(L);
	struct agg_decl d = { .kind = AGG_TABLE };

	result_check_loading(L, s, AGG_TABLE);
	result_table_options(L, &d);
	result_declare(L, s, &d);
	push_columns(L, &d);
	lua_setiuservalue(L, -2, 1);
	return 1;
}

static const luaL_Reg hook_methods[] = { { "row", table_row }, { NULL, NULL } };
static const luaL_Reg finish_methods[] = { { "count", result_stream_count }, { NULL, NULL } };

const struct result_type result_table_type = {
	.declare = declare,
	.hook = hook_methods,
	.finish = finish_methods,
};
