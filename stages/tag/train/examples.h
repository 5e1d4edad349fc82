/* examples.h -- sentences as feature numbers, by the same feature functions the tagger uses */
#ifndef TAG_TRAIN_EXAMPLES_H
#define TAG_TRAIN_EXAMPLES_H

#include "dictionary.h"
#include "learn.h"

/* Counts the features of a corpus. */
void examples_count(const struct model *lexicon, const struct corpus *corpus,
                    struct dictionary *dictionary);

/* Makes the examples of a corpus; with `fixed`, features without a number get none. */
WR_MUSTUSE wr_status examples_make(wr_arena *arena, const struct model *lexicon,
                                   const struct corpus *corpus, struct dictionary *dictionary,
                                   bool fixed, struct example **out);

#endif
