/* path_fixture.h: records for the tests of paths and expressions, written as lines.
 *
 *     LDR 00000cam a2200000 a 4500
 *     008 850101s1985
 *     245 10$aMoby Dick$bor the whale      ($ is the delimiter, # a blank indicator)
 *
 * fixture_record parses lines separated by newlines into static memory: one record at a time. */
#ifndef MRRC_SPEC_PATH_FIXTURE_H
#define MRRC_SPEC_PATH_FIXTURE_H

#include <string.h>

#include "base/utf8.h"
#include "marc/path.h"

#define FIXTURE_BYTES 65536
#define FIXTURE_FIELDS 8192

static const char whale[] =
	"LDR 01234cam a2200289 a 4500\n"
	"001 ocm00123\n"
	"007 ta\n"
	"007 vd cvaizu\n"
	"008 850219s1985    nyua     b    001 0 eng d\n"
	"020 ##$a0142437247$qpaperback$c$12.00\n"
	"020 ##$a9780142437247$qebook\n"
	"041 1#$aeng$afre$hger\n"
	"100 1#$aMelville, Herman,$d1819-1891.\n"
	"245 10$aMoby Dick :$bor the whale /$cHerman Melville ; edited.\n"
	"260 ##$aNew York :$bPenguin,$c1985.\n"
	"300 ##$a625 p. ;$c20 cm.\n"
	"650 #0$aWhaling$vFiction.\n"
	"650 #7$aWhales.$2gnd$0(DE-588)1\n"
	"650 #7$aSea stories.$2fast$0(DE-588)2$0(DE-588)3\n"
	"651 #0$aNantucket.\n"
	"700 1#$aDelbanco, Andrew.\n"
	"856 40$uhttp://a.example/1$yText$3Contents\n"
	"856 42$uhttp://b.example/2$uhttp://c.example/3\n"
	"880 10$6245-01$a\xD0\x9C\xD0\xBE\xD0\xB1\xD0\xB8";

static struct {
	struct record record;
	struct field field[FIXTURE_FIELDS];
	uint8_t bytes[FIXTURE_BYTES];
} fixture;

static inline void fixture_field(const char *line, size_t len, uint8_t **at)
{
	struct field *f = &fixture.field[fixture.record.count++];
	bool control = memcmp(line, "00", 2) == 0;

	f->tag = MARC_TAG(line[0], line[1], line[2]) & 0xFFFFFF;
	f->flags = control ? FIELD_CONTROL : 0;
	f->ptr = *at;
	for (size_t i = 4; i < len; i++) {
		uint8_t c = (uint8_t)line[i];

		if (!control && i < 6 && c == '#')
			c = ' ';
		/* $12.00 in the whale's price is no subfield 1: a dollar behind a delimiter's code stays */
		if (!control && c == '$' && !(i >= 2 && line[i - 2] == '$' && line[i - 1] == 'c'))
			c = MARC_US;
		*(*at)++ = c;
	}
	f->len = (uint32_t)(*at - f->ptr);
	if (!control && (f->len < 2 || !memchr(f->ptr, MARC_US, f->len)))
		f->flags = FIELD_MALFORMED;
}

static inline const struct record *fixture_record(const char *lines)
{
	uint8_t *at = fixture.bytes;

	memset(&fixture.record, 0, sizeof(fixture.record));
	memcpy(fixture.record.leader, "00000nam a2200000   4500", LEADER_LEN);
	fixture.record.field = fixture.field;
	for (const char *end; *lines; lines = *end ? end + 1 : end) {
		end = strchr(lines, '\n');
		if (!end)
			end = lines + strlen(lines);
		if (memcmp(lines, "LDR ", 4) == 0)
			memcpy(fixture.record.leader, lines + 4, LEADER_LEN);
		else
			fixture_field(lines, (size_t)(end - lines), &at);
	}
	if (utf8_has_high(span_of(fixture.bytes, (size_t)(at - fixture.bytes))))
		fixture.record.flags |= RECORD_HIGH;
	if (fixture.record.leader[9] == 'a')
		fixture.record.flags |= RECORD_UTF8;
	return &fixture.record;
}

/* All values of a path, joined by " ; ", or the message when it does not compile; static memory. */
static inline const char *fixture_values(const char *text, const struct record *r)
{
	static char out[8192];
	struct path_error err;
	struct path *p;
	struct path_walk w;
	struct match m;
	struct buf b;

	if (path_compile(span_str(text), &p, &err) != STATUS_OK) {
		strcpy(out, "! ");
		return strcat(out, err.message);
	}
	buf_init(&b, sizeof(out) - 1);
	for (path_begin(&w, p, r); path_next(&w, &m);)
		if ((b.len && buf_add_str(&b, " ; ") != STATUS_OK) || match_text(&m, &b) != STATUS_OK)
			break;
	if (b.len)
		memcpy(out, b.ptr, b.len);
	out[b.len] = '\0';
	buf_release(&b);
	path_free(p);
	return out;
}

#endif
