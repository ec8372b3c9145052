/* path_lex.c: the cursor under both languages: peek, take a word, a number, a quoted string, fail at a
 * place.
 *
 * Paths have no blanks, so they are read character by character; only expressions and braces skip blanks.
 * Control characters are refused before anything is read, but for the line ends and TABs between the
 * words of an expression. */
#include "marc/path_internal.h"

#include <stdarg.h>
#include <stdio.h>

void parse_init(struct parse *ps, struct span text, struct pool *pool, struct path_error *err)
{
	*ps = (struct parse){ .begin = text.ptr, .at = text.ptr, .end = text.ptr, .pool = pool, .err = err };
	if (text.len > 0)
		ps->end += text.len;
}

enum status parse_fail(struct parse *ps, const uint8_t *at, const char *fmt, ...)
{
	va_list args;

	if (!ps->err)
		return STATUS_INVALID;
	ps->err->column = at > ps->begin ? (size_t)(at - ps->begin) : 0;
	va_start(args, fmt);
	vsnprintf(ps->err->message, sizeof(ps->err->message), fmt, args);
	va_end(args);
	return STATUS_INVALID;
}

static bool is_control(int c)
{
	return (c >= 0 && c < 0x20) || c == 0x7F;
}

static enum status parse_fail_control(struct parse *ps, const uint8_t *at)
{
	return parse_fail(ps, at, "a control character (%02X): Lua reads \\t in \"...\" as a TAB; write the "
			  "text between [=[ and ]=], or compare with \"t\"", *at);
}

/* An expression may take several lines; a path is one word. */
enum status parse_check_text(struct parse *ps)
{
	if ((size_t)(ps->end - ps->begin) > PATH_TEXT_MAX)
		return parse_fail(ps, ps->begin, "the text is longer than 65535 bytes");
	for (const uint8_t *c = ps->begin; c < ps->end; c++)
		if (is_control(*c) && !(ps->expr && (*c == '\t' || *c == '\n' || *c == '\r')))
			return parse_fail_control(ps, c);
	return STATUS_OK;
}

/* What was \text before Lua read it: a blank would be skipped and the rest taken for a tag. */
enum status parse_check_no_control(struct parse *ps)
{
	return is_control(lex_peek(ps, 0)) ? parse_fail_control(ps, ps->at) : STATUS_OK;
}

enum status parse_deeper(struct parse *ps)
{
	if (++ps->depth > PATH_DEPTH_MAX)
		return parse_fail(ps, ps->at, "braces and parentheses stand more than 64 deep");
	return STATUS_OK;
}

int lex_peek(const struct parse *ps, size_t ahead)
{
	return (size_t)(ps->end - ps->at) > ahead ? ps->at[ahead] : -1;
}

bool lex_take(struct parse *ps, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(ps->end - ps->at) < len || memcmp(ps->at, word, len) != 0)
		return false;
	ps->at += len;
	return true;
}

static bool is_word_char(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
		c >= 0x80;
}

/* `and$a` and `all[0]` are paths, so a word ends in a blank, a bracket of ours or the sign of a value. */
bool lex_take_word(struct parse *ps, const char *word)
{
	const uint8_t *from = ps->at;
	int c;

	if (!lex_take(ps, word))
		return false;
	c = lex_peek(ps, 0);
	if (c == -1 || c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '(' || c == '#')
		return true;
	ps->at = from;
	return false;
}

void lex_blanks(struct parse *ps)
{
	while (ps->at < ps->end && (*ps->at == ' ' || *ps->at == '\t' || *ps->at == '\n' || *ps->at == '\r'))
		ps->at++;
}

enum status lex_number(struct parse *ps, uint32_t *out)
{
	const uint8_t *from = ps->at;
	uint32_t n = 0;

	for (int c; (c = lex_peek(ps, 0)) >= '0' && c <= '9'; ps->at++) {
		if (n > 99999999)
			return parse_fail(ps, from, "the number is too large: at most nine digits");
		n = n * 10 + (uint32_t)(c - '0');
	}
	*out = n;
	return STATUS_OK;
}

/* A backslash takes itself and the quote; anywhere else it stays what it is. */
enum status lex_quoted(struct parse *ps, struct span *out)
{
	const uint8_t *open = ps->at++;
	uint8_t *text = pool_alloc(ps->pool, (size_t)(ps->end - open));
	size_t len = 0;

	if (!text)
		return STATUS_MEMORY;
	for (; ps->at < ps->end && *ps->at != *open; ps->at++) {
		int after = lex_peek(ps, 1);

		if (*ps->at == '\\' && (after == '\\' || after == *open))
			ps->at++;
		TRY(parse_check_no_control(ps));
		text[len++] = *ps->at;
	}
	if (ps->at == ps->end)
		return parse_fail(ps, open, "the string has no closing %c", *open);
	ps->at++;
	*out = span_of(text, len);
	return STATUS_OK;
}

/* At most 40 bytes, no half code points: it goes into a message. */
struct span lex_word(const struct parse *ps, const uint8_t *at)
{
	const uint8_t *to = at;

	while (to < ps->end && is_word_char(*to) && to - at < 40)
		to++;
	while (to < ps->end && to > at && (*to & 0xC0) == 0x80)
		to--;
	return span_of(at, (size_t)(to - at));
}

bool is_tag_char(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
}
