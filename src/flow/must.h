/* must.h: pthread calls that can only fail through a bug of ours.
 *
 * Layer flow, private to it. A lock that cannot be taken leaves nothing sane to do, so there is no road
 * back. */
#ifndef MRRC_FLOW_MUST_H
#define MRRC_FLOW_MUST_H

#include <stdlib.h>

static inline void must(int rc)
{
	if (rc != 0)
		abort();
}

#endif
