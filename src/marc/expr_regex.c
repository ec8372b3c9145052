/* expr_regex.c: regexes by PCRE2, compiled once and searched by any thread.
 *
 * Each pattern is compiled twice, for UTF-8 records and for records of bytes. What a search writes to
 * (the match data) is made on the stack of the search, so a compiled regex is shared without a lock and
 * without a table per thread. Limits end a search that runs wild; that is reported as STATUS_MEMORY,
 * never as "no". */
#include "base/alloc.h"
#include "marc/path_internal.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define MATCH_LIMIT 1000000u /* steps of the matcher */
#define HEAP_LIMIT 16384u    /* KiB, when there is no JIT */

struct regex {
	struct regex *next;
	pcre2_code *utf, *bytes; /* bytes: NULL when the pattern makes sense as UTF-8 only */
	pcre2_match_context *limits;
};

/* ---- memory ---- */

static void *take(PCRE2_SIZE len, void *unused)
{
	(void)unused;
	return mem_alloc(len);
}

static void give(void *ptr, void *unused)
{
	(void)unused;
	mem_free(ptr);
}

/* Match data for one pair of offsets and its context need about 200 bytes. */
struct near_memory {
	_Alignas(16) uint8_t bytes[512];
	size_t used;
};

static void *take_near(PCRE2_SIZE len, void *memory)
{
	struct near_memory *near = memory;
	size_t need = (len + 15u) & ~(size_t)15u;

	if (need < len || need > sizeof(near->bytes) - near->used)
		return mem_alloc(len);
	near->used += need;
	return near->bytes + near->used - need;
}

static void give_near(void *ptr, void *memory)
{
	const struct near_memory *near = memory;
	uintptr_t at = (uintptr_t)ptr, from = (uintptr_t)near->bytes;

	if (ptr && (at < from || at >= from + sizeof(near->bytes)))
		mem_free(ptr);
}

/* ---- compiling ---- */

static void regex_free(struct regex *re)
{
	pcre2_code_free(re->utf);
	pcre2_code_free(re->bytes);
	pcre2_match_context_free(re->limits);
}

void regex_free_list(struct regex *list)
{
	for (; list; list = list->next)
		regex_free(list);
}

static enum status read_flags(struct parse *ps, struct span flags, uint32_t *options)
{
	*options = PCRE2_NEVER_BACKSLASH_C;
	for (size_t i = 0; i < flags.len; i++)
		switch (flags.ptr[i]) {
		case 'i':
			*options |= PCRE2_CASELESS;
			break;
		case 'm':
			*options |= PCRE2_MULTILINE;
			break;
		case 's':
			*options |= PCRE2_DOTALL;
			break;
		case 'x':
			*options |= PCRE2_EXTENDED;
			break;
		default:
			return parse_fail(ps, flags.ptr + i, "behind a regex may stand i (any case), m, s "
					  "or x");
		}
	return STATUS_OK;
}

static enum status fail_regex(struct parse *ps, const uint8_t *at, int code)
{
	PCRE2_UCHAR text[120];

	if (code == PCRE2_ERROR_HEAP_FAILED)
		return STATUS_MEMORY;
	if (pcre2_get_error_message(code, text, sizeof(text)) < 0)
		text[0] = '\0';
	return parse_fail(ps, at, "the regex is wrong: %s", (const char *)text);
}

/* Codes of pcre2_compile for lack of memory (pcre2.h: ERR 21). */
static bool is_memory(int code)
{
	return code == PCRE2_ERROR_HEAP_FAILED || code == 121;
}

static enum status compile_both(struct regex *re, pcre2_compile_context *context, struct span pattern,
				uint32_t options, int *code, size_t *offset)
{
	PCRE2_SPTR text = pattern.len ? pattern.ptr : (PCRE2_SPTR)"";
	PCRE2_SIZE ignored;
	int failed;

	re->utf = pcre2_compile(text, pattern.len, options | PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF,
				code,
				offset, context);
	if (!re->utf)
		return is_memory(*code) ? STATUS_MEMORY : STATUS_INVALID;
	re->bytes = pcre2_compile(text, pattern.len, options | PCRE2_NEVER_UTF, &failed, &ignored, context);
	if (!re->bytes && is_memory(failed))
		return STATUS_MEMORY;
	/* without JIT (a hardened kernel, a rare machine) the interpreter does it, more slowly */
	(void)pcre2_jit_compile(re->utf, PCRE2_JIT_COMPLETE);
	if (re->bytes)
		(void)pcre2_jit_compile(re->bytes, PCRE2_JIT_COMPLETE);
	return STATUS_OK;
}

static enum status compile_in(struct parse *ps, const uint8_t *at, struct span pattern, uint32_t options,
			      struct regex *re, pcre2_general_context *memory)
{
	pcre2_compile_context *context = pcre2_compile_context_create(memory);
	size_t offset = 0;
	int code = 0;
	enum status st;

	re->limits = pcre2_match_context_create(memory);
	if (!context || !re->limits) {
		pcre2_compile_context_free(context);
		return STATUS_MEMORY;
	}
	pcre2_set_match_limit(re->limits, MATCH_LIMIT);
	pcre2_set_heap_limit(re->limits, HEAP_LIMIT);
	st = compile_both(re, context, pattern, options, &code, &offset);
	pcre2_compile_context_free(context);
	return st == STATUS_INVALID ? fail_regex(ps, at + offset < ps->end ? at + offset : ps->end, code) :
		st;
}

enum status regex_compile(struct parse *ps, const uint8_t *at, struct span pattern, struct span flags,
			  const struct regex **out)
{
	struct regex *re = pool_alloc(ps->pool, sizeof(*re));
	pcre2_general_context *memory;
	uint32_t options;
	enum status st;

	if (!re)
		return STATUS_MEMORY;
	re->next = ps->pool->regexes;
	ps->pool->regexes = re;
	TRY(read_flags(ps, flags, &options));
	TRY(pool_nfc(ps->pool, pattern, &pattern));
	memory = pcre2_general_context_create(take, give, NULL);
	if (!memory)
		return STATUS_MEMORY;
	st = compile_in(ps, at, pattern, options, re, memory);
	pcre2_general_context_free(memory);
	*out = re;
	return st;
}

/* ---- searching ---- */

/* JIT code has a small stack; what does not fit on it is for the interpreter. */
static int search(const pcre2_code *code, struct span text, pcre2_match_data *data,
		  pcre2_match_context *limits)
{
	PCRE2_SPTR subject = text.len ? text.ptr : (PCRE2_SPTR)"";
	int found = pcre2_jit_match(code, subject, text.len, 0, 0, data, limits);

	if (found == PCRE2_ERROR_JIT_BADOPTION || found == PCRE2_ERROR_JIT_STACKLIMIT)
		found = pcre2_match(code, subject, text.len, 0, PCRE2_NO_JIT, data, limits);
	return found;
}

bool regex_search(const struct regex *re, struct span text, bool utf8, enum status *status)
{
	const pcre2_code *code = utf8 || !re->bytes ? re->utf : re->bytes;
	struct near_memory near;
	int found;

	near.used = 0;
	pcre2_general_context *context = pcre2_general_context_create(take_near, give_near, &near);
	pcre2_match_data *data = context ? pcre2_match_data_create(1, context) : NULL;

	if (!data) {
		pcre2_general_context_free(context);
		*status = STATUS_MEMORY;
		return false;
	}
	found = search(code, text, data, re->limits);
	pcre2_match_data_free(data);
	pcre2_general_context_free(context);
	if (found < 0 && found != PCRE2_ERROR_NOMATCH)
		*status = STATUS_MEMORY;
	return found >= 0;
}
