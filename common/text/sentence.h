/* sentence.h -- the sentences of a paragraph (English rules; other languages by stops alone)
 *
 *     wr_sentences it = wr_sentences_of(paragraph);
 *     for (wr_span s; wr_sentences_next(&it, &s);) ...
 */
#ifndef WR_TEXT_SENTENCE_H
#define WR_TEXT_SENTENCE_H

#include "common/text/utf8.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct wr_sentences {
    wr_str text;
    size_t at;
} wr_sentences;

/* Over one paragraph: valid UTF-8, cleaned. Two line feeds in a row always end a sentence. */
wr_sentences wr_sentences_of(wr_str paragraph);

/* The next sentence: never empty, without white space at its ends; together the sentences hold
 * every byte that is not white space, in order. False at the end. Fixed memory. */
bool wr_sentences_next(wr_sentences *it, wr_span *out);

#ifdef __cplusplus
}
#endif
#endif
