/* bind_edit_order.c: e:dedup(path [, key]) and e:sort(path [, key]).
 *
 * A key is what the path yields of a field, in NFC, or what key(field) gives. For whole fields that is tag,
 * indicators and subfields when looking for doubles (the same words under another thesaurus are no double),
 * tag and text when sorting. Keys are taken first; then fields are dropped, or change places among the
 * places they hold. */
#include <stdlib.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "script/bind_edit.h"

#define KEY_ARG 3
#define MOST_EXACT 9007199254740992.0 /* 2^53: beyond it different integers are one double */
#define KEYS 4 /* stack place of the table that keeps keys */

enum key_kind { KEY_NUMBER, KEY_TEXT, KEY_NONE };

struct key {
	enum key_kind kind;
	uint32_t id, order; /* field; place in the record when the keys were taken */
	uint32_t tag;
	double number;
	struct span text;
};
struct keys {
	struct key *item;
	uint32_t count;
};

/* A copy of text in the arena, in NFC when it is UTF-8. */
static struct span nfc_copy(lua_State *L, struct edit *e, struct span text)
{
	const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
	utf8proc_ssize_t n = -1;

	if (utf8_has_high(text))
		n = utf8proc_decompose(text.ptr, (utf8proc_ssize_t)text.len, NULL, 0, options);
	if (n < 0) {
		uint8_t *copy = need_memory(L, e->draft->arena, text.len);

		if (text.len)
			memcpy(copy, text.ptr, text.len);
		return span_of(copy, text.len);
	}
	utf8proc_int32_t *points = need_memory(L, e->draft->arena, ((size_t)n + 1) * sizeof(*points));

	n = utf8proc_decompose(text.ptr, (utf8proc_ssize_t)text.len, points, n, options);
	n = utf8proc_reencode(points, n, options);
	return span_of(points, n < 0 ? 0 : (size_t)n);
}

/* What one match adds to the key of its field. */
static void add_match(lua_State *L, struct buf *b, const struct match *m, bool exact)
{
	if (exact && m->whole) {
		luaX_check(L, buf_add_span(b, m->value));
		return;
	}
	luaX_check(L, buf_add_byte(b, MARC_US));
	if (exact)
		luaX_check(L, buf_add_byte(b, m->code));
	luaX_check(L, match_text(m, b));
}

/* The key of one field from its matches; m is the first on entry, the first of the next field on leaving. */
static bool key_of_field(lua_State *L, struct edit *e, struct path_walk *w, struct match *m, bool exact,
			 struct key *k)
{
	struct buf *b = luaX_text(script_of(L));
	uint32_t at = m->field;
	bool more;

	*k = (struct key){ .kind = KEY_TEXT, .id = e->draft->ids[at] };
	if (m->whole || (m->nth < 0 && m->chars_count == 0))
		k->tag = e->draft->fields[at].tag;
	do {
		add_match(L, b, m, exact);
		more = path_next(w, m);
	} while (more && m->field == at);
	k->text = nfc_copy(L, e, buf_span(b));
	luaX_text(script_of(L));
	return more;
}

static struct keys keys_of_path(lua_State *L, struct edit *e, const struct path *p, bool exact)
{
	struct keys keys = { .item = need_memory(L, e->draft->arena,
						 (e->draft->view.count + 1) * sizeof(struct key)) };
	struct path_walk w;
	struct match m;
	bool more;

	path_begin(&w, p, &e->draft->view);
	for (more = path_next(&w, &m); more;) {
		if (m.field == UINT32_MAX)
			luaL_argerror(L, 2, "fields expected; there is only one leader");
		more = key_of_field(L, e, &w, &m, exact, &keys.item[keys.count]);
		keys.item[keys.count].order = keys.count;
		keys.count++;
	}
	return keys;
}

/* The result of key(field) stands at the top of the stack; the table KEYS keeps its bytes. */
static struct key key_of_result(lua_State *L)
{
	struct key k = { .kind = KEY_NONE };
	size_t len;

	if (lua_type(L, -1) == LUA_TNUMBER) {
		k.kind = KEY_NUMBER;
		k.number = lua_tonumber(L, -1);
	} else if (lua_type(L, -1) == LUA_TSTRING) {
		const char *text = lua_tolstring(L, -1, &len);

		k.kind = KEY_TEXT;
		k.text = span_of(text, len);
	} else if (!lua_isnil(L, -1)) {
		luaL_argerror(L, KEY_ARG, lua_pushfstring(L, "key gave %s; a string, a number or nil is "
							     "expected",
							  luaL_typename(L, -1)));
	}
	if (k.kind == KEY_NUMBER && !(k.number >= -MOST_EXACT && k.number <= MOST_EXACT))
		luaL_argerror(L, KEY_ARG, "key gave a number beyond 2^53, or none at all; give a string");
	return k;
}

static struct keys keys_of_function(lua_State *L, struct edit *e, const struct path *p)
{
	struct field_ids ids;
	struct keys keys = { .count = 0 };

	ids_take(L, e, p, &ids);
	keys.item = need_memory(L, e->draft->arena, (ids.count + 1) * sizeof(struct key));
	for (uint32_t i = 0; i < ids.count; i++) {
		uint32_t at = draft_find(e->draft, ids.id[i]);

		if (at == UINT32_MAX)
			continue;
		lua_pushvalue(L, KEY_ARG);
		push_field(L, script_of(L), 1, at);
		lua_call(L, 1, 1);
		check_alive(L, e);

		struct key k = key_of_result(L);

		k.id = ids.id[i];
		k.order = keys.count;
		keys.item[keys.count++] = k;
		lua_rawseti(L, KEYS, (lua_Integer)i + 1);
	}
	return keys;
}

/* Arguments of both verbs; leaves the table for keys at KEYS. [-0, +0, e] */
static struct keys take_keys(lua_State *L, struct edit *e, bool exact)
{
	const struct path *p = check_path(L, 2);

	if (!lua_isnoneornil(L, KEY_ARG))
		luaL_checktype(L, KEY_ARG, LUA_TFUNCTION);
	lua_settop(L, KEY_ARG);
	lua_newtable(L);
	return lua_isnil(L, KEY_ARG) ? keys_of_path(L, e, p, exact) : keys_of_function(L, e, p);
}

static int compare(const struct key *a, const struct key *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->tag != b->tag)
		return a->tag < b->tag ? -1 : 1;
	if (a->kind == KEY_NUMBER)
		return (a->number > b->number) - (a->number < b->number);
	return a->kind == KEY_TEXT ? span_cmp(a->text, b->text) : 0;
}

/* Equal keys keep the order of the record. */
static int compare_stable(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int c = compare(x, y);

	return c ? c : (x->order > y->order) - (x->order < y->order);
}

static void sort_keys(struct keys *keys)
{
	if (keys->count > 1)
		qsort(keys->item, keys->count, sizeof(*keys->item), compare_stable);
}

/* e:dedup(path [, key]): later fields with an equal key go; a field without a key stays. */
static int edit_dedup(lua_State *L)
{
	struct edit *e = check_edit(L, 1);
	struct keys keys = take_keys(L, e, true);

	sort_keys(&keys);
	for (uint32_t i = 1, first = 0; i < keys.count; i++) {
		if (keys.item[i].kind == KEY_NONE || compare(&keys.item[first], &keys.item[i]) != 0) {
			first = i;
			continue;
		}
		uint32_t at = draft_find(e->draft, keys.item[i].id);

		if (at != UINT32_MAX)
			draft_remove(e->draft, at);
	}
	lua_settop(L, 1);
	return 1;
}

static int compare_places(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void check_one_kind(lua_State *L, const struct keys *keys)
{
	bool number = false, text = false;

	for (uint32_t i = 0; i < keys->count; i++) {
		number |= keys->item[i].kind == KEY_NUMBER;
		text |= keys->item[i].kind == KEY_TEXT;
	}
	if (number && text)
		luaL_argerror(L, KEY_ARG,
			      "key gave numbers and strings; they have no order among each other");
}

/* e:sort(path [, key]): stable, within the places the fields hold; fields without a key come last. */
static int edit_sort(lua_State *L)
{
	struct edit *e = check_edit(L, 1);
	struct keys keys = take_keys(L, e, false);
	uint32_t *from, *place, n = 0;

	check_one_kind(L, &keys);
	sort_keys(&keys);
	from = need_memory(L, e->draft->arena, (keys.count + 1) * 2 * sizeof(*from));
	place = from + keys.count;
	for (uint32_t i = 0; i < keys.count; i++) {
		uint32_t at = draft_find(e->draft, keys.item[i].id);

		if (at != UINT32_MAX) /* the key function may have dropped it */
			from[n] = place[n] = at, n++;
	}
	if (n > 1) {
		qsort(place, n, sizeof(*place), compare_places);
		luaX_check(L, draft_reorder(e->draft, n, place, from));
	}
	lua_settop(L, 1);
	return 1;
}

void bind_edit_order_methods(lua_State *L, struct script *s)
{
	static const luaL_Reg methods[] = {
		{ "dedup", edit_dedup },
		{ "sort", edit_sort },
		{ NULL, NULL },
	};

	luaX_setfuncs(L, s, methods);
}
