/* bind_read_test.c: what scripts read of records, edits, fields and leaders, tried from Lua.
 *
 * Each test has a state of its own with one record at hand (`rec`) and runs Lua that asserts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <lualib.h>

#include "base/alloc.h"
#include "script/bind.h"

#define US "\x1f"

/* ---- the world ---- */

static const char leader[] = "00714cam a2200205 a 4500";

static const struct {
	const char *tag, *content;
} fields[] = {
	{ "001", "ocm123" },
	{ "008", "850101s1985    nyu           000 0 eng d" },
	{ "020", "  " US "a9780131103627" US "c-12.50" },
	{ "245", "10" US "6880-01" US "aTitle :" US "bsub /" US "cauthor." },
	{ "300", "  " US "a19uu" US "b1e5" US "c0x10" US "d99999999999999999999" US "e 42 " },
	{ "650", " 0" US "aCats" US "xBehavior" US "0(x)1" },
	{ "650", " 1" US "aDogs" US "aHounds" US "bz" },
	{ "700", "1 " US "6880-00" US "aUnlinked" },
	{ "856", "40" US "3Contents" US "uhttp://example.org/" },
	{ "880", "10" US "6245-01/(N" US "aVernacular" },
	{ "880", "10" US "6245-02/(N" US "aOther" },
	{ "880", "10" US "6246-01/(N" US "aOf another tag" },
	{ "999", "broken" },
};

#define FIELDS (sizeof(fields) / sizeof(fields[0]))

struct world {
	struct script s;
	struct script_program program;
	struct record rec, other;
	struct field field[FIELDS];
	struct fault fault;
	struct yield yield;
	long live;
};

static int open_all(lua_State *L)
{
	struct script *s = lua_touserdata(L, 1);

	luaL_openlibs(L);
	bind_record_open(L, s);
	bind_edit_open(L, s);
	bind_field_open(L, s);
	bind_leader_open(L, s);
	lua_newtable(L);
	s->ref_paths = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_newtable(L);
	bind_edit_functions(L, s);
	lua_setglobal(L, "mrrc");
	push_record(L, s, s->record);
	lua_setglobal(L, "rec");
	return 0;
}

static void make_record(struct world *w)
{
	static const char *const source_name[] = { "books.mrc" };

	for (size_t i = 0; i < FIELDS; i++) {
		const char *t = fields[i].tag;

		w->field[i] = (struct field){ .ptr = (const uint8_t *)fields[i].content,
					      .len = (uint32_t)strlen(fields[i].content) };
		w->field[i].tag = MARC_TAG(t[0], t[1], t[2]) & 0xFFFFFF;
		if (tag_is_control(w->field[i].tag))
			w->field[i].flags = FIELD_CONTROL;
		if (t[0] == '9')
			w->field[i].flags = FIELD_MALFORMED;
	}
	w->fault = (struct fault){ .code = FAULT_LENGTH_MISMATCH, .repaired = true, .offset = 3 };
	w->rec = (struct record){ .count = FIELDS, .flags = RECORD_UTF8, .field = w->field, .offset = 1000,
				  .number = 2, .index = 7, .fault_count = 1, .fault = &w->fault };
	w->rec.raw = SPAN_LIT("as it came");
	memcpy(w->rec.leader, leader, LEADER_LEN);
	w->program = (struct script_program){ .source_name = source_name, .source_count = 1 };
}

static int set_up(void **state)
{
	struct world *w = test_calloc(1, sizeof(*w));

	w->live = mem_live();
	make_record(w);
	yield_init(&w->yield);
	arena_init(&w->s.scratch, 0);
	buf_init(&w->s.text_buf, BUF_NO_LIMIT);
	w->s.program = &w->program;
	w->s.generation = 1;
	w->s.record = &w->rec;
	w->s.base = &w->rec;
	w->s.hook = "transform";
	w->s.yield = &w->yield;
	w->s.L = luaL_newstate();
	assert_non_null(w->s.L);
	lua_pushcfunction(w->s.L, open_all);
	lua_pushlightuserdata(w->s.L, &w->s);
	assert_int_equal(lua_pcall(w->s.L, 1, 0, 0), LUA_OK);
	*state = w;
	return 0;
}

/* Everything that was lent must have come back. */
static int tear_down(void **state)
{
	struct world *w = *state;
	struct script *s = &w->s;

	lua_close(s->L);
	for (size_t i = 0; i < s->path_count; i++)
		path_free(s->paths[i]);
	mem_free(s->paths);
	arena_release(&s->scratch);
	buf_release(&s->text_buf);
	yield_release(&w->yield);
	long live = w->live;
	test_free(w);
	return mem_live() == live ? 0 : -1;
}

static int run(struct world *w, const char *code)
{
	lua_State *L = w->s.L;

	lua_settop(L, 0);
	return luaL_loadbuffer(L, code, strlen(code), "=test") || lua_pcall(L, 0, 1, 0);
}

static void runs(void **state, const char *code)
{
	struct world *w = *state;

	if (run(w, code) != LUA_OK)
		fail_msg("%s\n%s", lua_tostring(w->s.L, -1), code);
}

static void raises(void **state, const char *code, const char *text)
{
	struct world *w = *state;

	if (run(w, code) == LUA_OK)
		fail_msg("did not raise: %s", code);
	const char *message = lua_tostring(w->s.L, -1);
	if (!message || !strstr(message, text))
		fail_msg("%s\nraised: %s\nexpected: %s", code, message ? message : "(no text)", text);
}

/* The host goes on to another record; what is global stays. */
static void next_record(void **state)
{
	struct world *w = *state;

	w->s.generation++;
	w->s.edits = NULL;
	arena_reset(&w->s.scratch);
}

/* ---- values ---- */

static void get_gives_the_first_value_or_the_default(void **state)
{
	runs(state, "assert(rec:get('245$a') == 'Title :')");
	runs(state, "assert(rec:get('001') == 'ocm123')");
	runs(state, "assert(rec:get('650$a') == 'Cats')");
	runs(state, "assert(rec:get('008/07-10') == '1985')");
	runs(state, "assert(rec:get('LDR/06') == 'a')");
	runs(state, "assert(rec:get('245^1') == '1')");
	runs(state, "assert(select('#', rec:get('100$a')) == 1 and rec:get('100$a') == nil)");
	runs(state, "assert(rec:get('100$a', 'none') == 'none' and rec:get('245$a', 'none') == 'Title :')");
	runs(state, "assert(rec:get('100$a', false) == false)");
}

static void a_whole_data_field_is_its_subfields_joined_by_a_blank(void **state)
{
	runs(state, "assert(rec:get('650') == 'Cats Behavior (x)1')");
	runs(state, "assert(table.concat(rec:all('650'), '|') == 'Cats Behavior (x)1|Dogs Hounds z')");
}

static void all_is_an_array_with_an_item_per_value(void **state)
{
	runs(state, "assert(table.concat(rec:all('650$a'), '|') == 'Cats|Dogs|Hounds')");
	runs(state, "local t = rec:all('100$a') assert(type(t) == 'table' and #t == 0)");
	runs(state, "assert(table.concat(rec:all('650$a$x', ' -- '), '|') == 'Cats -- Behavior|Dogs -- "
		    "Hounds')");
	runs(state, "assert(table.concat(rec:all('650$a', ''), '|') == 'Cats|DogsHounds')");
	runs(state, "assert(#rec:all('650$a', nil) == 3)");
}

static void values_walks_the_same_without_a_table(void **state)
{
	runs(state, "local t = {} for v in rec:values('650$a') do t[#t + 1] = v end\n"
		    "assert(table.concat(t, '|') == 'Cats|Dogs|Hounds')");
	runs(state, "local t = {} for v in rec:values('650$a$x', '+') do t[#t + 1] = v end\n"
		    "assert(table.concat(t, '|') == 'Cats+Behavior|Dogs+Hounds')");
	runs(state, "local it = rec:values('100$a') assert(it() == nil and it() == nil)");
	runs(state, "local it = rec:values('100$a', ',') assert(it() == nil and it() == nil)");
	runs(state, "local it = rec:values('020$a') assert(it() == '9780131103627')\n"
		    "collectgarbage() assert(tostring(it()) == 'nil')");
}

static void text_joins_values_and_fields(void **state)
{
	runs(state, "assert(rec:text('650$a') == 'Cats; Dogs Hounds')");
	runs(state, "assert(rec:text('650$a', '/') == 'Cats; Dogs/Hounds')");
	runs(state, "assert(rec:text('650$a', '/', '') == 'CatsDogs/Hounds')");
	runs(state, "assert(rec:text('650$a', nil, ' & ') == 'Cats & Dogs Hounds')");
	runs(state, "assert(tostring(rec:text('100$a')) == 'nil')");
}

static void has_and_count_answer_for_any_path(void **state)
{
	runs(state, "assert(rec:has('9..') and rec:has('245$a') and rec:has('LDR'))");
	runs(state, "assert(rec:has('100') == false and rec:has('245$z') == false)");
	runs(state, "assert(rec:count('650') == 2 and rec:count('650$a') == 3 and rec:count('100') == 0)");
	runs(state, "assert(math.type(rec:count('650')) == 'integer')");
}

static void number_reads_plain_decimals_and_nothing_else(void **state)
{
	runs(state, "assert(rec:number('008/07-10') == 1985 and math.type(rec:number('008/07-10')) == "
		    "'integer')");
	runs(state, "assert(rec:number('020$c') == -12.5)");
	runs(state, "assert(rec:number('300$e') == 42)");
	runs(state, "assert(rec:number('300$d') == 1e20 and math.type(rec:number('300$d')) == 'float')");
	runs(state, "for c in ('abc'):gmatch('.') do assert(rec:number('300$' .. c) == nil) end");
	runs(state, "assert(tostring(rec:number('100$a')) == 'nil' and rec:number('245$a') == nil)");
}

static void match_evaluates_a_kept_expression(void **state)
{
	runs(state, "for i = 1, 3 do assert(rec:match([[650$a == \"Dogs\"]])) end");
	runs(state, "assert(rec:match([[650$a == \"Birds\"]]) == false)");
	runs(state, "assert(rec:match('245$a') and not rec:match('not 245$a'))");
	runs(state, "assert(rec:match('650$a == :x', {x = 'Cats'}) and not rec:match('650$a == :x', {x = "
		    "'cats'}))");
	raises(state, "rec:match('650$a == :x')", "bad argument #2");
	raises(state, "rec:match('650$a == :x', {y = ''})", "no string for :x");
	raises(state, "rec:match('650$a ==')", "expression: ");
	raises(state, "rec:match('650$a ==')", "^");
}

static void more_expressions_than_are_kept_still_match(void **state)
{
	runs(state, "for i = 1, 1100 do assert(not rec:match('650$a == \"' .. i .. '\"')) end "
		    "collectgarbage()\n"
		    "assert(not rec:match('650$a == \"1099\"') and rec:match('650$a'))");
}

/* ---- arguments ---- */

static void wrong_arguments_raise_with_their_number(void **state)
{
	raises(state, "rec:get()", "bad argument #1 to 'get' (path expected, got no value)");
	raises(state, "rec:get(245)", "bad argument #1 to 'get' (path expected, got number)");
	raises(state, "rec:get({})", "path expected, got table");
	raises(state, "rec:all('245', 5)", "bad argument #2 to 'all' (string expected, got number)");
	raises(state, "rec:values('245', 5)", "bad argument #2 to 'values'");
	raises(state, "rec:text('245', ' ', true)", "bad argument #3 to 'text' (string expected, got "
		      "boolean)");
	raises(state, "rec.get('245')", "record expected, got string");
	raises(state, "rec.get(nil, '245')", "record expected, got nil");
	raises(state, "rec:match(5)", "string expected, got number");
	raises(state, "rec:linked('880')", "field expected, got string");
	raises(state, "rec:reject()", "string expected, got no value");
}

static void a_bad_path_raises_with_column_and_caret(void **state)
{
	raises(state, "rec:get('24$a')", "test:1: path: ");
	raises(state, "rec:get('24$a')", "(column ");
	raises(state, "rec:get('24$a')", "\n  24$a\n  ");
	raises(state, "rec:get('24$a')", "^");
	raises(state, "rec:get('')", "path: ");
	raises(state, "rec:get('245$\\t')", "path: ");
}

/* ---- the cache of paths ---- */

static void a_path_is_compiled_once(void **state)
{
	struct world *w = *state;

	runs(state, "for i = 1, 100 do rec:get('245$a') rec:has('245' .. '$a') rec:get('650$x') end");
	assert_int_equal(w->s.path_count, 2);
}

static void a_path_too_long_to_be_interned_is_compiled_once(void **state)
{
	struct world *w = *state;

	runs(state, "local long = '245$a$b$c' .. (':650$a$x'):rep(6)\n"
		    "for i = 1, 50 do assert(rec:count(long .. ':999') == rec:count(long .. ':999')) "
		    "collectgarbage() end");
	assert_int_equal(w->s.path_count, 1);
}

/* Long strings are objects of their own: equal ones have many addresses, and addresses come back. */
static void a_long_path_made_anew_each_time_is_never_mistaken(void **state)
{
	struct world *w = *state;

	runs(state, "local fill = ('$z'):rep(25)\n"
		    "for i = 1, 4000 do\n"
		    "  local tag = ({ '245', '650', '856', '100' })[i * 7 % 4 + 1]\n"
		    "  local n = rec:count(tag .. '$a$b$c$u' .. fill)\n"
		    "  assert(n == ({ ['245'] = 3, ['650'] = 4, ['856'] = 1, ['100'] = 0 })[tag], tag)\n"
		    "  if i % 5 == 0 then collectgarbage() end\n"
		    "end");
	assert_int_equal(w->s.path_count, 4);
}

static void an_address_used_again_never_finds_a_foreign_path(void **state)
{
	runs(state, "for round = 1, 3 do for i = 100, 999 do\n"
		    "  local tag = tostring(i)\n"
		    "  assert(rec:has(tag) == (rec:get(tag) ~= nil), tag)\n"
		    "  if i ~= 999 then assert(rec:count(tag .. '$a') == #rec:all(tag .. '$' .. 'a'), tag) "
		    "end\n"
		    "  if i % 50 == 0 then collectgarbage() end\n"
		    "end end\n"
		    "assert(rec:get('650$a') == 'Cats' and rec:get('245$c') == 'author.')");
}

static void more_paths_than_are_kept_work_and_are_noted(void **state)
{
	struct world *w = *state;

	runs(state, "for i = 0, 1999 do\n"
		    "  local tag = ('%03d'):format(i % 1000)\n"
		    "  local path = i < 1000 and tag or tag .. '$a'\n"
		    "  assert((rec:get(path) ~= nil) == rec:has(path))\n"
		    "end\n"
		    "assert(rec:get('650$a') == 'Cats')\n"
		    "local it = rec:values('650$a') collectgarbage() assert(it() == 'Cats' and it() == "
		    "'Dogs')");
	assert_int_equal(w->s.path_count, 1000);
	assert_true(w->s.paths_full);
	assert_int_equal(w->yield.event_count, 0);
}

/* ---- the record ---- */

static void properties_are_read_without_parentheses(void **state)
{
	runs(state, "assert(rec.id == 'ocm123' and rec.type == 'a' and rec.level == 'm')");
	runs(state, "assert(rec.kind == 'bibliographic' and rec.encoding == 'utf-8')");
	runs(state, "local e = rec.errors assert(#e == 1 and e[1].code == 'E008' and e[1].severity == 'W')\n"
		    "assert(e[1].offset == 3 and e[1].tag == nil and type(e[1].message) == 'string')");
	runs(state, "local s = rec.source assert(s.file == 'books.mrc' and s.number == 2 and s.index == 7)\n"
		    "assert(s.offset == 1000 and s.length == 10 and s.encoding == 'utf-8')");
}

static void kind_follows_the_type_of_record(void **state)
{
	struct world *w = *state;
	static const struct {
		char type;
		const char *kind;
	} cases[] = {
		{ 'a', "bibliographic" }, { 't', "bibliographic" }, { 'z', "authority" },
		{ 'u', "holdings" },	  { 'x', "holdings" },	    { 'y', "holdings" },
		{ 'w', "classification" }, { 'q', "community" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		w->rec.leader[6] = (uint8_t)cases[i].type;
		assert_int_equal(run(w, "return rec.kind"), LUA_OK);
		assert_string_equal(lua_tostring(w->s.L, -1), cases[i].kind);
	}
	for (unsigned c = 0; c < 256; c++) {
		w->rec.leader[6] = (uint8_t)c;
		assert_int_equal(run(w, "return rec.kind"), LUA_OK);
	}
	w->rec.leader[6] = ' ';
	runs(state, "assert(rec.kind == nil)");
}

static void unknown_keys_raise_with_a_suggestion(void **state)
{
	raises(state, "return rec.gte", "unknown record key 'gte' (did you mean 'get'?)");
	raises(state, "return rec.sourc", "did you mean 'source'?");
	raises(state, "return rec.title_of_it", "unknown record key 'title_of_it'");
	raises(state, "return rec[1]", "unknown record key '1'");
	raises(state, "return rec[{}]", "unknown record key '(a table)'");
	raises(state, "return rec[nil]", "unknown record key");
	raises(state, "rec.id = 'x'", "use rec:edit()");
	raises(state, "rec.ladder = 'x'", "did you mean 'leader'?");
	raises(state, "return rec[('x'):rep(1000)]", "...'");
	raises(state, "return rec:field('245').tga", "unknown field key 'tga' (did you mean 'tag'?)");
	raises(state, "rec:field('245').tag = '246'", "cannot be assigned");
	raises(state, "return rec.leader.statsu", "unknown leader key 'statsu' (did you mean 'status'?)");
	raises(state, "rec.leader.status = 'c'", "e:set(");
}

static void tostring_is_mrk_and_equality_is_by_content(void **state)
{
	struct world *w = *state;

	runs(state, "local t = tostring(rec) assert(t:find('=LDR  ', 1, true) == 1 and t == rec:to('mrk'))\n"
		    "assert(t:find('=245  10$6880-01$aTitle :', 1, true))");
	runs(state, "assert(rec == rec:keep() and rec:keep() == rec)");
	w->other = w->rec;
	w->other.count--;
	push_record(w->s.L, &w->s, &w->other);
	lua_setglobal(w->s.L, "other");
	runs(state, "assert(rec ~= other and rec ~= 'x' and rec ~= rec:field('245') and rec.leader ~= rec)");
}

static void raw_is_what_came_and_marc_what_would_leave(void **state)
{
	runs(state, "assert(rec:raw() == 'as it came')");
	runs(state, "local m = rec:to('marc') assert(m:sub(-1) == '\\x1d' and m:find('\\x1faTitle :', 1, "
		    "true))");
	raises(state, "rec:to('mrx')", "did you mean 'mrk'?");
	raises(state, "rec:to('xyzzy')", "bad argument #1 to 'to'");
	raises(state, "rec:to()", "string expected");
}

static void table_is_what_a_new_record_is_made_of(void **state)
{
	runs(state, "local t = rec:table()\n"
		    "assert(#t == 13 and t.leader == tostring(rec.leader))\n"
		    "assert(table.concat(t[1], '|') == '001|ocm123')\n"
		    "assert(table.concat(t[6], '|') == '650| 0|a|Cats|x|Behavior|0|(x)1')\n"
		    "assert(table.concat(t[13], '|') == '999|broken')");
}

static void reject_marks_the_record_of_the_hook(void **state)
{
	struct world *w = *state;

	raises(state, "rec:keep():reject('no')", "not one that was kept");
	assert_false(w->s.rejected);
	runs(state, "assert(rec:reject('no\\0title') == mrrc.drop and mrrc.drop ~= nil)");
	assert_true(w->s.rejected);
	assert_int_equal(w->s.reject_reason_len, 8);
	assert_memory_equal(w->s.reject_reason, "no\0title", 8);
	w->s.record = NULL;
	raises(state, "rec:reject('no')", "for hooks");
}

/* ---- fields ---- */

static void field_views_read_the_field(void **state)
{
	runs(state, "local f = rec:field('245')\n"
		    "assert(f.tag == '245' and f.ind1 == '1' and f.ind2 == '0' and not f:is_control())\n"
		    "assert(f.value == '880-01 Title : sub / author.')\n"
		    "assert(f:get('a') == 'Title :' and f:get('cb') == 'sub /' and f:get('z') == nil and "
		    "f:get('z', 1) == 1)\n"
		    "assert(f:raw() == '10\\x1f6880-01\\x1faTitle :\\x1fbsub /\\x1fcauthor.')\n"
		    "assert(f:format() == 'Title : sub / author.')\n"
		    "assert(tostring(f) == '=245  10$6880-01$aTitle :$bsub /$cauthor.')");
	runs(state, "local f = rec:field('001')\n"
		    "assert(f.tag == '001' and f.ind1 == nil and f.ind2 == nil and f.value == 'ocm123' and "
		    "f:is_control())\n"
		    "assert(f:get('a') == nil and #f:all() == 0 and f:raw() == 'ocm123' and f:format() == "
		    "'ocm123')");
	runs(state, "local f = rec:field('650') assert(f:format() == 'Cats -- Behavior')");
	runs(state, "assert(rec:field('100') == nil and tostring(rec:field('100')) == 'nil')");
	runs(state, "assert(rec:field('650') == rec:field('650') and rec:field('650') ~= rec:field('245'))");
}

static void a_malformed_field_is_readable_raw_only(void **state)
{
	runs(state, "local f for g in rec:fields() do f = g end\n"
		    "assert(f.tag == '999' and f.ind1 == nil and f.value == nil and f:raw() == 'broken')\n"
		    "assert(f:get('a') == nil and not f:has())");
}

static void codes_are_letters_ranges_and_negations(void **state)
{
	runs(state, "local f = rec:field('245')\n"
		    "local function all(c, o) return table.concat(f:all(c, o), '|') end\n"
		    "assert(all() == '880-01|Title :|sub /|author.')\n"
		    "assert(all('a-c') == 'Title :|sub /|author.')\n"
		    "assert(all('cba') == 'Title :|sub /|author.')\n"
		    "assert(all('cba', {order = 'spec'}) == 'author.|sub /|Title :')\n"
		    "assert(all('c-c6', {order = 'spec'}) == 'author.|880-01')\n"
		    "assert(all('cba', {order = 'record'}) == 'Title :|sub /|author.')\n"
		    "assert(all('^0-9') == 'Title :|sub /|author.')\n"
		    "assert(all('^a-b', {order = 'spec'}) == '880-01|author.')\n"
		    "assert(f:has('xyzc') and not f:has('xyz') and f:has())\n"
		    "assert(f:text('a-c') == 'Title : sub / author.' and f:text('ab', '+') == 'Title :+sub "
		    "/')\n"
		    "assert(f:text('ba', '+', {order = 'spec'}) == 'sub /+Title :')\n"
		    "assert(f:text('ba', {order = 'spec'}) == 'sub / Title :')\n"
		    "assert(tostring(f:text('z')) == 'nil')");
	raises(state, "rec:field('245'):all('')", "no subfield code given");
	raises(state, "rec:field('245'):all('c-a')", "the range c-a runs backwards");
	raises(state, "rec:field('245'):all('a b')", "one printable ASCII character");
	raises(state, "rec:field('245'):all('\\xc3\\xa4')", "one printable ASCII character");
	raises(state, "rec:field('245'):all(5)", "string expected, got number");
	raises(state, "rec:field('245'):get()", "string expected, got no value");
	raises(state, "rec:field('245'):all('a', {ordr = 'spec'})", "did you mean 'order'?");
	raises(state, "rec:field('245'):all('a', {'spec'})", "unknown option key");
	raises(state, "rec:field('245'):all('a', {order = 'down'})", "order is");
	raises(state, "rec:field('245'):text('a', 5)", "string expected, got number");
}

static void subfields_and_values_of_a_field_are_iterators(void **state)
{
	runs(state, "local t = {} for c, v in rec:field('650'):subfields() do t[#t + 1] = c .. v end\n"
		    "assert(table.concat(t, '|') == 'aCats|xBehavior|0(x)1')");
	runs(state, "local t = {} for c, v in rec:field('650'):subfields('^0-9') do t[#t + 1] = c .. v end\n"
		    "assert(table.concat(t, '|') == 'aCats|xBehavior')");
	runs(state, "local t = {} for v in rec:field('650'):values('xa', {order = 'spec'}) do t[#t + 1] = v "
		    "end\n"
		    "assert(table.concat(t, '|') == 'Behavior|Cats')");
	runs(state, "local it = rec:field('001'):values() assert(it() == nil and it() == nil)");
}

static void fields_walks_views_in_record_order(void **state)
{
	runs(state, "local t = {} for f in rec:fields('6..') do t[#t + 1] = f:get('a') end\n"
		    "assert(table.concat(t, '|') == 'Cats|Dogs')");
	runs(state, "local n = 0 for f in rec:fields() do n = n + 1 end assert(n == 13)");
	runs(state, "local n = 0 for f in rec:fields('650$x') do n = n + 1 end assert(n == 1)");
	runs(state, "for f in rec:fields('100') do error('none') end");
}

static void linked_goes_by_tag_and_occurrence(void **state)
{
	runs(state, "local t = rec:linked(rec:field('245')) assert(#t == 1 and t[1]:get('a') == "
		    "'Vernacular')\n"
		    "local back = rec:linked(t[1]) assert(#back == 1 and back[1].tag == '245')");
	runs(state, "assert(#rec:linked(rec:field('700')) == 0 and #rec:linked(rec:field('650')) == 0)");
	runs(state, "assert(#rec:linked(rec:field('880{$6 =^ \"245-02\"}')) == 0)");
}

/* ---- leader ---- */

static void the_leader_is_read_by_name_and_position(void **state)
{
	runs(state, "local l = rec.leader assert(tostring(l) == '00714cam a2200205 a 4500')\n"
		    "assert(l.length == 714 and l.base == 205 and l.status == 'c' and l.type == 'a' and "
		    "l.level == 'm')\n"
		    "assert(l.control == ' ' and l.encoding == 'a' and l.encoding_level == ' ' and l.form "
		    "== 'a')\n"
		    "assert(l.multipart == ' ' and l.reserved == '4500' and l[5] == 'c' and l[0] == '0' and "
		    "l[23] == '0')\n"
		    "assert(l == rec.leader)");
	raises(state, "return rec.leader[24]", "0 to 23");
	raises(state, "return rec.leader[-1]", "0 to 23");
	raises(state, "return rec.leader[1.5]", "0 to 23");
	raises(state, "return rec.leader[math.mininteger]", "0 to 23");
	struct world *w = *state;
	memcpy(w->rec.leader, "00x14", 5);
	runs(state, "assert(rec.leader.length == nil)");
}

/* ---- life ---- */

static void a_handle_is_stale_after_its_record(void **state)
{
	runs(state, "f = rec:field('245') l = rec.leader it = rec:values('650$a') fi = rec:fields() e = "
		    "rec:edit()\n"
		    "joined = rec:values('650$a', ',') sub = f:subfields() ef = e:field('245') el = "
		    "e.leader");
	next_record(state);
	raises(state, "rec:get('245')", "record used after its hook; keep it with rec:keep()");
	raises(state, "return rec.id", "record used after its hook");
	raises(state, "return tostring(rec)", "record used after its hook");
	raises(state, "return rec == e", "used after its hook");
	raises(state, "rec:keep()", "record used after its hook");
	raises(state, "return f.tag", "field used after its hook");
	raises(state, "f:get('a')", "field used after its hook");
	raises(state, "return l.status", "record used after its hook");
	raises(state, "it()", "record used after its hook");
	raises(state, "joined()", "record used after its hook");
	raises(state, "fi()", "record used after its hook");
	raises(state, "sub()", "field used after its hook");
	raises(state, "e:get('245')", "edit used after its hook");
	raises(state, "return ef.tag", "used after its hook");
	raises(state, "return el.status", "edit used after its hook");
}

static void a_kept_record_lives_as_long_as_lua_wants(void **state)
{
	struct world *w = *state;

	runs(state, "kept = rec:keep() f = kept:field('245') l = kept.leader it = kept:values('650$a')\n"
		    "assert(rawequal(kept:keep(), kept))");
	next_record(state);
	memset(w->field, 0, sizeof(w->field));
	memset(w->rec.leader, 0, LEADER_LEN);
	runs(state, "collectgarbage() assert(kept:get('245$a') == 'Title :' and f:get('c') == 'author.')\n"
		    "assert(l.status == 'c' and it() == 'Cats' and kept.id == 'ocm123' and kept:raw() == "
		    "'as it came')\n"
		    "assert(kept.source.number == 2 and kept.errors[1].code == 'E008')\n"
		    "kept = nil collectgarbage() collectgarbage() assert(f:get('a') == 'Title :' and it() "
		    "== 'Dogs')");
}

static void edits_answer_the_same_and_see_their_changes(void **state)
{
	struct world *w = *state;

	runs(state, "e = rec:edit() assert(e:get('245$a') == 'Title :' and e.id == 'ocm123' and e == rec)\n"
		    "assert(e:count('650$a') == 3 and e:raw() == 'as it came' and e.leader.status == 'c')\n"
		    "assert(e:field('245'):get('b') == 'sub /' and e:match('650'))\n"
		    "it = e:values('650$a') assert(it() == 'Cats')");
	assert_non_null(w->s.edits);
	assert_int_equal(draft_replace(w->s.edits->draft, 3, SPAN_LIT("00" US "aNew")), STATUS_OK);
	draft_remove(w->s.edits->draft, 6);
	runs(state, "assert(e:get('245$a') == 'New' and e ~= rec and e:count('650$a') == 1)\n"
		    "assert(e:raw() ~= rec:raw())\n"
		    "assert(it() == 'Dogs' and it() == 'Hounds' and it() == nil)\n"
		    "assert(e:field('245').ind1 == '0' and tostring(e:field('245')) == '=245  00$aNew')\n"
		    "local k = e:keep() assert(k:get('245$a') == 'New' and k == e and k:raw() ~= 'as it "
		    "came')");
	runs(state, "assert(e:edit():get('245$a') == 'New' and rec:edit():reject('no') == mrrc.drop)");
}

static void a_field_that_left_its_edit_raises(void **state)
{
	struct world *w = *state;

	runs(state, "e = rec:edit() f = e:field('245') g = e:field('650')");
	draft_remove(w->s.edits->draft, 3);
	raises(state, "return f.tag", "dropped");
	raises(state, "f:get('a')", "dropped");
	runs(state, "assert(g.tag == '650' and g:get('a') == 'Cats')");
	w->s.edits->dead = true;
	raises(state, "g:get('a')", "done() or discard()");
	raises(state, "e:get('245')", "done() or discard()");
}

static void an_edit_outside_of_hooks_lives_with_its_handle(void **state)
{
	struct world *w = *state;

	runs(state, "kept = rec:keep()");
	w->s.record = NULL;
	next_record(state);
	runs(state, "e = kept:edit() f = e:field('245') kept = nil collectgarbage()");
	assert_null(w->s.edits);
	next_record(state);
	runs(state, "collectgarbage() assert(e:get('245$a') == 'Title :' and f:get('b') == 'sub /')\n"
		    "e = nil collectgarbage() collectgarbage() assert(f:get('b') == 'sub /') f = nil "
		    "collectgarbage()");
}

/* ---- hostile use ---- */

static void metamethods_refuse_foreign_objects(void **state)
{
	runs(state, "assert(getmetatable(rec) == false and not pcall(setmetatable, rec, {}))");
	runs(state, "local things = { rec, rec:field('245'), rec.leader, rec:edit(), "
		    "rec:edit():field('245'), io.stdout }\n"
		    "local others = { 'x', 5, true, {}, print, io.stdout, rec, rec.leader, "
		    "rec:field('001'),\n"
		    "  rec:edit(), coroutine.create(print) }\n"
		    "for _, thing in ipairs(things) do\n"
		    "  for name, fn in pairs(debug.getmetatable(thing)) do\n"
		    "    if type(fn) == 'function' and thing ~= io.stdout then\n"
		    "      pcall(fn)\n"
		    "      for _, o in ipairs(others) do pcall(fn, o) pcall(fn, o, o) pcall(fn, o, 'tag', "
		    "o)\n"
		    "        pcall(fn, thing, o) pcall(fn, thing, o, o) end\n"
		    "    end\n"
		    "  end\n"
		    "end");
	runs(state, "for _, name in ipairs { 'get', 'all', 'values', 'text', 'has', 'count', 'number', "
		    "'match', 'field', 'fields',\n"
		    "  'linked', 'raw', 'to', 'table', 'keep', 'edit', 'reject' } do\n"
		    "  for _, o in ipairs { 'x', 5, true, {}, print, io.stdout, rec.leader, "
		    "rec:field('001') } do\n"
		    "    assert(not pcall(rec[name], o, '245'), name)\n"
		    "  end\n"
		    "end");
}

static void paths_may_be_read_in_coroutines(void **state)
{
	runs(state, "local co = coroutine.wrap(function() for v in rec:values('650$a') do "
		    "coroutine.yield(v) end end)\n"
		    "assert(co() == 'Cats' and rec:get('245$a') == 'Title :' and co() == 'Dogs')");
}

/* Every allocation of ours fails once: the call raises or succeeds, and the next one works. */
static void lack_of_memory_is_an_error_and_no_leak(void **state)
{
	static const char *const calls[] = {
		"return rec:get('245$a$b')",	  "return rec:text('650$a$x', ('-'):rep(5000))",
		"return rec:match('650$a =~ /^D/')", "return rec:edit()",
		"return tostring(rec)",		  "return rec:to('marc')",
		"return rec:field('650').value",  "return rec:get('245{$a == \"x\"}$b')",
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		long refused = 1;

		for (long k = 0; refused > 0 && k < 200; k++) {
			mem_fail_after(k, false);
			int rc = run(w, calls[i]);
			refused = mem_refused();
			mem_fail_after(-1, false);
			assert_true(refused == 0 || rc != LUA_OK || lua_gettop(w->s.L) == 1);
			if (rc != LUA_OK)
				assert_non_null(strstr(lua_tostring(w->s.L, -1), "not enough memory"));
		}
		runs(state, calls[i]);
	}
}

/* ---- luax.c ---- */

static void the_nearest_name_is_at_most_two_edits_away(void **state)
{
	static const char *const names[] = { "transform", "filter", "each", "id", NULL };

	(void)state;
	assert_string_equal(luaX_nearest("tranform", names), "transform");
	assert_string_equal(luaX_nearest("fitler", names), "filter");
	assert_string_equal(luaX_nearest("eahc", names), "each");
	assert_string_equal(luaX_nearest("id", names), "id");
	assert_null(luaX_nearest("x", names));
	assert_null(luaX_nearest("", names));
	assert_null(luaX_nearest("transmogrify", names));
	assert_null(luaX_nearest("filterfilterfilterfilterfilterfilterfilterfilter"
				 "filterfilterfilterfilter", names));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(get_gives_the_first_value_or_the_default),
		TEST(a_whole_data_field_is_its_subfields_joined_by_a_blank),
		TEST(all_is_an_array_with_an_item_per_value),
		TEST(values_walks_the_same_without_a_table),
		TEST(text_joins_values_and_fields),
		TEST(has_and_count_answer_for_any_path),
		TEST(number_reads_plain_decimals_and_nothing_else),
		TEST(match_evaluates_a_kept_expression),
		TEST(more_expressions_than_are_kept_still_match),
		TEST(wrong_arguments_raise_with_their_number),
		TEST(a_bad_path_raises_with_column_and_caret),
		TEST(a_path_is_compiled_once),
		TEST(a_path_too_long_to_be_interned_is_compiled_once),
		TEST(a_long_path_made_anew_each_time_is_never_mistaken),
		TEST(an_address_used_again_never_finds_a_foreign_path),
		TEST(more_paths_than_are_kept_work_and_are_noted),
		TEST(properties_are_read_without_parentheses),
		TEST(kind_follows_the_type_of_record),
		TEST(unknown_keys_raise_with_a_suggestion),
		TEST(tostring_is_mrk_and_equality_is_by_content),
		TEST(raw_is_what_came_and_marc_what_would_leave),
		TEST(table_is_what_a_new_record_is_made_of),
		TEST(reject_marks_the_record_of_the_hook),
		TEST(field_views_read_the_field),
		TEST(a_malformed_field_is_readable_raw_only),
		TEST(codes_are_letters_ranges_and_negations),
		TEST(subfields_and_values_of_a_field_are_iterators),
		TEST(fields_walks_views_in_record_order),
		TEST(linked_goes_by_tag_and_occurrence),
		TEST(the_leader_is_read_by_name_and_position),
		TEST(a_handle_is_stale_after_its_record),
		TEST(a_kept_record_lives_as_long_as_lua_wants),
		TEST(edits_answer_the_same_and_see_their_changes),
		TEST(a_field_that_left_its_edit_raises),
		TEST(an_edit_outside_of_hooks_lives_with_its_handle),
		TEST(metamethods_refuse_foreign_objects),
		TEST(paths_may_be_read_in_coroutines),
		TEST(lack_of_memory_is_an_error_and_no_leak),
		cmocka_unit_test(the_nearest_name_is_at_most_two_edits_away),
	};

	return cmocka_run_group_tests_name("reading bindings", tests, NULL, NULL);
}
