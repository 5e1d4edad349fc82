/* forest.c -- boosted trees of fixed depth over rows of 16-bit features */
#include "forest.h"

enum { LANES = 8 };

/* One tree over eight rows at once: eight independent chains of loads hide each other's latency. */
static void walk_lanes(const struct forest_tree *tree, const int16_t *const *rows, int32_t *score) {
    uint32_t node[LANES] = {0};
    for (int level = 0; level < FOREST_DEPTH; level++)
        for (int k = 0; k < LANES; k++) {
            uint32_t i = node[k];
            node[k] = 2 * i + 1 + (rows[k][tree->feature[i]] > tree->cut[i]);
        }
    for (int k = 0; k < LANES; k++)
        score[k] += tree->leaf[node[k] - FOREST_NODES];
}

/* Trees [from, to) over the rows whose numbers stand in `list`, eight at a time. */
static void walk_list(const struct forest *forest, size_t from, size_t to, const int16_t *rows,
                      const uint16_t *list, size_t n, int32_t *score) {
    for (size_t at = 0; at < n; at += LANES) {
        const int16_t *lane[LANES];
        int32_t sum[LANES] = {0};
        for (size_t k = 0; k < LANES; k++)
            lane[k] = rows + list[at + k < n ? at + k : n - 1] * forest->n_features;
        for (size_t t = from; t < to; t++)
            walk_lanes(&forest->trees[t], lane, sum);
        for (size_t k = 0; k < LANES && at + k < n; k++)
            score[list[at + k]] += sum[k];
    }
}

void forest_score(const struct forest *forest, const int16_t *rows, size_t n, int32_t *score) {
    enum { CHUNK = 512 };
    uint16_t list[CHUNK];
    for (size_t from = 0; from < n; from += CHUNK) {
        size_t size = n - from < CHUNK ? n - from : CHUNK, left = 0;
        const int16_t *x = rows + from * forest->n_features;
        for (size_t i = 0; i < size; i++) {
            list[i] = (uint16_t)i;
            score[from + i] = forest->base;
        }
        walk_list(forest, 0, forest->early, x, list, size, score + from);
        for (size_t i = 0; i < size; i++)
            if (!forest->early || score[from + i] > forest->hopeless) list[left++] = (uint16_t)i;
        walk_list(forest, forest->early, forest->n_trees, x, list, left, score + from);
    }
}

/* 32768 / (1 + exp(-i / 4)) for i = 0..44. */
static const uint16_t logistic[45] = {
    16384, 18421, 20397, 22255, 23955, 25471, 26790, 27917, 28862, 29644, 30282, 30799,
    31214, 31545, 31807, 32015, 32179, 32307, 32408, 32487, 32549, 32597, 32635, 32664,
    32687, 32705, 32719, 32730, 32738, 32745, 32750, 32754, 32757, 32759, 32761, 32763,
    32764, 32765, 32766, 32766, 32767, 32767, 32767, 32767, 32767};

uint32_t forest_probability(int32_t score) {
    int32_t size = score < 0 ? -score : score;
    int32_t at = size / (FOREST_ONE / 4), part = size % (FOREST_ONE / 4);
    uint32_t p = at >= 44 ? 32768
                          : (uint32_t)(logistic[at] +
                                       (logistic[at + 1] - logistic[at]) * part / (FOREST_ONE / 4));
    return score < 0 ? 32768 - p : p;
}
