/* sentence_list.h -- list numbers, rules and emoticons: where sentences end without a stop */
#ifndef WR_TEXT_SENTENCE_LIST_H
#define WR_TEXT_SENTENCE_LIST_H

#include "common/text/utf8.h"

/* The mark of a list item a sentence begins with: bullet, number or letter, ending. */
typedef struct wr_list {
    bool found;
    wr_str bullet; /* with the white space after it */
    wr_str ending; /* ")", "." or ".)" */
    unsigned value;
    size_t end;   /* past the mark */
    bool letters; /* a, b, c in place of 1, 2, 3 */
} wr_list;

/* The list mark at `start`. */
wr_list wr_list_open(wr_str s, size_t start);

/* Where the next item's mark (the same form, its value one higher) begins, or s.len. */
size_t wr_list_next(const wr_list *list, wr_str s, size_t start);

/* True when an emoticon stands at i, followed by white space or the end. */
bool wr_list_emoticon(wr_str s, size_t i);
/* True when an emoticon that begins after `start` ends with the byte at i. */
bool wr_list_emoticon_end(wr_str s, size_t start, size_t i);

/* The end of a rule (three or more of the same mark, alone between white space) at i, or 0. */
size_t wr_list_rule(wr_str s, size_t start, size_t i);

#endif
