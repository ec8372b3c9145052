/* bind_regex.c: mrrc.regex(pattern [, flags]): PCRE2 with the manners of Lua's string functions.
 *
 * A regex is a userdata that owns its compiled code; the state keeps those in use by pattern, so that
 * a regex written inside a hook is compiled once. A callback of gsub may use the same regex, which
 * then overwrites the match data: everything of a match is therefore on the Lua stack or in a struct
 * hit before the script is called. Limits end a search that runs wild with an error: "no" would be a
 * lie. */
#include "base/alloc.h"
#include "script/bind_helpers.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define MATCH_LIMIT 1000000u /* steps of the matcher */
#define HEAP_LIMIT 16384u    /* KiB, when there is no JIT */

enum { UP_KEPT = 2 }; /* upvalue of mrrc.regex: the regexes in use, by flags and pattern */

struct regex_object {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *limits;
	uint32_t groups; /* captures of the pattern */
};

/* One match: places in the subject. */
struct hit {
	size_t from, to;
};

/* ---- making ---- */

static void *take(PCRE2_SIZE len, void *unused)
{
	(void)unused;
	return mem_alloc(len);
}

static void give(void *ptr, void *unused)
{
	(void)unused;
	mem_free(ptr);
}

static int regex_gc(lua_State *L)
{
	struct regex_object *re = luaX_is(L, 1, script_of(L)->mt_regex);

	if (!re)
		return 0;
	pcre2_match_data_free(re->data);
	pcre2_match_context_free(re->limits);
	pcre2_code_free(re->code);
	*re = (struct regex_object){ 0 };
	return 0;
}

static uint32_t check_flags(lua_State *L, int arg)
{
	struct span flags = luaX_optspan(L, arg, SPAN_LIT(""));
	uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;

	for (size_t i = 0; i < flags.len; i++)
		switch (flags.ptr[i]) {
		case 'i':
			options |= PCRE2_CASELESS;
			break;
		case 'm':
			options |= PCRE2_MULTILINE;
			break;
		case 's':
			options |= PCRE2_DOTALL;
			break;
		case 'x':
			options |= PCRE2_EXTENDED;
			break;
		default:
			luaL_argerror(L, arg, "flags are i (any case), m, s and x");
		}
	return options;
}

static int refuse_pattern(lua_State *L, struct span pattern, int code, size_t offset)
{
	struct path_error err = { .column = offset < pattern.len ? offset : pattern.len };

	if (pcre2_get_error_message(code, (PCRE2_UCHAR *)err.message, sizeof(err.message)) < 0)
		err.message[0] = '\0';
	return raise_path_error(L, "regex", pattern, &err);
}

/* Fill re; what it got before a failure is its own to free. Returns the code of PCRE2, 0 when it went
 * well. */
static int fill(struct regex_object *re, struct span pattern, uint32_t options, size_t *offset)
{
	pcre2_general_context *memory = pcre2_general_context_create(take, give, NULL);
	pcre2_compile_context *context = memory ? pcre2_compile_context_create(memory) : NULL;
	PCRE2_SPTR text = pattern.len ? pattern.ptr : (PCRE2_SPTR)"";
	int code = PCRE2_ERROR_NOMEMORY;

	re->limits = context ? pcre2_match_context_create(memory) : NULL;
	if (re->limits) {
		pcre2_set_match_limit(re->limits, MATCH_LIMIT);
		pcre2_set_heap_limit(re->limits, HEAP_LIMIT);
		re->code = pcre2_compile(text, pattern.len, options, &code, offset, context);
	}
	if (re->code) {
		re->data = pcre2_match_data_create_from_pattern(re->code, memory);
		(void)pcre2_pattern_info(re->code, PCRE2_INFO_CAPTURECOUNT, &re->groups);
		/* without JIT (a hardened kernel, a rare machine) the interpreter does it, more slowly */
		(void)pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE);
		code = re->data ? 0 : PCRE2_ERROR_NOMEMORY;
	}
	pcre2_compile_context_free(context);
	pcre2_general_context_free(memory);
	return code;
}

/* Codes of pcre2_compile for lack of memory (pcre2.h: ERR 21) and ours. */
static bool is_memory(int code)
{
	return code == PCRE2_ERROR_HEAP_FAILED || code == PCRE2_ERROR_NOMEMORY || code == 121;
}

/* [-0, +1, e] */
static void push_new(lua_State *L, struct span pattern, uint32_t options)
{
	struct regex_object *re = lua_newuserdatauv(L, sizeof(*re), 1);
	size_t offset = 0;

	*re = (struct regex_object){ 0 };
	luaX_settype(L, script_of(L)->mt_regex);
	lua_pushvalue(L, 1);
	lua_setiuservalue(L, -2, 1); /* for tostring */

	int code = fill(re, pattern, options, &offset);

	if (is_memory(code))
		luaX_check(L, STATUS_MEMORY);
	if (code != 0)
		refuse_pattern(L, pattern, code, offset);
}

/* mrrc.regex(pattern [, flags]) */
static int make_regex(lua_State *L)
{
	struct span pattern;

	if (!luaX_maybespan(L, 1, &pattern))
		return luaX_nil(L);
	lua_settop(L, 2);
	uint32_t options = check_flags(L, 2);
	lua_pushfstring(L, "%d/", (int)(options & 0x7fffffff));
	lua_pushvalue(L, 1);
	lua_concat(L, 2);
	lua_pushvalue(L, -1);
	if (lua_rawget(L, lua_upvalueindex(UP_KEPT)) != LUA_TNIL)
		return 1;
	lua_pop(L, 1);
	push_new(L, pattern, options);
	lua_insert(L, -2);
	lua_pushvalue(L, -2);
	lua_rawset(L, lua_upvalueindex(UP_KEPT));
	return 1;
}

/* ---- matching ---- */

static struct regex_object *check_regex(lua_State *L)
{
	struct regex_object *re = luaX_is(L, 1, script_of(L)->mt_regex);

	if (!re || !re->code)
		luaL_typeerror(L, 1, "regex");
	return re;
}

/* Search from byte `at`; JIT code has a small stack, and what does not fit on it is for the
 * interpreter. [-0, +0, e] */
static bool search(lua_State *L, struct regex_object *re, struct span text, size_t at, uint32_t options,
		   struct hit *hit)
{
	PCRE2_SPTR subject = text.len ? text.ptr : (PCRE2_SPTR)"";
	int found = pcre2_match(re->code, subject, text.len, at, options, re->data, re->limits);

	if (found == PCRE2_ERROR_JIT_STACKLIMIT)
		found = pcre2_match(re->code, subject, text.len, at, options | PCRE2_NO_JIT, re->data,
				    re->limits);
	if (found == PCRE2_ERROR_NOMATCH)
		return false;
	if (found == PCRE2_ERROR_MATCHLIMIT || found == PCRE2_ERROR_HEAPLIMIT ||
	    found == PCRE2_ERROR_DEPTHLIMIT)
		luaL_error(L, "regex: the search took too many steps; make the pattern simpler");
	if (found < 0)
		luaL_error(L, "regex: the search failed (PCRE2 error %d)", found);

	const size_t *place = pcre2_get_ovector_pointer(re->data);

	if (place[0] < at || place[1] < place[0]) /* \K within an assertion */
		luaL_error(L, "regex: the match ends before it begins");
	*hit = (struct hit){ place[0], place[1] };
	return true;
}

/* Push capture n (0: the whole match), false for one that took no part. [-0, +1, m] */
static void push_group(lua_State *L, const struct regex_object *re, struct span text, uint32_t n)
{
	const size_t *place = pcre2_get_ovector_pointer(re->data) + 2 * (size_t)n;

	if (place[0] == PCRE2_UNSET || place[1] < place[0])
		lua_pushboolean(L, 0);
	else
		luaX_pushspan(L, span_of(text.ptr + place[0], place[1] - place[0]));
}

/* All captures, or the whole match when the pattern has none. [-0, +n, e] */
static int push_groups(lua_State *L, const struct regex_object *re, struct span text)
{
	luaL_checkstack(L, (int)re->groups + 1, "too many captures");
	if (re->groups == 0)
		push_group(L, re, text, 0);
	for (uint32_t n = 1; n <= re->groups; n++)
		push_group(L, re, text, n);
	return re->groups ? (int)re->groups : 1;
}

/* The optional place to begin at, as string.find takes it: from 1, negative from the end. False:
 * behind the end. [-0, +0, e] Within a character the search begins at the next one. */
static bool check_init(lua_State *L, int arg, struct span text, size_t *at)
{
	lua_Integer init = luaL_optinteger(L, arg, 1);

	if (init < 0)
		init = (uint64_t)-init > text.len ? 1 : (lua_Integer)text.len + init + 1;
	if (init == 0)
		init = 1;
	if ((uint64_t)init > text.len + 1)
		return false;
	*at = (size_t)init - 1;
	while (*at > 0 && *at < text.len && (text.ptr[*at] & 0xC0) == 0x80)
		++*at;
	return true;
}

/* re:test(text) -> boolean */
static int regex_test(lua_State *L)
{
	struct regex_object *re = check_regex(L);
	struct span text;
	struct hit hit;

	if (!luaX_maybespan(L, 2, &text))
		return luaX_nil(L);
	lua_pushboolean(L, search(L, re, text, 0, 0, &hit));
	return 1;
}

/* re:match(text [, init]) -> captures, or the whole match */
static int regex_match(lua_State *L)
{
	struct regex_object *re = check_regex(L);
	struct span text;
	struct hit hit;
	size_t at;

	if (!luaX_maybespan(L, 2, &text) || !check_init(L, 3, text, &at) || !search(L, re, text, at, 0, &hit))
		return luaX_nil(L);
	return push_groups(L, re, text);
}

/* re:find(text [, init]) -> first and last byte, captures */
static int regex_find(lua_State *L)
{
	struct regex_object *re = check_regex(L);
	struct span text;
	struct hit hit;
	size_t at;

	if (!luaX_maybespan(L, 2, &text) || !check_init(L, 3, text, &at) || !search(L, re, text, at, 0, &hit))
		return luaX_nil(L);
	lua_pushinteger(L, (lua_Integer)hit.from + 1);
	lua_pushinteger(L, (lua_Integer)hit.to);
	return 2 + (re->groups ? push_groups(L, re, text) : 0);
}

/* ---- gsub ---- */

/* Add the replacement text to b: %0 to %9 are captures (%1 the whole match when there are none), %% a
 * percent sign. */
static void add_template(lua_State *L, luaL_Buffer *b, const struct regex_object *re, struct span text)
{
	size_t len;
	const char *repl = lua_tolstring(L, 3, &len);

	for (size_t i = 0; i < len; i++) {
		if (repl[i] != '%') {
			luaL_addchar(b, repl[i]);
			continue;
		}
		unsigned char c = i + 1 < len ? (unsigned char)repl[++i] : 0;
		uint32_t n = c >= '0' && c <= '9' ? (uint32_t)(c - '0') : UINT32_MAX;

		if (c == '%') {
			luaL_addchar(b, '%');
			continue;
		}
		if (n == 1 && re->groups == 0)
			n = 0;
		if (n == UINT32_MAX)
			luaL_error(L, "invalid use of '%%' in the replacement; %%%% is a percent sign");
		if (n > re->groups)
			luaL_error(L, "invalid capture index %%%d in the replacement", (int)n);
		push_group(L, re, text, n);
		if (lua_isboolean(L, -1))
			lua_pop(L, 1); /* took no part: nothing to add */
		else
			luaL_addvalue(b);
	}
}

/* Add what stands for the match: by text, table or function at 3. What is nil or false keeps it. */
static void add_replacement(lua_State *L, luaL_Buffer *b, const struct regex_object *re, struct span text,
			    struct hit hit)
{
	if (lua_type(L, 3) == LUA_TSTRING) {
		add_template(L, b, re, text);
		return;
	}
	if (lua_istable(L, 3)) {
		push_group(L, re, text, re->groups ? 1 : 0);
		lua_gettable(L, 3);
	} else {
		lua_pushvalue(L, 3);
		lua_call(L, push_groups(L, re, text), 1);
	}
	if (!lua_toboolean(L, -1)) {
		lua_pop(L, 1);
		luaX_pushspan(L, span_of(text.ptr + hit.from, hit.to - hit.from));
	} else if (lua_type(L, -1) != LUA_TSTRING && lua_type(L, -1) != LUA_TNUMBER) {
		luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
	}
	luaL_addvalue(b);
}

/* re:gsub(text, repl [, n]) -> text, count. As in Lua, no empty match right behind another match. */
static int regex_gsub(lua_State *L)
{
	struct regex_object *re = check_regex(L);
	struct span text;
	struct hit hit;
	size_t at = 0, copied = 0;
	lua_Integer count = 0, most;
	luaL_Buffer b;

	if (!luaX_maybespan(L, 2, &text))
		return luaX_nil(L);
	if (lua_type(L, 3) != LUA_TSTRING && lua_type(L, 3) != LUA_TTABLE && lua_type(L, 3) != LUA_TFUNCTION)
		luaL_typeerror(L, 3, "string, table or function");
	most = luaL_optinteger(L, 4, LUA_MAXINTEGER);
	luaL_buffinit(L, &b);
	while (count < most && search(L, re, text, at, count ? PCRE2_NOTEMPTY_ATSTART : 0, &hit)) {
		luaL_addlstring(&b, (const char *)text.ptr + copied, hit.from - copied);
		add_replacement(L, &b, re, text, hit);
		at = copied = hit.to;
		count++;
	}
	if (text.len > copied)
		luaL_addlstring(&b, (const char *)text.ptr + copied, text.len - copied);
	luaL_pushresult(&b);
	lua_pushinteger(L, count);
	return 2;
}

/* ---- the type ---- */

static int regex_tostring(lua_State *L)
{
	check_regex(L);
	lua_getiuservalue(L, 1, 1);
	lua_pushfstring(L, "regex: %s", lua_tostring(L, -1));
	return 1;
}

/* [-0, +1, m] */
static void push_kept(lua_State *L)
{
	lua_newtable(L);
	lua_createtable(L, 0, 1);
	lua_pushliteral(L, "v");
	lua_setfield(L, -2, "__mode");
	lua_setmetatable(L, -2);
}

void bind_regex_functions(lua_State *L, struct script *s)
{
	static const luaL_Reg meta[] = { { "__gc", regex_gc },
					 { "__tostring", regex_tostring },
					 { NULL, NULL } };
	static const luaL_Reg methods[] = {
		{ "test", regex_test }, { "match", regex_match }, { "find", regex_find },
		{ "gsub", regex_gsub }, { NULL, NULL },
	};

	s->mt_regex = luaX_newtype(L, s, "regex", meta);
	lua_newtable(L);
	luaX_setfuncs(L, s, methods);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
	lua_pushlightuserdata(L, s);
	push_kept(L);
	lua_pushcclosure(L, make_regex, UP_KEPT);
	lua_setfield(L, -2, "regex");
}
