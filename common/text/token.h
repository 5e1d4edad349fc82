/* token.h -- the words of a sentence, as English treebanks (UD) cut them
 *
 * "Mr. Smith's U.S.-based firm didn't pay $3.5m." gives
 *  Mr. | Smith | 's | U.S. | - | based | firm | did | n't | pay | $ | 3.5m | .
 * Hyphens between letters are tokens of their own; abbreviations keep their stop; a clitic ('s,
 * n't, 're) is a token; web addresses and e-mail addresses are one token. */
#ifndef WR_TEXT_TOKEN_H
#define WR_TEXT_TOKEN_H

#include "common/text/utf8.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum wr_token_kind {
    WR_TOKEN_WORD,   /* letters, with inner stops or apostrophes */
    WR_TOKEN_NUMBER, /* begins with a digit, or a decimal mark and a digit */
    WR_TOKEN_PUNCT,  /* one mark, or a run of the same (... -- !!) */
    WR_TOKEN_SYMBOL, /* currency, mathematics, emoji */
    WR_TOKEN_ADDRESS /* web or e-mail address, @name, #tag */
} wr_token_kind;

typedef struct wr_token {
    size_t start, end; /* bytes in the text given */
    wr_token_kind kind;
    bool space_before; /* white space (or the start) stands before it */
} wr_token;

typedef struct wr_tokens {
    wr_str text;
    size_t at;    /* where the search goes on */
    size_t limit; /* end of the sentence */
} wr_tokens;

/* Over bytes [sentence.start, sentence.end) of `text`, valid UTF-8, a sentence of wr_sentences_next
 * (a stop at its end is a token of its own unless it belongs to "U.S." and the like). */
wr_tokens wr_tokens_of(wr_str text, wr_span sentence);

/* The next token; tokens never overlap and hold every byte that is not white space. */
bool wr_tokens_next(wr_tokens *it, wr_token *out);

#ifdef __cplusplus
}
#endif
#endif
