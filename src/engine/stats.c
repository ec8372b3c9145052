/* stats.c: what a run measured about itself, as one JSON object (--stats). */
#include "engine/engine.h"

#include "base/json.h"

static enum status number(struct buf *out, const char *name, uint64_t n)
{
	return buf_printf(out, ",\"%s\":%llu", name, (unsigned long long)n);
}

static enum status seconds(struct buf *out, const char *name, double s)
{
	return buf_printf(out, ",\"%s\":%.6f", name, s);
}

static enum status totals(const struct engine_totals *t, struct buf *out)
{
	TRY(buf_printf(out, "\"read\":%llu", (unsigned long long)t->read));
	TRY(number(out, "written", t->written));
	TRY(number(out, "dropped", t->dropped));
	TRY(number(out, "changed", t->changed));
	TRY(number(out, "repaired", t->repaired));
	TRY(number(out, "rejected", t->rejected));
	TRY(number(out, "failed", t->failed));
	TRY(number(out, "faults", t->faults));
	TRY(number(out, "warnings", t->warnings));
	TRY(number(out, "junk_bytes", t->junk_bytes));
	return number(out, "garbage_bytes", t->garbage_bytes);
}

static enum status workers(const struct engine_stats *s, struct buf *out)
{
	TRY(buf_add_str(out, ",\"worker_cpu\":["));
	for (unsigned i = 0; i < s->workers; i++)
		TRY(buf_printf(out, "%s%.6f", i ? "," : "", s->worker_cpu[i]));
	return buf_add_byte(out, ']');
}

enum status engine_stats_json(const struct engine_stats *s, struct buf *out)
{
	TRY(buf_add_str(out, "{\"records\":{"));
	TRY(totals(&s->total, out));
	TRY(buf_add_byte(out, '}'));
	TRY(number(out, "bytes_in", s->bytes_in));
	TRY(number(out, "bytes_out", s->bytes_out));
	TRY(seconds(out, "seconds", s->seconds));
	TRY(seconds(out, "source_cpu", s->source_cpu));
	TRY(seconds(out, "parse_cpu", s->parse_cpu));
	TRY(seconds(out, "script_cpu", s->script_cpu));
	TRY(seconds(out, "sink_cpu", s->sink_cpu));
	TRY(workers(s, out));
	TRY(seconds(out, "source_wait", s->source_wait));
	TRY(seconds(out, "worker_wait", s->work_wait));
	TRY(seconds(out, "sink_wait", s->sink_wait));
	TRY(number(out, "threads", s->workers));
	TRY(number(out, "batches", s->batches));
	TRY(number(out, "batches_peak", s->batches_peak));
	TRY(number(out, "batch_total", s->batch_total));
	TRY(number(out, "lua_peak_bytes", s->lua_peak));
	TRY(number(out, "rss_kb", (uint64_t)s->rss_kb));
	return buf_add_str(out, "}\n");
}
