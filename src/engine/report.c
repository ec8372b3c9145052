/* report.c: faults, events and sums as sentences on stderr and as JSON lines.
 *
 * A line names the input, the record's number, its byte offset and its 001, then the code and what it means. The first
 * LINES_MAX losses and the first WARNINGS_MAX repairs get a line each (all of them with --verbose), so that a hostile
 * file cannot flood the terminal; the closing summary counts everything. */
#include "engine/report.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/utf8.h"

#define LINES_MAX 10000
#define WARNINGS_MAX 20

void report_init(struct report *r, const struct engine_config *config, const struct source *source)
{
	*r = (struct report){ .config = config, .source = source };
	buf_init(&r->text, BUF_NO_LIMIT);
}

void report_release(struct report *r)
{
	buf_release(&r->text);
}

void report_clear(struct report *r)
{
	if (!r->line_shown)
		return;
	fputs("\r\033[K", stderr);
	r->line_shown = false;
}

void report_say(struct report *r, const char *fmt, ...)
{
	va_list args;

	report_clear(r);
	fputs("mrrc: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

/* May the character stand on a terminal? Control characters may not, those behind U+007F, which some terminals obey, included;
 * nor what is no UTF-8. */
static bool is_harmless(uint32_t c, struct span bytes)
{
	bool broken = c == 0xFFFD && !(bytes.len == 3 && bytes.ptr[0] == 0xEF);

	return c == '\n' || c == '\t' || (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && !broken);
}

/* Text of the input or of a script: what is harmless leaves as it is, in runs, for stderr has no buffer; the rest by its numbers. */
static void put_text(struct span s)
{
	size_t from = 0;

	for (size_t i = 0, len; i < s.len; i += len) {
		uint32_t c;

		len = utf8_decode(span_of(s.ptr + i, s.len - i), &c);
		if (is_harmless(c, span_of(s.ptr + i, len)))
			continue;
		fwrite(s.ptr + from, 1, i - from, stderr);
		for (size_t k = 0; k < len; k++)
			fprintf(stderr, "<%02X>", (unsigned)s.ptr[i + k]);
		from = i + len;
	}
	fwrite(s.ptr + from, 1, s.len - from, stderr);
}

static void put_tag(uint32_t tag)
{
	for (int shift = 16; shift >= 0; shift -= 8) {
		uint8_t c = (uint8_t)(tag >> shift);

		put_text(span_of(&c, 1));
	}
}

static const char *source_name(const struct report *r, uint32_t source)
{
	return source_info(r->source, source)->name;
}

static void put_place(const struct report *r, const struct record *rec)
{
	struct span id = record_id(rec);

	fprintf(stderr, "mrrc: %s: record %llu at byte %llu", source_name(r, rec->source),
		(unsigned long long)rec->number, (unsigned long long)rec->offset);
	if (id.len) {
		fputs(" (001 ", stderr);
		put_text(id.len > 64 ? span_of(id.ptr, 64) : id);
		fputc(')', stderr);
	}
	fputs(": ", stderr);
}

/* ---- --errors FILE: one JSON object a line ---- */

struct error_line {
	const char *class, *code;
	uint32_t source;
	uint64_t record, offset, len;
	struct span id, message;
	uint32_t tag;
	uint64_t position; /* absolute, UINT64_MAX: none */
	const char *action;
};

static enum status json_pair(struct buf *out, const char *key, struct span value)
{
	TRY(buf_printf(out, ",\"%s\":", key));
	return json_string(value, out);
}

static enum status error_json(struct report *r, const struct error_line *e)
{
	struct buf *out = &r->text;

	out->len = 0;
	TRY(buf_printf(out, "{\"class\":\"%s\",\"code\":\"%s\"", e->class, e->code));
	TRY(json_pair(out, "file", span_str(source_name(r, e->source))));
	if (e->record)
		TRY(buf_printf(out, ",\"record\":%llu", (unsigned long long)e->record));
	TRY(buf_printf(out, ",\"offset\":%llu,\"length\":%llu", (unsigned long long)e->offset, (unsigned long long)e->len));
	if (e->id.len)
		TRY(json_pair(out, "id", e->id));
	if (e->tag) {
		uint8_t tag[3] = { (uint8_t)(e->tag >> 16), (uint8_t)(e->tag >> 8), (uint8_t)e->tag };

		TRY(json_pair(out, "tag", span_of(tag, 3)));
	}
	if (e->position != UINT64_MAX)
		TRY(buf_printf(out, ",\"position\":%llu", (unsigned long long)e->position));
	TRY(json_pair(out, "message", e->message));
	return buf_printf(out, ",\"action\":\"%s\"}\n", e->action);
}

static void error_line(struct report *r, const struct error_line *e)
{
	if (!r->errors || r->errors_status != STATUS_OK)
		return;
	r->errors_status = error_json(r, e);
	if (r->errors_status == STATUS_OK)
		r->errors_status = sink_write(r->errors, r->text.ptr, r->text.len);
}

static struct error_line line_of(const struct record *rec)
{
	return (struct error_line){ .class = "data", .source = rec->source, .record = rec->number,
				    .offset = rec->offset, .len = rec->raw.len, .id = record_id(rec),
				    .position = UINT64_MAX };
}

/* ---- faults ---- */

static const char *action_of(const struct report *r, bool lost)
{
	if (!lost)
		return "repaired";
	switch (r->config->on_error) {
	case ERROR_FAIL: return "stopped";
	case ERROR_REJECT: return "rejected";
	default: return "skipped";
	}
}

/* May this line be shown? Losses and repairs have limits of their own. */
static bool may_show(struct report *r, bool lost, char severity)
{
	if (r->config->verbose)
		return true;
	if (severity == 'I' || (r->config->quiet && !lost))
		return false;
	return lost ? ++r->lines <= LINES_MAX : ++r->warning_lines <= WARNINGS_MAX;
}

static void show_fault(struct report *r, const struct record *rec, const struct fault *f, bool lost)
{
	report_clear(r);
	put_place(r, rec);
	fprintf(stderr, "%s %s", fault_code_text(f->code), fault_message(f->code));
	if (f->tag) {
		fputs(", field ", stderr);
		put_tag(f->tag);
	}
	if (f->offset != FAULT_NO_POSITION)
		fprintf(stderr, ", byte %llu", (unsigned long long)(rec->offset + f->offset));
	fprintf(stderr, "; %s\n", fault_severity(f) == 'I' ? "noted" : action_of(r, lost));
}

static void record_fault(struct report *r, const struct record *rec, const struct fault *f, bool lost)
{
	struct error_line line = line_of(rec);

	if (!lost)
		r->code_count[f->code]++;
	line.code = fault_code_text(f->code);
	line.tag = f->tag;
	line.message = span_str(fault_message(f->code));
	if (f->offset != FAULT_NO_POSITION)
		line.position = rec->offset + f->offset;
	line.action = action_of(r, lost);
	error_line(r, &line);
	if (may_show(r, lost, fault_severity(f)))
		show_fault(r, rec, f, lost);
}

void report_record(struct report *r, const struct record *rec, bool lost)
{
	for (uint32_t i = 0; i < rec->fault_count; i++)
		record_fault(r, rec, &rec->fault[i], lost && !rec->fault[i].repaired);
}

/* ---- bytes between records ---- */

void report_junk_end(struct report *r)
{
	if (!r->junk_open)
		return;
	r->junk_open = false;

	bool garbage = r->junk_code == FAULT_GARBAGE;
	struct error_line line = { .class = "data", .code = fault_code_text(r->junk_code), .source = r->junk_source,
				   .offset = r->junk_offset, .len = r->junk_len, .position = UINT64_MAX,
				   .message = span_str(fault_message(r->junk_code)), .action = "skipped" };

	if (garbage)
		error_line(r, &line);
	if (may_show(r, garbage, garbage ? 'E' : 'I')) {
		report_clear(r);
		fprintf(stderr, "mrrc: %s: at byte %llu, before record %llu: %s %s, %llu bytes; skipped\n",
			source_name(r, r->junk_source), (unsigned long long)r->junk_offset,
			(unsigned long long)r->junk_number, line.code, fault_message(r->junk_code),
			(unsigned long long)r->junk_len);
	}
}

void report_junk(struct report *r, const struct batch *b, const struct piece *p, uint64_t number)
{
	uint64_t offset = b->offset + p->at;

	if (r->junk_open && r->junk_code == p->code && r->junk_source == b->source &&
	    r->junk_offset + r->junk_len == offset) {
		r->junk_len += p->len;
		return;
	}
	report_junk_end(r);
	r->junk_open = true;
	r->junk_code = p->code;
	r->junk_source = b->source;
	r->junk_offset = offset;
	r->junk_len = p->len;
	r->junk_number = number;
}

/* ---- scripts ---- */

static uint64_t hash_of(struct span message)
{
	uint64_t h = 0xcbf29ce484222325u ^ message.len; /* FNV-1a */

	for (size_t i = 0; i < message.len; i++)
		h = (h ^ message.ptr[i]) * 0x100000001b3u;
	return h;
}

/* Was this message seen before? Remembers it, by its hash: messages may be long, and there may be millions of them. */
static bool seen_before(struct report *r, struct span message)
{
	uint64_t hash = hash_of(message);

	for (size_t i = 0; i < r->seen_count; i++)
		if (r->seen[i] == hash)
			return true;
	if (r->seen_count == SEEN_MAX)
		return true;
	r->seen[r->seen_count++] = hash;
	return false;
}

static const char *event_code(const struct event *e)
{
	switch (e->kind) {
	case EVENT_SCRIPT_ERROR: return fault_code_text(e->fault.code ? e->fault.code : FAULT_SCRIPT);
	case EVENT_REJECT: return "E703";
	case EVENT_UNWRITABLE: return fault_code_text(e->fault.code);
	default: return "W700";
	}
}

static void show_script_error(struct report *r, const struct record *rec, const struct event *e, struct span message,
			      struct span trace)
{
	if (r->config->on_script_error != SCRIPT_FAIL && seen_before(r, message)) {
		r->script_errors_hidden++;
		return;
	}
	report_clear(r);
	put_place(r, rec);
	fprintf(stderr, "%s script failed in %s:\n  ", event_code(e), e->hook ? e->hook : "the script");
	put_text(message);
	fputc('\n', stderr);
	if (trace.len) {
		put_text(trace);
		fputc('\n', stderr);
	}
}

static const char *event_class(enum event_kind kind)
{
	return kind == EVENT_UNWRITABLE ? "data" : kind == EVENT_WARN ? "rule" : "script";
}

static const char *event_action(const struct report *r, const struct event *e)
{
	if (e->kind == EVENT_WARN)
		return "warned";
	if (e->kind == EVENT_SCRIPT_ERROR && r->config->on_script_error == SCRIPT_FAIL)
		return "stopped";
	if (e->kind == EVENT_SCRIPT_ERROR && r->config->on_script_error == SCRIPT_SKIP)
		return "skipped";
	return r->config->reject_path ? "rejected" : "skipped";
}

/* What the script has to say of a record: no fault, so without limit and without a place in --errors. */
static void show_log(struct report *r, const struct record *rec, struct span message)
{
	if (r->config->quiet)
		return;
	report_clear(r);
	put_place(r, rec);
	put_text(message);
	fputc('\n', stderr);
}

void report_event(struct report *r, const struct batch *b, const struct event *e)
{
	const struct record *rec = &b->records[e->record];
	struct span message = span_of(b->yield.messages.ptr + e->message, e->message_len);
	struct span trace = span_of(b->yield.messages.ptr + e->trace, e->trace_len);
	struct error_line line = line_of(rec);

	if (e->kind == EVENT_LOG) {
		show_log(r, rec, message);
		return;
	}
	line.class = event_class(e->kind);
	line.code = event_code(e);
	line.message = message;
	line.tag = e->kind == EVENT_UNWRITABLE ? e->fault.tag : 0;
	line.action = event_action(r, e);
	error_line(r, &line);
	if (e->kind == EVENT_SCRIPT_ERROR) {
		show_script_error(r, rec, e, message, trace);
		return;
	}
	if (!may_show(r, e->kind != EVENT_WARN, 'E'))
		return;
	report_clear(r);
	put_place(r, rec);
	fprintf(stderr, "%s ", line.code);
	put_text(message);
	if (line.tag) {
		fputs(", field ", stderr);
		put_tag(line.tag);
	}
	fprintf(stderr, "; %s\n", line.action);
}

void report_problem(struct report *r, const struct problem *p)
{
	report_clear(r);
	fputs("mrrc: ", stderr);
	if (p->memory)
		fputs("the script used more memory than it may (--lua-mem)", stderr);
	else
		put_text(span_str(p->message ? p->message : "not enough memory"));
	fputc('\n', stderr);
	if (p->trace && p->trace[0] && p->hook && strcmp(p->hook, "load") != 0) {
		put_text(span_str(p->trace));
		fputc('\n', stderr);
	}
}
