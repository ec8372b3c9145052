/* output_check.h: may this run write where it is told to? Layer engine; messages go to stderr. */
#ifndef MRRC_ENGINE_OUTPUT_CHECK_H
#define MRRC_ENGINE_OUTPUT_CHECK_H

#include "engine/engine.h"
#include "io/source.h"

/* No output of the options is an input, the script or another output; with in_place every input is a file, given once. */
bool outputs_are_safe(const struct engine_config *c, const struct source *s);
/* For runs that write records: those on standard output are alone there. */
bool outputs_leave_stdout(const struct engine_config *c);

#endif
