/* kind_stream.c: mrrc.table and mrrc.output as kinds: their rows and records go through the set's stream to
 * the sink, and what stays is how many there were. mrrc.reducer, whose values live in Lua. */
#include <assert.h>
#include <inttypes.h>

#include "agg/key_read.h"
#include "agg/set.h"

static void reset(void *result)
{
	*(uint64_t *)result = 0;
}

static enum status add(void *result, const struct agg_decl *d, const struct agg_piece *piece, struct span key,
		       struct span bytes)
{
	(void)d;
	(void)piece;
	(void)key;
	(void)bytes;
	++*(uint64_t *)result;
	return STATUS_OK;
}

static enum status merge(void *into, const void *from, const struct agg_decl *d)
{
	(void)d;
	*(uint64_t *)into += *(const uint64_t *)from;
	return STATUS_OK;
}

static enum status write(const void *result, const struct agg_decl *d, struct buf *out)
{
	(void)d;
	return buf_printf(out, ", \"count\": %" PRIu64, *(const uint64_t *)result);
}

static enum status read(void *result, const struct agg_decl *d, const json_t *from)
{
	(void)d;
	return count_read(from, "count", result) ? STATUS_OK : STATUS_INVALID;
}

#define STREAM_FUNCTIONS                                                                             \
	.size = sizeof(uint64_t), .takes = 1u << OP_STREAM, .streams = true, .reset = reset, .add = add, \
	.merge = merge, .write = write, .read = read

const struct agg_type agg_type_table = { .name = "table", STREAM_FUNCTIONS };
const struct agg_type agg_type_output = { .name = "output", STREAM_FUNCTIONS };
const struct agg_type agg_type_reducer = {
	.name = "reducer",
	.unmergeable = "its merge function is in the script",
};

uint64_t agg_stream_count(const struct agg_set *set, size_t i)
{
	assert(i < set->decls->count && agg_set_type(set, i)->streams);
	return *(const uint64_t *)set->result[i];
}
