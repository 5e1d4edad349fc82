/* quote_speaker.h -- the grammar of reported speech: who stands by a quotation */
#ifndef WR_TAG_QUOTE_SPEAKER_H
#define WR_TAG_QUOTE_SPEAKER_H

#include "quote_tokens.h"

/* Why a speaker was taken, in falling order of trust. */
typedef enum quote_how {
    HOW_NONE,
    HOW_BESIDE,    /* subject and verb of speech next to the marks */
    HOW_COLON,     /* name and colon */
    HOW_CONTINUED, /* the quotation goes on from another */
    HOW_SENTENCE,  /* subject of the sentence before */
    HOW_GOVERNED,  /* words inside a clause of reported speech */
    HOW_CARRIED    /* a paragraph of its own after one whose quotation has a speaker */
} quote_how;

typedef struct quote_speaker {
    size_t from, to;     /* tokens of the speaker, [from, to) */
    size_t cue, cue_end; /* tokens of the cue; equal = none */
    quote_how how;
} quote_speaker;

/* The speaker of each quotation (one entry a span, in order). */
WR_MUSTUSE wr_status quote_speakers(wr_arena *arena, wr_str text, const quote_span *spans,
                                    size_t n_spans, const quote_token *tokens, size_t n_tokens,
                                    quote_speaker **out);

#endif
