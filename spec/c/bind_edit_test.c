/* bind_edit_test.c: edits as a script sees them: their life, and the verbs add, remove and set. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "edit_world.h"

/* ---- the edit itself ---- */

static void an_edit_answers_every_reading_call_and_sees_its_changes(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "is(e:get('245$a'), 'Title :') is(e.id, 'ocm123') is(e:count('650'), 4)\n"
		    "is(e:changed(), false) is(e == rec, true)\n"
		    "e:set('245$a', 'New'):set('001', 'x')\n"
		    "is(e:get('245$a'), 'New') is(e.id, 'x') is(e:changed(), true) is(e == rec, false)\n"
		    "is(rec:get('245$a'), 'Title :')\n"
		    "is(tostring(e):find('=245  10$6880-01$aNew$bsub', 1, true) ~= nil, true)");
}

static void an_unknown_key_of_an_edit_raises_with_a_suggestion(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "fails(\"did you mean 'remove'?\", function() return e.remoev end)\n"
		    "fails(\"did you mean 'leader'?\", function() return e.leadre end)\n"
		    "fails('unknown edit key', function() return e.nonsense end)\n"
		    "fails('e:set(path, value)', function() e.title = 'x' end)");
}

static void done_gives_an_owned_record_and_ends_the_edit(void **state)
{
	runs(state, "local e = rec:edit():set('001', 'new')\n"
		    "kept, old = e:done(), rec:edit():done()\n"
		    "fails('done()', function() e:get('001') end)\n"
		    "fails('done()', function() e:add('500', '  ', 'a', 'x') end)\n"
		    "fails('done()', function() e:done() end)");
	assert_true(((struct world *)*state)->s.edits->settled);
	to_record(*state, &((struct world *)*state)->rec);
	runs(state, "collectgarbage() is(kept:get('001'), 'new') is(kept:get('245$c'), 'author.')\n"
		    "is(old:raw(), 'as it came')");
}

static void discard_ends_the_edit_and_gives_nothing(void **state)
{
	runs(state, "local e = rec:edit():set('001', 'new')\n"
		    "is(select('#', e:discard()), 0) fails('discard()', function() e:changed() end)");
	assert_true(((struct world *)*state)->s.edits->settled);
}

static void an_edit_of_an_earlier_record_raises(void **state)
{
	runs(state, "e = rec:edit() f = e:field('245')");
	to_record(*state, &((struct world *)*state)->rec);
	runs(state, "fails('used after its hook', function() e:set('001', 'x') end)\n"
		    "fails('used after its hook', function() f:set('a', 'x') end)");
}

static void edits_work_outside_of_hooks_and_are_collected(void **state)
{
	runs(state, "kept = rec:keep()");
	to_record(*state, NULL);
	runs(state, "local e = kept:edit():add('999', '  ', 'a', 'x'):remove('650'):sub('245$a', 'T', 'B')\n"
		    "kept = nil collectgarbage()\n"
		    "is(e:get('245$a'), 'Bitle :') is(e:get('999$a'), 'x') is(e:get('245$c'), 'author.')\n"
		    "local r = mrrc.record{ { '001', 'a' } } is(r.id, 'a')\n"
		    "collectgarbage() is(e:done():get('999$a'), 'x')");
}

/* ---- add, append, insert ---- */

static void add_puts_fields_in_tag_order(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "is(e:add('500', '  ', 'a', 'Note'), e)\n"
		    "e:add('003', 'OCoLC'):add('999', ' 9', 'a', 'x', 'b', 7):add('650', '#0', 'a', 'Last')\n"
		    "is(tags(e), '001 003 005 008 020 245 260 260 500 650 650 650 650 650 700 856 880 880 "
		    "907 998 999')\n"
		    "is(show(e, '500'), '500   $aNote') is(show(e, '999'), '999  9$ax$b7')\n"
		    "is(show(e, '003'), '003 OCoLC')\n"
		    "is(e:all('650$a')[5], 'Last') is(e:all('650^1')[5], ' ')");
}

static void nil_values_leave_the_subfield_out(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "e:add('500', '  ', 'a', nil, 'b', 'x', 'c', nil) is(show(e, '500'), '500   $bx')\n"
		    "local before = tags(e)\n"
		    "e:add('501', '  ', 'a', nil):add('003', nil):add(rec:field('111')) is(tags(e), before)");
}

static void a_gsub_that_brings_its_count_is_told_to_use_parentheses(void **state)
{
	runs(state, "local e, v = rec:edit(), 'abc'\n"
		    "fails('wrap gsub in parentheses', function()\n"
		    "e:add('500', '  ', 'a', v:gsub('a', 'b')) end)\n"
		    "fails('wrap gsub in parentheses', function() e:add('500', '  ', 'a', 'x', 5, 'y') end)\n"
		    "fails('wrap gsub in parentheses', function() e:add('500', '  ', 'a') end)\n"
		    "is(e:changed(), false)\n"
		    "e:add('500', '  ', 'a', (v:gsub('a', 'b'))):add('003', v:gsub('a', 'b'))\n"
		    "is(e:get('500$a'), 'bbc')\n"
		    "is(e:get('003'), 'bbc') e:set('500$a', v:gsub('a', 'c')) is(e:get('500$a'), 'cbc')");
}

static void what_add_refuses_names_the_argument_and_changes_nothing(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "local function add(...) local a = table.pack(...) return function()\n"
		    "e:add(table.unpack(a, 1, a.n)) end end\n"
		    "fails('#1', add('24', '  ', 'a', 'x'))\n"
		    "fails('tag expected', add('24\\30', '  ', 'a', 'x'))\n"
		    "fails('e:fields(\"040\") do f:add(\"d\", …)', add('040$d', 'x'))\n"
		    "fails('tag or field expected, got number', add(245, '  ', 'a', 'x'))\n"
		    "fails('#2', add('500', 'a', 'x'))\n"
		    "fails('two indicator characters', add('500', '   ', 'a', 'x'))\n"
		    "fails('two indicator characters', add('500', ' \\31', 'a', 'x'))\n"
		    "fails('#3', add('500', '  ', 'ab', 'x'))\n"
		    "fails('#5', add('500', '  ', 'a', 'x', ' ', 'y'))\n"
		    "fails('#4', add('500', '  ', 'a', 'x\\31y'))\n"
		    "fails('#6', add('500', '  ', 'a', 'x', 'b', '\\30'))\n"
		    "fails('string or nil expected, got boolean', add('500', '  ', 'a', false))\n"
		    "fails('string or nil expected, got number', add('500', '  ', 'a', 1.5))\n"
		    "fails('#2', add('003', '\\29')) fails('one value', add('003', '  ', 'a', 'x'))\n"
		    "fails('value expected', add('003')) fails('tag or field', add())\n"
		    "is(e:changed(), false) is(tags(e), all)");
}

static void append_and_insert_choose_the_place(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "e:append('100', '1 ', 'a', 'x') is(tags(e), all .. ' 100') e:remove('100')\n"
		    "e:insert({ before = '650' }, '600', ' 0', 'a', 'x'):insert({ after = '650' }, '651', ' "
		    "0', 'a', 'y')\n"
		    "is(tags(e), '001 005 008 020 245 260 260 600 650 650 650 650 651 700 856 880 880 907 "
		    "998')\n"
		    "e:insert({ after = '111' }, '100', '1 ', 'a', 'z')\n"
		    "is(tags(e):find('020 100 245') ~= nil, true)\n"
		    "fails('expected', function() e:insert({}, '500', '  ', 'a', 'x') end)\n"
		    "fails('expected', function()\n"
		    "e:insert({ before = '1..', after = '2..' }, '500', '  ', 'a', 'x') end)\n"
		    "fails(\"did you mean 'after'\", function()\n"
		    "e:insert({ afte = '245' }, '500', '  ', 'a', 'x') end)\n"
		    "fails('column', function() e:insert({ after = '24' }, '500', '  ', 'a', 'x') end)");
}

static void add_copies_views_of_any_record(void **state)
{
	runs(state, "local e, other = rec:edit(), rec:edit():set('650$a', 'Other')\n"
		    "e:remove('650'):add(other:field('650')):add(rec:field('650[1]')):add(rec:field('001'))\n"
		    "is(show(e, '650'), '650  0$aOther$xBehavior|650  0$aCats') is(e:count('001'), 2)\n"
		    "for f in e:fields('650') do e:add(f) end is(e:count('650'), 4)\n"
		    "e:add(mrrc.field('100', '1#', 'a', 'Made', 'b', nil))\n"
		    "is(show(e, '100'), '100 1 $aMade')\n"
		    "fails('nothing more', function() e:add(rec:field('245'), 'x') end)");
}

/* ---- remove ---- */

static void remove_takes_fields_and_only_those(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "is(e:remove('9..'), e) is(tags(e), '001 005 008 020 245 260 260 650 650 650 650 700 856 "
		    "880 880')\n"
		    "e:remove('650| 7|') is(show(e, '650'), '650  0$aDogs$xBehavior|650  0$aCats|650  "
		    "0$aCats')\n"
		    "e:remove('650[1]') is(show(e, '650'), '650  0$aDogs$xBehavior|650  0$aCats')\n"
		    "e:remove('111') e:remove('00.') is(tags(e), '020 245 260 260 650 650 700 856 880 880')");
}

static void remove_takes_subfields_and_fields_left_empty(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "e:remove('245bc') is(show(e, '245'), '245 10$6880-01$aTitle :')\n"
		    "e:remove('650$a') is(show(e, '650'), '650  0$xBehavior|650  7$2gnd')\n"
		    "e:remove('020$a$q') is(e:has('020'), false)\n"
		    "fails('#1', function() e:remove('008/0') end) fails('#1', function()\n"
		    "e:remove('LDR/05') end)\n"
		    "fails('#1', function() e:remove('245^1') end)");
}

static void removing_an_absent_thing_changes_nothing(void **state)
{
	runs(state, "local e = rec:edit():remove('111'):remove('245$z'):remove('9..$z')\n"
		    "is(e:changed(), false)");
}

static void linked_fields_go_along_when_asked(void **state)
{
	runs(state, "local e = rec:edit():remove('245') is(e:count('880'), 2) e:discard()\n"
		    "e = rec:edit():remove('245', { linked = true })\n"
		    "is(show(e, '880'), '880 10$6245-02/(N$aOther')\n"
		    "e = rec:edit():remove('245$6$a-c', { linked = true }) is(e:count('880'), 1)\n"
		    "is(e:has('245'), false)\n"
		    "e = rec:edit():remove('700', { linked = true }) is(e:count('880'), 2)\n"
		    "fails('linked', function() e:remove('245', { lnked = true }) end)\n"
		    "fails('table expected', function() e:remove('245', '650') end)");
}

/* ---- set ---- */

static void set_replaces_the_first_such_subfield_of_each_field_or_appends(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "e:set('245$a', 'T') is(show(e, '245'), '245 10$6880-01$aT$bsub /$cauthor.')\n"
		    "e:set('260$c', '2000') is(show(e, '260'), '260   $aNew York :$bX,$c2000|260 3 "
		    "$aBoston$c2000')\n"
		    "e:set('650{$2 == \"gnd\"}$0', 'id') is(show(e, '650[2]'), '650  7$aCats$2gnd$0id')\n"
		    "is(e:count('650$0'), 1)\n"
		    "e:set('650[0]$x', 'y') is(show(e, '650[0]'), '650  0$aDogs$xy')\n"
		    "e:set('110$a', 'no') is(e:has('110'), false) e:set('856.u', 'z')\n"
		    "is(e:get('856$u'), 'z')");
}

static void a_condition_behind_the_code_only_replaces(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "e:set('650$a[1]', 'no') is(e:changed(), false) e:add('020', '  ', 'a', '1', 'a', '2')\n"
		    "e:set('020$a[1]', 'second') is(show(e, '020[1]'), '020   $a1$asecond')\n"
		    "is(show(e, '020[0]'), '020   $a9780131103627$q(pbk.)')");
}

static void set_overwrites_characters_of_exactly_the_ranges_length(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "e:set('008/35-37', 'fre') is(e:get('008'), '850101s1985    nyu           000 0 fre d')\n"
		    "fails('exactly 3', function() e:set('008/35-37', 'fr') end) fails('#2', function()\n"
		    "e:set('008/35-37', '') end)\n"
		    "e:set('001/8-9', 'zz') is(e:get('001'), 'ocm123  zz')\n"
		    "fails('exactly 1', function() e:set('245$a/0', 'BB') end) e:set('245$a/0', 'B')\n"
		    "is(e:get('245$a'), 'Bitle :')\n"
		    "e:set('020$q/8-9', 'zz') is(e:get('020$q'), '(pbk.)  zz') e:set('650$2/4', '5')\n"
		    "is(e:get('650$2'), 'gnd 5')\n"
		    "e:set('650$y/0', 'n') is(e:has('650$y'), false) e:set('008/#', 'z')\n"
		    "is(e:get('008/38-39'), ' z')");
}

static void set_makes_a_missing_control_field_but_no_data_field(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "e:set('003', 'DE-101') is(tags(e):sub(1, 15), '001 003 005 008')\n"
		    "is(e:get('003'), 'DE-101')\n"
		    "e:set('006/2-3', 'ab') is(show(e, '006'), '006   ab')\n"
		    "e:set('007{/0 == \"c\"}/1', 'x') is(e:has('007'), false)\n"
		    "e:set('009', 'a') e:set('00X', 'all') is(show(e, '009'), '009 all')\n"
		    "is(show(e, '001'), '001 all')\n"
		    "fails('name a subfield', function() e:set('245', 'x') end)\n"
		    "fails('name a subfield', function() e:set('...', 'x') end)\n"
		    "fails('one place', function() e:set('245ab', 'x') end) fails('one place', function()\n"
		    "e:set('100a:110a', 'x') end)");
}

static void set_overwrites_indicators_and_the_leader(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "e:set('245^2', '4'):set('650^1', '#')\n"
		    "is(show(e, '245'), '245 14$6880-01$aTitle :$bsub /$cauthor.')\n"
		    "fails('#2', function() e:set('245^2', '44') end) fails('#2', function()\n"
		    "e:set('245^1', '\\31') end)\n"
		    "e:set('LDR/05', 'n'):set('ldr.type', 'e') is(e:get('LDR/05-06'), 'ne') is(e.type, 'e')\n"
		    "fails('#2', function() e:set('LDR/05', 'nn') end) fails('computed', function()\n"
		    "e:set('LDR/00-04', '00000') end)\n"
		    "e:set('LDR', '99999xyz a2299999 i 4500') is(e:get('LDR'), '00714xyz a2200205 i 4500')");
}

static void what_set_refuses_changes_nothing(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "fails('#2', function() e:set('245$a', 'a\\29b') end) fails('got nil', function()\n"
		    "e:set('245$a', nil) end)\n"
		    "fails('got nil', function() e:set('245$a') end) fails('string expected', function()\n"
		    "e:set('245$a', {}) end)\n"
		    "fails('nothing more', function() e:set('245$a', 'x', 'y') end) fails('#1', function()\n"
		    "e:set(245, 'x') end)\n"
		    "fails('column', function() e:set('245$', 'x') end) is(e:changed(), false)\n"
		    "e:set('245$a', 'Title :'):set('998$a', 'x'):set('245$c', 'author.')\n"
		    "is(e:changed(), false)");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)
	const struct CMUnitTest tests[] = {
		T(an_edit_answers_every_reading_call_and_sees_its_changes),
		T(an_unknown_key_of_an_edit_raises_with_a_suggestion),
		T(done_gives_an_owned_record_and_ends_the_edit),
		T(discard_ends_the_edit_and_gives_nothing),
		T(an_edit_of_an_earlier_record_raises),
		T(edits_work_outside_of_hooks_and_are_collected),
		T(add_puts_fields_in_tag_order),
		T(nil_values_leave_the_subfield_out),
		T(a_gsub_that_brings_its_count_is_told_to_use_parentheses),
		T(what_add_refuses_names_the_argument_and_changes_nothing),
		T(append_and_insert_choose_the_place),
		T(add_copies_views_of_any_record),
		T(remove_takes_fields_and_only_those),
		T(remove_takes_subfields_and_fields_left_empty),
		T(removing_an_absent_thing_changes_nothing),
		T(linked_fields_go_along_when_asked),
		T(set_replaces_the_first_such_subfield_of_each_field_or_appends),
		T(a_condition_behind_the_code_only_replaces),
		T(set_overwrites_characters_of_exactly_the_ranges_length),
		T(set_makes_a_missing_control_field_but_no_data_field),
		T(set_overwrites_indicators_and_the_leader),
		T(what_set_refuses_changes_nothing),
	};

	return cmocka_run_group_tests_name("bind_edit", tests, NULL, NULL);
}
