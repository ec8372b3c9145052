/* draft_sample.h: the record that the tests of drafts begin with, and the arena they work in. */
#ifndef MRRC_SPEC_DRAFT_SAMPLE_H
#define MRRC_SPEC_DRAFT_SAMPLE_H

#include "base/alloc.h"
#include "marc/draft.h"

#define US "\x1f"
#define TAG(s) MARC_TAG((s)[0], (s)[1], (s)[2])

static struct arena arena;
static long live_before;

static int begin(void **state)
{
	(void)state;
	live_before = mem_live();
	arena_init(&arena, 0);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_release(&arena);
	return mem_live() == live_before ? 0 : -1;
}

/* ---- a record to begin with ---- */

static const struct {
	const char *tag, *content;
} sample[] = {
	{ "001", "x1" },
	{ "008", "860506s1957    nyu" },
	{ "245", "10" US "aTitle" US "bof it /" US "cone" US "aagain" },
	{ "650", " 0" US "aCats" },
	{ "650", " 7" US "aDogs" US "2fast" },
	{ "856", "40" US "uhttp://x" },
};
#define SAMPLE_COUNT (sizeof(sample) / sizeof(sample[0]))

static const struct record *sample_record(void)
{
	static struct field fields[SAMPLE_COUNT];
	static struct record r;

	memcpy(r.leader, "00000cam a2200000 a 4500", LEADER_LEN);
	for (size_t i = 0; i < SAMPLE_COUNT; i++)
		fields[i] = (struct field){ .ptr = (const uint8_t *)sample[i].content,
					    .len = (uint32_t)strlen(sample[i].content),
					    .tag = TAG(sample[i].tag) & 0xFFFFFF,
					    .flags = sample[i].tag[0] == '0' &&
					           sample[i].tag[1] == '0' ? FIELD_CONTROL : 0 };
	r.field = fields;
	r.count = SAMPLE_COUNT;
	r.flags = RECORD_UTF8 | RECORD_VERBATIM;
	return &r;
}

static struct draft *sample_draft(void)
{
	struct draft *d = draft_new(&arena, sample_record());

	assert_non_null(d);
	return d;
}

#define assert_ok(call) assert_int_equal((call), STATUS_OK)
#define assert_invalid(call) assert_int_equal((call), STATUS_INVALID)

#endif
