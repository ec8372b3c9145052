/* kind.c: the table of kinds. */
#include "agg/kind.h"

static const struct agg_type *const types[AGG_KINDS] = {
	[AGG_COUNTER] = &agg_type_counter,
	[AGG_TOPK] = &agg_type_topk,
	[AGG_SUM] = &agg_type_sum,
	[AGG_STATS] = &agg_type_stats,
	[AGG_HISTOGRAM] = &agg_type_histogram,
	[AGG_SET] = &agg_type_set,
	[AGG_DISTINCT] = &agg_type_distinct,
	[AGG_FIRST] = &agg_type_first,
	[AGG_SAMPLE] = &agg_type_sample,
	[AGG_ISSUES] = &agg_type_issues,
	[AGG_TABLE] = &agg_type_table,
	[AGG_OUTPUT] = &agg_type_output,
	[AGG_REDUCER] = &agg_type_reducer,
};

const struct agg_type *agg_type_of(enum agg_kind kind)
{
	return types[kind];
}

const char *agg_kind_name(enum agg_kind kind)
{
	return types[kind]->name;
}
