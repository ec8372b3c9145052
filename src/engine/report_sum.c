/* report_sum.c: the closing summary and the progress line.
 *
 * The summary speaks only when something was lost, repaired, skipped or strange; the progress line only on a terminal, and
 * it vanishes when the run is over. */
#include <stdio.h>

#include "engine/report.h"

static void put_count(const char *what, uint64_t n)
{
	if (n)
		fprintf(stderr, ", %llu %s", (unsigned long long)n, what);
}

static void put_codes(const struct report *r)
{
	const char *before = " (";

	for (int code = 1; code < FAULT_CODE_COUNT; code++) {
		if (!r->code_count[code])
			continue;
		fprintf(stderr, "%s%s %llu", before, fault_code_text((enum fault_code)code),
			(unsigned long long)r->code_count[code]);
		before = ", ";
	}
	if (before[0] == ',')
		fputc(')', stderr);
}

void report_summary(struct report *r, const struct engine_totals *t, bool writes)
{
	uint64_t odd = t->rejected + t->failed + t->repaired + t->garbage_bytes + t->warnings;

	report_clear(r);
	if (r->script_errors_hidden)
		report_say(r, "%llu more script errors of the kinds above", (unsigned long long)r->script_errors_hidden);
	if (r->config->quiet || (odd == 0 && !r->config->verbose))
		return;
	fprintf(stderr, "mrrc: %llu records read", (unsigned long long)t->read);
	if (writes)
		fprintf(stderr, ", %llu written", (unsigned long long)t->written);
	put_count("repaired", t->repaired);
	if (t->repaired)
		put_codes(r);
	put_count(r->config->reject_path ? "rejected" : "rejected and skipped", t->rejected);
	put_count("failed in the script", t->failed);
	put_count("warnings of the script", t->warnings);
	put_count("bytes between records skipped", t->garbage_bytes);
	fputc('\n', stderr);
}

static void put_eta(double seconds, uint64_t bytes, uint64_t total)
{
	if (total == 0 || bytes == 0 || bytes > total)
		return;

	double left = seconds * (double)(total - bytes) / (double)bytes;

	fprintf(stderr, "  %3.0f %%  ETA %d:%02d", 100.0 * (double)bytes / (double)total, (int)(left / 60), (int)left % 60);
}

void report_progress(struct report *r, const struct engine_totals *t, double seconds, uint64_t bytes, uint64_t total)
{
	double rate = seconds > 0 ? 1 / seconds : 0;

	fprintf(stderr, "\r\033[K%llu records  %.0f/s  %.1f MB/s", (unsigned long long)t->read, (double)t->read * rate,
		(double)bytes / 1e6 * rate);
	put_eta(seconds, bytes, total);
	put_count("written", t->written);
	put_count("dropped", t->dropped);
	put_count("rejected", t->rejected + t->failed);
	fflush(stderr);
	r->line_shown = true;
}
