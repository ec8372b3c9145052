/* draft_random_test.c: random sequences of all verbs, on a draft and on a plain model of strings beside it.
 *
 * After every verb both agree, ids lead to their fields, and a field that no verb touched is not even
 * copied. At the end the record that was written reads back as the same. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <stdio.h>

#include <cmocka.h>

#include "draft_sample.h"
#include "marc/iso2709.h"

/* ---- properties ---- */

static uint64_t random_state;

static uint32_t pick(uint32_t below)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((random_state >> 33) % below);
}

/* A second, plain form of a record: what the draft should be. */
#define MODEL_MAX 256
struct model {
	uint32_t count;
	struct {
		uint32_t tag, id;
		char content[400];
		bool touched;
	} field[MODEL_MAX];
};

static struct model model;

static void model_insert(uint32_t at, uint32_t tag, uint32_t id, const char *content)
{
	memmove(&model.field[at + 1], &model.field[at], (model.count - at) * sizeof(model.field[0]));
	model.field[at].tag = tag;
	model.field[at].id = id;
	model.field[at].touched = true;
	strcpy(model.field[at].content, content);
	model.count++;
}

static void model_remove(uint32_t at)
{
	model.count--;
	memmove(&model.field[at], &model.field[at + 1], (model.count - at) * sizeof(model.field[0]));
}

static void model_begin(const struct draft *d)
{
	model.count = 0;
	for (uint32_t i = 0; i < d->view.count; i++) {
		model_insert(i, d->view.field[i].tag, d->ids[i], sample[i].content);
		model.field[i].touched = false;
	}
}

/* Offset of the delimiter of subfield n in the model's content, or of the end. */
static char *model_subfield(char *content, uint32_t n)
{
	char *p = strchr(content, 0x1f);

	while (p && n-- > 0)
		p = strchr(p + 1, 0x1f);
	return p ? p : content + strlen(content);
}

static uint32_t model_subfields(const char *content)
{
	uint32_t n = 0;

	for (; *content; content++)
		n += *content == 0x1f;
	return n;
}

/* Put text in the place of [from, to). */
static void model_splice(uint32_t at, const char *from, const char *to, const char *text)
{
	char result[400];

	snprintf(result, sizeof(result), "%.*s%s%s", (int)(from - model.field[at].content),
		 model.field[at].content, text,
		 to);
	model.field[at].touched = model.field[at].touched || strcmp(result, model.field[at].content) != 0;
	strcpy(model.field[at].content, result);
}

static const char *const words[] = { "", "x", "caf\xc3\xa9", "a longer piece of text", "{}$\\",
				     "\xe6\x9d\xb1\xe4\xba\xac" };

static const char *word(void)
{
	return words[pick(sizeof(words) / sizeof(words[0]))];
}

static bool is_control(uint32_t at)
{
	return tag_is_control(model.field[at].tag);
}

static void random_insert(struct draft *d)
{
	static const char *const tags[] = { "003", "005", "100", "245", "650", "9Xz" };
	const char *tag = tags[pick(6)];
	uint32_t at = pick(2) ? draft_place_of(d, TAG(tag)) : pick(model.count + 1);
	char content[100];

	if (model.count > 100)
		return;
	if (tag[0] == '0')
		strcpy(content, word());
	else
		snprintf(content, sizeof(content), "%u %s%s", pick(10), US "a", word());
	assert_ok(draft_insert(d, at, TAG(tag), span_str(content)));
	model_insert(at, TAG(tag), d->ids[at], content);
}

static void random_subfield_verb(struct draft *d, uint32_t at)
{
	char *content = model.field[at].content, text[100];
	uint32_t count = model_subfields(content), n = pick(count);
	const char *w = word();
	uint8_t code = (uint8_t)('a' + pick(26));

	switch (strlen(content) > 200 ? 2 : pick(5)) {
	case 0:
		assert_ok(draft_subfield_set(d, at, n, span_str(w)));
		model_splice(at, model_subfield(content, n) + 2, model_subfield(content, n + 1), w);
		break;
	case 1:
		n = pick(count + 1);
		snprintf(text, sizeof(text), US "%c%s", code, w);
		assert_ok(draft_subfield_insert(d, at, n, code, span_str(w)));
		model_splice(at, model_subfield(content, n), model_subfield(content, n), text);
		break;
	case 2:
		assert_ok(draft_subfield_remove(d, at, n));
		if (count == 1)
			model_remove(at);
		else
			model_splice(at, model_subfield(content, n), model_subfield(content, n + 1), "");
		break;
	case 3:
		snprintf(text, sizeof(text), "%c", code);
		assert_ok(draft_subfield_recode(d, at, n, code));
		model_splice(at, model_subfield(content, n) + 1, model_subfield(content, n) + 2, text);
		break;
	default:
		snprintf(text, sizeof(text), "%u", pick(10));
		assert_ok(draft_set_indicator(d, at, 2, (uint8_t)text[0]));
		model_splice(at, content + 1, content + 2, text);
	}
}

static void random_move(struct draft *d, uint32_t at)
{
	uint32_t to = pick(model.count);
	uint32_t tag = model.field[at].tag, id = model.field[at].id;
	bool touched = model.field[at].touched;
	char content[400];

	strcpy(content, model.field[at].content);
	draft_move(d, at, to);
	model_remove(at);
	model_insert(to, tag, id, content);
	model.field[to].touched = touched;
}

static void random_verb(struct draft *d)
{
	uint32_t at = model.count ? pick(model.count) : 0;

	if (model.count == 0 || pick(5) == 0) {
		random_insert(d);
	} else if (pick(12) == 0) {
		draft_remove(d, at);
		model_remove(at);
	} else if (pick(6) == 0) {
		random_move(d, at);
	} else if (is_control(at)) {
		const char *w = word();

		assert_ok(draft_replace(d, at, span_str(w)));
		model_splice(at, model.field[at].content,
			     model.field[at].content + strlen(model.field[at].content), w);
	} else {
		random_subfield_verb(d, at);
	}
}

static void assert_is_model(const struct draft *d)
{
	assert_int_equal(d->view.count, model.count);
	assert_ptr_equal(d->view.field, d->fields);
	for (uint32_t i = 0; i < model.count; i++) {
		assert_int_equal(d->view.field[i].tag, model.field[i].tag);
		assert_int_equal(d->view.field[i].len, strlen(model.field[i].content));
		assert_memory_equal(d->view.field[i].ptr, model.field[i].content, d->view.field[i].len);
		assert_int_equal(draft_find(d, model.field[i].id), i);
		if (!model.field[i].touched) /* not even copied */
			assert_ptr_equal(d->view.field[i].ptr, sample_record()->field[model.field[i].id].ptr);
	}
}

/* Lenient: an empty subfield is a fault of the data, and the verbs may make one. */
static void assert_survives_writing(const struct draft *d)
{
	struct buf out;
	struct fault why;
	struct record again = { .count = 0 };

	buf_init(&out, BUF_NO_LIMIT);
	assert_ok(iso2709_write(&d->view, &out, &why));
	assert_ok(iso2709_read(buf_span(&out), FAULT_NONE, RECOVERY_LENIENT, &arena, &again));
	assert_true(record_equal(&d->view, &again));
	buf_release(&out);
}

static void random_verbs_do_what_they_say_and_survive_writing(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 300; seed++) {
		random_state = seed * UINT64_C(0x9E3779B97F4A7C15);
		arena_reset(&arena);

		struct draft *d = sample_draft();

		model_begin(d);
		for (uint32_t i = 0, n = 1 + pick(60); i < n; i++) {
			random_verb(d);
			assert_is_model(d);
		}
		if (d->view.count > 0)
			assert_survives_writing(d);
	}
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(random_verbs_do_what_they_say_and_survive_writing),
	};

	return cmocka_run_group_tests_name("draft_random", tests, NULL, NULL);
}
