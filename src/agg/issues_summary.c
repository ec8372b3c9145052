/* issues_summary.c: issues as a text for people: how many of each severity, and equal ones as one line. */
#include <inttypes.h>

#include "agg/counter.h"
#include "base/alloc.h"

/* "2 errors, 1 warning" */
static enum status add_totals(const struct agg_set *set, size_t i, struct buf *out)
{
	size_t mark = out->len;

	for (int s = 0; s < SEVERITIES; s++) {
		uint64_t n = agg_issue_count(set, i, (enum agg_severity)s);

		if (n > 0)
			TRY(buf_printf(out, "%s%" PRIu64 " %s%s", out->len > mark ? ", " : "", n,
				       agg_severity_name((enum agg_severity)s),
				       n > 1 && s != SEVERITY_INFO ? "s" : ""));
	}
	return buf_add_str(out, out->len > mark ? "\n" : "no issues\n");
}

/* Count the issues of one severity by their line of text. */
static enum status count_lines(const struct agg_set *set, size_t i, enum agg_severity severity,
			       struct counter *c)
{
	struct agg_issue issue;
	struct buf line;
	size_t pos = 0;
	enum status st = STATUS_OK;

	buf_init(&line, BUF_NO_LIMIT);
	while (st == STATUS_OK && agg_issue_next(set, i, &pos, &issue)) {
		if (issue.severity != severity)
			continue;
		line.len = 0;
		st = buf_add_span(&line, issue.where);
		if (st == STATUS_OK && issue.where.len > 0)
			st = buf_add_str(&line, ": ");
		if (st == STATUS_OK)
			st = buf_add_span(&line, issue.message);
		if (st == STATUS_OK)
			st = counter_add(c, 1, buf_span(&line));
	}
	buf_release(&line);
	return st;
}

static enum status add_lines(const struct counter *c, enum agg_severity severity, struct buf *out)
{
	struct agg_row *rows;
	size_t count;

	TRY(counter_rows(c, true, &rows, &count));
	enum status st = STATUS_OK;
	for (size_t k = 0; k < count && st == STATUS_OK; k++) {
		st = buf_printf(out, "%7" PRId64 "  %-7s  ", rows[k].count, agg_severity_name(severity));
		if (st == STATUS_OK)
			st = buf_add_span(out, rows[k].key);
		if (st == STATUS_OK)
			st = buf_add_byte(out, '\n');
	}
	mem_free(rows);
	return st;
}

enum status agg_issues_summary(const struct agg_set *set, size_t i, struct buf *out)
{
	enum status st = add_totals(set, i, out);

	for (int s = 0; s < SEVERITIES && st == STATUS_OK; s++) {
		struct counter c;

		counter_init(&c);
		st = count_lines(set, i, (enum agg_severity)s, &c);
		if (st == STATUS_OK)
			st = add_lines(&c, (enum agg_severity)s, out);
		counter_release(&c);
	}
	return st;
}
