/* parcel_test.c: Lua values through bytes and back; what cannot travel; bytes that are no parcel; JSON. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "script/parcel.h"

struct world {
	lua_State *L;
	struct buf out;
	size_t limit;
};

static struct world w;

static int setup(void **unused)
{
	(void)unused;
	w.L = luaL_newstate();
	w.limit = 0;
	buf_init(&w.out, BUF_NO_LIMIT);
	luaL_openlibs(w.L);
	return w.L ? 0 : -1;
}

static int teardown(void **unused)
{
	(void)unused;
	lua_close(w.L);
	buf_release(&w.out);
	return 0;
}

/* ---- protected calls ---- */

static int do_pack(lua_State *L)
{
	int top = lua_gettop(L);

	parcel_pack(L, 1, "reducer 'x'", w.limit, &w.out);
	if (lua_gettop(L) != top)
		luaL_error(L, "stack not as before");
	return 0;
}

static int do_unpack(lua_State *L)
{
	parcel_unpack(L, lua_touserdata(L, 1));
	return 1;
}

/* Evaluate the expression and leave the value on the stack. */
static void push(const char *expression)
{
	char chunk[1000];

	snprintf(chunk, sizeof(chunk), "return %s", expression);
	if (luaL_dostring(w.L, chunk) != LUA_OK)
		fail_msg("%s", lua_tostring(w.L, -1));
}

static int pack(const char *expression)
{
	lua_settop(w.L, 0);
	push(expression);
	lua_pushcfunction(w.L, do_pack);
	lua_insert(w.L, 1);
	w.out.len = 0;
	return lua_pcall(w.L, 1, 0, 0);
}

static int unpack(struct span *in)
{
	lua_settop(w.L, 0);
	lua_pushcfunction(w.L, do_unpack);
	lua_pushlightuserdata(w.L, in);
	return lua_pcall(w.L, 1, 1, 0);
}

/* A text that shows types and bits, keys in any order: made in Lua, apart from the code under test. */
static const char *const show =
	"local function show(v)\n"
	"  if v ~= v then return 'NaN' end\n"
	"  if type(v) ~= 'table' then\n"
	"    return type(v) == 'number' and math.type(v) .. string.format(' %a', v) .. '|' .. tostring(v)\n"
	"      or string.format('%s %q', type(v), v)\n"
	"  end\n"
	"  local parts = {}\n"
	"  for k, x in next, v do parts[#parts + 1] = show(k) .. '=' .. show(x) end\n"
	"  table.sort(parts)\n"
	"  return '{' .. table.concat(parts, ',') .. '}'\n"
	"end\n"
	"return show(...)\n";

/* Show the value on top in its place. */
static void show_top(void)
{
	assert_int_equal(luaL_loadstring(w.L, show), LUA_OK);
	lua_insert(w.L, -2);
	assert_int_equal(lua_pcall(w.L, 1, 1, 0), LUA_OK);
}

static void assert_round_trip(const char *expression)
{
	if (pack(expression) != LUA_OK)
		fail_msg("%s", lua_tostring(w.L, -1));
	struct span in = buf_span(&w.out);
	assert_int_equal(unpack(&in), LUA_OK);
	assert_int_equal(in.len, 0);
	show_top();
	push(expression);
	show_top();
	assert_string_equal(lua_tostring(w.L, -2), lua_tostring(w.L, -1));
}

static void assert_refused(const char *expression, const char *message)
{
	w.out.len = 0;
	assert_int_equal(pack(expression), LUA_ERRRUN);
	assert_string_equal(lua_tostring(w.L, -1), message);
	assert_int_equal(w.out.len, 0);
}

/* ---- tests ---- */

static void plain_values_come_back_as_they_were(void **unused)
{
	static const char *const values[] = {
		"nil", "true", "false", "0", "-1", "127", "128", "math.maxinteger", "math.mininteger",
		"0.5", "1.0", "-0.0",
		"1e308", "5e-324", "math.huge", "-math.huge", "0/0", "''", "'text'", "'nul \\0 byte \\xFF'",
		"('x'):rep(300)",
		"{}", "{1, 2, 3}", "{1, nil, 3}", "{{}, {{}}, {a = {}}}", "{[0] = 'z', 'a', 'b'}",
		"{[-1] = 1, [1.5] = 2, [2^60] = 3}",
		"{a = 1, b = {c = 'd', 2}}", "{[true] = 1, [false] = 2, ['true'] = 3}",
		"{[math.huge] = 1, [-math.huge] = 2}",
		"{[math.maxinteger] = 'last', [math.mininteger] = 'first'}", "{[('k'):rep(100)] = 1}",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		assert_round_trip(values[i]);
}

static void equal_tables_give_equal_bytes_however_they_were_made(void **unused)
{
	static const char *const made[] = {
		"(function() local t = {} for i = 1, 100 do t['k' .. i] = i t[-i] = i t[i + 0.5] = 1 end "
		"return t end)()",
		"(function() local t = {} for i = 100, 1, -1 do t[i + 0.5] = 1 t[-i] = i t['k' .. i] = i "
		"end return t end)()",
		("(function() local t = {} for i = 1, 300 do t['x' .. i] = i t['x' .. i] = nil end"
		 " for i = 1, 100 do t['k' .. i] = i t[-i] = i t[i + 0.5] = 1 end return t end)()"),
	};
	uint8_t first[8192];
	size_t len;

	(void)unused;
	assert_int_equal(pack(made[0]), LUA_OK);
	len = w.out.len;
	assert_true(len > 1000 && len < sizeof(first));
	memcpy(first, w.out.ptr, len);
	for (size_t i = 1; i < 3; i++) {
		assert_int_equal(pack(made[i]), LUA_OK);
		assert_int_equal(w.out.len, len);
		assert_memory_equal(w.out.ptr, first, len);
	}
	assert_int_equal(pack("0/0"), LUA_OK);
	len = w.out.len;
	memcpy(first, w.out.ptr, len);
	assert_int_equal(pack("-(0/0)"), LUA_OK);
	assert_memory_equal(w.out.ptr, first, len);
	assert_int_equal(pack("{'a', 'b', 'c'}"), LUA_OK);
	len = w.out.len;
	memcpy(first, w.out.ptr, len);
	assert_int_equal(pack("(function() local t = {} t[3] = 'c' t[2] = 'b' t[1] = 'a' return t end)()"),
		LUA_OK);
	assert_int_equal(w.out.len, len);
	assert_memory_equal(w.out.ptr, first, len);
}

static void what_cannot_travel_is_named_with_its_place(void **unused)
{
	(void)unused;
	assert_refused("print",
		"reducer 'x': value is a function; only booleans, numbers, strings and tables of them "
				"can travel");
	assert_refused("{by_year = {1, 2, {['a b'] = print}}}",
		       "reducer 'x': value.by_year[3][\"a b\"] is a function; only booleans, numbers, "
		       "strings and "
		       "tables of them can travel");
	assert_refused("{[1.5] = {[true] = coroutine.create(print)}}",
		       "reducer 'x': value[1.5][true] is a thread; only booleans, numbers, strings and "
		       "tables of "
		       "them can travel");
	assert_refused("{io.stdout}",
		"reducer 'x': value[1] is a FILE*; only booleans, numbers, strings and tables of "
				      "them can travel");
	assert_refused("{a = {[{}] = 1}}",
		"reducer 'x': value.a has a table for a key; only strings, numbers and "
					   "booleans can travel");
}

static void a_cycle_is_refused_and_a_shared_table_is_not(void **unused)
{
	(void)unused;
	assert_refused("(function() local t = {} t.up = {t} return t end)()",
		       "reducer 'x': value.up[1] is a table that contains itself");
	assert_round_trip("(function() local s = {1} return {s, s, again = s} end)()");
}

static const char *nested(int depth)
{
	static char text[200];

	snprintf(text, sizeof(text),
		"(function() local t = {} for i = 2, %d do t = {t} end return t end)()", depth);
	return text;
}

static void tables_nest_a_hundred_deep_and_no_deeper(void **unused)
{
	(void)unused;
	assert_round_trip(nested(PARCEL_DEPTH));
	assert_refused(nested(PARCEL_DEPTH + 1),
		       "reducer 'x': value has too many tables within tables (more than 100)");
	assert_refused(nested(100000),
		"reducer 'x': value has too many tables within tables (more than 100)");
}

static void a_value_that_multiplies_itself_meets_the_limit(void **unused)
{
	(void)unused;
	w.limit = 10000;
	assert_refused("(function() local t = {} for i = 1, 60 do t = {t, t} end return t end)()",
		       "reducer 'x': the value takes more than 10000 bytes");
	assert_round_trip("('x'):rep(9000)");
}

static void metatables_stay_behind_and_are_not_asked(void **unused)
{
	(void)unused;
	assert_int_equal(pack("setmetatable({1}, {__index = error, __pairs = error, __len = error})"),
		LUA_OK);
	struct span in = buf_span(&w.out);
	assert_int_equal(unpack(&in), LUA_OK);
	assert_int_equal(lua_rawlen(w.L, -1), 1);
	assert_int_equal(lua_getmetatable(w.L, -1), 0);
}

static void parcels_stand_one_behind_the_other(void **unused)
{
	(void)unused;
	assert_int_equal(pack("{1}"), LUA_OK);
	size_t first = w.out.len;
	push("'two'");
	lua_pushcfunction(w.L, do_pack);
	lua_insert(w.L, 1);
	assert_int_equal(lua_pcall(w.L, 1, 0, 0), LUA_OK);
	struct span in = buf_span(&w.out);
	assert_int_equal(unpack(&in), LUA_OK);
	assert_true(in.ptr == w.out.ptr + first);
	assert_int_equal(unpack(&in), LUA_OK);
	assert_string_equal(lua_tostring(w.L, -1), "two");
	assert_int_equal(in.len, 0);
}

/* Unpack and print a copy of exactly this size; they must agree on whether it is a parcel. */
static void try_bytes(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = mem_dup(bytes, len);
	struct span in = span_of(copy, len);
	struct buf json;

	buf_init(&json, BUF_NO_LIMIT);
	int rc = unpack(&in);
	enum status st = parcel_to_json(span_of(copy, len), &json);
	if (st == STATUS_OK)
		assert_true(json.len > 0);
	else
		assert_int_equal(json.len, 0);
	if (rc == LUA_OK && in.len == 0 && st != STATUS_OK)
		fail_msg("Lua read what JSON refused");
	buf_release(&json);
	mem_free(copy);
}

static void cut_and_changed_bytes_are_refused_or_read_but_never_crash(void **unused)
{
	uint8_t bytes[256];
	uint64_t random = 88172645463325252u;

	(void)unused;
	assert_int_equal(pack("{1, 2.5, 'three', {true, false}, k = {[7] = 'x', y = -300}}"), LUA_OK);
	size_t len = w.out.len;
	memcpy(bytes, w.out.ptr, len);
	for (size_t cut = 0; cut < len; cut++) {
		struct span in = span_of(bytes, cut);

		assert_int_equal(unpack(&in), LUA_ERRRUN);
		assert_non_null(strstr(lua_tostring(w.L, -1), "damaged"));
		try_bytes(bytes, cut);
	}
	for (int round = 0; round < 20000; round++) {
		memcpy(bytes, w.out.ptr, len);
		for (int i = 0; i < 1 + round % 4; i++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			bytes[random % len] = (uint8_t)(random >> 32);
		}
		try_bytes(bytes, len);
	}
}

static void hostile_counts_and_depths_are_refused(void **unused)
{
	uint8_t deep[3 * 300];
	struct span in;

	(void)unused;
	in = SPAN_LIT("T\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x00");
	assert_int_equal(unpack(&in), LUA_ERRRUN);
	in = SPAN_LIT("s\xFF\xFF\xFF\xFF\x7F" "abc");
	assert_int_equal(unpack(&in), LUA_ERRRUN);
	in = SPAN_LIT("T\x00\x01" "nt"); /* nil as a key */
	assert_int_equal(unpack(&in), LUA_ERRRUN);
	in = SPAN_LIT("T\x00\x01" "d\x00\x00\x00\x00\x00\x00\xF8\x7F" "t"); /* NaN as a key */
	assert_int_equal(unpack(&in), LUA_ERRRUN);
	in = SPAN_LIT("i\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01");
	assert_int_equal(unpack(&in), LUA_ERRRUN);
	for (size_t i = 0; i < sizeof(deep); i += 3)
		memcpy(deep + i, "T\x01\x00", 3);
	in = span_of(deep, sizeof(deep));
	assert_int_equal(unpack(&in), LUA_ERRRUN);
	assert_int_equal(parcel_to_json(span_of(deep, sizeof(deep)), &w.out), STATUS_INVALID);
}

static void assert_json(const char *expression, const char *expected)
{
	struct buf json;

	buf_init(&json, BUF_NO_LIMIT);
	assert_int_equal(pack(expression), LUA_OK);
	assert_int_equal(parcel_to_json(buf_span(&w.out), &json), STATUS_OK);
	assert_int_equal(json.len, strlen(expected));
	assert_memory_equal(json.ptr, expected, json.len);
	buf_release(&json);
}

static void json_is_made_without_lua(void **unused)
{
	(void)unused;
	assert_json("nil", "null");
	assert_json("{1, 2.5, 'a\"b', true, false}", "[1,2.5,\"a\\\"b\",true,false]");
	assert_json("{}", "{}");
	assert_json("{b = 1, a = {2}, [10] = 'x', [-1] = 0}", "{\"-1\":0,\"10\":\"x\",\"a\":[2],\"b\":1}");
	assert_json("{'first', n = 1, [true] = 2}", "{\"1\":\"first\",\"n\":1,\"true\":2}");
	assert_json("{0/0, 1/0, -1/0}", "[null,null,null]");
	assert_json("math.mininteger", "-9223372036854775808");
	assert_json("'\\xFF'", "\"\xEF\xBF\xBD\"");
	assert_int_equal(parcel_to_json(SPAN_LIT("nn"), &w.out), STATUS_INVALID);
	assert_int_equal(parcel_to_json(SPAN_LIT(""), &w.out), STATUS_INVALID);
}

static void a_full_buffer_raises_and_leaves_what_stood_there(void **unused)
{
	struct buf before = w.out;
	int rc = LUA_ERRRUN;

	(void)unused;
	for (size_t limit = 3; rc != LUA_OK; limit++) {
		buf_init(&w.out, limit);
		assert_int_equal(buf_add_str(&w.out, "old"), STATUS_OK);
		lua_settop(w.L, 0);
		lua_pushcfunction(w.L, do_pack);
		push("{1, 'two', k = 3.5}");
		rc = lua_pcall(w.L, 1, 0, 0);
		if (rc != LUA_OK) {
			assert_string_equal(lua_tostring(w.L, -1), "not enough memory");
			assert_int_equal(w.out.len, 3);
		}
		buf_release(&w.out);
	}
	w.out = before;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(plain_values_come_back_as_they_were),
		TEST(equal_tables_give_equal_bytes_however_they_were_made),
		TEST(what_cannot_travel_is_named_with_its_place),
		TEST(a_cycle_is_refused_and_a_shared_table_is_not),
		TEST(tables_nest_a_hundred_deep_and_no_deeper),
		TEST(a_value_that_multiplies_itself_meets_the_limit),
		TEST(metatables_stay_behind_and_are_not_asked),
		TEST(parcels_stand_one_behind_the_other),
		TEST(cut_and_changed_bytes_are_refused_or_read_but_never_crash),
		TEST(hostile_counts_and_depths_are_refused),
		TEST(json_is_made_without_lua),
		TEST(a_full_buffer_raises_and_leaves_what_stood_there),
	};

	return cmocka_run_group_tests_name("parcel", tests, NULL, NULL);
}
