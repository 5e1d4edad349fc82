/* markup.h -- tag soup as a stream of tokens: a pull tokenizer after the HTML standard,
 * section 13.2.5
 *
 * Works on borrowed bytes without copying: names, values and text are slices of the input with
 * their references still in them (entity.h decodes). It never fails: any bytes are a page. One
 * pass, O(bytes); what has no end is noted once and not searched for again. */
#ifndef CLEANUP_MARKUP_H
#define CLEANUP_MARKUP_H

#include "tags.h"

typedef enum markup_kind {
    MARKUP_EOF,
    MARKUP_TEXT,
    MARKUP_START,
    MARKUP_END,
    MARKUP_COMMENT,
    MARKUP_DOCTYPE
} markup_kind;

/* How text is read until the next end tag of `markup.last`. */
typedef enum markup_mode {
    MARKUP_DATA,
    MARKUP_RCDATA,
    MARKUP_RAWTEXT,
    MARKUP_SCRIPT,
    MARKUP_PLAINTEXT,
    MARKUP_CDATA
} markup_mode;

#define MARKUP_ATTRS_MAX 48 /* further attributes of one tag are passed over */

typedef struct markup_attr {
    wr_str name;  /* as written */
    wr_str value; /* without quotes, as written */
} markup_attr;

typedef struct markup {
    wr_str input;
    size_t at;        /* next byte to read */
    markup_mode mode; /* MARKUP_START of a raw text element sets it */
    wr_str last;      /* name of the last start tag: what ends raw text */
    bool foreign;     /* inside svg or math: CDATA sections are text, elements have no raw text */
    bool recover;     /* read on after what never ends (comment, title, quoted value), where the
                       * standard lets it take the rest of the page */

    /* The token, after markup_next. */
    markup_kind kind;
    size_t start, end; /* its range in the input */
    markup_mode read;  /* MARKUP_TEXT: how to decode it (DATA, RCDATA: references count) */
    wr_str text;       /* MARKUP_TEXT, MARKUP_COMMENT: the slice */
    wr_str name;       /* MARKUP_START, MARKUP_END: as written */
    tag_id tag;
    bool self_closing;
    size_t n_attrs;

    /* What is known not to follow any more. */
    bool no_comment_end, no_quote[2], no_script_end, no_raw_end[TAG_COUNT];

    markup_attr attrs[MARKUP_ATTRS_MAX]; /* of the token; may name one twice: the first counts */
} markup;

/* Starts at the first byte. `input` is borrowed, at most 4 GiB. */
void markup_open(markup *m, wr_str input, bool recover);

/* Reads the next token into *m; false at the end. */
bool markup_next(markup *m);

/* The value of the token's attribute with that lower case name; false when it has none. */
bool markup_attr_find(const markup *m, wr_str name, wr_str *value);

#endif
