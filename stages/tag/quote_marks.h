/* quote_marks.h -- pairs of quotation marks in a text */
#ifndef WR_TAG_QUOTE_MARKS_H
#define WR_TAG_QUOTE_MARKS_H

#include <wireroom/page.h>

/* One pair: [start, end) between the marks, [open, close) with them. */
typedef struct quote_span {
    size_t open, start, end, close;
    bool unclosed;  /* ran to the end of its paragraph */
    bool continued; /* goes on from an unclosed one in the paragraph before */
} quote_span;

/* All pairs in text order, not overlapping, none across a paragraph end (line feed). */
WR_MUSTUSE wr_status quote_spans(wr_arena *arena, wr_str text, quote_span **out, size_t *n);

#endif
