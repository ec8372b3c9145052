/* bind_host.c: the few C functions that the prelude (lua/mrrc/run.lua) and the table mrrc need of the host:
 * text that leaves in record order, warnings, and random numbers that are the same for every thread count.
 *
 * The prelude wraps them into print, io.write, out and math.random, and takes `host` out of the table again. */
#include "script/internal.h"

static void add_text(lua_State *L, struct script *s, const char *text, size_t len)
{
	if (len > s->text->limit - s->text->len)
		luaL_error(L, "too much text: a record may print 64 MiB, a script that loads 1 MiB");
	luaX_check(L, buf_add(s->text, text, len));
}

/* host.write(...): strings and numbers, as io.write. [-0, +0, e] */
static int host_write(lua_State *L)
{
	struct script *s = script_of(L);
	int n = lua_gettop(L);

	for (int i = 1; i <= n; i++) {
		size_t len;
		const char *text = luaL_checklstring(L, i, &len);

		add_text(L, s, text, len);
	}
	return 0;
}

/* host.print(...): as print. [-0, +0, e] */
static int host_print(lua_State *L)
{
	struct script *s = script_of(L);
	int n = lua_gettop(L);

	for (int i = 1; i <= n; i++) {
		size_t len;
		const char *text = luaL_tolstring(L, i, &len);

		if (i > 1)
			add_text(L, s, "\t", 1);
		add_text(L, s, text, len);
		lua_pop(L, 1);
	}
	add_text(L, s, "\n", 1);
	return 0;
}

/* Say text of the record at hand, in record order. [-0, +0, e] */
static int say(lua_State *L, enum event_kind kind, const char *name)
{
	struct script *s = script_of(L);
	struct span text = luaX_checkspan(L, 1);

	if (!s->yield || !s->record)
		return luaL_error(L, "%s speaks of a record: call it in a hook", name);
	luaX_check(L, yield_event(s->yield, kind, (uint32_t)(s->record - s->base), s->hook, text,
				  span_of(NULL, 0)));
	return 0;
}

/* mrrc.warn(text): shown with the record's place, and counted. [-0, +0, e] */
static int mrrc_warn(lua_State *L)
{
	return say(L, EVENT_WARN, "mrrc.warn");
}

/* mrrc.log(text): shown with the record's place; nothing more. [-0, +0, e] */
static int mrrc_log(lua_State *L)
{
	return say(L, EVENT_LOG, "mrrc.log");
}

/* ---- xoshiro256**, seeded by splitmix64 from the seed and the record's place (Blackman and Vigna 2018) ---- */

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static uint64_t rotate(uint64_t x, int k)
{
	return x << k | x >> (64 - k);
}

static void seed_for_record(struct script *s)
{
	uint64_t state = s->program->seed;

	splitmix(&state);
	if (s->record) {
		state ^= s->record->offset * 0x9e3779b97f4a7c15u;
		splitmix(&state);
		state ^= s->record->source;
	}
	for (int i = 0; i < 4; i++)
		s->random[i] = splitmix(&state);
	s->random_generation = s->generation;
}

static uint64_t next_random(struct script *s)
{
	uint64_t *x = s->random;

	if (s->random_generation != s->generation)
		seed_for_record(s);

	uint64_t result = rotate(x[1] * 5, 7) * 9, t = x[1] << 17;

	x[2] ^= x[0];
	x[3] ^= x[1];
	x[1] ^= x[2];
	x[0] ^= x[3];
	x[2] ^= t;
	x[3] = rotate(x[3], 45);
	return result;
}

/* A number in [0, span] without bias: draw within the next power of two until it fits. */
static uint64_t random_up_to(struct script *s, uint64_t span)
{
	uint64_t mask = span, r;

	for (int shift = 1; shift < 64; shift *= 2)
		mask |= mask >> shift;
	do
		r = next_random(s) & mask;
	while (r > span);
	return r;
}

/* math.random([m [, n]]), as Lua's. [-0, +1, e] */
static int host_random(lua_State *L)
{
	struct script *s = script_of(L);
	lua_Integer low = 1, high;

	switch (lua_gettop(L)) {
	case 0:
		lua_pushnumber(L, (lua_Number)(next_random(s) >> 11) * 0x1p-53);
		return 1;
	case 1:
		high = luaL_checkinteger(L, 1);
		if (high == 0) {
			lua_pushinteger(L, (lua_Integer)next_random(s));
			return 1;
		}
		break;
	case 2:
		low = luaL_checkinteger(L, 1);
		high = luaL_checkinteger(L, 2);
		break;
	default:
		return luaL_error(L, "wrong number of arguments");
	}
	luaL_argcheck(L, low <= high, lua_gettop(L), "interval is empty");
	lua_pushinteger(L, (lua_Integer)((uint64_t)low + random_up_to(s, (uint64_t)high - (uint64_t)low)));
	return 1;
}

/* host.hook(): name of the running hook, nil outside of records. [-0, +1, -] */
static int host_hook(lua_State *L)
{
	lua_pushstring(L, script_of(L)->record ? script_of(L)->hook : NULL);
	return 1;
}

void bind_host_functions(lua_State *L, struct script *s)
{
	static const luaL_Reg for_scripts[] = { { "warn", mrrc_warn }, { "log", mrrc_log }, { NULL, NULL } };
	static const luaL_Reg for_prelude[] = { { "write", host_write },   { "print", host_print },
						{ "random", host_random }, { "hook", host_hook },
						{ NULL, NULL } };

	luaX_setfuncs(L, s, for_scripts);
	lua_newtable(L);
	luaX_setfuncs(L, s, for_prelude);
	lua_setfield(L, -2, "host");
}
