/* edit_world.h: the world of the tests of edits: a Lua state, a script and a record at hand (`rec`).
 *
 * In Lua: show(e, tag) writes fields as "245 10$aTitle", tags(e) their tags (`all`: those of rec), is(a, b)
 * compares, fails(text, fn, ...) wants an error that holds the text. */
#ifndef MRRC_SPEC_EDIT_WORLD_H
#define MRRC_SPEC_EDIT_WORLD_H

#include "base/alloc.h"
#include "script/bind.h"

#define WORLD_FIELDS 17

struct world {
	struct script s;
	struct script_program program;
	struct record rec;
	struct field field[WORLD_FIELDS];
	struct yield yield;
	long live; /* blocks of memory before */
};

/* Set up and tear down: everything lent must have come back. */
int world_begin(void **state);
int world_end(void **state);
/* The host goes on to record r (NULL: no hook runs); what is global in Lua stays, but for rec. */
void to_record(struct world *w, struct record *r);
/* Run a chunk; a Lua status. The message is at the top of the stack. */
int try_run(struct world *w, const char *code);
/* Run a chunk that must not raise. */
void runs(void **state, const char *code);

#endif
