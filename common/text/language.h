/* language.h -- which language a text is in */
#ifndef WR_TEXT_LANGUAGE_H
#define WR_TEXT_LANGUAGE_H

#include "common/text/utf8.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct wr_language {
    wr_str tag;        /* BCP 47 ("en", "zh"), empty when nothing was found; static */
    double confidence; /* 0-1 */
} wr_language;

/* Of `text` (valid UTF-8, cleaned: stray controls mislead). Looks at up to 16 KiB, O(len). Never
 * judge a title alone: give title, lead and body. */
wr_language wr_language_of(wr_str text);

/* The features of text[from..] for the classifier, at most `most` (hashes written to `out`, the
 * number returned); *next = where to go on (text.len = all done). For training as well. */
size_t wr_language_features(wr_str text, size_t from, uint32_t *out, size_t most, size_t *next);

#ifdef __cplusplus
}
#endif
#endif
