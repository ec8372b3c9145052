/* agg.h: declared results: what scripts count, sum and tabulate, merged in batch order.
 *
 * Layer agg (below script and engine; plain C, no threads, no Lua). A script declares results at load time
 * (struct agg_decl, in order of declaration); every batch has one agg_set that its script worker fills;
 * the sink merges the sets in batch order into the master. The result depends neither on the number of
 * threads nor on the size of batches: counts are integers, sums exact.
 *
 * A record's additions go to a journal first and are applied when the record has succeeded, so that a
 * record whose script fails leaves no trace (agg_mark, agg_rollback, agg_commit). */
#ifndef MRRC_AGG_AGG_H
#define MRRC_AGG_AGG_H

#include "agg/number.h"

enum agg_kind {
	AGG_COUNTER, AGG_TOPK, AGG_SUM, AGG_STATS, AGG_HISTOGRAM, AGG_SET, AGG_DISTINCT, AGG_FIRST,
	AGG_SAMPLE, AGG_ISSUES, AGG_TABLE, AGG_OUTPUT, AGG_REDUCER,
	AGG_KINDS
};

/* As in mrrc.NAME. */
const char *agg_kind_name(enum agg_kind kind);

enum table_format { TABLE_CSV, TABLE_TSV, TABLE_JSONL };

struct agg_decl {
	enum agg_kind kind;
	char *name;
	/* AGG_TABLE, AGG_OUTPUT: path template ({key} {part} {parts} {args.NAME}; args are already filled
	 * in), NULL: no file of its own */
	char *path;
	/* AGG_TABLE */
	char **columns;
	size_t column_count;
	enum table_format format;
	bool format_by_path; /* chosen by the suffix of path */
	char *list;      /* joins arrays in CSV and TSV, "; " */
	char delimiter;  /* ',' or TAB unless told */
	bool bom;
	/* AGG_OUTPUT */
	size_t max_open; /* files open at once, 64 */
	/* AGG_TOPK, AGG_FIRST, AGG_SAMPLE: how many are shown or kept */
	size_t n;
	/* AGG_HISTOGRAM: ascending, finite, at least one */
	struct number *edge;
	size_t edge_count;
};

struct agg_decls {
	struct agg_decl *decl;
	size_t count;
};

/* Copies every string. STATUS_MEMORY. */
enum status agg_decls_add(struct agg_decls *d, const struct agg_decl *decl) MUST_CHECK;
void agg_decls_release(struct agg_decls *d);
bool agg_decls_equal(const struct agg_decls *a, const struct agg_decls *b);

/* ---- one batch's (or the master's) results ---- */
struct agg_set;

struct agg_set *agg_set_new(const struct agg_decls *decls) MUST_CHECK; /* decls must outlive it */
void agg_set_free(struct agg_set *set);
void agg_set_reset(struct agg_set *set);
/* master += part; part is left as it is (reset it). Streams (tables, outputs) only add their row counts. */
enum status agg_merge(struct agg_set *master, const struct agg_set *part) MUST_CHECK;

/* Journal of the record at hand. */
size_t agg_mark(const struct agg_set *set);
void agg_rollback(struct agg_set *set, size_t mark);
/* Apply and empty the journal. STATUS_MEMORY: the set is lost (some of the record is in it). */
enum status agg_commit(struct agg_set *set) MUST_CHECK;

/* Additions (into the journal). `i` is the declaration's place. */
/* AGG_COUNTER, AGG_TOPK, AGG_SET, AGG_DISTINCT (the last two know no n) */
enum status agg_count(struct agg_set *set, size_t i, int64_t n, struct span key) MUST_CHECK;
/* AGG_SUM, AGG_STATS, AGG_HISTOGRAM (which has no place for NaN) */
enum status agg_sum_int(struct agg_set *set, size_t i, int64_t v) MUST_CHECK;
enum status agg_sum_double(struct agg_set *set, size_t i, double v) MUST_CHECK;
/* A formatted row (with its line end) or a serialised record for the file named by key (empty: the only
 * file). */
enum status agg_stream(struct agg_set *set, size_t i, struct span key, struct span bytes) MUST_CHECK;

/* AGG_FIRST, AGG_SAMPLE: a value made by agg_value_…; where names the record and is the same in every run. */
enum status agg_keep(struct agg_set *set, size_t i, uint64_t where, struct span value) MUST_CHECK;

enum agg_severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_INFO, SEVERITIES };
/* AGG_ISSUES: something to be said of a record. */
struct agg_issue {
	enum agg_severity severity;
	uint64_t record, offset; /* within the file */
	struct span file, id, where, message;
};
enum status agg_issue(struct agg_set *set, size_t i, const struct agg_issue *issue) MUST_CHECK;

/* Walk the committed stream pieces of a batch in the order they were made. *pos starts at 0; false at the
 * end. */
bool agg_stream_next(const struct agg_set *set, size_t *pos, size_t *i, struct span *key, struct span *bytes);

/* Results of a counter, topk or set: sorted rows live until the set changes. Counts are kept in 128 bits,
 * so that no order of additions can overflow; what is read is int64. A count beyond int64 is clipped, and
 * agg_counter_fits says so. */
struct agg_row {
	struct span key;
	int64_t count;
};
int64_t agg_counter_get(const struct agg_set *set, size_t i, struct span key);
int64_t agg_counter_total(const struct agg_set *set, size_t i);
/* Every count and the total are within int64. Looks at all rows. */
bool agg_counter_fits(const struct agg_set *set, size_t i);
size_t agg_counter_distinct(const struct agg_set *set, size_t i);
/* All rows by key (by_count false) or by count downwards then key. The array is the caller's (mem_free);
 * keys are the set's. */
enum status agg_counter_rows(const struct agg_set *set, size_t i, bool by_count, struct agg_row **rows,
			     size_t *count) MUST_CHECK;
/* Results of a sum or of stats. is_int: every addend was an integer and the sum fits int64. */
struct agg_sum_result {
	uint64_t n;
	bool is_int;
	int64_t int_value;
	double value;
	double min, max;
	bool min_is_int, max_is_int;
	int64_t int_min, int_max;
};
void agg_sum_result(const struct agg_set *set, size_t i, struct agg_sum_result *out);
/* Of stats: the sample standard deviation (n - 1); NaN for n < 2 and when some number was not finite. */
double agg_stats_deviation(const struct agg_set *set, size_t i);
/* How many numbers are below edge[0] (at 0), from edge[k - 1] on and below edge[k] (at k), from the last
 * edge on. */
uint64_t agg_histogram_count(const struct agg_set *set, size_t i, size_t at);
size_t agg_distinct_count(const struct agg_set *set, size_t i);
/* The values of first in their order, of a sample in that of their rank; *pos starts at 0, false at the
 * end. */
bool agg_kept_next(const struct agg_set *set, size_t i, size_t *pos, struct span *value);
uint64_t agg_issue_count(const struct agg_set *set, size_t i, enum agg_severity severity);
/* In record order; *pos starts at 0, false at the end. */
bool agg_issue_next(const struct agg_set *set, size_t i, size_t *pos, struct agg_issue *issue);
/* Totals, then each text with its count, the most frequent first (agg/issues_summary.c). */
enum status agg_issues_summary(const struct agg_set *set, size_t i, struct buf *out) MUST_CHECK;
const char *agg_severity_name(enum agg_severity severity);
uint64_t agg_stream_count(const struct agg_set *set, size_t i); /* rows or records */

/* ---- one cell of a table row at a time (agg/table.c); appends to out, the line end comes from
 * table_row_end ---- */
/* BOM and header line; nothing for JSON lines. */
enum status table_header(const struct agg_decl *t, struct buf *out) MUST_CHECK;
enum status table_cell_begin(const struct agg_decl *t, size_t column, struct buf *out) MUST_CHECK;
/* Text of a cell: quoted as the format needs (RFC 4180; TSV: TAB, LF, CR become blanks; JSON strings
 * escaped, ill-formed UTF-8 as U+FFFD). */
enum status table_text(const struct agg_decl *t, struct span text, struct buf *out) MUST_CHECK;
/* Number, true, null: as it is (null is empty in CSV and TSV). */
enum status table_raw(const struct agg_decl *t, struct span json, struct buf *out) MUST_CHECK;
/* Joined by the table's list; in JSON an array of strings. */
enum status table_list(const struct agg_decl *t, const struct span *items, size_t count,
		       struct buf *out) MUST_CHECK;
enum status table_row_end(const struct agg_decl *t, struct buf *out) MUST_CHECK;

/* Turn a key into a safe file name part: `/` and controls become `_`, a leading `.` too, empty is `_none`;
 * at most 200 bytes. */
enum status agg_safe_key(struct span key, struct buf *out) MUST_CHECK;

/* A value of a script in bytes: what first and sample keep (agg/value.c). */
enum agg_value_type {
	VALUE_STRING = 's', VALUE_INT = 'i', VALUE_DOUBLE = 'd', VALUE_TRUE = 't', VALUE_FALSE = 'f',
};
struct agg_value {
	enum agg_value_type type;
	struct span text;
	struct number number;
};
enum status agg_value_write(const struct agg_value *v, struct buf *out) MUST_CHECK;
struct agg_value agg_value_read(struct span bytes);

/* JSON of the whole set: {"name": {"kind": "counter", …}, …} in declaration order, keys sorted (for
 * --agg-out). Reducers come as the JSON given in reducer_json[i] (array NULL or span empty: null).
 * STATUS_INVALID: a count lies beyond int64. */
enum status agg_to_json(const struct agg_set *set, const struct span *reducer_json,
			struct buf *out) MUST_CHECK;

/* Read what agg_to_json wrote: *decls is filled and *set made for it; both are the caller's, in every case.
 * STATUS_INVALID: why says what is wrong, for people. */
struct agg_refusal {
	char text[256];
};
enum status agg_from_json(struct span json, struct agg_decls *decls, struct agg_set **set,
			  struct agg_refusal *why) MUST_CHECK;
/* Do two files come from one script? false: why names the first difference, with the name of the file a. */
bool agg_decls_match(const struct agg_decls *a, const char *a_name, const struct agg_decls *b,
		     struct agg_refusal *why);

#endif
