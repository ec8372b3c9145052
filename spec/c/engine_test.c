/* engine_test.c: the whole line in one process: allocation failures at every place, odd numbers of threads and batches.
 *
 * What users see is tested by the specs; here is what they cannot reach: the k-th allocation fails, for every k. A run
 * must then end with "memory" (or do without), leave no block behind and no file that looks whole. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "engine/stages.h"

#define RECORDS 12

static char folder[] = "/tmp/mrrc-engine-XXXXXX";
static char input[64], output[64], table[64];

/* One record with 001 and 245, made by hand so that the test leans on no writer. */
static size_t make_record(char *to, size_t room, unsigned number)
{
	char body[200];
	int id_len = snprintf(body, sizeof body, "r%03u\x1e", number);
	int title_len = snprintf(body + id_len, sizeof body - (size_t)id_len, "10\x1f" "aTitle number %u of many\x1e", number);
	int base = 24 + 2 * 12 + 1, len = base + id_len + title_len + 1;
	int n = snprintf(to, room, "%05dnam a22%05d i 4500001%04d%05d245%04d%05d\x1e%s\x1d", len, base, id_len, 0,
			 title_len, id_len, body);

	assert_int_equal(n, len);
	return (size_t)n;
}

static int make_input(void **state)
{
	char record[400];
	FILE *f;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(input, sizeof input, "%s/in.mrc", folder);
	snprintf(output, sizeof output, "%s/out.mrc", folder);
	snprintf(table, sizeof table, "%s/table.csv", folder);
	f = fopen(input, "wb");
	if (!f)
		return -1;
	for (unsigned i = 0; i < RECORDS; i++)
		fwrite(record, 1, make_record(record, sizeof record, i), f);
	return fclose(f);
}

static int remove_input(void **state)
{
	(void)state;
	unlink(input);
	unlink(output);
	unlink(table);
	return rmdir(folder);
}

static const char script_text[] =
	"local words = mrrc.counter('words')\n"
	"local rows = mrrc.table{ name = 'rows', path = '%s', columns = { 'id', 'title' } }\n"
	"local all = mrrc.reducer{ name = 'all', init = function() return {} end,\n"
	"  add = function(a, v) a[#a + 1] = v return a end,\n"
	"  merge = function(a, b) for _, v in ipairs(b) do a[#a + 1] = v end return a end }\n"
	"return { transform = function(rec)\n"
	"  words:add(rec:get('245$a'))\n"
	"  rows:row{ id = rec.id, title = rec:get('245$a') }\n"
	"  all:add(rec.id)\n"
	"  return rec:edit():add('999', '  ', 'a', rec.id)\n"
	"end, finish = function(agg) assert(agg.words:total() == %d) end }\n";

static enum outcome run(struct engine_config *config, struct engine_stats *stats)
{
	char text[1024];
	const char *paths[] = { input };
	struct script_piece piece = { .kind = PIECE_FILE, .name = "test.lua" };
	struct script_program program = { .piece = &piece, .piece_count = 1, .memory_limit = 64u << 20, .threads = 1,
					  .source_name = paths, .source_count = 1 };
	struct engine_result result;

	snprintf(text, sizeof text, script_text, table, RECORDS);
	piece.text = span_str(text);
	config->input = paths;
	config->input_count = 1;
	config->output = output;
	config->program = &program;
	config->format = OUTPUT_MARC;
	config->recovery = RECOVERY_LENIENT;
	config->max_record = 1 << 20;
	config->no_sync = true;
	config->quiet = true;
	engine_run(config, &result, stats);
	engine_stats_release(stats);
	return result.outcome;
}

static bool exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

/* stderr would otherwise hold a message for each failure. */
static int mute(void)
{
	int kept = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);

	fflush(stderr);
	assert_true(kept >= 0 && null >= 0);
	dup2(null, STDERR_FILENO);
	close(null);
	return kept;
}

static void unmute(int kept)
{
	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
}

static void run_with_failure_at(long k, bool for_ever, bool *done)
{
	struct engine_config config = { .threads = 1, .batch_count = 5, .batch_bytes = 15000, .channel_records = 10 };
	struct engine_stats stats;
	long before = mem_live();
	enum outcome outcome;
	int kept;

	unlink(output);
	unlink(table);
	mem_fail_after(k, for_ever);
	kept = mute();
	outcome = run(&config, &stats);
	unmute(kept);
	*done = mem_refused() == 0;
	mem_fail_after(-1, false);
	if (mem_live() != before)
		print_message("k %ld: %ld blocks leak, outcome %d\n", k, mem_live() - before, outcome);
	if (exists(output) != (outcome == OUTCOME_DONE) || (*done && outcome != OUTCOME_DONE))
		print_message("k %ld: outcome %d, output %d\n", k, outcome, exists(output));
	assert_int_equal(mem_live(), before);
	if (outcome == OUTCOME_DONE) {
		assert_true(exists(output) && exists(table));
		return;
	}
	assert_false(*done);
	assert_false(exists(output));
}

static void every_allocation_may_fail_once(void **state)
{
	bool done = false;
	long k = 0;

	(void)state;
	for (; !done; k += k < 200 ? 1 : 3)
		run_with_failure_at(k, false, &done);
	assert_true(k > 500);
}

static void memory_may_run_out_for_ever(void **state)
{
	bool done = false;

	(void)state;
	for (long k = 0; !done; k += k < 100 ? 1 : 7)
		run_with_failure_at(k, true, &done);
}

static void a_run_gives_everything_back(void **state)
{
	static const unsigned threads[] = { 1, 2, 5 };
	static const size_t batch[] = { 1, 3, 1000 };
	long before = mem_live();

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		for (size_t k = 0; k < 3; k++) {
			struct engine_config config = { .threads = threads[i], .batch_count = batch[k],
							.batch_bytes = batch[k] * 3000, .channel_records = 2 * batch[k],
							.crew = k == 1 ? CREW_SEPARATE : CREW_ADAPTIVE };
			struct engine_stats stats;

			assert_int_equal(run(&config, &stats), OUTCOME_DONE);
			assert_int_equal(stats.total.read, RECORDS);
			assert_int_equal(stats.total.written, RECORDS);
			assert_int_equal(mem_live(), before);
		}
	}
}

/* Memory ends in the middle of a batch: only the records that were made may be counted, the sink reads them all. */
static void a_batch_without_memory_has_the_records_that_were_made(void **state)
{
	struct engine_config config = { .recovery = RECOVERY_LENIENT };
	struct line line = { .config = &config };
	char record[400];
	struct batch b;

	(void)state;
	assert_int_equal(batch_init(&b, 0), STATUS_OK);
	b.number = b.index = 1;
	for (unsigned i = 0; i < 300; i++) {
		size_t len = make_record(record, sizeof record, i);

		assert_int_equal(buf_add(&b.raw, record, len), STATUS_OK);
		assert_int_equal(batch_add(&b, b.raw.len - len, len, FAULT_NONE, false), STATUS_OK);
	}
	/* a block that an earlier batch has left: room for the records, but not for all of their fields */
	assert_non_null(arena_alloc(&b.arena, 300 * sizeof(struct record) + 2000));
	arena_reset(&b.arena);
	mem_fail_after(0, true);
	assert_int_equal(parse_batch(&line, &b), STATUS_MEMORY);
	mem_fail_after(-1, false);
	assert_true(b.record_count > 0 && b.record_count < 300);
	for (size_t i = 0; i < b.record_count; i++)
		assert_int_equal(b.records[i].number, i + 1);
	batch_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_gives_everything_back),
		cmocka_unit_test(every_allocation_may_fail_once),
		cmocka_unit_test(memory_may_run_out_for_ever),
		cmocka_unit_test(a_batch_without_memory_has_the_records_that_were_made),
	};

	mallopt(M_PERTURB, 0xa5); /* what was not filled in shows at once */
	return cmocka_run_group_tests_name("engine", tests, make_input, remove_input);
}
