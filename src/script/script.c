/* script.c: the life of one Lua state: made, loaded, interrupted, closed.
 *
 * The state allocates through lua_memory, which counts bytes against the limit of the script; nothing of
 * ours hangs on that counter. Loading happens in one protected call: standard libraries, our types, then the
 * prelude (lua/mrrc/run.lua), which turns the user's texts into a table of hooks. What runs per record is in
 * script_run.c. */
#include <lualib.h>
#include <stdlib.h>
#include <stdio.h>

#include "base/alloc.h"
#include "script/bind_helpers.h"
#include "script/embedded.h"
#include "script/internal.h"

static void *lua_memory(void *ud, void *ptr, size_t osize, size_t nsize)
{
	struct script *s = ud;
	size_t old = ptr ? osize : 0; /* without a block, osize is a type tag */

	if (nsize == 0) {
		s->memory -= old;
		mem_free(ptr);
		return NULL;
	}
	if (nsize > old && !s->unlimited && s->memory + (nsize - old) > s->program->memory_limit) {
		s->memory_hit = true;
		return NULL;
	}

	void *grown = mem_realloc(ptr, nsize);

	if (!grown)
		return nsize <= old ? ptr : NULL; /* Lua counts on shrinking to succeed */
	s->memory += nsize - old;
	if (s->memory > s->memory_peak)
		s->memory_peak = s->memory;
	return grown;
}

struct script *script_behind(lua_State *L)
{
	void *ud;

	return lua_getallocf(L, &ud) == lua_memory ? ud : NULL;
}

/* Only reached when an error leaves every protected call: a bug of ours. */
static int panic(lua_State *L)
{
	const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "no message";

	fprintf(stderr, "mrrc: internal error: Lua error outside of a protected call: %s\n", text);
	_Exit(70);
}

static struct span embedded(const char *name)
{
	for (size_t i = 0; i < embedded_count; i++)
		if (strcmp(embedded_files[i].name, name) == 0)
			return span_of(embedded_files[i].bytes, embedded_files[i].len);
	return span_of(NULL, 0);
}

/* Push the program as the prelude wants it. [-0, +1, m] */
static void push_program(lua_State *L, const struct script *s)
{
	static const char *const kind[] = { "file", "transform", "filter", "each" };
	const struct script_program *p = s->program;

	lua_createtable(L, 0, 8);
	lua_createtable(L, (int)p->piece_count, 0);
	for (size_t i = 0; i < p->piece_count; i++) {
		lua_createtable(L, 0, 3);
		lua_pushstring(L, kind[p->piece[i].kind]);
		lua_setfield(L, -2, "kind");
		lua_pushstring(L, p->piece[i].name);
		lua_setfield(L, -2, "name");
		luaX_pushspan(L, p->piece[i].text);
		lua_setfield(L, -2, "text");
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	lua_setfield(L, -2, "pieces");
	lua_createtable(L, (int)p->arg_count, 0);
	for (size_t i = 0; i < p->arg_count; i++) {
		lua_createtable(L, 2, 0);
		lua_pushstring(L, p->arg[i].name);
		lua_rawseti(L, -2, 1);
		lua_pushstring(L, p->arg[i].value);
		lua_rawseti(L, -2, 2);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	lua_setfield(L, -2, "args");
	lua_createtable(L, (int)p->module_count, 0);
	for (size_t i = 0; i < p->module_count; i++) {
		lua_pushstring(L, p->module[i]);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	lua_setfield(L, -2, "modules");
	lua_pushstring(L, p->folder);
	lua_setfield(L, -2, "folder");
	lua_pushstring(L, p->lua_path);
	lua_setfield(L, -2, "lua_path");
	lua_pushboolean(L, p->describe);
	lua_setfield(L, -2, "describe");
	lua_pushinteger(L, (lua_Integer)s->thread + 1);
	lua_setfield(L, -2, "thread");
	lua_pushinteger(L, (lua_Integer)p->threads);
	lua_setfield(L, -2, "threads");
	lua_pushinteger(L, (lua_Integer)p->now);
	lua_setfield(L, -2, "now");
}

/* The function at field `name` of the table on top, as a registry reference. [-0, +0, m] */
static int take_hook(lua_State *L, struct script *s, const char *name, unsigned hook)
{
	if (lua_getfield(L, -1, name) == LUA_TNIL) {
		lua_pop(L, 1);
		return LUA_NOREF;
	}
	s->hooks |= hook;
	return luaL_ref(L, LUA_REGISTRYINDEX);
}

static void take_where(lua_State *L, struct script *s)
{
	size_t len;
	struct path_error err;

	lua_getfield(L, -1, "where");
	const char *text = lua_tolstring(L, -1, &len);

	if (text) {
		struct span where = span_of(text, len);

		check_compiled(L, "where", expr_compile(where, &s->where, &err), where, &err);
		s->hooks |= HOOK_WHERE;
	}
	lua_pop(L, 1);
}

/* The table mrrc, as scripts see it. [-0, +1, m] */
static void push_mrrc(lua_State *L, struct script *s)
{
	lua_newtable(L);
	bind_edit_functions(L, s);
	bind_result_functions(L, s);
	bind_host_functions(L, s);
	bind_helper_functions(L, s);
}

static int load_program(lua_State *L)
{
	struct script *s = lua_touserdata(L, 1);
	struct span prelude = embedded("mrrc.run");

	luaL_openlibs(L);
	bind_record_open(L, s);
	bind_edit_open(L, s);
	bind_field_open(L, s);
	bind_leader_open(L, s);
	lua_newtable(L);
	s->ref_paths = luaL_ref(L, LUA_REGISTRYINDEX);
	if (luaL_loadbufferx(L, (const char *)prelude.ptr, prelude.len, "=mrrc", "t") != LUA_OK)
		return lua_error(L);
	push_mrrc(L, s);
	push_program(L, s);
	s->loading = true;
	lua_call(L, 2, 1);
	s->loading = false;
	lua_getfield(L, -1, "args");
	if (!s->program->describe)
		result_fill_paths(L, s, lua_gettop(L));
	lua_pop(L, 1);
	take_where(L, s);
	s->ref_filter = take_hook(L, s, "filter", HOOK_FILTER);
	s->ref_transform = take_hook(L, s, "transform", HOOK_TRANSFORM);
	s->ref_each = take_hook(L, s, "each", HOOK_EACH);
	s->ref_finish = take_hook(L, s, "finish", HOOK_FINISH);
	s->ref_on_error = take_hook(L, s, "on_error", HOOK_ON_ERROR);
	s->ref_program = luaL_ref(L, LUA_REGISTRYINDEX);
	return 0;
}

/* init(ctx): not in the state that only runs finish. */
static int run_init(lua_State *L)
{
	struct script *s = lua_touserdata(L, 1);

	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref_program);
	if (lua_getfield(L, -1, "init") == LUA_TNIL)
		return 0;
	lua_getfield(L, -2, "ctx");
	lua_call(L, 1, 0);
	return 0;
}

enum status script_new(const struct script_program *program, unsigned thread, struct script **out,
		       struct problem *problem)
{
	struct script *s = mem_zalloc(sizeof *s);

	*out = NULL;
	*problem = (struct problem){ 0 };
	if (!s)
		return STATUS_MEMORY;
	s->program = program;
	s->thread = thread;
	s->generation = 1;
	s->ref_filter = s->ref_transform = s->ref_each = s->ref_finish = s->ref_on_error = LUA_NOREF;
	s->ref_program = LUA_NOREF;
	arena_init(&s->scratch, SCRATCH_KEEP);
	s->scratch.limit = program->memory_limit; /* what edits hold is the script's doing */
	buf_init(&s->text_buf, BUF_NO_LIMIT);
	buf_init(&s->setup, SETUP_LIMIT);
	buf_init(&s->trace, TRACE_LIMIT);
	s->text = &s->setup;
	s->L = lua_newstate(lua_memory, s);
	if (!s->L) {
		script_free(s);
		return STATUS_MEMORY;
	}
	lua_atpanic(s->L, panic);
	enum status st = script_enter(s, load_program, s, "load", problem);

	if (st == STATUS_OK && thread != SCRIPT_NO_INIT)
		st = script_enter(s, run_init, s, "init", problem);
	if (st != STATUS_OK) {
		script_free(s);
		return st;
	}
	*out = s;
	return STATUS_OK;
}

void script_free(struct script *s)
{
	if (!s)
		return;
	if (s->L)
		lua_close(s->L);
	for (size_t i = 0; i < s->path_count; i++)
		path_free(s->paths[i]);
	mem_free(s->paths);
	expr_free(s->where);
	agg_decls_release(&s->decls);
	arena_release(&s->scratch);
	buf_release(&s->text_buf);
	buf_release(&s->setup);
	buf_release(&s->trace);
	mem_free(s);
}

unsigned script_hooks(const struct script *s)
{
	return s->hooks;
}

const struct agg_decls *script_decls(const struct script *s)
{
	return &s->decls;
}

struct span script_setup_text(const struct script *s)
{
	return buf_span(&s->setup);
}

bool script_broken(const struct script *s)
{
	return s->broken;
}

bool script_paths_full(const struct script *s)
{
	return s->paths_full;
}

size_t script_memory_peak(const struct script *s)
{
	return s->memory_peak;
}

static int push_usage(lua_State *L)
{
	void **arg = lua_touserdata(L, 1);
	struct script *s = arg[0];
	struct buf *out = arg[1];

	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref_program);
	lua_getfield(L, -1, "usage");
	luaX_check(L, buf_add_span(out, luaX_checkspan(L, -1)));
	return 0;
}

enum status script_usage(struct script *s, struct buf *out)
{
	void *arg[] = { s, out };
	struct problem problem = { 0 };
	enum status st = script_enter(s, push_usage, arg, "usage", &problem);

	problem_release(&problem);
	return st;
}

void problem_release(struct problem *p)
{
	mem_free(p->message);
	mem_free(p->trace);
	*p = (struct problem){ 0 };
}
