/* forest.h -- boosted trees of fixed depth over rows of 16-bit features
 *
 * A tree is a full binary tree in heap order: node i goes to 2i+1 when row[feature[i]] <= cut[i],
 * else to 2i+2. No branch depends on the data, all is integer: the same score on every machine. */
#ifndef BOILERPLATE_FOREST_H
#define BOILERPLATE_FOREST_H

#include <stddef.h>
#include <stdint.h>

#define FOREST_DEPTH  5
#define FOREST_NODES  ((1 << FOREST_DEPTH) - 1)
#define FOREST_LEAVES (1 << FOREST_DEPTH)
#define FOREST_ONE    4096 /* 1.0 of log odds in a leaf or score */

struct forest_tree {
    uint8_t feature[FOREST_NODES];
    int16_t cut[FOREST_NODES];
    int16_t leaf[FOREST_LEAVES];
};

struct forest {
    const struct forest_tree *trees;
    size_t n_trees, n_features;
    int32_t base;
    /* After `early` trees a row whose score is below `hopeless` is left as it is; 0 = never. */
    size_t early;
    int32_t hopeless;
};

/* score[i] = log odds of row i, times FOREST_ONE. Rows stand n_features apart. */
void forest_score(const struct forest *forest, const int16_t *rows, size_t n, int32_t *score);

/* The probability that belongs to a score, in 1/32768 (0-32768): a table, no libm. */
uint32_t forest_probability(int32_t score);

#endif
