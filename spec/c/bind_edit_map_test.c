/* bind_edit_map_test.c: the verbs that take old values: map, sub, move, copy, dedup, sort. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "edit_world.h"

/* ---- map and sub ---- */

static void map_replaces_leaves_and_deletes_values(void **state)
{
	runs(state, "local e, seen = rec:edit(), {}\n"
		    "is(e:map('650$a$x', function(v, f, code)\n"
		    "  seen[#seen + 1] = f.ind2 .. code .. v\n"
		    "  if v == 'Dogs' then return 'Wolves', 'ignored' elseif f.ind2 == '7' then\n"
		    "return mrrc.drop end\n"
		    "end), e)\n"
		    "is(table.concat(seen, ','), '0aDogs,0xBehavior,0aCats,7aCats,0aCats')\n"
		    "is(show(e, '650'), '650  0$aWolves$xBehavior|650  0$aCats|650  7$2gnd|650  0$aCats')\n"
		    "e:map('650$a', function(v) return v:upper() end) is(e:get('650$a'), 'WOLVES')\n"
		    "is(e:get('001'), 'ocm123')");
}

static void map_works_on_control_fields_characters_indicators_and_the_leader(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "e:map('001', function(v) return v .. 'x' end) is(e.id, 'ocm123x')\n"
		    "e:map('008/35-37', string.upper) is(e:get('008/35-37'), 'ENG')\n"
		    "e:map('650^2', function(v, f) return v == '7' and '4' or nil end)\n"
		    "is(table.concat(e:all('650^2')), '0040')\n"
		    "e:map('LDR/05', function(v, f) is(f, nil) is(v, 'c') return 'd' end)\n"
		    "is(e:get('LDR/05'), 'd')\n"
		    "e:map('005', function() return mrrc.drop end) is(e:has('005'), false)\n"
		    "fails('exactly 3', function() e:map('008/35-37', function() return 'x' end) end)\n"
		    "fails('blanks', function() e:map('008/35-37', function() return mrrc.drop end) end)");
}

static void what_map_refuses(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "local function gives(v)\n"
		    "  return function() e:map('245$a', function() return v end) end\n"
		    "end\n"
		    "fails('gave false', gives(false)) fails('gave true', gives(true))\n"
		    "fails('gave table', gives({}))\n"
		    "fails('#2', gives('\\30')) fails('name subfields', function() e:map('245', print) end)\n"
		    "fails('function expected', function() e:map('245$a', 'x') end)\n"
		    "fails('my own', function() e:map('245$a', function() error('my own') end) end)\n"
		    "is(e:changed(), false)");
}

static void map_survives_a_function_that_changes_the_edit(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    /* new neighbours, another order, the field itself dropped */
		    "e:map('650$a', function(v, f)\n"
		    "  if f.ind2 == '7' then f:drop() return nil end\n"
		    "  f:insert(1, '0', 'id') e:add('100', '1 ', 'a', v)\n"
		    "  for i = 1, 40 do\n"
		    "e:add('999', '  ', 'a', 'x') end\n"
		    "  return v .. '!'\n"
		    "end)\n"
		    "is(show(e, '650'), '650  0$0id$aDogs!$xBehavior|650  0$0id$aCats!|650  0$0id$aCats!')\n"
		    "is(e:count('100'), 3) is(e:count('999'), 120)");
}

static void map_tells_a_function_that_changed_the_value_twice(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "fails('removed or changed', function() e:map('245$a', function(v, f)\n"
		    "f:set('a', 'own') return 'other' end) end)\n"
		    "is(e:get('245$a'), 'own')\n"
		    "fails('ended', function() e:map('245$a', function() e:discard() end) end)");
}

static void values_that_the_function_removed_are_not_shown(void **state)
{
	runs(state, "local e, n = rec:edit(), 0\n"
		    "e:map('650$a', function(v, f) n = n + 1 e:remove('650') end) is(n, 1)\n"
		    "is(e:has('650'), false)");
}

static void sub_is_string_gsub_on_every_value(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "is(e:sub('650$a', '^(%w)(%w*)$', '%2%1'), e)\n"
		    "is(table.concat(e:all('650$a'), ','), 'ogsD,atsC,atsC,atsC')\n"
		    "e:sub('856$u', 'http://', 'https://proxy/?')\n"
		    "is(e:get('856$u'), 'https://proxy/?example.org/')\n"
		    "e:sub('650$a', 'atsC', { atsC = 'Cats' }):sub('650$a', 'o', function(c)\n"
		    "return c:upper() end)\n"
		    "is(table.concat(e:all('650$a'), ','), 'OgsD,Cats,Cats,Cats')\n"
		    "e:sub('008', '^......', '240101') is(e:get('008/0-5'), '240101')\n"
		    "fails('1D, 1E, 1F', function() e:sub('650$a', 'a', '\\31') end)\n"
		    "fails('#2', function() e:sub('650$a', nil, 'x') end) fails('#3', function()\n"
		    "e:sub('650$a', 'a') end)\n"
		    "fails('malformed pattern', function() e:sub('650$a', '%', 'x') end)");
}

static void sub_without_a_hit_changes_nothing(void **state)
{
	runs(state, "local e = rec:edit():sub('650$a', 'zebra', 'x'):sub('650$a', '^z', 'x'):sub('111$a', "
		    "'a', 'b')\n"
		    "is(e:changed(), false)");
}

static void sub_does_not_mind_a_tampered_string_table(void **state)
{
	runs(state, "local gsub = string.gsub string.gsub = function() error('tampered') end\n"
		    "local e = rec:edit():sub('245$a', 'Ti', 'Bo')\n"
		    "is(e:get('245$a'), 'Botle :') string.gsub = gsub");
}

static void sub_calls_the_gsub_of_a_regex(void **state)
{
	runs(state, "local f = io.tmpfile() debug.setmetatable(f, { __index = { gsub = function(re, v, r)\n"
		    "return v .. r, 1 end } })\n"
		    "local e = rec:edit():sub('245$a', f, '+') is(e:get('245$a'), 'Title :+')");
}

/* ---- move and copy ---- */

static void move_gives_fields_another_tag_in_tag_order(void **state)
{
	runs(state, "local e = rec:edit():move('260', '264|#1|')\n"
		    "is(show(e, '264'), '264  1$aNew York :$bX,$c1985.|264  1$aBoston')\n"
		    "is(e:has('260'), false)\n"
		    "e:move('264', '730') is(tags(e), '001 005 008 020 245 650 650 650 650 700 730 730 856 "
		    "880 880 907 998')\n"
		    "e:move('730', '100|1*|')\n"
		    "is(show(e, '100'), '100 11$aNew York :$bX,$c1985.|100 11$aBoston')\n"
		    "is(tags(e):sub(1, 23), '001 005 008 020 100 100')");
}

static void move_keeps_a_place_that_already_fits(void **state)
{
	runs(state, "local e = rec:edit():move('260', '264') is(tags(e), (all:gsub('260', '264')))\n"
		    "e = rec:edit():move('245', '245|00|') is(tags(e), all) is(e:get('245^1'), '0')\n"
		    "e = rec:edit():move('111', '112') is(e:changed(), false)");
}

static void copy_leaves_the_original(void **state)
{
	runs(state, "local e = rec:edit():copy('260', '264|#4|')\n"
		    "is(show(e, '264'), '264  4$aNew York :$bX,$c1985.|264  4$aBoston')\n"
		    "is(e:count('260'), 2)\n"
		    "e:copy('650| 0|', '650| 4|') is(e:count('650'), 7) e:copy('001', '003')\n"
		    "is(e:get('003'), 'ocm123')");
}

static void a_subfield_moves_within_its_field(void **state)
{
	runs(state, "local e = rec:edit():move('245$b', '245$n')\n"
		    "is(show(e, '245'), '245 10$6880-01$aTitle :$nsub /$cauthor.')\n"
		    "e:copy('245$n', '245$p')\n"
		    "is(show(e, '245'), '245 10$6880-01$aTitle :$nsub /$psub /$cauthor.')\n"
		    "e:move('650| 0|$a', '650$z')\n"
		    "is(show(e, '650'), '650  0$zDogs$xBehavior|650  0$zCats|650  7$aCats$2gnd|650  "
		    "0$zCats')");
}

static void other_pairs_are_errors(void **state)
{
	runs(state, "local e = rec:edit()\n"
		    "local function m(a, b) fails('fields go to a tag', function() e:move(a, b) end) end\n"
		    "m('245$a', '246$a') m('245', '245$a') m('245$a', '245') m('245ab', '245$c')\n"
		    "m('245', '2..') m('245', '246[0]')\n"
		    "m('245', '246^1') m('008/0', '008/1')\n"
		    "fails('control field', function() e:move('001', '035') end)\n"
		    "fails('control field', function() e:copy('245', '003') end)\n"
		    "fails('column', function() e:move('245', '24') end) is(e:changed(), false)");
}

/* ---- dedup and sort ---- */

static void dedup_drops_later_doubles(void **state)
{
	runs(state, "local e = rec:edit():dedup('650')\n"
		    "is(show(e, '650'), '650  0$aDogs$xBehavior|650  0$aCats|650  7$aCats$2gnd')\n"
		    "e:dedup('650$a') is(show(e, '650'), '650  0$aDogs$xBehavior|650  0$aCats')\n"
		    "e = rec:edit():dedup('650', function(f) return f:get('2') end) is(e:changed(), false)\n"
		    "e = rec:edit():dedup('650', function(f) return 1 end)\n"
		    "is(show(e, '650'), '650  0$aDogs$xBehavior')\n"
		    "fails('key gave table', function() e:dedup('650', function() return {} end) end)\n"
		    "fails('2^53', function() e:dedup('650', function() return 0/0 end) end)\n"
		    "fails('function expected', function() e:dedup('650', 'a') end)");
}

static void dedup_compares_in_nfc(void **state)
{
	runs(state, "local e = rec:edit():add('500', '  ', 'a', 'caf\\u{e9}'):add('500', '  ', 'a', "
		    "'cafe\\u{301}')\n"
		    "e:dedup('500') is(show(e, '500'), '500   $acaf\\u{e9}')\n"
		    "e:add('501', '  ', 'a', 'x', 'b', 'y'):add('501', '  ', 'b', 'x', 'a', "
		    "'y'):dedup('501ab') is(e:count('501'), 2)");
}

static void sort_is_stable_and_stays_within_the_places(void **state)
{
	runs(state, "local e = rec:edit():sort('650$a')\n"
		    "is(show(e, '650'), '650  0$aCats|650  7$aCats$2gnd|650  0$aCats|650  "
		    "0$aDogs$xBehavior') is(tags(e), all)\n"
		    "e:sort('650', function(f) return f:has('x') and 1 or 2 end) is(e:get('650$a'), 'Dogs')\n"
		    "e:sort('650', function(f) return f:get('2') end)\n"
		    "is(show(e, '650[0]'), '650  7$aCats$2gnd')\n"
		    "fails('no order', function() e:sort('650', function(f) return\n"
		    "f:get('2') or 1 end) end)\n"
		    "e = rec:edit():sort('...') is(tags(e), all) e = rec:edit():sort('650', function()\n"
		    "return 1 end) is(e:changed(), false)");
}

static void keys_may_drop_fields_while_they_are_taken(void **state)
{
	runs(state, "local e = rec:edit():sort('650', function(f) local v = f:get('a') if f:has('2') then\n"
		    "f:drop() end return v end)\n"
		    "is(show(e, '650'), '650  0$aCats|650  0$aCats|650  0$aDogs$xBehavior')");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)
	const struct CMUnitTest tests[] = {
		T(map_replaces_leaves_and_deletes_values),
		T(map_works_on_control_fields_characters_indicators_and_the_leader),
		T(what_map_refuses),
		T(map_survives_a_function_that_changes_the_edit),
		T(map_tells_a_function_that_changed_the_value_twice),
		T(values_that_the_function_removed_are_not_shown),
		T(sub_is_string_gsub_on_every_value),
		T(sub_without_a_hit_changes_nothing),
		T(sub_does_not_mind_a_tampered_string_table),
		T(sub_calls_the_gsub_of_a_regex),
		T(move_gives_fields_another_tag_in_tag_order),
		T(move_keeps_a_place_that_already_fits),
		T(copy_leaves_the_original),
		T(a_subfield_moves_within_its_field),
		T(other_pairs_are_errors),
		T(dedup_drops_later_doubles),
		T(dedup_compares_in_nfc),
		T(sort_is_stable_and_stays_within_the_places),
		T(keys_may_drop_fields_while_they_are_taken),
	};

	return cmocka_run_group_tests_name("bind_edit_map", tests, NULL, NULL);
}
