/* quote_tokens.h -- text around quotations as tokens: each quotation is one token */
#ifndef WR_TAG_QUOTE_TOKENS_H
#define WR_TAG_QUOTE_TOKENS_H

#include "quote_marks.h"

typedef enum quote_class {
    QW_WORD, /* any other word, small or a number */
    QW_NAME, /* any other word with a capital */
    QW_ACCORDING,
    QW_AUX,
    QW_CONJ,
    QW_DET,
    QW_LINK,
    QW_PREP,
    QW_PRONOUN,
    QW_REL,
    QW_SAY,
    QW_SAYING,
    QW_TIME,
    QW_COMMA,
    QW_COLON,
    QW_DASH,
    QW_OPEN,
    QW_CLOSE, /* ( ) [ ] */
    QW_STOP,  /* . ! ? ; */
    QW_BREAK, /* end of paragraph */
    QW_QUOTE, /* value: index of the span */
    QW_OTHER
} quote_class;

typedef struct quote_token {
    size_t start, end;
    quote_class cls;
    bool capital;
    bool possessive; /* ends in 's */
    size_t quote;
} quote_token;

WR_MUSTUSE wr_status quote_tokens(wr_arena *arena, wr_str text, const quote_span *spans,
                                  size_t n_spans, quote_token **out, size_t *n);

/* The words of `text` [from, to) in number, for telling fragments from speech. */
size_t quote_count_words(wr_str text, size_t from, size_t to);

#endif
