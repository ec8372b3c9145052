/* buf_test.c: growing bytes and their limit. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/buf.h"

static void assert_content(const struct buf *b, const char *text)
{
	assert_int_equal(b->len, strlen(text));
	assert_memory_equal(b->ptr, text, b->len);
}

static void what_is_added_stands_in_order(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, BUF_NO_LIMIT);
	assert_int_equal(buf_add_str(&b, "one "), STATUS_OK);
	assert_int_equal(buf_add_span(&b, SPAN_LIT("two ")), STATUS_OK);
	assert_int_equal(buf_add_byte(&b, '3'), STATUS_OK);
	assert_int_equal(buf_add(&b, NULL, 0), STATUS_OK);
	assert_int_equal(buf_printf(&b, " %d%s", 4, "!"), STATUS_OK);
	assert_content(&b, "one two 3 4!");
	buf_release(&b);
	assert_null(b.ptr);
}

static void formatted_text_longer_than_the_room_is_whole(void **state)
{
	struct buf b;
	char text[1000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	buf_init(&b, BUF_NO_LIMIT);
	assert_int_equal(buf_printf(&b, "%s", text), STATUS_OK);
	assert_content(&b, text);
	assert_int_equal(buf_printf(&b, "%s", ""), STATUS_OK);
	assert_content(&b, text);
	buf_release(&b);
}

static void the_limit_is_kept_and_content_stays(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	assert_int_equal(buf_add_str(&b, "0123456789"), STATUS_OK);
	assert_int_equal(buf_add_byte(&b, 'x'), STATUS_MEMORY);
	assert_int_equal(buf_reserve(&b, SIZE_MAX), STATUS_MEMORY);
	assert_int_equal(buf_printf(&b, "%d", 1), STATUS_MEMORY);
	assert_content(&b, "0123456789");
	b.len = 3;
	assert_int_equal(buf_add_str(&b, "abc"), STATUS_OK);
	assert_content(&b, "012abc");
	buf_release(&b);
}

static void no_memory_leaves_the_content(void **state)
{
	struct buf b;
	char big[500] = { 0 };

	(void)state;
	buf_init(&b, BUF_NO_LIMIT);
	assert_int_equal(buf_add_str(&b, "stay"), STATUS_OK);
	mem_fail_after(0, true);
	assert_int_equal(buf_add(&b, big, sizeof(big)), STATUS_MEMORY);
	assert_int_equal(buf_printf(&b, "%300d", 1), STATUS_MEMORY);
	mem_fail_after(-1, false);
	assert_content(&b, "stay");
	buf_release(&b);
}

static void a_reset_gives_back_what_is_above_keep(void **state)
{
	struct buf b;
	long before = mem_live();

	(void)state;
	buf_init(&b, BUF_NO_LIMIT);
	assert_int_equal(buf_reserve(&b, 100000), STATUS_OK);
	buf_reset(&b, 1000);
	assert_int_equal(b.len, 0);
	assert_int_equal(b.cap, 1000);
	assert_int_equal(buf_add_str(&b, "x"), STATUS_OK);
	buf_reset(&b, 1000);
	assert_int_equal(b.cap, 1000);
	buf_reset(&b, 0);
	assert_int_equal(b.cap, 0);
	assert_int_equal(mem_live(), before);
}

static void appending_byte_by_byte_allocates_few_times(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, BUF_NO_LIMIT);
	mem_fail_after(20, true);
	for (int i = 0; i < 1000000; i++)
		if (buf_add_byte(&b, 'x') != STATUS_OK)
			fail();
	mem_fail_after(-1, false);
	assert_int_equal(b.len, 1000000);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_added_stands_in_order),
		cmocka_unit_test(formatted_text_longer_than_the_room_is_whole),
		cmocka_unit_test(the_limit_is_kept_and_content_stays),
		cmocka_unit_test(no_memory_leaves_the_content),
		cmocka_unit_test(a_reset_gives_back_what_is_above_keep),
		cmocka_unit_test(appending_byte_by_byte_allocates_few_times),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
