/* expr_eval.c: is a condition true of a record, or of what is at hand inside of it?
 *
 * A comparison holds when any value of its path passes; its negation holds when none does, so also when
 * there is no value. Text is compared in NFC; most texts surely are NFC already and are compared where
 * they lie. */
#include "marc/path_internal.h"

/* Room for a text that cannot be compared where it lies: joined from subfields, normalised. */
struct room {
	struct scratch joined, nfc;
};

static void walk_operand(struct path_walk *w, const struct path *p, const struct scene *s)
{
	path_begin_at(w, p, s->record, s->here);
}

static void note(const struct scene *s, enum status status)
{
	if (status != STATUS_OK)
		*s->status = status;
}

/* ---- texts ---- */

static bool is_utf8(const struct record *r)
{
	return r->flags & RECORD_UTF8;
}

static enum status join(const struct match *m, struct scratch *room, struct span *out)
{
	uint8_t *bytes = scratch_take(room, m->value.len);

	if (!bytes)
		return STATUS_MEMORY;
	/* joined it is shorter than on the wire, so this buffer never grows */
	struct buf b = { bytes, 0, m->value.len, m->value.len };

	TRY(match_text(m, &b));
	*out = buf_span(&b);
	return STATUS_OK;
}

static bool as_it_lies(const struct record *r, struct span text)
{
	return !is_utf8(r) || !(r->flags & (RECORD_HIGH | RECORD_DRAFT)) || text_is_nfc(text);
}

/* Release the room after use, whatever comes back. */
static enum status text_of(const struct scene *s, const struct match *m, struct room *room, struct span *out)
{
	*out = m->value;
	room->joined.far = NULL;
	room->nfc.far = NULL;
	if (m->whole)
		TRY(join(m, &room->joined, out));
	if (!as_it_lies(s->record, *out))
		TRY(text_nfc(*out, &room->nfc, out));
	return STATUS_OK;
}

static void room_release(struct room *room)
{
	scratch_release(&room->joined);
	scratch_release(&room->nfc);
}

/* ---- tests on two texts ---- */

static bool ends_with(struct span text, struct span end)
{
	return text.len >= end.len && span_eq(span_of(text.ptr + text.len - end.len, end.len), end);
}

static bool includes(struct span text, struct span part)
{
	return part.len == 0 || (text.len >= part.len && memmem(text.ptr, text.len, part.ptr, part.len));
}

static bool test_order(enum node_test test, struct span a, struct span b)
{
	int c;

	if (!is_decimal(a) || !is_decimal(b))
		return false;
	c = decimal_cmp(a, b);
	return test == TEST_LESS ? c < 0 : test == TEST_LESS_EQUAL ? c <= 0 : test == TEST_MORE ? c > 0 :
		c >= 0;
}

static bool test_pair(enum node_test test, struct span text, struct span value)
{
	switch (test) {
	case TEST_EQUAL:
		return span_eq(text, value);
	case TEST_PREFIX:
		return text.len >= value.len && span_eq(span_of(text.ptr, value.len), value);
	case TEST_SUFFIX:
		return text.len >= value.len && ends_with(text, value);
	case TEST_INCLUDES:
		return includes(text, value);
	default:
		return test_order(test, text, value);
	}
}

static bool in_list(const struct expr_node *n, struct span text)
{
	uint32_t from = 0, to = n->list_count;

	while (from < to) {
		uint32_t mid = from + (to - from) / 2;
		int c = span_cmp(text, n->list[mid]);

		if (c == 0)
			return true;
		if (c < 0)
			to = mid;
		else
			from = mid + 1;
	}
	return false;
}

/* ---- one value against the right side ---- */

static bool test_any_right(const struct expr_node *n, const struct scene *s, struct span text)
{
	struct path_walk w;
	struct match m;
	bool hit = false;

	for (walk_operand(&w, n->right.path, s); !hit && path_next(&w, &m);) {
		struct room room;
		struct span right;
		enum status st = text_of(s, &m, &room, &right);

		note(s, st);
		hit = st == STATUS_OK && test_pair(n->test, text, right);
		room_release(&room);
	}
	note(s, w.status);
	return hit;
}

static bool test_bound(const struct expr_node *n, const struct scene *s, struct span text)
{
	struct span value = s->bound ? s->bound[n->right.binding] : span_of(NULL, 0);
	struct scratch room;
	enum status st;

	if (text_is_nfc(value))
		return test_pair(n->test, text, value);
	room.far = NULL;
	st = text_nfc(value, &room, &value);
	note(s, st);
	bool hit = st == STATUS_OK && test_pair(n->test, text, value);
	scratch_release(&room);
	return hit;
}

static bool test_text(const struct expr_node *n, const struct scene *s, struct span text)
{
	if (n->test == TEST_REGEX)
		return regex_search(n->regex, text, is_utf8(s->record), s->status);
	if (n->test == TEST_IN)
		return in_list(n, text);
	if (n->right.kind == OPERAND_PATH)
		return test_any_right(n, s, text);
	if (n->right.kind == OPERAND_BINDING)
		return test_bound(n, s, text);
	return test_pair(n->test, text, n->right.text);
}

static bool __attribute__((noinline)) test_made_text(const struct expr_node *n, const struct scene *s,
						     const struct match *m)
{
	struct room room;
	struct span text;
	enum status st = text_of(s, m, &room, &text);

	note(s, st);
	bool hit = st == STATUS_OK && test_text(n, s, text);
	room_release(&room);
	return hit;
}

static bool test_match(const struct expr_node *n, const struct scene *s, const struct match *m)
{
	if (!m->whole && as_it_lies(s->record, m->value))
		return test_text(n, s, m->value);
	return test_made_text(n, s, m);
}

/* ---- nodes ---- */

static bool compare(const struct expr_node *n, const struct scene *s)
{
	struct path_walk w;
	struct match m;
	bool some = false;

	if (n->left.kind == OPERAND_TEXT)
		return test_text(n, s, n->left.text) != n->negate;
	for (walk_operand(&w, n->left.path, s); path_next(&w, &m); some = true) {
		bool hit = test_match(n, s, &m);

		if (n->all && hit == n->negate)
			return false;
		if (!n->all && hit)
			return !n->negate;
	}
	note(s, w.status);
	return n->all ? some : n->negate;
}

static bool exists(const struct expr_node *n, const struct scene *s)
{
	struct path_walk w;
	struct match m;

	if (n->left.kind == OPERAND_TEXT)
		return true;
	walk_operand(&w, n->left.path, s);
	bool found = path_next(&w, &m);
	note(s, w.status);
	return found;
}

static bool count(const struct expr_node *n, const struct scene *s)
{
	struct path_walk w;
	struct match m;
	uint32_t found = 0;

	for (walk_operand(&w, n->left.path, s); path_next(&w, &m);)
		found++;
	note(s, w.status);
	switch (n->test) {
	case TEST_LESS:
		return found < n->number;
	case TEST_LESS_EQUAL:
		return found <= n->number;
	case TEST_MORE:
		return found > n->number;
	case TEST_MORE_EQUAL:
		return found >= n->number;
	default:
		return (found == n->number) != n->negate;
	}
}

static bool any_child(const struct expr_node *n, const struct scene *s, bool wanted)
{
	for (const struct expr_node *child = n->child; child; child = child->next)
		if (node_true(child, s) == wanted)
			return true;
	return false;
}

bool node_true(const struct expr_node *n, const struct scene *s)
{
	switch (n->kind) {
	case NODE_OR:
		return any_child(n, s, true);
	case NODE_AND:
		return !any_child(n, s, false);
	case NODE_NOT:
		return !node_true(n->child, s);
	case NODE_EXISTS:
		return exists(n, s) != n->negate;
	case NODE_COUNT:
		return count(n, s);
	default:
		return compare(n, s);
	}
}
