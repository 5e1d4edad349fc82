/* net.h -- one hidden layer over the vectors of a window of words, added to the scores of the field
 */
#ifndef TAG_TRAIN_NET_H
#define TAG_TRAIN_NET_H

#include "dictionary.h"
#include "learn.h"
#include "stages/tag/features.h"
#include "vectors.h"

#ifndef NET_HIDDEN
#define NET_HIDDEN 64
#endif
#define NET_REACH  2
#define NET_WINDOW (2 * NET_REACH + 1)
#define NET_INPUTS (NET_WINDOW * VECTOR_DIMS)

/* Inputs of a sentence: for each token the number of its vector (UINT32_MAX = none), and the
 * numbers of some sparse features that have a vector of NET_HIDDEN of their own. */
struct net_example {
    const uint32_t *vectors;
    const uint32_t *ids, *from;
};

struct net;

WR_MUSTUSE wr_status net_new(wr_arena *arena, const struct vectors *vectors, size_t n_sparse,
                             uint64_t seed, struct net **out);

/* Adds the net's scores to scores[n][LANES]. With `random`, units are dropped. */
void net_forward(struct net *net, const struct net_example *e, size_t n, float (*scores)[LANES],
                 float drop, uint64_t *random);
/* After net_forward: takes the gradient of the scores and applies it. */
void net_backward(struct net *net, const struct net_example *e, size_t n,
                  const float (*gradient)[LANES], float rate);

/* Sparse inputs of token j as hashes; how many. */
#define NET_FEATURES 200
size_t net_features(const struct word *words, const struct token *tokens, size_t n, size_t j,
                    uint64_t out[NET_FEATURES]);

#endif
