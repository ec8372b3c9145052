/* result_json.c: a whole set as JSON, for --agg-out.
 *
 * One line per result and per row: people diff these files and search them line by line. Counter rows are
 * objects in an array and not members of one object, because two keys with ill-formed UTF-8 may read
 * alike. */
#include <inttypes.h>

#include "agg/set.h"
#include "base/alloc.h"
#include "base/json.h"

static enum status add_row(struct buf *out, const struct agg_row *row, bool first)
{
	TRY(buf_add_str(out, first ? "\n    {\"key\": " : ",\n    {\"key\": "));
	TRY(json_string(row->key, out));
	return buf_printf(out, ", \"count\": %" PRId64 "}", row->count);
}

static enum status add_rows(struct buf *out, const struct agg_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		TRY(add_row(out, &rows[i], i == 0));
	return buf_add_str(out, count ? "\n  ]}" : "]}");
}

static enum status add_counter(const struct agg_set *set, size_t i, struct buf *out)
{
	struct agg_row *rows;
	size_t count;

	if (!agg_counter_fits(set, i))
		return STATUS_INVALID;
	TRY(buf_printf(out, "{\"kind\": \"counter\", \"total\": %" PRId64 ", \"rows\": [",
		       agg_counter_total(set, i)));
	TRY(agg_counter_rows(set, i, false, &rows, &count));
	enum status st = add_rows(out, rows, count);
	mem_free(rows);
	return st;
}

static enum status add_number(struct buf *out, const char *name, bool is_int, int64_t i, double d)
{
	TRY(buf_add_str(out, name));
	return is_int ? buf_printf(out, "%" PRId64, i) : json_number(d, out);
}

static enum status add_sum(const struct agg_set *set, size_t i, struct buf *out)
{
	struct agg_sum_result r;

	agg_sum_result(set, i, &r);
	TRY(buf_printf(out, "{\"kind\": \"sum\", \"n\": %" PRIu64, r.n));
	TRY(add_number(out, ", \"sum\": ", r.is_int, r.int_value, r.value));
	if (r.n == 0)
		return buf_add_byte(out, '}');
	TRY(add_number(out, ", \"min\": ", r.min_is_int, r.int_min, r.min));
	TRY(add_number(out, ", \"max\": ", r.max_is_int, r.int_max, r.max));
	TRY(add_number(out, ", \"mean\": ", false, 0, r.value / (double)r.n));
	return buf_add_byte(out, '}');
}

static enum status add_reducer(struct span json, struct buf *out)
{
	TRY(buf_add_str(out, "{\"kind\": \"reducer\", \"value\": "));
	TRY(buf_add_span(out, json.len ? json : SPAN_LIT("null")));
	return buf_add_byte(out, '}');
}

static enum status add_result(const struct agg_set *set, size_t i, const struct span *reducer_json,
			      struct buf *out)
{
	switch (set->decls->decl[i].kind) {
	case AGG_COUNTER:
		return add_counter(set, i, out);
	case AGG_SUM:
		return add_sum(set, i, out);
	case AGG_TABLE:
	case AGG_OUTPUT:
		return buf_printf(out, "{\"kind\": \"%s\", \"count\": %" PRIu64 "}",
				  set->decls->decl[i].kind == AGG_TABLE ? "table" : "output",
				  set->result[i].pieces);
	case AGG_REDUCER:
		return add_reducer(reducer_json ? reducer_json[i] : span_of(NULL, 0), out);
	}
	return STATUS_OK;
}

enum status agg_to_json(const struct agg_set *set, const struct span *reducer_json, struct buf *out)
{
	TRY(buf_add_byte(out, '{'));
	for (size_t i = 0; i < set->decls->count; i++) {
		TRY(buf_add_str(out, i ? ",\n  " : "\n  "));
		TRY(json_string(span_str(set->decls->decl[i].name), out));
		TRY(buf_add_str(out, ": "));
		TRY(add_result(set, i, reducer_json, out));
	}
	return buf_add_str(out, set->decls->count ? "\n}\n" : "}\n");
}
