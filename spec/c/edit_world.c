/* edit_world.c: what edit_world.h promises. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <lualib.h>

#include "edit_world.h"

#define US "\x1f"

static const char leader[] = "00714cam a2200205 a 4500";

static const struct {
	const char *tag, *content;
} fields[] = {
	{ "001", "ocm123" },
	{ "005", "20240101000000.0" },
	{ "008", "850101s1985    nyu           000 0 eng d" },
	{ "020", "  " US "a9780131103627" US "q(pbk.)" },
	{ "245", "10" US "6880-01" US "aTitle :" US "bsub /" US "cauthor." },
	{ "260", "  " US "aNew York :" US "bX," US "c1985." },
	{ "260", "3 " US "aBoston" },
	{ "650", " 0" US "aDogs" US "xBehavior" },
	{ "650", " 0" US "aCats" },
	{ "650", " 7" US "aCats" US "2gnd" },
	{ "650", " 0" US "aCats" },
	{ "700", "1 " US "6880-00" US "aUnlinked" },
	{ "856", "40" US "3Contents" US "uhttp://example.org/" },
	{ "880", "10" US "6245-01/(N" US "aVernacular" },
	{ "880", "10" US "6245-02/(N" US "aOther" },
	{ "907", "  " US "alocal" },
	{ "998", "xy" },
};

#define FIELDS (sizeof(fields) / sizeof(fields[0]))
_Static_assert(FIELDS == WORLD_FIELDS, "every field has room");

static const char words[] =
	"function show(e, tag)\n"
	"  local t = {}\n"
	"  for f in e:fields(tag) do\n"
	"    if f:is_control() then t[#t + 1] = f.tag .. ' ' .. f.value\n"
	"    else\n"
	"      local s = f.tag .. ' ' .. (f.ind1 or '?') .. (f.ind2 or '?')\n"
	"      for c, v in f:subfields() do s = s .. '$' .. c .. v end\n"
	"      t[#t + 1] = s\n"
	"    end\n"
	"  end\n"
	"  return table.concat(t, '|')\n"
	"end\n"
	"function tags(e)\n"
	"  local t = {}\n"
	"  for f in e:fields() do t[#t + 1] = f.tag end\n"
	"  return table.concat(t, ' ')\n"
	"end\n"
	"function is(a, b) if a ~= b then error(('%s, expected %s'):format(a, b), 2) end end\n"
	"function fails(text, fn, ...)\n"
	"  local ok, err = pcall(fn, ...)\n"
	"  if ok then error('did not raise: ' .. text, 2) end\n"
	"  if not tostring(err):find(text, 1, true) then error(('raised %s, expected %s'):format(err, text), "
	"2) end\n"
	"end\n"
	"all = '001 005 008 020 245 260 260 650 650 650 650 700 856 880 880 907 998'\n";

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
	return luaL_dostring(L, words) ? lua_error(L) : 0;
}

static void make_record(struct world *w)
{
	for (size_t i = 0; i < FIELDS; i++) {
		const char *t = fields[i].tag;

		w->field[i] = (struct field){ .ptr = (const uint8_t *)fields[i].content,
					      .len = (uint32_t)strlen(fields[i].content) };
		w->field[i].tag = MARC_TAG(t[0], t[1], t[2]) & 0xFFFFFF;
		if (tag_is_control(w->field[i].tag))
			w->field[i].flags = FIELD_CONTROL;
		if (strcmp(t, "998") == 0)
			w->field[i].flags = FIELD_MALFORMED;
	}
	w->rec = (struct record){ .count = FIELDS, .flags = RECORD_UTF8 | RECORD_VERBATIM,
				  .field = w->field };
	w->rec.raw = SPAN_LIT("as it came");
	memcpy(w->rec.leader, leader, LEADER_LEN);
}

void to_record(struct world *w, struct record *r)
{
	w->s.generation++;
	w->s.edits = NULL;
	w->s.record = r;
	arena_reset(&w->s.scratch);
	if (!w->s.L || !r)
		return;
	push_record(w->s.L, &w->s, r);
	lua_setglobal(w->s.L, "rec");
}

/* Lua's memory through the same door as ours, so that it can be refused, and is counted. */
static void *lua_memory(void *ud, void *ptr, size_t osize, size_t nsize)
{
	(void)ud;
	if (nsize == 0) {
		mem_free(ptr);
		return NULL;
	}
	void *grown = mem_realloc(ptr, nsize);

	return !grown && ptr && nsize <= osize ? ptr : grown; /* Lua counts on shrinking to succeed */
}

int world_begin(void **state)
{
	struct world *w = test_calloc(1, sizeof(*w));

	w->live = mem_live();
	make_record(w);
	yield_init(&w->yield);
	arena_init(&w->s.scratch, 0);
	buf_init(&w->s.text_buf, BUF_NO_LIMIT);
	w->s.program = &w->program;
	w->s.base = &w->rec;
	w->s.hook = "transform";
	w->s.yield = &w->yield;
	to_record(w, &w->rec);
	w->s.L = lua_newstate(lua_memory, NULL);
	assert_non_null(w->s.L);
	lua_pushcfunction(w->s.L, open_all);
	lua_pushlightuserdata(w->s.L, &w->s);
	if (lua_pcall(w->s.L, 1, 0, 0) != LUA_OK)
		fail_msg("%s", lua_tostring(w->s.L, -1));
	*state = w;
	return 0;
}

int world_end(void **state)
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

int try_run(struct world *w, const char *code)
{
	lua_State *L = w->s.L;

	lua_settop(L, 0);
	return luaL_loadbuffer(L, code, strlen(code), "=test") || lua_pcall(L, 0, 1, 0);
}

void runs(void **state, const char *code)
{
	struct world *w = *state;

	if (try_run(w, code) != LUA_OK)
		fail_msg("%s\n%s", lua_tostring(w->s.L, -1), code);
}
