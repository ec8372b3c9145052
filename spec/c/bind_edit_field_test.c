/* bind_edit_field_test.c: writable views, made fields and records, and what happens when memory ends. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "edit_world.h"

/* ---- views ---- */

static void views_of_an_edit_are_assignable(void **state)
{
	runs(state, "local e = rec:edit() local f = e:field('245')\n"
		    "f.tag, f.ind1, f.ind2 = '246', '#', '4'\n"
		    "is(show(e, '246'), '246  4$6880-01$aTitle :$bsub /$cauthor.')\n"
		    "e:field('001').value = 'new' is(e.id, 'new')");
}

static void what_views_refuse(void **state)
{
	runs(state, "local e = rec:edit() local f, c, m = e:field('245'), e:field('001'), e:field('998')\n"
		    "fails('tag expected', function() f.tag = '24' end) fails('control field', function()\n"
		    "f.tag = '001' end)\n"
		    "fails('indicator expected', function() f.ind1 = '12' end)\n"
		    "fails('string expected', function() f.ind1 = nil end)\n"
		    "fails('use f:set', function() f.value = 'x' end) fails('assignable field', function()\n"
		    "f.ind3 = 'x' end)\n"
		    "fails('no subfields', function() c:set('a', 'x') end)\n"
		    "fails('no subfields', function() c.ind1 = '1' end)\n"
		    "fails('damaged', function() m:set('a', 'x') end)\n"
		    "fails('damaged', function() m.ind1 = '1' end)\n"
		    "fails('1D, 1E, 1F', function() f:set('a', '\\31') end) fails('got nil', function()\n"
		    "f:set('a', nil) end)\n"
		    "fails('subfield code expected', function() f:set('ab', 'x') end)\n"
		    "fails(\"did you mean 'rename'\", function() f.renam() end) is(e:changed(), false)\n"
		    "fails('', function() rec:field('245').ind1 = '1' end)");
}

static void views_change_their_subfields(void **state)
{
	runs(state, "local e = rec:edit() local f = e:field('245')\n"
		    "is(f:set('a', 'A'), f) f:set('n', 'N'):add('c', 'C'):add('c', nil):insert(1, 'z', "
		    "'Z'):insert(7, 'y', 'Y')\n"
		    "is(show(e, '245'), '245 10$zZ$6880-01$aA$bsub /$cauthor.$nN$yY$cC')\n"
		    "f:map('ac', function(v, view, code) is(view, f)\n"
		    "return code .. v end):rename('c', 'x'):remove('z6y')\n"
		    "is(show(e, '245'), '245 10$aaA$bsub /$xcauthor.$nN$xcC')\n"
		    "f:map('x', function() return mrrc.drop end) is(show(e, '245'), '245 10$aaA$bsub /$nN')\n"
		    "fails('place expected', function() f:insert(5, 'a', 'x') end)\n"
		    "fails('place expected', function() f:insert(0, 'a', 'x') end)\n"
		    "f:insert(4, 'q', ('x'):gsub('x', 'y')) is(f:get('q'), 'y') f:remove('^a')\n"
		    "is(show(e, '245'), '245 10$aaA')");
}

static void a_dropped_view_raises_and_a_moved_one_does_not(void **state)
{
	runs(state, "local e = rec:edit() local f, g = e:field('245'), e:field('020')\n"
		    "e:move('245', '246'):add('010', '  ', 'a', 'x') is(f.tag, '246')\n"
		    "is(f:get('a'), 'Title :')\n"
		    "f:drop() fails('dropped', function() return f.tag end) fails('dropped', function()\n"
		    "f:set('a', 'x') end)\n"
		    "g:remove('aq') fails('dropped', function() g:add('a', 'x') end)\n"
		    "is(e:has('020'), false)");
}

static void fields_walks_a_snapshot(void **state)
{
	runs(state, "local e, n = rec:edit(), 0\n"
		    "for f in e:fields('650') do n = n + 1 f:drop() e:add('650', ' 0', 'a', 'new') end\n"
		    "is(n, 4) is(e:count('650'), 4) is(e:get('650$a'), 'new')\n"
		    "n = 0 for f in e:fields('650') do n = n + 1 e:remove('650') end is(n, 1)");
}

/* ---- making ---- */

static void record_makes_an_owned_record_with_the_fields_in_the_order_given(void **state)
{
	runs(state, "made = mrrc.record{ leader = '00000nz  a2200000n  4500', { '001', 'x' }, { '245', '10', "
		    "'a', 'T', 'b', nil, 'c', 'C' },\n"
		    "  { '100', '1#', 'a', nil, 'b', 'B' }, { '500', '  ', 'a', nil }, rec:field('020'), "
		    "mrrc.field('650', ' 0', 'a', 'S') }\n"
		    "is(made.kind, 'authority')");
	assert_true(((struct world *)*state)->s.edits->settled);
	to_record(*state, &((struct world *)*state)->rec);
	runs(state, "collectgarbage() is(show(made), '001 x|245 10$aT$cC|100 1 $bB|020   "
		    "$a9780131103627$q(pbk.)|650  0$aS')\n"
		    "is(mrrc.record{}:get('LDR'), '00000nam a2200000   4500')");
}

static void what_record_refuses(void **state)
{
	runs(state, "local function r(t) return function() mrrc.record(t) end end\n"
		    "fails('24 characters', r{ leader = 'x' })\n"
		    "fails(\"did you mean 'leader'\", r{ laeder = 'x' })\n"
		    "fails('field 2 of the record, item 1', r{ { '001', 'x' }, { '24', '10', 'a', 'T' } })\n"
		    "fails('field 1 of the record, item 4', r{ { '245', '10', 'a', '\\30' } })\n"
		    "fails('tag or field', r{ 5 })\n"
		    "fails('a list is expected', r{ { '245', '10', a = 'T' } })\n"
		    "fails('table expected', r('x'))\n"
		    "fails('tag or field', r{ {} })\n"
		    "fails('printable', r{ leader = '00000nam a2200000 \\1 4500' })");
}

static void a_made_field_is_a_view_that_lives(void **state)
{
	runs(state, "f = mrrc.field('245', '1#', 'a', 'T')\n"
		    "is(f.tag .. f.ind1 .. f.ind2 .. f:get('a'), '2451 T')\n"
		    "is(mrrc.field('245', '10', 'a', nil), nil) is(mrrc.field('001', 'x').value, 'x')\n"
		    "fails('#2', function() mrrc.field('245', '1', 'a', 'T') end)\n"
		    "fails('tag', function() mrrc.field() end)");
	to_record(*state, &((struct world *)*state)->rec);
	runs(state, "collectgarbage() is(f:get('a'), 'T')");
}

static void drop_is_a_value_of_its_own(void **state)
{
	runs(state, "is(tostring(mrrc.drop), 'mrrc.drop') is(type(mrrc.drop), 'userdata')\n"
		    "is(getmetatable(mrrc.drop), false)\n"
		    "is(mrrc.drop == mrrc.drop, true)");
	struct world *w = *state;

	lua_rawgeti(w->s.L, LUA_REGISTRYINDEX, w->s.ref_drop);
	assert_ptr_equal(lua_topointer(w->s.L, -1), w->s.drop);
}

/* ---- no memory ---- */

static const char everything[] =
	"local e = rec:edit()\n"
	"e:remove('9..'):sub('245$a', 'T', 'B'):add('999', ' 9', 'a', 'x'):set('260$c', '2000'):set('003', "
	"'x')\n"
	"e:map('650$a', function(v, f) f:add('z', v)\n"
		    "return v .. '!' end):dedup('650$a'):sort('650$a'):move('260', '264|#1|')\n"
	"for f in e:fields('8..') do f:set('a', ('x'):rep(3000)) end\n"
	"for i = 1, 60 do e:append('500', '  ', 'a', 'x') end\n"
	"e:remove('500$a') is(mrrc.record{ { '001', 'a' } }.id, 'a') is(e:done():get('999$a'), 'x')";

/* for_ever: else Lua collects garbage and tries again, and only our own allocations are missed. */
static void refuse_each(void **state, bool for_ever)
{
	struct world *w = *state;

	for (long k = 0; k < 5000; k++) {
		to_record(w, &w->rec);
		arena_release(&w->s.scratch);
		arena_init(&w->s.scratch, 0);
		lua_gc(w->s.L, LUA_GCCOLLECT);
		mem_fail_after(k, for_ever);

		int rc = try_run(w, everything);
		long refused = mem_refused();

		mem_fail_after(-1, false);
		if (rc != LUA_OK && !strstr(lua_tostring(w->s.L, -1), "memory"))
			fail_msg("allocation %ld: %s", k, lua_tostring(w->s.L, -1));
		if (refused == 0) {
			assert_int_equal(rc, LUA_OK);
			assert_true(k > 100);
			return;
		}
		to_record(w, &w->rec);
		runs(state, "is(tags(rec:edit()), all)");
	}
	fail_msg("never succeeded");
}

static void a_refused_allocation_is_an_error_of_the_script_and_breaks_nothing(void **state)
{
	refuse_each(state, false);
	refuse_each(state, true);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)
	const struct CMUnitTest tests[] = {
		T(views_of_an_edit_are_assignable),
		T(what_views_refuse),
		T(views_change_their_subfields),
		T(a_dropped_view_raises_and_a_moved_one_does_not),
		T(fields_walks_a_snapshot),
		T(record_makes_an_owned_record_with_the_fields_in_the_order_given),
		T(what_record_refuses),
		T(a_made_field_is_a_view_that_lives),
		T(drop_is_a_value_of_its_own),
		T(a_refused_allocation_is_an_error_of_the_script_and_breaks_nothing),
	};

	return cmocka_run_group_tests_name("bind_edit_field", tests, NULL, NULL);
}
