/* internal.h: what script.c, script_run.c and script_finish.c share: the door into Lua.
 *
 * Layer script. Everything that may raise runs behind script_enter; nothing the caller owns is past a longjmp. */
#ifndef MRRC_SCRIPT_INTERNAL_H
#define MRRC_SCRIPT_INTERNAL_H

#include "script/state.h"

#define SCRATCH_KEEP ((size_t)256 << 10)
#define SETUP_LIMIT ((size_t)1 << 20)  /* what a script may print while it loads */
#define RECORD_GIVES ((size_t)64 << 20) /* what one record may print, write or warn of */
#define TRACE_LIMIT ((size_t)64 << 10)

/* Call fn(arg as light userdata) protected. STATUS_INVALID: it raised; *problem says what. STATUS_STOPPED: interrupted. */
enum status script_enter(struct script *s, lua_CFunction fn, void *arg, const char *hook, struct problem *problem) MUST_CHECK;
/* Message handler: leaves the text of the error on the stack and its traceback in s->trace. */
int script_traceback(lua_State *L);
/* Text of the error object on top of the stack, valid until it is popped. [-0, +0, -] */
struct span script_error_text(lua_State *L);

/* What a hook gave back, told apart by script_return.c. [-0, +0, e] raises on anything the protocol does not know. */
/* Write what transform returned (stack index idx) and show it to each; adds to s->yield. */
void return_transform(lua_State *L, struct script *s, int idx);
/* Write the record at hand unchanged and show it to each. */
void return_unchanged(lua_State *L, struct script *s);
/* Write the record at hand, which where left out of a transform, and show it to nobody. */
void return_unseen(lua_State *L, struct script *s);
/* Offer a rejected record to on_error. */
void return_on_error(lua_State *L, struct script *s);
/* Raise when a changed edit was forgotten. */
void return_check_edits(lua_State *L, struct script *s);
/* "script.lua:12: " for the function a reference names. [-0, +1, m] */
void push_where(lua_State *L, int ref);

#endif
