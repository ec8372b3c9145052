/* result_output.c: mrrc.output: records to files of their own. */
#include "marc/iso2709.h"
#include "marc/mrk.h"
#include "script/result.h"
#include "script/result_options.h"

static int declare(lua_State *L)
{
	struct script *s = script_of(L);
	struct agg_decl d = { .kind = AGG_OUTPUT };

	result_check_loading(L, s, AGG_OUTPUT);
	result_output_options(L, &d);
	result_declare(L, s, &d);
	return 1;
}

static struct span output_key(lua_State *L, const struct agg_decl *d)
{
	if (lua_isnoneornil(L, 3))
		return span_of(NULL, 0);
	if (!strstr(d->path, "{key}"))
		luaL_error(L, "output '%s': a key chooses the file, but there is no {key} in its path",
			   d->name);
	return result_key(L, 3);
}

static bool wants_mrk(const struct agg_decl *d)
{
	size_t len = strlen(d->path);

	return len > 4 && strcmp(d->path + len - 4, ".mrk") == 0;
}

/* The record in the form that the suffix of the path asks for. In text_buf. */
static struct span serialise(lua_State *L, struct script *s, const struct agg_decl *d, const struct record *r)
{
	struct buf *out = luaX_text(s);
	struct fault why = { 0 };
	enum status st = wants_mrk(d) ? mrk_write(r, false, out) : iso2709_write(r, out, &why);

	if (st == STATUS_INVALID)
		luaL_error(L, "output '%s': %s: %s", d->name, fault_code_text(why.code),
			   fault_message(why.code));
	luaX_check(L, st);
	return buf_span(out);
}

static int output_write(lua_State *L)
{
	struct script *s = script_of(L);
	const struct result_handle *h = result_hooked(L, "write");
	const struct agg_decl *d = result_decl(s, h->i);

	if (lua_isnoneornil(L, 2))
		return 0;
	const struct record *r = check_record(L, 2);
	struct edit *edit = test_edit(L, 2);
	struct span key = output_key(L, d);
	struct span bytes = serialise(L, s, d, r);
	enum status st = agg_stream(s->yield->aggs, h->i, key, bytes);
	s->text_buf.len = 0;
	luaX_check(L, st);
	if (edit)
		edit->settled = true;
	return 0;
}

int result_stream_count(lua_State *L)
{
	const struct finished *f = result_finished(L);

	lua_pushinteger(L, (lua_Integer)agg_stream_count(f->set, f->i));
	return 1;
}

static const luaL_Reg hook_methods[] = { { "write", output_write }, { NULL, NULL } };
static const luaL_Reg finish_methods[] = { { "count", result_stream_count }, { NULL, NULL } };

const struct result_type result_output_type = {
	.declare = declare,
	.hook = hook_methods,
	.finish = finish_methods,
};
