/* features.h -- the features of a token as 64-bit hashes: those of one word at one distance, and
 * those of its neighbourhood; the trainer and the tagger call the same functions */
#ifndef TAG_FEATURES_H
#define TAG_FEATURES_H

#include "word.h"

#define FEATURE_REACH   3 /* words up to this far to both sides have features of their own */
#define FEATURE_OFFSETS (2 * FEATURE_REACH + 1)
#define FEATURES_WORD   24  /* most of features_of_word */
#define FEATURES_AROUND 256 /* most of features_around */
#define SENTENCE_TOKENS 512 /* longer sentences are cut */

/* What the neighbourhood's features need to know of a token. `names`: bit kind * 4 + place for each
 * name list that holds a phrase over this token. */
struct token {
    uint64_t exact, lower, brief, names;
    uint16_t cluster, flags;
};

/* A token of a word, without names. */
struct token token_of(const struct word *word);

/* Sets WORD_SHOUT on all tokens when the sentence is in capitals, and `names` from the model's
 * lists. O(n). */
void tokens_finish(const struct model *model, struct token *tokens, size_t n);

/* Features of a word that stands `offset` tokens after the one in question (-3..3). How many. */
size_t features_of_word(const struct word *word, int offset, uint64_t out[FEATURES_WORD]);

/* Features of token j of a finished sentence that depend on more than one word. How many. */
size_t features_around(const struct token *tokens, size_t n, size_t j,
                       uint64_t out[FEATURES_AROUND]);

#endif
