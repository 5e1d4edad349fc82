/* features_text.h -- the numbers that come from a block's own text, in one walk over it */
#ifndef BOILERPLATE_FEATURES_TEXT_H
#define BOILERPLATE_FEATURES_TEXT_H

#include <wireroom/page.h>

/* Hashes of all words of the page, block after block. */
struct text_words {
    uint64_t *hash;
    size_t n, cap;
};

struct text_facts {
    size_t from, to;  /* its words in text_words */
    size_t mass;      /* words, a dense character counting half */
    uint64_t hash;    /* of all its words */
    uint32_t classes; /* union of its words' classes */
};

/* Fills the text features of `row` (features.h) and *facts; appends the block's words. */
WR_MUSTUSE wr_status features_text(wr_arena *arena, const wr_block *block, struct text_words *words,
                                   int16_t *row, struct text_facts *facts);

/* x clipped to what a row can hold. */
int16_t features_clip(int64_t x);

#endif
