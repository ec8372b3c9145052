/* mrk.c: records as lines for people.
 *
 * Works on the bytes of a field, not on its subfields, so that a damaged field shows all it has. Text
 * passes one gate, put_text, behind which only printable characters are left: what comes from a file
 * must not be able to drive a terminal, C1 controls included. */
#include "marc/mrk.h"

#include <stdio.h>

#include "base/utf8.h"

/* Where text stands decides what must be escaped in it. */
enum place { IN_DATA, IN_CONTROL, IN_INDICATOR, IN_TAG };

enum paint { PAINT_TAG, PAINT_INDICATOR, PAINT_CODE };

struct mrk {
	struct buf *out;
	bool colour;
};

static enum status paint_on(const struct mrk *m, enum paint paint)
{
	static const char *const codes[] = { "\033[1;36m", "\033[33m", "\033[32m" };

	return m->colour ? buf_add_str(m->out, codes[paint]) : STATUS_OK;
}

static enum status paint_off(const struct mrk *m)
{
	return m->colour ? buf_add_str(m->out, "\033[0m") : STATUS_OK;
}

/* The mnemonic for an ASCII character that cannot stand for itself here, or NULL. */
static const char *mnemonic(uint8_t c, enum place place)
{
	switch (c) {
	case '$':
		return place == IN_CONTROL ? NULL : "{dollar}";
	case '{':
		return "{lcub}";
	case '}':
		return "{rcub}";
	case '\\':
		return place == IN_DATA ? NULL : "{bsol}";
	case ' ':
		return place == IN_DATA || place == IN_TAG ? NULL : "\\";
	default:
		return NULL;
	}
}

/* The character at s.ptr; returns its length. */
static enum status put_char(const struct mrk *m, struct span s, enum place place, size_t *len)
{
	const char *name = mnemonic(s.ptr[0], place);
	uint32_t cp;

	*len = utf8_decode(s, &cp);
	if (name)
		return buf_add_str(m->out, name);
	if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
		return buf_printf(m->out, "<%02X>", (unsigned)cp);
	if (cp == 0xFFFD)
		return buf_add_str(m->out, "\xEF\xBF\xBD");
	return buf_add(m->out, s.ptr, *len);
}

/* Bytes at the start that may leave as they are in any place. */
static size_t plain_run(struct span s)
{
	size_t n = 0;

	while (n < s.len && s.ptr[n] > 0x20 && s.ptr[n] < 0x7F && s.ptr[n] != '$' && s.ptr[n] != '{' &&
	       s.ptr[n] != '}' && s.ptr[n] != '\\')
		n++;
	return n;
}

static enum status put_text(const struct mrk *m, struct span s, enum place place)
{
	while (s.len > 0) {
		size_t len = plain_run(s);

		if (len > 0)
			TRY(buf_add(m->out, s.ptr, len));
		else
			TRY(put_char(m, s, place, &len));
		s = span_of(s.ptr + len, s.len - len);
	}
	return STATUS_OK;
}

static enum status put_tag(const struct mrk *m, struct span tag)
{
	TRY(paint_on(m, PAINT_TAG));
	TRY(buf_add_byte(m->out, '='));
	TRY(put_text(m, tag, IN_TAG));
	TRY(paint_off(m));
	return buf_add_str(m->out, "  ");
}

/* A delimiter and the code behind it; returns where the value begins. */
static enum status put_code(const struct mrk *m, struct span *rest)
{
	bool coded = rest->len > 1 && rest->ptr[1] != MARC_US;
	size_t len = 0;

	TRY(paint_on(m, PAINT_CODE));
	TRY(buf_add_byte(m->out, '$'));
	*rest = span_of(rest->ptr + 1, rest->len - 1);
	if (coded)
		TRY(put_char(m, *rest, IN_DATA, &len));
	*rest = span_of(rest->ptr + len, rest->len - len);
	return paint_off(m);
}

static struct span up_to_delimiter(struct span s)
{
	const uint8_t *found = s.len > 0 ? memchr(s.ptr, MARC_US, s.len) : NULL;

	return found ? span_of(s.ptr, (size_t)(found - s.ptr)) : s;
}

static enum status put_data_field(const struct mrk *m, struct span rest)
{
	TRY(paint_on(m, PAINT_INDICATOR));
	TRY(put_text(m, span_of(rest.ptr, 2), IN_INDICATOR));
	TRY(paint_off(m));
	rest = span_of(rest.ptr + 2, rest.len - 2);
	while (rest.len > 0) {
		struct span text;

		if (rest.ptr[0] == MARC_US)
			TRY(put_code(m, &rest));
		text = up_to_delimiter(rest);
		TRY(put_text(m, text, IN_DATA));
		rest = span_of(rest.ptr + text.len, rest.len - text.len);
	}
	return STATUS_OK;
}

static enum status put_field(const struct mrk *m, const struct field *f)
{
	const uint8_t tag[3] = { (uint8_t)(f->tag >> 16), (uint8_t)(f->tag >> 8), (uint8_t)f->tag };

	TRY(put_tag(m, span_of(tag, sizeof(tag))));
	if (field_is_control(f))
		TRY(put_text(m, field_span(f), IN_CONTROL));
	else if ((f->flags & FIELD_MALFORMED) || f->len < 2)
		TRY(put_text(m, field_span(f), IN_DATA));
	else
		TRY(put_data_field(m, field_span(f)));
	return buf_add_byte(m->out, '\n');
}

/* The leader with the lengths that the record would have as ISO 2709; those of a record that cannot be written stay. */
static void show_leader(const struct record *r, uint8_t *leader)
{
	size_t base = LEADER_LEN + 1 + (size_t)r->count * DIRECTORY_ENTRY_LEN, len = base + 1;
	char digits[24];

	memcpy(leader, r->leader, LEADER_LEN);
	for (uint32_t i = 0; i < r->count; i++)
		len += (size_t)r->field[i].len + 1;
	if (!(r->flags & RECORD_DRAFT) || len > 99999)
		return;
	snprintf(digits, sizeof digits, "%05u%05u", (unsigned)len, (unsigned)base);
	memcpy(leader, digits, 5);
	memcpy(leader + 12, digits + 5, 5);
}

enum status mrk_write(const struct record *r, bool colour, struct buf *out)
{
	struct mrk m = { out, colour };
	uint8_t leader[LEADER_LEN];

	show_leader(r, leader);

	TRY(put_tag(&m, SPAN_LIT("LDR")));
	TRY(put_text(&m, span_of(leader, LEADER_LEN), IN_DATA));
	TRY(buf_add_byte(out, '\n'));
	for (uint32_t i = 0; i < r->count; i++)
		TRY(put_field(&m, &r->field[i]));
	return buf_add_byte(out, '\n');
}
