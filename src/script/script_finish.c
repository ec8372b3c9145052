/* script_finish.c: the end of a run: finish(agg, out, ctx), once, in a fresh state.
 *
 * Text that it prints goes to the caller's buffer. Merging of reducers, which happens in the same state
 * before, is result.c's. */
#include "script/internal.h"

struct finish {
	struct script *s;
	const struct agg_set *master;
	bool verdict;
};

static int call_finish(lua_State *L)
{
	struct finish *f = lua_touserdata(L, 1);
	struct script *s = f->s;

	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref_program);
	int program = lua_gettop(L);

	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref_finish);
	result_push_finished(L, s, f->master);
	lua_getfield(L, program, "out");
	lua_getfield(L, program, "ctx");
	lua_call(L, 3, 1);
	f->verdict = !(lua_isboolean(L, -1) && !lua_toboolean(L, -1));
	return 0;
}

enum status script_finish(struct script *s, const struct agg_set *master, struct buf *text, bool *verdict,
			  struct problem *problem)
{
	struct finish f = { .s = s, .master = master, .verdict = true };

	s->text = text;
	enum status st = script_enter(s, call_finish, &f, "finish", problem);

	s->text = &s->setup;
	*verdict = f.verdict;
	return st;
}
