/* generate.h -- articles that look like news to a store: words and names as frequent as in text
 *
 * Article i of a seed is always the same bytes. Names follow Zipf's law, nine of ten over 100,000
 * things and the rest over five million, words over sixty thousand; a text is of about `bytes`, in
 * paragraphs of some 330 bytes. */
#ifndef WR_TEST_GENERATE_H
#define WR_TEST_GENERATE_H

#include <wireroom/page.h>

typedef struct generate {
    uint64_t seed;
    size_t bytes, mentions, quotes; /* per article */
    size_t removed;                 /* blocks removed from each page */
    unsigned per_day;               /* articles of one day; 0 = none states a date */
    bool shuffled_days;             /* days in no order, as in an archive */
} generate;

/* A page with one article (every 16th: two) in `arena`; NULL at the arena's limit. */
wr_page *generate_page(const generate *g, uint64_t i, wr_arena *arena);

#endif
