/* result_test.c: declared results from the script's side: declared, added to in hooks, merged, read in
 * finish. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "make_record.h"
#include "marc/iso2709.h"
#include "script/script.h"

#define RECORDS 10

/* One run: ten records with 001 = 0..9 and 245 $a = "Title N", in batches of some size, through one worker
 * and a finisher. */
static struct run {
	struct made bytes[RECORDS];
	struct arena arena;
	struct record record[RECORDS];
	struct script_arg arg[1];
	struct yield yield;
	struct buf text;    /* what finish printed */
	struct buf streams; /* "NAME[KEY]=BYTES" for each row and record */
	struct buf json;
	char error[2000];   /* the first thing that went wrong */
	enum on_script_error on_error;
	bool verdict;
} run;

static void make_records(void)
{
	for (unsigned i = 0; i < RECORDS; i++) {
		char id[20], title[40];

		snprintf(id, sizeof(id), "%u", i);
		snprintf(title, sizeof(title), "00" US "aTitle %u", i);
		const struct made_field fields[] = { { "001", id, 0 }, { "245", title, 0 }, { NULL, NULL,
			0 } };
		make_record(&run.bytes[i], fields);
		assert_int_equal(iso2709_read(span_of(run.bytes[i].b, run.bytes[i].n), FAULT_NONE,
			RECOVERY_STRICT,
					      &run.arena, &run.record[i]),
				 STATUS_OK);
		assert_false(run.record[i].flags & RECORD_REJECTED);
	}
}

static void note(const struct problem *p, enum status st)
{
	if (!run.error[0])
		snprintf(run.error, sizeof(run.error), "%s: %s", p && p->hook ? p->hook : "-",
			 p && p->message ? p->message : st == STATUS_MEMORY ? "memory" : "?");
}

static void note_events(const struct yield *y)
{
	for (size_t i = 0; i < y->event_count && !run.error[0]; i++) {
		const struct event *e = &y->event[i];

		snprintf(run.error, sizeof(run.error), "%s: record %u: %.*s", e->hook, (unsigned)e->record,
			 (int)e->message_len, (const char *)y->messages.ptr + e->message);
	}
}

static void note_streams(const struct agg_decls *decls, const struct agg_set *set)
{
	struct span key, bytes;
	size_t pos = 0, i;

	while (agg_stream_next(set, &pos, &i, &key, &bytes)) {
		assert_int_equal(buf_printf(&run.streams, "%s[%.*s]=", decls->decl[i].name, (int)key.len,
					    (const char *)key.ptr),
				 STATUS_OK);
		assert_int_equal(buf_add_span(&run.streams, bytes), STATUS_OK);
	}
}

static enum status run_batches(struct script *worker, struct script *finisher, struct agg_set *master,
	size_t size)
{
	struct problem problem = { 0 };
	struct yield *y = &run.yield;
	enum status st = STATUS_OK;

	for (size_t at = 0; at < RECORDS && st == STATUS_OK && !y->stopped; at += size) {
		yield_reset(y);
		y->write = iso2709_write;
		y->on_error = run.on_error;
		st = script_run(worker, run.record + at, 0, at + size < RECORDS ? size : RECORDS - at, y);
		if (st == STATUS_OK)
			st = agg_merge(master, y->aggs);
		note_events(y);
		note_streams(script_decls(worker), y->aggs);
		if (st == STATUS_OK)
			st = script_fold(finisher, buf_span(&y->reducers), &problem);
	}
	if (st != STATUS_OK)
		note(&problem, st);
	problem_release(&problem);
	return st;
}

static void finish(struct script *finisher, const struct agg_set *master)
{
	struct problem problem = { 0 };
	struct span json[8] = { { NULL, 0 } };
	struct buf reducer[8];
	size_t count = script_decls(finisher)->count;

	if (script_hooks(finisher) & HOOK_FINISH) {
		enum status st = script_finish(finisher, master, &run.text, &run.verdict, &problem);

		if (st != STATUS_OK)
			note(&problem, st);
		problem_release(&problem);
	}
	for (size_t i = 0; i < count && i < 8; i++) {
		buf_init(&reducer[i], BUF_NO_LIMIT);
		if (script_decls(finisher)->decl[i].kind == AGG_REDUCER &&
		    script_reducer_json(finisher, i, &reducer[i]) != STATUS_OK)
			assert_int_equal(buf_add_str(&reducer[i], "\"refused\""), STATUS_OK);
		json[i] = buf_span(&reducer[i]);
	}
	enum status st = agg_to_json(master, json, &run.json);
	if (st != STATUS_OK)
		note(NULL, st);
	for (size_t i = 0; i < count && i < 8; i++)
		buf_release(&reducer[i]);
}

static void run_script(const char *text, size_t size)
{
	const struct script_piece piece = { PIECE_FILE, "x.lua", span_str(text) };
	const struct script_program program = {
		.piece = &piece, .piece_count = 1, .memory_limit = (size_t)64 << 20, .threads = 1,
		.arg = run.arg, .arg_count = run.arg[0].name ? 1 : 0,
	};
	struct script *worker = NULL, *finisher = NULL;
	struct agg_set *master = NULL;
	struct problem problem = { 0 };

	run.text.len = run.streams.len = run.json.len = 0;
	run.error[0] = '\0';
	run.verdict = true;
	enum status st = script_new(&program, 0, &worker, &problem);
	if (st == STATUS_OK)
		st = script_new(&program, SCRIPT_NO_INIT, &finisher, &problem);
	if (st == STATUS_OK) {
		assert_true(agg_decls_equal(script_decls(worker), script_decls(finisher)));
		yield_init(&run.yield);
		run.yield.aggs = agg_set_new(script_decls(worker));
		master = agg_set_new(script_decls(finisher));
		if (run_batches(worker, finisher, master, size) == STATUS_OK && !run.yield.stopped)
			finish(finisher, master);
		yield_release(&run.yield);
	} else {
		note(&problem, st);
	}
	problem_release(&problem);
	agg_set_free(master);
	script_free(worker);
	script_free(finisher);
}

/* For every size of batch the same text from finish. */
static void assert_text(const char *script, const char *expected)
{
	static const size_t sizes[] = { 1, 3, 7, 10 };

	for (size_t i = 0; i < 4; i++) {
		run_script(script, sizes[i]);
		assert_string_equal(run.error, "");
		assert_int_equal(buf_add_byte(&run.text, '\0'), STATUS_OK);
		assert_string_equal((char *)run.text.ptr, expected);
	}
}

/* The message has this piece. */
static void assert_error(const char *script, const char *piece)
{
	run_script(script, 4);
	if (!strstr(run.error, piece))
		fail_msg("'%s' is not in '%s'", piece, run.error);
}

static void assert_streams(const char *script, const char *expected)
{
	run_script(script, 4);
	assert_string_equal(run.error, "");
	assert_int_equal(buf_add_byte(&run.streams, '\0'), STATUS_OK);
	assert_string_equal((char *)run.streams.ptr, expected);
}

static int setup(void **unused)
{
	(void)unused;
	memset(&run, 0, sizeof(run));
	arena_init(&run.arena, 0);
	buf_init(&run.text, BUF_NO_LIMIT);
	buf_init(&run.streams, BUF_NO_LIMIT);
	buf_init(&run.json, BUF_NO_LIMIT);
	make_records();
	return 0;
}

static int teardown(void **unused)
{
	(void)unused;
	arena_release(&run.arena);
	buf_release(&run.text);
	buf_release(&run.streams);
	buf_release(&run.json);
	return 0;
}

/* ---- counters and sums ---- */

static void a_counter_counts_over_all_batches(void **unused)
{
	(void)unused;
	assert_text("local c = mrrc.counter('kinds')\n"
		    "return { each = function(rec)\n"
		    "  local n = tonumber(rec.id)\n"
		    "  c:add(n % 2 == 0 and 'even' or 'odd') c:add(nil) c:add(n // 5) c:add(n / 1 // 5) "
		    "c:addn(2, 'two')\n"
		    "  c:addn(nil, 'x') c:addn(1, nil)\n"
		    "end,\n"
		    "finish = function(agg)\n"
		    "  local k = agg.kinds\n"
		    "  print(k:get('even'), k:get(0), k:get(1.0), k:get('none'), k:get(nil), k:total())\n"
		    "  for _, r in ipairs(k:rows()) do io.write(r.key, '=', r.count, ' ', r[1], r[2], ';') "
		    "end\n"
		    "  for _, r in ipairs(k:top(2)) do io.write(' ', r.key) end\n"
		    "  print(#k:top(), #k:top(0), tostring(k))\n"
		    "end }\n",
		    "5\t10\t10\t0\t0\t50\n"
		    "0=10 010;1=10 110;even=5 even5;odd=5 odd5;two=20 two20; two 05\t0\tcounter 'kinds'\n");
}

static void a_sum_keeps_integers_and_is_exact(void **unused)
{
	(void)unused;
	assert_text("local i, f, none = mrrc.sum('i'), mrrc.sum('f'), mrrc.sum('none')\n"
		    "return { each = function(rec)\n"
		    "  i:add(math.tointeger(rec.id)) i:add(nil) f:add(0.1) f:add(rec.id == '4' and 1e300 "
		    "or 0)\n"
		    "  if rec.id == '5' then f:add(-1e300) end\n"
		    "end,\n"
		    "finish = function(agg)\n"
		    "  print(agg.i.n, agg.i.sum, agg.i.min, agg.i.max, agg.i.mean)\n"
		    "  print(agg.f.n, agg.f.sum == 1.0, agg.f.min, agg.f.max)\n"
		    "  print(agg.none.n, agg.none.sum, agg.none.min, agg.none.mean)\n"
		    "end }\n",
		    "10\t45\t0\t9\t4.5\n21\ttrue\t-1e+300\t1e+300\n0\t0\tnil\tnil\n");
}

static void a_failing_record_leaves_no_trace(void **unused)
{
	(void)unused;
	run.on_error = SCRIPT_SKIP;
	run_script("local c, r = mrrc.counter('c'), mrrc.reducer{name = 'r', init = function() return {n = "
		   "0} end,\n"
		   "  add = function(a, v) a.n = a.n + v end, merge = function(a, b) a.n = a.n + b.n "
		   "return a end}\n"
		   "return { each = function(rec) c:add('x') r:add(1) if rec.id == '3' then error('no') "
		   "end end,\n"
		   "finish = function(agg) print(agg.c:get('x'), agg.r:value().n) end }\n",
		   4);
	assert_memory_equal(run.text.ptr, "9\t9\n", 4);
	assert_non_null(strstr(run.error, "each: record 3: x.lua:3: no"));
}

static void wrong_things_to_add_are_refused(void **unused)
{
	(void)unused;
	assert_error("local c = mrrc.counter('c') return {each = function(r) c:add({}) end}",
		     "bad argument #1 to 'add' (string, number or nil expected, got table)");
	assert_error("local c = mrrc.counter('c') return {each = function(r) c:add(true) end}",
		"got boolean");
	assert_error("local c = mrrc.counter('c') return {each = function(r) c:add(0/0) end}", "NaN");
	assert_error("local c = mrrc.counter('c') return {each = function(r) c:addn('x', 1) end}",
		"the number comes first");
	assert_error("local c = mrrc.counter('c') return {each = function(r) c:addn(1.5, 'x') end}",
		"integers");
	assert_error("local c = mrrc.counter('c') return {each = function(r) c.add('x') end}",
		"counter expected");
	assert_error("local s = mrrc.sum('s') return {each = function(r) s:add('12') end}",
		     "sum:add wants a number, not a string (tonumber and rec:number make one)");
}

static void counts_beyond_an_integer_are_a_clear_problem(void **unused)
{
	(void)unused;
	assert_text("local c = mrrc.counter('c')\n"
		    "return {each = function(r) c:addn(r.id < '5' and math.maxinteger or -math.maxinteger, "
		    "'k') end,\n"
		    "finish = function(agg) print(agg.c:get('k')) end}",
		    "0\n");
	assert_error("local c = mrrc.counter('c')\n"
		     "return {each = function(r) c:addn(math.maxinteger, 'k') end, finish = function(agg) "
		     "end}",
		     "finish: counter 'c': a count went beyond what a Lua integer holds (2^63)");
}

/* ---- declaring ---- */

static void results_are_declared_at_the_top_and_once(void **unused)
{
	(void)unused;
	assert_error("return {each = function(r) mrrc.counter('late') end}",
		     "x.lua:1: mrrc.counter: declare results at the top of the script");
	assert_error("mrrc.counter('x') mrrc.sum('x') return {each = print}",
		     "mrrc.sum: there is a counter named 'x' already");
	assert_error("mrrc.counter('') return {each = print}", "a result needs a name");
	assert_error("mrrc.counter(7) return {each = print}", "string expected, got number");
	assert_error("mrrc.table{columns = {'a'}} return {each = print}",
		"mrrc.table: a result needs a name");
}

static void unknown_and_impossible_options_are_refused(void **unused)
{
	static const char *const cases[][2] = {
		{ "mrrc.table{name = 't', colums = {'a'}}",
			"unknown mrrc.table key 'colums' (did you mean 'columns'?)" },
		{ "mrrc.table{'t'}", "options have names: mrrc.table{name = " },
		{ "mrrc.table{name = 't'}", "mrrc.table t: columns must be an array of column names" },
		{ "mrrc.table{name = 't', columns = {}}", "columns must not be empty" },
		{ "mrrc.table{name = 't', columns = {'a', 'a'}}", "columns must not name a column twice" },
		{ "mrrc.table{name = 't', columns = {'a', 5}}", "columns must be an array of strings" },
		{ "mrrc.table{name = 't', columns = {'a'}, format = 'xls'}",
			"format is \"csv\", \"tsv\" or \"jsonl\"" },
		{ "mrrc.table{name = 't', columns = {'a'}, delimiter = '||'}",
			"delimiter must be one ASCII character" },
		{ "mrrc.table{name = 't', columns = {'a'}, delimiter = '\"'}",
			"delimiter must be one ASCII character" },
		{ "mrrc.table{name = 't', columns = {'a'}, bom = 1}", "bom must be true or false" },
		{ "mrrc.table{name = 't', columns = {'a'}, path = 'x.jsonl', bom = true}",
			"bom means nothing" },
		{ "mrrc.table{name = 't', columns = {'a'}, path = '{key}.csv'}",
			"path takes {part}, {parts} and {args.NAME}" },
		{ "mrrc.table{name = 't', columns = {'a'}, path = 'x{part'}", "path has a { without its }" },
		{ "mrrc.table{name = 't', columns = {'a'}, path = '{args.dir}/x'}",
		  "mrrc.table t: path names {args.dir}, but there is no -a dir=" },
		{ "mrrc.output{name = 'o'}", "mrrc.output o: path is missing" },
		{ "mrrc.output{name = 'o', path = 'x', max_open = 0}", "max_open must be an integer from 1" },
		{ "mrrc.output{name = 'o', path = 'x', max_open = 1.5}",
			"max_open must be an integer from 1" },
		{ "mrrc.output{name = 'o', path = 'a\\0b'}", "path must not contain a NUL byte" },
		{ "mrrc.reducer{name = 'r', init = 0}",
			"init must be a function that returns a fresh accumulator" },
		{ "mrrc.reducer{name = 'r', init = print, add = print}", "merge must be a function" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char script[300];

		snprintf(script, sizeof(script), "%s return {each = print}", cases[i][0]);
		assert_error(script, cases[i][1]);
	}
}

static void arguments_are_filled_into_paths(void **unused)
{
	struct script *s;
	struct problem problem;
	const struct script_arg arg = { "dir", "out/x" };
	const struct script_piece piece = {
		PIECE_FILE, "x.lua",
		SPAN_LIT("mrrc.output{name = 'o', path = '{args.dir}/{key}-{part}.mrc'} "
			 "mrrc.table{name = 't', columns = {'a'}, path = '{args.dir}.tsv'} return {each = "
			 "print}"),
	};
	struct script_program program = {
		.piece = &piece, .piece_count = 1, .arg = &arg, .arg_count = 1, .memory_limit = 64 << 20,
			.threads = 1,
	};

	(void)unused;
	assert_int_equal(script_new(&program, 0, &s, &problem), STATUS_OK);
	assert_string_equal(script_decls(s)->decl[0].path, "out/x/{key}-{part}.mrc");
	assert_int_equal(script_decls(s)->decl[0].max_open, 64);
	assert_string_equal(script_decls(s)->decl[1].path, "out/x.tsv");
	assert_int_equal(script_decls(s)->decl[1].format, TABLE_TSV);
	assert_int_equal(script_decls(s)->decl[1].delimiter, '\t');
	assert_string_equal(script_decls(s)->decl[1].list, "; ");
	script_free(s);
}

/* ---- when which method works ---- */

static void methods_at_the_wrong_time_say_when_they_work(void **unused)
{
	static const char *const cases[][2] = {
		{ "c:add('x') return {each = print}",
			"works in the hooks that see records (filter, transform, each): the "
						      "script is still loading" },
		{ "return {each = print, init = function() c:add('x') end}", "there is no record here" },
		{ "return {each = function() return c:get('x') end}",
			"counter.get works in finish, on agg.NAME" },
		{ "return {each = function() return c:rows() end}", "counter.rows works in finish" },
		{ "return {each = print, finish = function() c:add('x') end}",
			"in finish results are only read" },
		{ "return {each = print, finish = function(agg) agg.c:add('x') end}",
		  "counter:add works in the hooks that see records" },
		{ "return {each = print, finish = function(agg) return agg.s.total end}",
			"unknown sum key 'total'" },
		{ "return {each = function() return s.sum end}", "sum.sum works in finish" },
		{ "return {each = function() return c:ad('x') end}",
			"unknown counter key 'ad' (did you mean 'add'?)" },
		{ "return {each = function() c.x = 1 end}", "a result has no fields to set" },
		{ "return {each = print, finish = function(agg) return agg.cc end}",
		  "no result named 'cc' was declared (did you mean 'c'?)" },
		{ "return {each = print, finish = function(agg) agg.n = 1 end}",
			"results are only read in finish" },
		{ "return {each = print, finish = function(agg) agg.c.n = 1 end}",
			"results are only read in finish" },
		{ "return {each = print, finish = function(agg) agg.c:top(-1) end}", "must not be negative" },
		{ "return {each = print, finish = function(agg) agg.c.get('x') end}",
			"result expected, got string" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char script[300];

		snprintf(script, sizeof(script), "local c, s = mrrc.counter('c'), mrrc.sum('s') %s",
			cases[i][0]);
		assert_error(script, cases[i][1]);
	}
}

static void a_result_kept_beyond_finish_raises(void **unused)
{
	const struct script_piece piece = {
		PIECE_FILE, "x.lua",
		SPAN_LIT("local keep mrrc.reducer{name = 'r', init = function() return 0 end, add = "
			 "math.max,\n"
			 "merge = function() return keep:total() end} mrrc.counter('c')\n"
			 "return {each = print, finish = function(agg) keep = agg.c print(keep:total()) "
			 "end}"),
	};
	const struct script_program program = {
		.piece = &piece, .piece_count = 1, .memory_limit = 64 << 20, .threads = 1,
	};
	struct problem problem = { 0 };
	struct script *s;
	bool verdict;

	(void)unused;
	assert_int_equal(script_new(&program, SCRIPT_NO_INIT, &s, &problem), STATUS_OK);
	struct agg_set *master = agg_set_new(script_decls(s));
	assert_int_equal(script_finish(s, master, &run.text, &verdict, &problem), STATUS_OK);
	agg_set_free(master);
	assert_memory_equal(run.text.ptr, "0\n", 2);
	assert_int_equal(script_fold(s, SPAN_LIT("\x00i\x02"), &problem), STATUS_INVALID);
	assert_non_null(strstr(problem.message, "results can be read in finish alone"));
	problem_release(&problem);
	script_free(s);
}

/* ---- tables and outputs ---- */

static void rows_are_written_by_column_names(void **unused)
{
	(void)unused;
	assert_streams("local t = mrrc.table{name = 't', path = 't.csv', columns = {'id', 'all', 'n', 'ok'}}\n"
		       "return {each = function(rec) if rec.id == '1' then\n"
		       "  t:row{all = {'a', 2, true, 'b\"c'}, id = rec.id, ok = false} t:row{n = 1.5} "
		       "t:row(nil) t:row{}\n"
		       "  t:row{id = 'x,y', n = 3, all = {}} end end}",
		       "t[]=1,\"a; 2; true; b\"\"c\",,false\nt[]=,,1.5,\nt[]=,,,\nt[]=\"x,y\",,3,\n");
	assert_streams("local t = mrrc.table{name = 't', path = 't.jsonl', columns = {'id', 'v'}, format = 'jsonl'}\n"
		       "return {each = function(rec) if rec.id == '1' then\n"
		       "  t:row{id = 1, v = {'a', 2, 0.1, true}} t:row{v = {}} t:row{id = 1/0, v = 'x'} "
		       "end end}",
		       "t[]={\"id\":1,\"v\":[\"a\",2,0.1,true]}\nt[]={\"id\":null,\"v\":[]}\n"
		       "t[]={\"id\":null,\"v\":\"x\"}\n");
}

static void rows_with_slips_are_refused(void **unused)
{
	static const char *const cases[][2] = {
		{ "{titel = 1}", "table 't': no column 'titel' (did you mean 'title'?)" },
		{ "{'x'}", "a row names its columns: row{id = " },
		{ "{id = rec}", "table 't': column 'id' cannot hold a record" },
		{ "{id = print}", "column 'id' cannot hold a function" },
		{ "{id = {{}}}", "column 'id' cannot hold a table in an array" },
		{ "{id = {a = 1}}", "column 'id' cannot hold a table with other keys than 1..n" },
		{ "7", "table expected, got number" },
	};

	(void)unused;
	for (int format = 0; format < 2; format++) {
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			char script[300];

			snprintf(script, sizeof(script),
				 "local t = mrrc.table{name = 't', columns = {'id', 'title'}, format = '%s'} "
				 "return {each = function(rec) t:row(%s) end}",
				 format ? "csv" : "jsonl", cases[i][0]);
			assert_error(script, cases[i][1]);
		}
	}
}

static void an_output_gets_whole_records_under_its_key(void **unused)
{
	(void)unused;
	run_script("local o = mrrc.output{name = 'o', path = '{key}.mrc'}\n"
		   "return {transform = function(rec)\n"
		   "  if rec.id == '2' then o:write(rec, 'two') o:write(rec:edit():remove('245'), 2.0) "
		   "o:write(nil, 'x') end\n"
		   "end, finish = function(agg) print(agg.o:count()) end}",
		   10);
	assert_string_equal(run.error, "");
	assert_memory_equal(run.text.ptr, "2\n", 2);
	size_t len = run.bytes[2].n;
	assert_true(run.streams.len > len + 14);
	assert_memory_equal(run.streams.ptr, "o[two]=", 7);
	assert_memory_equal(run.streams.ptr + 7, run.bytes[2].b, len);
	assert_memory_equal(run.streams.ptr + 7 + len, "o[2]=00040nam", 13);
	assert_int_equal(run.streams.ptr[run.streams.len - 1], MARC_RT);
	assert_int_equal(run.streams.len, 7 + len + 5 + 40);
}

static void outputs_refuse_what_they_cannot_write(void **unused)
{
	(void)unused;
	assert_error("local o = mrrc.output{name = 'o', path = 'x.mrc'} return {each = function(r) "
		     "o:write(r, 'k') end}",
		     "output 'o': a key chooses the file, but there is no {key} in its path");
	assert_error("local o = mrrc.output{name = 'o', path = 'x.mrc'} return {each = function(r) "
		     "o:write('text') end}",
		     "record expected, got string");
	assert_error("local o = mrrc.output{name = 'o', path = 'x.mrc'}\n"
		     "return {transform = function(r) o:write(r:edit():add('500', '##', 'a', "
		     "('x'):rep(10000))) end}",
		     "output 'o': E404: ");
}

/* ---- reducers ---- */

#define FRUIT                                                                                         \
	"local r = mrrc.reducer{name = 'r', init = function() return {n = 0, ids = {}} end,\n"       \
	"add = function(a, v) a.n = a.n + 1 a.ids[#a.ids + 1] = v end,\n"                            \
	"merge = function(a, b) a.n = a.n + b.n table.move(b.ids, 1, #b.ids, #a.ids + 1, a.ids) end}\n"

static void a_reducer_merges_batches_in_their_order(void **unused)
{
	(void)unused;
	assert_text(FRUIT "return {each = function(rec) r:add(rec.id) r:add(nil) end,\n"
			  "finish = function(agg) local v = agg.r:value() print(v.n, table.concat(v.ids)) "
			  "end}",
		    "10\t0123456789\n");
	run_script(FRUIT "return {each = function(rec) r:add(rec.id) end}", 3);
	assert_int_equal(buf_add_byte(&run.json, '\0'), STATUS_OK);
	assert_non_null(strstr((char *)run.json.ptr,
		"\"r\": {\"kind\": \"reducer\", \"value\": {\"ids\":[\"0\",\"1\","));
}

static void a_reducer_of_numbers_uses_what_add_and_merge_return(void **unused)
{
	(void)unused;
	assert_text("local r = mrrc.reducer{name = 'r', init = function() return 0 end, add = math.max, "
		    "merge = math.max}\n"
		    "return {each = function(rec) r:add(tonumber(rec.id)) end,\n"
		    "finish = function(agg) print(agg.r:value()) end}",
		    "9\n");
}

static void a_reducer_without_values_is_a_fresh_accumulator(void **unused)
{
	(void)unused;
	assert_text(FRUIT "return {each = function(rec) end, finish = function(agg) print(agg.r:value().n) "
			  "end}", "0\n");
}

static void values_wait_until_their_record_has_succeeded(void **unused)
{
	(void)unused;
	run.on_error = SCRIPT_SKIP;
	run_script(FRUIT "return {each = function(rec) r:add(rec.id) if tonumber(rec.id) % 3 == 0 then "
			 "error('x') end end,\n"
			 "finish = function(agg) print(table.concat(agg.r:value().ids)) end}",
		   4);
	assert_memory_equal(run.text.ptr, "124578\n", 7);
}

static void a_value_that_cannot_travel_ends_the_run(void **unused)
{
	(void)unused;
	run.on_error = SCRIPT_SKIP;
	run_script(FRUIT "return {each = function(rec) r:add(rec.id == '5' and print or 1) end,\n"
			 "finish = function(agg) print('never') end}",
		   4);
	assert_string_equal(run.error,
		"reducer: record 3: reducer 'r': value.ids[2] is a function; only booleans, "
				       "numbers, strings and tables of them can travel");
	assert_int_equal(run.text.len, 0);
}

static void reducers_that_misbehave_say_where(void **unused)
{
	(void)unused;
	assert_error("local r = mrrc.reducer{name = 'r', init = function() end, add = print, merge = print}\n"
		     "return {each = function() r:add(1) end}",
		     "reducer 'r': init returned nil");
	assert_error("local r r = mrrc.reducer{name = 'r', init = function() return 1 end,\n"
		     "add = function() r:add(1) end, merge = print}\n"
		     "return {each = function() r:add(1) end}",
		     "reducer:add inside of a reducer's add function");
	assert_error("local r r = mrrc.reducer{name = 'r', init = function() return 1 end, add = math.max,\n"
		     "merge = function() error('apart') end}\n"
		     "return {each = function() r:add(1) end}",
		     "merge: x.lua:2: apart");
}

static void damaged_parcels_are_a_problem_of_the_fold(void **unused)
{
	const struct script_piece piece = { PIECE_FILE, "x.lua", SPAN_LIT(FRUIT "return {each = print}") };
	const struct script_program program = {
		.piece = &piece, .piece_count = 1, .memory_limit = 64 << 20, .threads = 1,
	};
	const struct span bad[] = {
		SPAN_LIT("\x01" "n"),
		SPAN_LIT("\x00"),
		SPAN_LIT("\x00" "T\x01\x00"),
		SPAN_LIT("\xFF\xFF\xFF\xFF\xFF"),
	};
	struct problem problem;
	struct script *s;

	(void)unused;
	assert_int_equal(script_new(&program, SCRIPT_NO_INIT, &s, &problem), STATUS_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(script_fold(s, bad[i], &problem), STATUS_INVALID);
		assert_non_null(strstr(problem.message, "damaged"));
		problem_release(&problem);
	}
	assert_int_equal(script_fold(s, span_of(NULL, 0), &problem), STATUS_OK);
	script_free(s);
}

/* ---- memory ---- */

static void every_failed_allocation_is_reported_and_leaks_nothing(void **unused)
{
	const char *script =
		FRUIT "local c, t = mrrc.counter('c'), mrrc.table{name = 't', columns = {'id'}}\n"
		      "return {each = function(rec) c:add(rec.id) t:row{id = {rec.id, 1}} r:add(rec.id) end}";
	long before = mem_live();

	(void)unused;
	for (long k = 0; k < 100000; k += 1 + k / 8) {
		const struct script_piece piece = { PIECE_FILE, "x.lua", span_str(script) };
		const struct script_program program = {
			.piece = &piece, .piece_count = 1, .memory_limit = 64 << 20, .threads = 1,
		};
		struct problem problem = { 0 };
		struct script *s = NULL;
		struct yield y;

		yield_init(&y);
		mem_fail_after(k, true);
		enum status st = script_new(&program, 0, &s, &problem);
		if (st == STATUS_OK)
			y.aggs = agg_set_new(script_decls(s));
		if (st == STATUS_OK && y.aggs)
			st = script_run(s, run.record, 0, RECORDS, &y);
		bool refused = mem_refused() > 0;
		mem_fail_after(-1, false);
		problem_release(&problem);
		yield_release(&y);
		script_free(s);
		assert_int_equal(mem_live(), before);
		if (!refused) {
			assert_int_equal(st, STATUS_OK);
			return;
		}
	}
	fail_msg("never ran through");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_counter_counts_over_all_batches),
		TEST(a_sum_keeps_integers_and_is_exact),
		TEST(a_failing_record_leaves_no_trace),
		TEST(wrong_things_to_add_are_refused),
		TEST(counts_beyond_an_integer_are_a_clear_problem),
		TEST(results_are_declared_at_the_top_and_once),
		TEST(unknown_and_impossible_options_are_refused),
		TEST(arguments_are_filled_into_paths),
		TEST(methods_at_the_wrong_time_say_when_they_work),
		TEST(a_result_kept_beyond_finish_raises),
		TEST(rows_are_written_by_column_names),
		TEST(rows_with_slips_are_refused),
		TEST(an_output_gets_whole_records_under_its_key),
		TEST(outputs_refuse_what_they_cannot_write),
		TEST(a_reducer_merges_batches_in_their_order),
		TEST(a_reducer_of_numbers_uses_what_add_and_merge_return),
		TEST(a_reducer_without_values_is_a_fresh_accumulator),
		TEST(values_wait_until_their_record_has_succeeded),
		TEST(a_value_that_cannot_travel_ends_the_run),
		TEST(reducers_that_misbehave_say_where),
		TEST(damaged_parcels_are_a_problem_of_the_fold),
		TEST(every_failed_allocation_is_reported_and_leaks_nothing),
	};

	return cmocka_run_group_tests_name("result", tests, NULL, NULL);
}
