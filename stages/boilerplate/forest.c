/* forest.c -- boosted trees of fixed depth over rows of 16-bit features
 *
 * LANES rows go through a tree together. Their features stand as columns, so that a node is one
 * comparison of vectors; all nodes of a tree are compared, and the leaves chosen from the bottom up
 * by masks. No load depends on another. */
#include "forest.h"

#include <string.h>

enum { LANES = 32, WIDTH = 16, HALF = 8, COLUMNS = 256 };

typedef int16_t lane16 __attribute__((vector_size(WIDTH * 2)));
typedef int32_t lane32 __attribute__((vector_size(WIDTH * 4)));
typedef int16_t half __attribute__((vector_size(HALF * 2)));

/* Rows as columns: feature f of lane k. */
struct columns {
    int16_t at[COLUMNS][LANES] __attribute__((aligned(64)));
};

/* Vectors stay inside the function that uses them: always inlined, and never passed by value. */
#define INLINE static inline __attribute__((always_inline))

INLINE void load_half(half *to, const int16_t *from) {
    memcpy(to, from, sizeof *to);
}

#define LOW(a, b)  __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)

/* Eight features of eight rows. */
INLINE void turn(const int16_t *const *row, size_t f, struct columns *c, size_t lane) {
    half a[HALF], b[HALF];
    for (int k = 0; k < HALF; k++)
        load_half(&a[k], row[k] + f);
    for (int round = 0; round < 3; round++) {
        for (int k = 0; k < HALF / 2; k++) {
            b[2 * k] = LOW(a[k], a[k + HALF / 2]);
            b[2 * k + 1] = HIGH(a[k], a[k + HALF / 2]);
        }
        for (int k = 0; k < HALF; k++)
            a[k] = b[k];
    }
    for (int k = 0; k < HALF; k++)
        memcpy(&c->at[f + (size_t)k][lane], &a[k], sizeof a[k]);
}

/* Fills all lanes; rows beyond the last of the list repeat it. */
INLINE void fill(const struct forest *forest, const int16_t *rows, const uint16_t *list, size_t n,
                 struct columns *c) {
    size_t features = forest->n_features;
    for (size_t lane = 0; lane < LANES; lane += HALF) {
        const int16_t *row[HALF];
        for (size_t k = 0; k < HALF; k++)
            row[k] = rows + list[lane + k < n ? lane + k : n - 1] * features;
        if (features < HALF) {
            for (size_t k = 0; k < HALF; k++)
                for (size_t f = 0; f < features; f++)
                    c->at[f][lane + k] = row[k][f];
            continue;
        }
        for (size_t f = 0; f + HALF <= features; f += HALF)
            turn(row, f, c, lane);
        turn(row, features - HALF, c, lane);
    }
}

/* One number of each lane. Two vectors, so that a cut or leaf is spread out once for both. */
struct lanes {
    lane16 half[2];
};
_Static_assert(LANES == 2 * WIDTH, "two vectors");

/* All ones where the lane's feature is greater than the cut of node i: the right branch. */
INLINE void right_of(const struct forest_tree *tree, const int16_t *x, int i, struct lanes *out) {
    const lane16 *column = (const lane16 *)(const void *)(x + tree->feature[i] * LANES);
    lane16 cut = tree->cut[i] - (lane16){0};
    out->half[0] = column[0] > cut;
    out->half[1] = column[1] > cut;
}

INLINE void choose(const struct lanes *right, const lane16 *a, const lane16 *b, lane16 *out) {
    out[0] = a[0] ^ (right->half[0] & (a[0] ^ b[0]));
    out[1] = a[1] ^ (right->half[1] & (a[1] ^ b[1]));
}

/* Lowest node i, the leaves under it. */
INLINE void choose_leaf(const struct forest_tree *tree, const int16_t *x, int i,
                        struct lanes *out) {
    struct lanes right;
    const int16_t *leaf = &tree->leaf[2 * i + 1 - FOREST_NODES];
    right_of(tree, x, i, &right);
    lane16 a = leaf[0] - (lane16){0}, change = (int16_t)(leaf[0] ^ leaf[1]) - (lane16){0};
    out->half[0] = a ^ (right.half[0] & change);
    out->half[1] = a ^ (right.half[1] & change);
}

#define LEVEL(name, below)                                                                         \
    INLINE void name(const struct forest_tree *tree, const int16_t *x, int i, struct lanes *out) { \
        struct lanes left, other, right;                                                           \
        below(tree, x, 2 * i + 1, &left);                                                          \
        below(tree, x, 2 * i + 2, &other);                                                         \
        right_of(tree, x, i, &right);                                                              \
        choose(&right, left.half, other.half, out->half);                                          \
    }
LEVEL(choose_two, choose_leaf)
LEVEL(choose_three, choose_two)
LEVEL(choose_four, choose_three)
LEVEL(choose_root, choose_four)
_Static_assert(FOREST_DEPTH == 5, "one LEVEL for each");

/* Adds trees [from, to) for all lanes. */
INLINE void add_trees(const struct forest *forest, size_t from, size_t to, const struct columns *c,
                      int32_t *sum) {
    lane32 total[2];
    memset(total, 0, sizeof total);
    for (size_t t = from; t < to; t++) {
        struct lanes leaf;
        choose_root(&forest->trees[t], c->at[0], 0, &leaf);
        total[0] += __builtin_convertvector(leaf.half[0], lane32);
        total[1] += __builtin_convertvector(leaf.half[1], lane32);
    }
    memcpy(sum, total, sizeof total);
}

/* Trees [from, to) over the rows whose numbers stand in `list`. */
INLINE void walk_list(const struct forest *forest, size_t from, size_t to, const int16_t *rows,
                      const uint16_t *list, size_t n, int32_t *score) {
    struct columns c;
    for (size_t at = 0; at < n; at += LANES) {
        int32_t sum[LANES];
        fill(forest, rows, list + at, n - at, &c);
        add_trees(forest, from, to, &c, sum);
        for (size_t k = 0; k < LANES && at + k < n; k++)
            score[list[at + k]] += sum[k];
    }
}

typedef void walk(const struct forest *forest, size_t from, size_t to, const int16_t *rows,
                  const uint16_t *list, size_t n, int32_t *score);

static void walk_any(const struct forest *forest, size_t from, size_t to, const int16_t *rows,
                     const uint16_t *list, size_t n, int32_t *score) {
    walk_list(forest, from, to, rows, list, n, score);
}

#if defined(__x86_64__)
/* The same numbers from wider registers. */
__attribute__((target("avx2"))) static void walk_avx2(const struct forest *forest, size_t from,
                                                      size_t to, const int16_t *rows,
                                                      const uint16_t *list, size_t n,
                                                      int32_t *score) {
    walk_list(forest, from, to, rows, list, n, score);
}
#endif

static walk *walk_here(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) return walk_avx2;
#endif
    return walk_any;
}

void forest_score(const struct forest *forest, const int16_t *rows, size_t n, int32_t *score) {
    enum { CHUNK = 512 };
    uint16_t list[CHUNK];
    walk *walk_rows = walk_here();
    for (size_t from = 0; from < n; from += CHUNK) {
        size_t size = n - from < CHUNK ? n - from : CHUNK, left = 0;
        const int16_t *x = rows + from * forest->n_features;
        for (size_t i = 0; i < size; i++) {
            list[i] = (uint16_t)i;
            score[from + i] = forest->base;
        }
        walk_rows(forest, 0, forest->early, x, list, size, score + from);
        for (size_t i = 0; i < size; i++)
            if (!forest->early || score[from + i] > forest->hopeless) list[left++] = (uint16_t)i;
        walk_rows(forest, forest->early, forest->n_trees, x, list, left, score + from);
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
