/* outputs.h: the files that scripts declare: tables and outputs, one file or one for each key.
 *
 * Layer engine; the sink thread alone. Files appear when the run has succeeded, all of them; before that they are temporary. At
 * most max_open of them are open at once, the others are suspended and opened again to append. */
#ifndef MRRC_ENGINE_OUTPUTS_H
#define MRRC_ENGINE_OUTPUTS_H

#include "agg/agg.h"
#include "engine/engine.h"
#include "io/sink.h"
#include "io/source.h"

struct outputs;

/* Files that options name, NULL where one was not given: -o, --reject, --errors, --agg-out, --stats. */
enum { OPTION_FILES = 5 };
void outputs_of_options(const struct engine_config *config, const char *path[OPTION_FILES]);
/* Would path overwrite the script? */
bool outputs_hit_script(const struct engine_config *config, const char *path);

/* All three must outlive it. */
struct outputs *outputs_new(const struct agg_decls *decls, const struct source *source,
			    const struct engine_config *config) MUST_CHECK;
void outputs_discard(struct outputs *o); /* temporary files go; NULL is fine */

/* Why a call failed, for people: constant text and the path. */
struct output_problem {
	const char *what;
	char path[512];
	int error; /* errno, 0: none */
	bool usage; /* the script asks for something impossible */
};

/* Append a piece to the file of declaration i and this key. STATUS_IO or STATUS_INVALID fill *why. */
enum status outputs_write(struct outputs *o, size_t i, struct span key, struct span bytes, struct output_problem *why) MUST_CHECK;
/* Make the files of tables that have no rows, and let what is gathered leave: a full disk shows before the first file is in
 * its place. */
enum status outputs_flush(struct outputs *o, struct output_problem *why) MUST_CHECK;
/* After outputs_flush: put every file in its place. */
enum status outputs_commit(struct outputs *o, struct output_problem *why) MUST_CHECK;
uint64_t outputs_bytes(const struct outputs *o);

#endif
