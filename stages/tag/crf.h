/* crf.h -- the best labels of a sentence by integer scores, and how sure they are
 *
 * Linear-chain conditional random field over the labels of label.h. All sums are integers in a
 * fixed order: the same on every machine and build. */
#ifndef TAG_CRF_H
#define TAG_CRF_H

#include "features.h"

#include <wireroom/arena.h>

/* Functions that are compiled for wide vectors as well; which one runs is decided at start. All
 * sums are of integers, so the results are the same. clang 14 does not link what it makes of these.
 */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__) &&                        \
    !defined(__SANITIZE_ADDRESS__)
#define TAG_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define TAG_WIDE
#endif

/* Scores of one token: of label k + 1 at k; that of O is 0. */
struct scores {
    int16_t of[MODEL_ROW];
};

/* Room for one sentence of up to SENTENCE_TOKENS tokens. */
struct crf {
    struct scores scores[SENTENCE_TOKENS];
    int32_t forward[SENTENCE_TOKENS][LABEL_COUNT];
    int32_t backward[SENTENCE_TOKENS][LABEL_COUNT];
    uint8_t came_from[SENTENCE_TOKENS][LABEL_COUNT];
    uint8_t labels[SENTENCE_TOKENS];
};

/* Adds a feature's weights, if the model has it. */
static inline void scores_add(struct scores *s, const int8_t *weights) {
    for (int k = 0; k < MODEL_ROW; k++)
        s->of[k] = (int16_t)(s->of[k] + weights[k]);
}

/* Finds labels[0..n) from scores[0..n); n in 1..SENTENCE_TOKENS. O(n). */
void crf_decode(const struct model *model, struct crf *crf, size_t n);

/* After crf_decode: fills `backward`, which crf_margin needs. O(n). */
void crf_look_back(const struct model *model, struct crf *crf, size_t n);

/* How much the best labelling loses when some token of [from, to) has to take another label: the
 * least over the tokens, in units of the model, >= 0. */
int32_t crf_margin(const struct crf *crf, size_t n, size_t from, size_t to);

/* The model's estimate that a name of that type with that margin is right, 0-1. */
double crf_confidence(const struct model *model, enum label_type type, int32_t margin);

#endif
