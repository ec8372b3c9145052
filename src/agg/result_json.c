/* result_json.c: a whole set as JSON, for --agg-out.
 *
 * One line per result and per row: people diff these files and search them line by line. */
#include "agg/set.h"
#include "base/json.h"

static enum status add_result(const struct agg_set *set, size_t i, const struct span *reducer_json,
			      struct buf *out)
{
	const struct agg_type *type = agg_set_type(set, i);
	struct span given = reducer_json ? reducer_json[i] : span_of(NULL, 0);

	TRY(buf_printf(out, "{\"kind\": \"%s\"", type->name));
	if (type->write) {
		TRY(type->write(set->result[i], &set->decls->decl[i], out));
	} else {
		TRY(buf_add_str(out, ", \"value\": "));
		TRY(buf_add_span(out, given.len ? given : SPAN_LIT("null")));
	}
	return buf_add_byte(out, '}');
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
