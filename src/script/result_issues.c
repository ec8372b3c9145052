/* result_issues.c: mrrc.issues: what a script finds wrong with records, as rows and as a summary. */
#include "script/result.h"

static int declare(lua_State *L)
{
	return result_declare_named(L, AGG_ISSUES);
}

/* The severity at `arg`: nil is an error. [-0, +0, e] */
static enum agg_severity check_severity(lua_State *L, int arg)
{
	const char *name = luaL_optstring(L, arg, "error");
	int severity = 0;

	while (severity < SEVERITIES && strcmp(name, agg_severity_name((enum agg_severity)severity)) != 0)
		severity++;
	if (severity == SEVERITIES)
		luaL_argerror(L, arg, "a severity is \"error\", \"warning\" or \"info\"");
	return (enum agg_severity)severity;
}

/* ---- in hooks ---- */

/* The texts of an issue live on the stack or in the record. */
static void add_issue(lua_State *L, size_t i, int where)
{
	struct script *s = script_of(L);
	const struct record *r = check_record(L, 2);
	const struct record *from = r->number > 0 ? r : s->record; /* one that was made: where it was made */
	const struct script_program *p = s->program;
	struct agg_issue issue = { .severity = check_severity(L, where + 2) };

	if (!lua_isnoneornil(L, where))
		issue.where = luaX_checkspan(L, where);
	issue.message = luaX_checkspan(L, where + 1);
	issue.id = record_id(r);
	issue.record = from->number;
	issue.offset = from->offset;
	if (from->number > 0 && from->source < p->source_count)
		issue.file = span_str(p->source_name[from->source]);
	luaX_check(L, agg_issue(s->yield->aggs, i, &issue));
}

static int issues_add(lua_State *L)
{
	const struct result_handle *h = result_hooked(L, "add");

	if (!lua_isnoneornil(L, 4))
		add_issue(L, h->i, 3);
	return 0;
}

/* Returns whether it was as expected. */
static int issues_expect(lua_State *L)
{
	const struct result_handle *h = result_hooked(L, "expect");
	bool fine = lua_toboolean(L, 3);

	luaX_checkspan(L, 5);
	if (!fine)
		add_issue(L, h->i, 4);
	lua_pushboolean(L, fine);
	return 1;
}

/* ---- in finish ---- */

static int issues_count(lua_State *L)
{
	const struct finished *f = result_finished(L);
	uint64_t n = 0;

	if (lua_isnoneornil(L, 2))
		for (int s = 0; s < SEVERITIES; s++)
			n += agg_issue_count(f->set, f->i, (enum agg_severity)s);
	else
		n = agg_issue_count(f->set, f->i, check_severity(L, 2));
	lua_pushinteger(L, (lua_Integer)n);
	return 1;
}

static void set_text(lua_State *L, const char *name, struct span text)
{
	luaX_pushspan(L, text);
	lua_setfield(L, -2, name);
}

static void set_integer(lua_State *L, const char *name, uint64_t n)
{
	lua_pushinteger(L, (lua_Integer)n);
	lua_setfield(L, -2, name);
}

static int issues_rows(lua_State *L)
{
	const struct finished *f = result_finished(L);
	struct agg_issue issue;
	size_t pos = 0;

	lua_newtable(L);
	for (lua_Integer n = 1; agg_issue_next(f->set, f->i, &pos, &issue); n++) {
		lua_createtable(L, 0, 7);
		set_text(L, "severity", span_str(agg_severity_name(issue.severity)));
		set_text(L, "file", issue.file);
		set_integer(L, "record", issue.record);
		set_integer(L, "offset", issue.offset);
		set_text(L, "id", issue.id);
		set_text(L, "where", issue.where);
		set_text(L, "message", issue.message);
		lua_rawseti(L, -2, n);
	}
	return 1;
}

/* summary(out): out is finish's, or anything else with a write method. */
static int issues_summary(lua_State *L)
{
	struct script *s = script_of(L);
	const struct finished *f = result_finished(L);
	struct buf *text = luaX_text(s);

	if (!(lua_istable(L, 2) || lua_isuserdata(L, 2)) || lua_getfield(L, 2, "write") != LUA_TFUNCTION)
		return luaL_argerror(L, 2, "summary writes to out, or to what else has a write method");
	enum status st = agg_issues_summary(f->set, f->i, text);
	if (st == STATUS_OK) {
		lua_pushvalue(L, 2);
		luaX_pushspan(L, buf_span(text));
	}
	text->len = 0;
	luaX_check(L, st);
	lua_call(L, 2, 0);
	return 0;
}

static const luaL_Reg hook_methods[] = { { "add", issues_add }, { "expect", issues_expect }, { NULL, NULL } };
static const luaL_Reg finish_methods[] = {
	{ "count", issues_count }, { "rows", issues_rows }, { "summary", issues_summary }, { NULL, NULL },
};

const struct result_type result_issues_type = {
	.declare = declare,
	.hook = hook_methods,
	.finish = finish_methods,
};
