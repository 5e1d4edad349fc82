/* plain_columns.h -- a page's lines as columns of bytes, and the trees that read them */
#ifndef PLAIN_COLUMNS_H
#define PLAIN_COLUMNS_H

#include "plain_model.h"

#include <wireroom/arena.h>

enum plain_column {
#define K(name, radius, doc) COL_##name,
#include "plain_columns.def"
#undef K
    COL_COUNT
};

#define PLAIN_COUNTERS 4096
#define PLAIN_RADIUS   16 /* zero cells before and after each column */

/* The lines of a page under judgement. cell(c)[i] is column c of line i; i may run from
 * -PLAIN_RADIUS to n + PLAIN_RADIUS (zero outside). */
struct plain_page {
    struct plain_line *line;
    size_t n;
    struct plain_tokens tokens;
    uint8_t *cells;
    size_t stride;
    uint32_t *sum;      /* 3 * (n + 1) scratch sums */
    uint8_t *count;     /* 4096 counters of content words */
    int16_t *p, *q, *s; /* logits of the three models, 24ths; room for stride cells */
};

static inline uint8_t *plain_cell(const struct plain_page *page, enum plain_column c) {
    return page->cells + (size_t)c * page->stride + PLAIN_RADIUS;
}

/* Scans `n` texts (n <= 65536) into a page, all in `arena`. WR_MEMORY at its limit. */
WR_MUSTUSE wr_status plain_page_of(wr_arena *arena, const wr_str *texts, size_t n,
                                   const struct plain_lex *lex, struct plain_page *page);

/* The columns known from the lines alone; those that need page->p; those that need page->q. */
void plain_columns_first(struct plain_page *page);
void plain_columns_second(struct plain_page *page);
void plain_columns_start(struct plain_page *page);

/* logits[i] = base + sum of the leaves for all lines; logits has room for page->stride cells. */
void plain_trees_ask(const struct plain_trees *trees, const struct plain_page *page,
                     int16_t *logits);

/* A logit in 24ths as a probability in 255ths. */
uint8_t plain_probability(int logit);

/* How many lines before and after a model may look at in a column. */
int plain_radius(enum plain_column c);

#endif
