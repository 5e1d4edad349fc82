/* lines.h -- the lines of a plain text, and which of them belong together */
#ifndef CLEANUP_LINES_H
#define CLEANUP_LINES_H

#include <wireroom/arena.h>

typedef enum line_join {
    LINE_APART,
    LINE_SPACE,     /* goes on the line before, a space between */
    LINE_HYPHEN,    /* the hyphen before it stays: no space */
    LINE_NO_HYPHEN, /* the hyphen before it goes */
    LINE_ADDRESS    /* the rest of an address */
} line_join;

typedef struct line {
    wr_str text;     /* without white space at the ends; never empty */
    size_t start;    /* offset of text */
    uint32_t chars;  /* code points */
    uint32_t indent; /* columns of white space before it */
    uint32_t
        breaks; /* line ends since the line before: 1 = the next line, 2 = one blank line between */
    uint32_t mark; /* bytes of a list mark and its space at the start of text */
    line_join join;
} line;

#define LINES_MAX 200000

/* All lines with text. WR_LIMIT beyond LINES_MAX, WR_MEMORY. */
WR_MUSTUSE wr_status lines_split(wr_arena *arena, wr_str text, line **lines, size_t *n);

/* Sets `join` of each line. */
void lines_decide(wr_str text, line *lines, size_t n);

/* True when `head` is an address that stops inside its slug and `rest` goes on with it. */
bool lines_broken_address(wr_str head, wr_str rest);

/* True when the token (no white space) is an address or begins like one. */
bool lines_is_address(wr_str token);

#endif
