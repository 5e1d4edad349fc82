/* examples.h -- sentences as feature numbers, by the same feature functions the tagger uses */
#ifndef TAG_TRAIN_EXAMPLES_H
#define TAG_TRAIN_EXAMPLES_H

#include "dictionary.h"
#include "learn.h"
#include "net.h"

/* What the net needs to know; NULL = no net. */
struct dense_inputs {
    const struct vectors *vectors;
    struct dictionary words;  /* hash of a word to the number of its vector */
    struct dictionary sparse; /* inputs of net_features */
};

WR_MUSTUSE wr_status dense_new(wr_arena *arena, const struct vectors *vectors,
                               struct dense_inputs *out);

/* Counts the features of a corpus. */
void examples_count(const struct model *lexicon, const struct corpus *corpus,
                    struct dictionary *dictionary, struct dense_inputs *dense);

/* Makes the examples of a corpus; with `fixed`, features without a number get none. */
WR_MUSTUSE wr_status examples_make(wr_arena *arena, const struct model *lexicon,
                                   const struct corpus *corpus, struct dictionary *dictionary,
                                   bool fixed, struct dense_inputs *dense, struct example **out);

#endif
