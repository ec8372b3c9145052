/* bind_source.c: a record as a whole: its bytes, its other forms, where it came from and what was wrong
 * with it.
 *
 * rec:table() has the form that mrrc.record takes: {leader = "...", {"001", "x"}, {"245", "10", "a", "...",
 * ...}}. */
#include "marc/iso2709.h"
#include "marc/mrk.h"
#include "script/bind.h"

/* ---- bytes and formats ---- */

static void write_marc(lua_State *L, const struct record *r, struct buf *out)
{
	struct fault why = { .code = FAULT_UNWRITABLE };
	enum status st = iso2709_write(r, out, &why);

	if (st == STATUS_INVALID)
		luaL_error(L, "%s: %s", fault_code_text(why.code), fault_message(why.code));
	luaX_check(L, st);
}

/* rec:raw(): the bytes as they came; ISO 2709 where there are none. */
static int source_raw(lua_State *L)
{
	const struct record *r = check_record(L, 1);
	struct buf *b = luaX_text(script_of(L));

	if (r->raw.len > 0 && !(r->flags & RECORD_DRAFT)) {
		luaX_pushspan(L, r->raw);
		return 1;
	}
	write_marc(L, r, b);
	luaX_pushspan(L, buf_span(b));
	return 1;
}

/* rec:to(format) */
static int source_to(lua_State *L)
{
	static const char *const formats[] = { "marc", "mrk", NULL };
	const struct record *r = check_record(L, 1);
	struct span name = luaX_checkspan(L, 2);
	struct buf *b = luaX_text(script_of(L));

	if (span_eq(name, SPAN_LIT("marc"))) {
		write_marc(L, r, b);
	} else if (span_eq(name, SPAN_LIT("mrk"))) {
		luaX_check(L, mrk_write(r, false, b));
	} else {
		const char *near = luaX_nearest(lua_tostring(L, 2), formats);

		luaL_argerror(L, 2, near ? lua_pushfstring(L, "unknown format (did you mean '%s'?)", near)
					 : "unknown format: \"marc\" or \"mrk\"");
	}
	luaX_pushspan(L, buf_span(b));
	return 1;
}

/* ---- rec:table() ---- */

static void push_tag(lua_State *L, uint32_t tag)
{
	char text[3] = { (char)(tag >> 16), (char)(tag >> 8), (char)tag };

	lua_pushlstring(L, text, sizeof(text));
}

static void push_data_field(lua_State *L, const struct field *f)
{
	struct subfield_walk w = subfields_of(f);
	struct subfield sub;
	lua_Integer n = 2;

	lua_pushlstring(L, (const char *)f->ptr, 2);
	lua_rawseti(L, -2, 2);
	while (subfield_next(&w, &sub)) {
		char code = (char)sub.code;

		lua_pushlstring(L, &code, 1);
		lua_rawseti(L, -2, ++n);
		luaX_pushspan(L, sub.value);
		lua_rawseti(L, -2, ++n);
	}
}

static void push_field_table(lua_State *L, const struct field *f)
{
	lua_createtable(L, 4, 0);
	push_tag(L, f->tag);
	lua_rawseti(L, -2, 1);
	if (f->flags & (FIELD_CONTROL | FIELD_MALFORMED) || f->len < 2) {
		luaX_pushspan(L, field_span(f));
		lua_rawseti(L, -2, 2);
	} else {
		push_data_field(L, f);
	}
}

static int source_table(lua_State *L)
{
	const struct record *r = check_record(L, 1);

	lua_createtable(L, (int)r->count, 1);
	lua_pushlstring(L, (const char *)r->leader, LEADER_LEN);
	lua_setfield(L, -2, "leader");
	for (uint32_t i = 0; i < r->count; i++) {
		push_field_table(L, &r->field[i]);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	return 1;
}

/* ---- properties ---- */

static void set_integer(lua_State *L, const char *key, uint64_t value)
{
	lua_pushinteger(L, (lua_Integer)value);
	lua_setfield(L, -2, key);
}

static void set_text(lua_State *L, const char *key, const char *value)
{
	lua_pushstring(L, value);
	lua_setfield(L, -2, key);
}

static void push_error(lua_State *L, const struct fault *f)
{
	char severity[2] = { fault_severity(f), '\0' };

	lua_createtable(L, 0, 5);
	set_text(L, "code", fault_code_text(f->code));
	set_text(L, "message", fault_message(f->code));
	set_text(L, "severity", severity);
	if (f->tag) {
		push_tag(L, f->tag);
		lua_setfield(L, -2, "tag");
	}
	if (f->offset != FAULT_NO_POSITION)
		set_integer(L, "offset", f->offset);
}

void push_record_errors(lua_State *L, const struct record *r)
{
	lua_createtable(L, (int)r->fault_count, 0);
	for (uint32_t i = 0; i < r->fault_count; i++) {
		push_error(L, &r->fault[i]);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
}

const char *record_encoding(const struct record *r)
{
	return r->flags & RECORD_UTF8 ? "utf-8" : "marc-8";
}

/* A record that was made and not read has number 0 and no file. */
void push_record_source(lua_State *L, const struct script *s, const struct record *r)
{
	const struct script_program *p = s->program;

	lua_createtable(L, 0, 6);
	if (r->number > 0 && p && r->source < p->source_count)
		set_text(L, "file", p->source_name[r->source]);
	set_integer(L, "number", r->number);
	set_integer(L, "index", r->index);
	set_integer(L, "offset", r->offset);
	set_integer(L, "length", r->raw.len);
	set_text(L, "encoding", record_encoding(r));
}

void bind_source_methods(lua_State *L, struct script *s)
{
	static const luaL_Reg methods[] = {
		{ "raw", source_raw },
		{ "to", source_to },
		{ "table", source_table },
		{ NULL, NULL },
	};

	luaX_setfuncs(L, s, methods);
}
