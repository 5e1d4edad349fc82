/* scorer.h -- labels for the tokens of a sentence, with a memory for the words seen before
 *
 * The sum of all features of one word at one distance depends on that word alone, so it is kept.
 * The memory changes the speed only, never a result. One scorer serves one thread. */
#ifndef TAG_SCORER_H
#define TAG_SCORER_H

#include "crf.h"

struct scorer;

/* A scorer of about 7 MB in `arena`; the model is borrowed. WR_MEMORY at the limit. */
WR_MUSTUSE wr_status scorer_new(wr_arena *arena, const struct model *model, struct scorer **out);

/* Labels n tokens (1..SENTENCE_TOKENS): the result stands in the scorer until the next call. */
/* The scores of all labels of a sentence, n in 1..SENTENCE_TOKENS; they stand until the next call.
 */
const struct scores *scorer_score(struct scorer *scorer, const wr_str *tokens, size_t n);

/* What the last scorer_score read of each token. */
const struct token *scorer_tokens(const struct scorer *scorer);

/* The best labels by given scores; they stand until the next call. */
const uint8_t *scorer_decode(struct scorer *scorer, const struct scores *scores, size_t n);

const uint8_t *scorer_label(struct scorer *scorer, const wr_str *tokens, size_t n);

/* Probability, 0-1, that the name over tokens [from, to) of the sentence labelled last is right. */
double scorer_confidence(struct scorer *scorer, size_t from, size_t to);
/* The margin behind it, in units of the model. */
int32_t scorer_margin(struct scorer *scorer, size_t from, size_t to);

#endif
