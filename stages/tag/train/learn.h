/* learn.h -- the conditional random field in floating point: AdaGrad over sparse rows */
#ifndef TAG_TRAIN_LEARN_H
#define TAG_TRAIN_LEARN_H

#include "corpus.h"
#include "stages/tag/model.h"

struct net;
struct net_example;

#define LANES 24 /* LABEL_COUNT, rounded up to whole vectors */

/* One feature's weights and its sums of squared gradients. */
struct row {
    float weight[LABEL_COUNT + 3], square[LABEL_COUNT + 3];
};

/* Feature numbers of a sentence: token i has ids[from[i] .. from[i + 1]). */
struct example {
    const uint32_t *ids, *from;
    const struct corpus_token *tokens;
    size_t n;
    float weight;
    const struct net_example *dense; /* with a net */
};

struct learner {
    struct net *net; /* or NULL */
    struct row *rows;
    size_t n_rows;
    float transitions[LABEL_COUNT + 1][LANES], transition_squares[LABEL_COUNT + 1][LANES];
};

struct learn_options {
    unsigned epochs;
    float rate, net_rate, decay, drop,
        net_drop; /* decay: the rate falls linearly to rate * decay in the last epoch */
    uint64_t seed;
};

WR_MUSTUSE wr_status learn_new(wr_arena *arena, size_t n_rows, struct learner *out);

/* Runs over the examples; progress on standard error. Deterministic for a seed. */
WR_MUSTUSE wr_status learn(wr_arena *arena, struct learner *learner, const struct example *examples,
                           size_t n, const struct learn_options *options);

/* Probability of each label at each token of an example: out[n][LANES]. */
void learn_posteriors(const struct learner *learner, const struct example *example,
                      float (*out)[LANES]);

/* The best labels of an example. */
void learn_best(const struct learner *learner, const struct example *example, uint8_t *labels);

#endif
