/* result_options.h: the tables of options that mrrc.table, output, histogram and reducer take, as
 * declarations.
 *
 * Layer script. Argument 1 is the table of options. Texts in *d belong to Lua values that these functions
 * leave on the stack. */
#ifndef MRRC_SCRIPT_RESULT_OPTIONS_H
#define MRRC_SCRIPT_RESULT_OPTIONS_H

#include "script/state.h"

/* Unknown options, wrong types and impossible values raise. [-0, +n, e] */
void result_table_options(lua_State *L, struct agg_decl *d);
void result_output_options(lua_State *L, struct agg_decl *d);
void result_histogram_options(lua_State *L, struct agg_decl *d);
/* Pushes a table {init, add, merge} last. [-0, +n, e] */
void result_reducer_options(lua_State *L, struct agg_decl *d);

/* By the suffix; CSV when there is none. */
enum table_format result_format_of(const char *path);

#endif
