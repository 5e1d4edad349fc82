/* plain_scale.h -- how counts become bytes, and the runs of lines the columns are measured against
 */
#ifndef PLAIN_SCALE_H
#define PLAIN_SCALE_H

#include "plain_columns.h"

static inline uint8_t plain_byte(int v) {
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

/* 8 log2(1 + n), linear between powers of two. */
static inline uint8_t plain_log(size_t n) {
    uint32_t x = (uint32_t)(n > 0x3fffffff ? 0x3fffffff : n) + 1;
    int m = 31 - __builtin_clz(x);
    uint32_t fraction = m >= 3 ? (x >> (m - 3)) & 7 : (x << (3 - m)) & 7;
    return (uint8_t)(8 * m + (int)fraction);
}

static inline uint8_t plain_share(uint32_t part, uint32_t whole) {
    return whole ? plain_byte((int)((float)part * 255.0f / (float)whole)) : 0;
}

bool plain_is_prose(const struct plain_line *line);

/* Lines [from, to) and their words. */
struct plain_run {
    size_t from, to;
    uint32_t words;
};

/* The run of lines with the greatest sum of worth (Kadane). O(n). */
typedef long plain_worth(const struct plain_page *page, size_t i);
struct plain_run plain_best_run(const struct plain_page *page, plain_worth *worth);

/* Sets `in` (128 inside, less before, more after) and `rel` (255ths of the run) of all lines. */
void plain_place(struct plain_page *page, struct plain_run run, enum plain_column in,
                 enum plain_column rel);

/* The page's counters of content words: forget all, add a line's words (by = 1) or take them off
 * (by = -1), and how many words of a line are counted more than so often. */
void plain_clear_tokens(struct plain_page *page);
void plain_count_tokens(struct plain_page *page, size_t line, int by);
uint32_t plain_shared_tokens(const struct plain_page *page, size_t line, uint32_t more_than);

#endif
