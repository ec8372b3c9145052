/* reader.h: the readers that know MARC: title, author, isbns, subjects … each a row of data over one
 * walk.
 *
 * Layer marc. A reader is a name and the fields it reads (reader_table.c). reader_next gives its values
 * one after the other as text, cleaned or as stored; it allocates nothing but what the buffer grows by.
 * The record must not change during a walk. Records of other formats are not misread: a heading is no
 * author, 500 of an authority no note. */
#ifndef MRRC_MARC_READER_H
#define MRRC_MARC_READER_H

#include "base/buf.h"
#include "marc/kind.h"

enum reader_shape {
	READER_STRING, /* the first value, or none */
	READER_ARRAY,  /* all of them */
	READER_SET,    /* all of them, no repeats: the caller sees to that */
};

/* What is made of a field. The first group gives one value a field, the second one a subfield. */
enum reader_make {
	MAKE_TEXT,        /* subfields joined by a blank, punctuation of the ends trimmed */
	MAKE_SENTENCE,    /* joined by a blank, blanks of the ends trimmed */
	MAKE_NAME,        /* as text, up to the title of a name/title heading ($t) */
	MAKE_HEADING,     /* as text, with " -- " before $v $x $y $z */
	MAKE_LANGUAGE008, /* the code in 008 */
	MAKE_ENUMERATION, /* 863-865 with their captions: v.12:no.3 (2001:May) */
	MAKE_EACH,        /* as text, each subfield by itself */
	MAKE_LANGUAGE,    /* codes of languages, perhaps written without a gap: "engfre" */
	MAKE_ISBN,        /* as ISBN-13; invalid ones are left out */
	MAKE_ISSN,        /* 1234-5679; invalid ones are left out */
	MAKE_LCCN,        /* normalised by the rules of the Library of Congress */
};

struct reader_source {
	uint16_t first, last;  /* tags; of several rows that fit, the first counts */
	char ind1, ind2;       /* 0: any */
	uint8_t turn;          /* rows of turn 1 are asked when those of turn 0 gave nothing */
	uint8_t kinds;         /* enum record_kind: records in which the tags mean this */
	uint8_t make;          /* enum reader_make */
	const char *codes;     /* subfields; "^…": every letter but these, and of the digits only these */
};

struct reader {
	const char *name;
	enum reader_shape shape;
	const struct reader_source *source;
	uint8_t count; /* of source */
};

extern const struct reader readers[];
extern const size_t reader_count;

struct reader_walk {
	const struct reader *reader;
	const struct record *record;
	enum record_kind kind;
	bool raw, found;  /* found: this turn gave something */
	uint8_t turn;
	uint32_t next;    /* fields not yet looked at */
	const struct field *field;          /* at hand, NULL: none */
	const struct reader_source *source; /* of it */
	struct subfield_walk sub;           /* what is left of it, for values of single subfields */
	struct span rest;                   /* codes run together */
};
/* raw: as stored, nothing trimmed, checked or formatted. */
void reader_begin(struct reader_walk *w, const struct reader *reader, const struct record *r, bool raw);
/* The next value replaces what is in out; *more is false at the end. */
enum status reader_next(struct reader_walk *w, struct buf *out, bool *more) MUST_CHECK;

/* Year of publication: 008/07-10, else in the date of 264 or 260; -1 when there is none. scratch is
 * overwritten. */
enum status reader_year(const struct record *r, struct buf *scratch, int *year) MUST_CHECK;
/* First 1XX of an authority record, or NULL. */
const struct field *reader_heading(const struct record *r);

/* ---- reader_make.c ---- */
/* Put what the whole field says into out, which is empty; *got is false when that is nothing. */
enum status reader_make_field(const struct reader_walk *w, struct buf *out, bool *got) MUST_CHECK;
/* The same for one subfield; may leave a part of it in w->rest. */
enum status reader_make_value(struct reader_walk *w, struct span value, struct buf *out, bool *got) MUST_CHECK;
bool reader_has_code(const struct reader_source *s, uint8_t code);

#endif
