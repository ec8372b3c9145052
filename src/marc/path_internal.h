/* path_internal.h: what the files of the path language share; nobody else includes it.
 *
 * Layer marc. From text to value: path_lex.c cuts characters, path_parse.c (tags, unions), path_items.c
 * (codes, positions), path_subspec.c (braces) and expr_parse.c (and, or, comparisons) build a tree in a
 * pool; path_walk.c and expr_eval.c read the tree. A condition in braces is an expression whose paths are
 * relative to the field or subfield in front of the brace; that is why both languages share one tree. */
#ifndef MRRC_MARC_PATH_INTERNAL_H
#define MRRC_MARC_PATH_INTERNAL_H

#include "marc/path.h"

#define PATH_TEXT_MAX 65535u /* bytes of a path or expression */
#define PATH_DEPTH_MAX 64u   /* braces and parentheses inside each other */
#define PATH_PARTS_MAX 64u   /* parts of a union: a bit each in path_walk.active */
#define PATH_ITEMS_MAX 256u  /* $a$b... of all parts */

/* ---- path_pool.c: memory of one compiled text, given back in one go ---- */
struct pool_item;
struct regex;
struct pool {
	struct pool_item *items;
	struct regex *regexes;
};
void *pool_alloc(struct pool *pool, size_t len) MUST_CHECK; /* zeroed; NULL: no memory */
void pool_release(struct pool *pool);
/* Room for one more item of len bytes: doubles at powers of two; the old block stays in the pool. NULL:
 * no memory. */
void *pool_grown(struct pool *pool, void *list, uint32_t count, size_t len) MUST_CHECK;

/* ---- the tree ---- */
enum range_kind {
	RANGE_NONE,
	RANGE_FORWARD,  /* first..last, last UINT32_MAX for # */
	RANGE_BACKWARD, /* the last (last + 1) ones: # is 0, #-1 is 1 */
};
struct range {
	enum range_kind kind;
	uint32_t first, last;
};

struct code_set {
	uint64_t bits[2];
};

static inline bool code_set_has(const struct code_set *s, uint8_t code)
{
	return code < 128 && (s->bits[code >> 6] >> (code & 63) & 1);
}

static inline void code_set_add(struct code_set *s, uint8_t code)
{
	s->bits[code >> 6] |= UINT64_C(1) << (code & 63);
}

struct expr_node;

/* $a[0]/0-3{...}, or the codes abc of 245abc. */
struct path_item {
	uint32_t part;
	struct code_set codes;
	struct range index, chars;
	const struct expr_node *where;
};

enum path_scope {
	SCOPE_RECORD, /* walks the record */
	SCOPE_FIELD,  /* in braces: $x ^1 and the same tag: the field at hand */
	SCOPE_VALUE,  /* in braces: /n and the left side left out: the value at hand */
};

struct path_part {
	uint32_t mask, tag, more; /* takes a field when (its tag & mask) - tag <= more */
	enum path_target target;
	bool leader, has_bars;
	uint8_t ind[2]; /* 0: any */
	uint8_t indicator;
	uint32_t item_count;
	struct range index, chars;
	uint32_t slot;
	const struct expr_node *before, *after; /* conditions in front of and behind the index */
};

struct path {
	bool fast; /* one exact tag and codes, nothing else */
	enum path_scope scope;
	bool has_leader, only_leader, has_code_index, has_conditions;
	struct code_set codes; /* all of them */
	uint32_t part_count, item_count, slot_count, order_count;
	struct path_part *part;
	struct path_item *item;
	uint8_t order[128];
	struct pool pool; /* empty in paths inside of others */
};

enum node_kind {
	NODE_OR,
	NODE_AND,
	NODE_NOT,
	NODE_EXISTS,
	NODE_COUNT,
	NODE_COMPARE,
};

enum node_test {
	TEST_EQUAL,
	TEST_PREFIX,
	TEST_SUFFIX,
	TEST_INCLUDES,
	TEST_REGEX,
	TEST_IN,
	TEST_LESS,
	TEST_LESS_EQUAL,
	TEST_MORE,
	TEST_MORE_EQUAL,
};

enum operand_kind {
	OPERAND_PATH,
	OPERAND_TEXT,    /* in NFC */
	OPERAND_BINDING, /* :name */
};

struct operand {
	enum operand_kind kind;
	const struct path *path;
	struct span text;
	uint32_t binding;
};

struct expr_node {
	enum node_kind kind;
	enum node_test test;
	bool negate; /* != !~ not in */
	bool all;    /* all PATH op x */
	struct expr_node *child, *next;
	struct operand left, right;
	const struct span *list; /* TEST_IN: sorted, in NFC */
	uint32_t list_count;
	uint32_t number; /* NODE_COUNT */
	const struct regex *regex;
};

struct binding_name {
	struct span name;
	struct binding_name *next;
};

struct expr {
	const struct expr_node *root;
	struct binding_name *bindings;
	uint32_t binding_count;
	struct pool pool;
};

/* ---- the parser ---- */

/* The spec in front of a brace, as far as abbreviations inside need it. */
struct outer_spec {
	const struct path_part *part;
	const struct path_item *item; /* NULL: the field */
};

struct parse {
	const uint8_t *begin, *at, *end;
	struct path_error *err;
	struct pool *pool;
	const struct outer_spec *outer; /* NULL outside of braces */
	struct expr *expr;              /* where bindings go; NULL in a path */
	unsigned depth;
};

/* path_lex.c */
void parse_init(struct parse *ps, struct span text, struct pool *pool, struct path_error *err);
enum status parse_check_text(struct parse *ps) MUST_CHECK; /* length, control characters */
enum status parse_check_no_control(struct parse *ps) MUST_CHECK; /* none at the cursor */
enum status parse_fail(struct parse *ps, const uint8_t *at, const char *fmt, ...) MUST_CHECK
	__attribute__((format(printf, 3, 4)));
enum status parse_deeper(struct parse *ps) MUST_CHECK; /* count one level; the caller subtracts it */
int lex_peek(const struct parse *ps, size_t ahead); /* -1 at the end */
bool lex_take(struct parse *ps, const char *word);
bool lex_take_word(struct parse *ps, const char *word); /* only as a whole word */
void lex_blanks(struct parse *ps);
enum status lex_number(struct parse *ps, uint32_t *out) MUST_CHECK;
enum status lex_quoted(struct parse *ps, struct span *out) MUST_CHECK;
/* what stands there, cut short, for messages */
struct span lex_word(const struct parse *ps, const uint8_t *at);
bool is_tag_char(int c);

/* path_items.c */
enum status parse_range(struct parse *ps, struct range *out, const char *what) MUST_CHECK;
enum status parse_codes(struct parse *ps, struct path *p, struct code_set *set) MUST_CHECK;
enum status parse_bare_codes(struct parse *ps, struct path *p, struct code_set *set) MUST_CHECK;

/* path_hint.c: what the spellings of other programs look like in ours */
enum status hint_brackets(struct parse *ps, const uint8_t *tag) MUST_CHECK;
enum status hint_single_field(struct parse *ps, const uint8_t *tag, const uint8_t *bracket,
			      const struct range *r)
	MUST_CHECK;
bool hint_is_slash_indicators(const struct parse *ps);
enum status hint_slash_indicators(struct parse *ps, const uint8_t *tag) MUST_CHECK;
bool hint_is_slash_code(const struct parse *ps, const uint8_t *tag);
enum status hint_slash_code(struct parse *ps, const uint8_t *tag) MUST_CHECK;
enum status hint_after_path(struct parse *ps) MUST_CHECK;

/* path_leader.c */
enum status parse_leader_name(struct parse *ps, struct path_part *part) MUST_CHECK;

/* path_parse.c: a path at the cursor, left behind it */
enum status parse_path(struct parse *ps, struct path **out) MUST_CHECK;

/* path_subspec.c: conditions in braces, joined to *where */
enum status parse_conditions(struct parse *ps, const struct path_part *part, const struct path_item *item,
			     const struct expr_node **where) MUST_CHECK;
enum status parse_comparison_string(struct parse *ps, struct span *out) MUST_CHECK;

/* expr_parse.c */
enum status parse_or(struct parse *ps, struct expr_node **out) MUST_CHECK;
struct expr_node *parse_node(struct parse *ps, enum node_kind kind) MUST_CHECK;
/* expr_compare.c */
enum status parse_comparison(struct parse *ps, bool all, struct expr_node **out) MUST_CHECK;
enum status parse_count(struct parse *ps, struct expr_node **out) MUST_CHECK;
/* expr_operator.c: ==, =^ and the rest, by the rules of outside and inside of braces. Does not move the
 * cursor. */
struct operator {
	enum node_test test;
	bool negate;
	bool marcspec; /* inside of braces: = != ~ !~, whose right side may be a path */
	size_t len;    /* bytes of text */
};
bool peek_operator(const struct parse *ps, struct operator *out);
/* expr_value.c: the right side; the cursor stands on it */
enum status parse_value(struct parse *ps, const struct operator *op, struct expr_node *node) MUST_CHECK;

/* ---- evaluation ---- */

/* What is at hand where a condition stands. */
struct path_here {
	uint32_t place; /* field, UINT32_MAX: leader */
	struct match whole; /* the field, or the subfield, as a whole */
	struct match value; /* the same with the characters in front of the brace cut out */
};

struct scene {
	const struct record *record;
	const struct path_here *here; /* NULL outside of braces */
	const struct span *bound;
	enum status *status;
};

bool node_true(const struct expr_node *n, const struct scene *s);
void path_begin_at(struct path_walk *w, const struct path *p, const struct record *r,
		   const struct path_here *here);
/* [*first, *end) out of total; empty when there is nothing */
void range_resolve(const struct range *r, uint32_t total, uint32_t *first, uint32_t *end);
/* Cut the characters out; false when the text ends before them. */
bool chars_cut(const struct record *r, const struct range *chars, struct match *m);

/* ---- expr_text.c ---- */

#define SCRATCH_NEAR 1024
/* Room for one text: on the stack up to SCRATCH_NEAR bytes, else allocated. */
struct scratch {
	_Alignas(16) uint8_t near[SCRATCH_NEAR];
	uint8_t *far;
};
uint8_t *scratch_take(struct scratch *s, size_t len) MUST_CHECK; /* once per scratch; NULL: no memory */
void scratch_release(struct scratch *s);

/* May this text be compared as it stands, because NFC surely leaves it alone? */
bool text_is_nfc(struct span text);
/* Normalise into the scratch; text that is not UTF-8 stays as it is. */
enum status text_nfc(struct span text, struct scratch *room, struct span *out) MUST_CHECK;
/* NFC of a text of the parser, kept in its pool. */
enum status pool_nfc(struct pool *pool, struct span text, struct span *out) MUST_CHECK;
bool is_decimal(struct span s); /* -?digits[.digits] */
int decimal_cmp(struct span a, struct span b); /* both are decimals; exact, of any length */

/* ---- expr_regex.c ---- */
enum status regex_compile(struct parse *ps, const uint8_t *at, struct span pattern, struct span flags,
			  const struct regex **out) MUST_CHECK;
void regex_free_list(struct regex *list);
/* Search; a match limit or lack of memory is false and STATUS_MEMORY. */
bool regex_search(const struct regex *re, struct span text, bool utf8, enum status *status);

#endif
