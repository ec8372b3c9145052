/* kind_issues.c: mrrc.issues as a kind: what was found to be wrong, in record order. Every one is kept,
 * with the name of its file, since a report is read long after the run. */
#include <assert.h>
#include <inttypes.h>

#include "agg/set.h"
#include "base/json.h"

#define KEEP_ROWS ((size_t)1 << 20)
#define TEXTS 4

/* Before the texts, one behind the other. */
struct head {
	uint64_t record, offset, len[TEXTS];
	uint32_t severity, unused;
};

struct issues {
	struct buf rows;
	uint64_t count[SEVERITIES];
};

static void init(void *result, const struct agg_decl *d)
{
	(void)d;
	buf_init(&((struct issues *)result)->rows, BUF_NO_LIMIT);
}

static void release(void *result)
{
	buf_release(&((struct issues *)result)->rows);
}

static void reset(void *result)
{
	struct issues *s = result;

	buf_reset(&s->rows, KEEP_ROWS);
	memset(s->count, 0, sizeof(s->count));
}

static enum status add(void *result, const struct agg_decl *d, const struct agg_piece *piece, struct span key,
		       struct span bytes)
{
	struct issues *s = result;

	(void)d;
	(void)key;
	TRY(buf_add_span(&s->rows, bytes));
	s->count[piece->value]++;
	return STATUS_OK;
}

static enum status merge(void *into, const void *from, const struct agg_decl *d)
{
	const struct issues *s = from;
	struct issues *to = into;

	(void)d;
	TRY(buf_add_span(&to->rows, buf_span(&s->rows)));
	for (int i = 0; i < SEVERITIES; i++)
		to->count[i] += s->count[i];
	return STATUS_OK;
}

static bool next(const struct issues *s, size_t *pos, struct agg_issue *issue)
{
	struct span *const texts[TEXTS] = { &issue->file, &issue->id, &issue->where, &issue->message };
	struct head head;

	if (*pos >= s->rows.len)
		return false;
	memcpy(&head, s->rows.ptr + *pos, sizeof(head));
	*pos += sizeof(head);
	issue->severity = (enum agg_severity)head.severity;
	issue->record = head.record;
	issue->offset = head.offset;
	for (int i = 0; i < TEXTS; i++) {
		*texts[i] = span_of(s->rows.ptr + *pos, (size_t)head.len[i]);
		*pos += texts[i]->len;
	}
	return true;
}

enum status agg_issue(struct agg_set *set, size_t i, const struct agg_issue *issue)
{
	const struct span texts[TEXTS] = { issue->file, issue->id, issue->where, issue->message };
	struct head head = { .record = issue->record, .offset = issue->offset, .severity = issue->severity };
	struct buf row;

	buf_init(&row, BUF_NO_LIMIT);
	for (int t = 0; t < TEXTS; t++)
		head.len[t] = texts[t].len;
	enum status st = buf_add(&row, &head, sizeof(head));
	for (int t = 0; t < TEXTS && st == STATUS_OK; t++)
		st = buf_add_span(&row, texts[t]);
	if (st == STATUS_OK)
		st = agg_note(set, i, OP_ISSUE, issue->severity, span_of(NULL, 0), buf_span(&row));
	buf_release(&row);
	return st;
}

/* ---- JSON ---- */

const char *agg_severity_name(enum agg_severity severity)
{
	static const char *const names[SEVERITIES] = { "error", "warning", "info" };

	return names[severity];
}

static enum status write_text(struct buf *out, const char *name, struct span text)
{
	TRY(buf_add_str(out, name));
	return json_string(text, out);
}

static enum status write_issue(const struct agg_issue *issue, struct buf *out)
{
	TRY(write_text(out, "{\"severity\": ", span_str(agg_severity_name(issue->severity))));
	TRY(write_text(out, ", \"file\": ", issue->file));
	TRY(buf_printf(out, ", \"record\": %" PRIu64 ", \"offset\": %" PRIu64, issue->record, issue->offset));
	TRY(write_text(out, ", \"id\": ", issue->id));
	TRY(write_text(out, ", \"where\": ", issue->where));
	TRY(write_text(out, ", \"message\": ", issue->message));
	return buf_add_byte(out, '}');
}

static enum status write(const void *result, const struct agg_decl *d, struct buf *out)
{
	const struct issues *s = result;
	struct agg_issue issue;
	static const char *const plural[SEVERITIES] = { "errors", "warnings", "infos" };
	size_t pos = 0;

	(void)d;
	for (int i = 0; i < SEVERITIES; i++)
		TRY(buf_printf(out, ", \"%s\": %" PRIu64, plural[i], s->count[i]));
	TRY(buf_add_str(out, ", \"rows\": ["));
	while (next(s, &pos, &issue)) {
		bool first = out->ptr[out->len - 1] == '[';

		TRY(buf_add_str(out, first ? "\n    " : ",\n    "));
		TRY(write_issue(&issue, out));
	}
	return buf_add_str(out, pos > 0 ? "\n  ]" : "]");
}

const struct agg_type agg_type_issues = {
	.name = "issues",
	.size = sizeof(struct issues),
	.takes = 1u << OP_ISSUE,
	.init = init,
	.release = release,
	.reset = reset,
	.add = add,
	.merge = merge,
	.write = write,
	.unmergeable = "they belong to the records of one run",
};

/* ---- reading ---- */

static const struct issues *issues_of(const struct agg_set *set, size_t i)
{
	assert(i < set->decls->count && agg_set_type(set, i) == &agg_type_issues);
	return set->result[i];
}

uint64_t agg_issue_count(const struct agg_set *set, size_t i, enum agg_severity severity)
{
	return issues_of(set, i)->count[severity];
}

bool agg_issue_next(const struct agg_set *set, size_t i, size_t *pos, struct agg_issue *issue)
{
	return next(issues_of(set, i), pos, issue);
}
