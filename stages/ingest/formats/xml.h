/* xml.h -- XML token by token, as tolerant as news files need
 *
 * No document model, no recursion, no entities but XML's own and numbers, nothing loaded from
 * anywhere. What is not well formed is read as far as it can be: the end of the text closes what is
 * open. Names are given without their prefix. */
#ifndef INGEST_XML_H
#define INGEST_XML_H

#include <wireroom/arena.h>

typedef enum xml_token {
    XML_END,   /* of the text */
    XML_OPEN,  /* <name attributes>; an empty element gives XML_CLOSE next */
    XML_CLOSE, /* </name> */
    XML_TEXT   /* character data or a CDATA section */
} xml_token;

typedef struct xml_reader {
    wr_str all;        /* UTF-8, borrowed */
    size_t at;         /* behind the last token */
    wr_str name;       /* of the element, case as it stands */
    wr_str attributes; /* of XML_OPEN, as they stand */
    wr_str text;       /* of XML_TEXT, as it stands */
    bool cdata;        /* the text has no references */
    bool empty;        /* the element was closed at once */
    size_t start;      /* of the token */
} xml_reader;

void xml_open(xml_reader *r, wr_str text);
xml_token xml_next(xml_reader *r);

/* True when the element just found has that name. */
bool xml_is(const xml_reader *r, const char *name);

/* The value of an attribute, references decoded, empty when there is none. A name with a colon has
 * to match as a whole, one without matches any prefix. */
WR_MUSTUSE wr_status xml_attribute(wr_arena *arena, const xml_reader *r, const char *name,
                                   wr_str *out);

/* Character data with XML's references decoded; HTML's names stay as they are. */
WR_MUSTUSE wr_status xml_decode(wr_arena *arena, wr_str raw, wr_str *out);

/* After XML_OPEN: all character data of the element with its white space made single spaces; goes
 * behind its end. */
WR_MUSTUSE wr_status xml_text(wr_arena *arena, xml_reader *r, wr_str *out);

/* After XML_OPEN: the source of what is inside the element; goes behind its end. */
wr_str xml_inner(xml_reader *r);

/* The bytes as UTF-8, by their mark, the XML declaration, or what they look like. */
WR_MUSTUSE wr_status xml_utf8(wr_arena *arena, wr_str bytes, wr_str *out);

/* Markup being written, in an arena. */
typedef struct xml_out {
    wr_arena *arena;
    char *ptr;
    size_t len, cap, limit; /* bytes; more than `limit` is WR_LIMIT */
    wr_status status;       /* of the first failure */
} xml_out;

void xml_put(xml_out *out, wr_str markup);
void xml_put_text(xml_out *out, wr_str text); /* with &, < and " as references */
/* The token just found, as it stands: references stay, CDATA gets them. */
void xml_put_token(xml_out *out, const xml_reader *r);

#endif
