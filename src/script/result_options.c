/* result_options.c: see result_options.h. The path template keeps {key}, {part} and {parts} for the sink;
 * {args.NAME} is filled in when the script has loaded (result_paths.c): only then are the defaults of its
 * options known. */
#include "script/result_options.h"

#include <math.h>

#include "script/result.h"

#define MAX_OPEN 64
#define MOST_EDGES 100000

/* ---- one option ---- */

static void check_names(lua_State *L, const char *kind, const char *const *names)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_pushfstring(L, "mrrc.%s", kind);
	lua_pushnil(L);
	for (; lua_next(L, 1); lua_pop(L, 1)) {
		const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : NULL;
		size_t i = 0;

		if (!key)
			luaL_error(L, "mrrc.%s: options have names: mrrc.%s{name = …}", kind, kind);
		while (names[i] && strcmp(names[i], key) != 0)
			i++;
		if (!names[i])
			luaX_unknown(L, lua_tostring(L, -3), key, names);
	}
}

/* Push the option; its type. [-0, +1, m] */
static int push_option(lua_State *L, const char *name)
{
	lua_pushstring(L, name);
	return lua_rawget(L, 1);
}

static int bad_option(lua_State *L, const struct agg_decl *d, const char *name, const char *wanted)
{
	return luaL_error(L, "mrrc.%s%s%s: %s %s", agg_kind_name(d->kind), d->name ? " " : "",
			  d->name ? d->name : "", name, wanted);
}

/* A text without NUL, or NULL. It stays on the stack. [-0, +1, e] */
static char *text_option(lua_State *L, const struct agg_decl *d, const char *name)
{
	size_t len;
	int type = push_option(L, name);

	if (type == LUA_TNIL)
		return NULL;
	if (type != LUA_TSTRING)
		bad_option(L, d, name, "must be a string");
	const char *text = lua_tolstring(L, -1, &len);
	if (strlen(text) != len)
		bad_option(L, d, name, "must not contain a NUL byte");
	return (char *)(intptr_t)text;
}

static bool flag_option(lua_State *L, const struct agg_decl *d, const char *name)
{
	int type = push_option(L, name);
	bool on = lua_toboolean(L, -1);

	if (type != LUA_TNIL && type != LUA_TBOOLEAN)
		bad_option(L, d, name, "must be true or false");
	lua_pop(L, 1);
	return on;
}

/* ---- the path ---- */

static bool is_word(const char *p, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(p, word, len) == 0;
}

/* One {…} at p; returns the place behind it. */
static const char *check_part(lua_State *L, const struct agg_decl *d, const char *p)
{
	const char *end = strchr(p, '}');
	size_t len = end ? (size_t)(end - p) - 1 : 0;

	if (!end)
		bad_option(L, d, "path", "has a { without its }");
	if (!(len > 5 && memcmp(p + 1, "args.", 5) == 0) && !is_word(p + 1, len, "part") &&
	    !is_word(p + 1, len, "parts") && !(is_word(p + 1, len, "key") && d->kind == AGG_OUTPUT))
		bad_option(L, d, "path",
			   d->kind == AGG_OUTPUT ? "takes {key}, {part}, {parts} and {args.NAME} in braces"
						 : "takes {part}, {parts} and {args.NAME} in braces");
	return end + 1;
}

/* The path template; NULL when there is none. [-0, +1, e] */
static char *path_option(lua_State *L, const struct agg_decl *d)
{
	char *path = text_option(L, d, "path");

	if (path && !*path)
		bad_option(L, d, "path", "must not be empty");
	for (const char *p = path; p && (p = strchr(p, '{')) != NULL;)
		p = check_part(L, d, p);
	return path;
}

/* ---- tables ---- */

/* The texts of the array are anchored in a userdata's user value: the script's array may change. [-0, +3,
 * e] */
static void columns_option(lua_State *L, struct agg_decl *d)
{
	if (push_option(L, "columns") != LUA_TTABLE)
		bad_option(L, d, "columns", "must be an array of column names");
	int given = lua_gettop(L);
	size_t count = lua_rawlen(L, given), len;

	if (count == 0)
		bad_option(L, d, "columns", "must not be empty");
	d->columns = lua_newuserdatauv(L, count * sizeof(*d->columns), 0);
	lua_newtable(L);
	for (size_t i = 0; i < count; i++) {
		if (lua_rawgeti(L, given, (lua_Integer)i + 1) != LUA_TSTRING)
			bad_option(L, d, "columns", "must be an array of strings");
		const char *name = lua_tolstring(L, -1, &len);
		if (len == 0 || strlen(name) != len)
			bad_option(L, d, "columns", "must have names without NUL bytes that are not empty");
		for (size_t k = 0; k < i; k++)
			if (strcmp(d->columns[k], name) == 0)
				bad_option(L, d, "columns", "must not name a column twice");
		d->columns[i] = (char *)(intptr_t)name;
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	d->column_count = count;
}

static enum table_format format_option(lua_State *L, struct agg_decl *d)
{
	const char *name = text_option(L, d, "format");

	d->format_by_path = !name;
	if (!name)
		return result_format_of(d->path);
	if (strcmp(name, "csv") == 0)
		return TABLE_CSV;
	if (strcmp(name, "tsv") != 0 && strcmp(name, "jsonl") != 0)
		bad_option(L, d, "format", "is \"csv\", \"tsv\" or \"jsonl\"");
	return name[0] == 't' ? TABLE_TSV : TABLE_JSONL;
}

static char delimiter_option(lua_State *L, const struct agg_decl *d)
{
	const char *text = text_option(L, d, "delimiter");

	if (!text)
		return 0; /* the format's own: result_fill_paths */
	if (d->format == TABLE_JSONL)
		bad_option(L, d, "delimiter", "means nothing in JSON lines");
	if (strlen(text) != 1 || (unsigned char)text[0] >= 0x80 || strchr("\"\r\n", text[0]))
		bad_option(L, d, "delimiter", "must be one ASCII character, not a quote or a line end");
	return text[0];
}

void result_table_options(lua_State *L, struct agg_decl *d)
{
	static const char *const names[] = {
		"name", "columns", "path", "format", "list", "delimiter", "bom", NULL,
	};

	luaL_checkstack(L, 20, NULL);
	check_names(L, "table", names);
	d->name = text_option(L, d, "name");
	columns_option(L, d);
	d->path = path_option(L, d);
	d->format = format_option(L, d);
	d->delimiter = delimiter_option(L, d);
	d->list = text_option(L, d, "list");
	if (!d->list)
		d->list = (char *)(intptr_t) "; ";
	d->bom = flag_option(L, d, "bom");
	if (d->bom && d->format == TABLE_JSONL)
		bad_option(L, d, "bom", "means nothing in JSON lines");
}

/* ---- outputs ---- */

void result_output_options(lua_State *L, struct agg_decl *d)
{
	static const char *const names[] = { "name", "path", "max_open", NULL };
	int exact = 1;

	luaL_checkstack(L, 20, NULL);
	check_names(L, "output", names);
	d->name = text_option(L, d, "name");
	d->path = path_option(L, d);
	if (!d->path)
		bad_option(L, d, "path", "is missing: where do the records go?");
	d->max_open = MAX_OPEN;
	if (push_option(L, "max_open") != LUA_TNIL) {
		lua_Integer n = lua_type(L, -1) == LUA_TNUMBER ? lua_tointegerx(L, -1, &exact) : 0;

		if (!exact || n < 1 || n > 65536)
			bad_option(L, d, "max_open", "must be an integer from 1 to 65536");
		d->max_open = (size_t)n;
	}
	lua_pop(L, 1);
}

/* ---- histograms ---- */

/* The number on top of the stack. [-0, +0, e] */
static struct number edge_option(lua_State *L, const struct agg_decl *d)
{
	struct number edge = { lua_isinteger(L, -1), lua_tointeger(L, -1), lua_tonumber(L, -1) };

	if (lua_type(L, -1) != LUA_TNUMBER || !isfinite(edge.d))
		bad_option(L, d, "edges", "must be an array of finite numbers");
	if (edge.d == 0)
		edge = (struct number){ .is_int = true }; /* -0.0 would be another edge than 0 */
	return edge;
}

void result_histogram_options(lua_State *L, struct agg_decl *d)
{
	static const char *const names[] = { "name", "edges", NULL };

	luaL_checkstack(L, 20, NULL);
	check_names(L, "histogram", names);
	d->name = text_option(L, d, "name");
	if (push_option(L, "edges") != LUA_TTABLE || lua_rawlen(L, -1) == 0)
		bad_option(L, d, "edges", "must be an array of numbers, the least first: {1800, 1900, 2000}");
	int given = lua_gettop(L);
	size_t count = lua_rawlen(L, given);

	if (count > MOST_EDGES)
		bad_option(L, d, "edges", "must not be more than 100000");
	d->edge = lua_newuserdatauv(L, count * sizeof(*d->edge), 0);
	for (size_t i = 0; i < count; i++) {
		lua_rawgeti(L, given, (lua_Integer)i + 1);
		d->edge[i] = edge_option(L, d);
		if (i > 0 && number_compare(&d->edge[i - 1], &d->edge[i]) >= 0)
			bad_option(L, d, "edges", "must ascend, each once");
		lua_pop(L, 1);
	}
	d->edge_count = count;
}

/* ---- reducers ---- */

void result_reducer_options(lua_State *L, struct agg_decl *d)
{
	static const char *const names[] = { "name", "init", "add", "merge", NULL };
	static const char *const wanted[] = {
		"must be a function that returns a fresh accumulator",
		"must be a function: add(acc, value) returns the accumulator",
		"must be a function: merge(acc, other) joins the accumulators of two batches",
	};

	luaL_checkstack(L, 20, NULL);
	check_names(L, "reducer", names);
	d->name = text_option(L, d, "name");
	lua_createtable(L, 3, 0);
	for (int i = 0; i < 3; i++) {
		if (push_option(L, names[i + 1]) != LUA_TFUNCTION)
			bad_option(L, d, names[i + 1], wanted[i]);
		lua_rawseti(L, -2, i + 1);
	}
}
