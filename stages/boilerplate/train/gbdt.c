/* gbdt.c -- gradient boosting on histograms of binned features, level by level */
#include "gbdt.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BINS = 96 };

struct cell {
    float g, h;
};

struct node {
    size_t from, to; /* its rows in `order` */
    struct cell *hist;
    double g, h;
};

struct trainer {
    const struct gbdt_data *data;
    const struct gbdt_options *options;
    uint8_t *bins;         /* n x n_features, row by row */
    int16_t (*edge)[BINS]; /* per feature: bin b holds values <= edge[b] (and above edge[b-1]) */
    size_t *n_edges;
    struct cell *grad; /* per row */
    int32_t *score;
    uint32_t *order, *spare;
    size_t *cols, n_cols;
    struct cell *pool; /* two levels of histograms */
    double *gain;
    uint64_t random;
};

static uint64_t next_random(struct trainer *t) {
    t->random ^= t->random << 13;
    t->random ^= t->random >> 7;
    t->random ^= t->random << 17;
    return t->random;
}

static double next_share(struct trainer *t) {
    return (double)(next_random(t) >> 11) / 9007199254740992.0;
}

/* Edges at equal numbers of rows; a value never falls apart over two bins. */
static void find_edges(struct trainer *t, size_t feature) {
    static size_t count[65536];
    memset(count, 0, sizeof count);
    const struct gbdt_data *d = t->data;
    size_t used = 0;
    for (size_t i = 0; i < d->n; i++)
        if (d->w[i] > 0) count[d->x[i * d->n_features + feature] + 32768]++, used++;
    size_t in_bin = 0, edges = 0, left = used;
    for (size_t v = 0; v < 65536 && edges + 1 < BINS; v++) {
        if (!count[v]) continue;
        in_bin += count[v];
        if (in_bin * (BINS - edges) < left) continue;
        t->edge[feature][edges++] = (int16_t)((int)v - 32768);
        left -= in_bin;
        in_bin = 0;
    }
    t->n_edges[feature] = edges;
}

static uint8_t bin_of(const struct trainer *t, size_t feature, int16_t v) {
    size_t lo = 0, hi = t->n_edges[feature];
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (v <= t->edge[feature][mid]) hi = mid;
        else lo = mid + 1;
    }
    return (uint8_t)lo;
}

static void bin_all(struct trainer *t) {
    const struct gbdt_data *d = t->data;
    for (size_t f = 0; f < d->n_features; f++)
        find_edges(t, f);
    for (size_t i = 0; i < d->n; i++)
        for (size_t f = 0; f < d->n_features; f++)
            t->bins[i * d->n_features + f] = bin_of(t, f, d->x[i * d->n_features + f]);
}

static void sample_cols(struct trainer *t) {
    t->n_cols = 0;
    for (size_t f = 0; f < t->data->n_features; f++)
        if (t->n_edges[f] > 0 && next_share(t) < t->options->cols) t->cols[t->n_cols++] = f;
}

static size_t sample_rows(struct trainer *t) {
    size_t n = 0;
    for (size_t i = 0; i < t->data->n; i++)
        if (t->data->w[i] > 0 && next_share(t) < t->options->rows) t->order[n++] = (uint32_t)i;
    return n;
}

static void gradients(struct trainer *t) {
    for (size_t i = 0; i < t->data->n; i++) {
        double p = 1 / (1 + exp(-(double)t->score[i] / FOREST_ONE));
        double w = t->data->w[i];
        t->grad[i].g = (float)(w * (p - t->data->y[i]));
        t->grad[i].h = (float)(w * fmax(p * (1 - p), 1e-6));
    }
}

static void build_hist(struct trainer *t, struct node *node) {
    size_t width = t->data->n_features;
    memset(node->hist, 0, width * BINS * sizeof *node->hist);
    for (size_t k = node->from; k < node->to; k++) {
        const uint8_t *row = t->bins + (size_t)t->order[k] * width;
        struct cell grad = t->grad[t->order[k]];
        for (size_t c = 0; c < t->n_cols; c++) {
            struct cell *cell = &node->hist[t->cols[c] * BINS + row[t->cols[c]]];
            cell->g += grad.g;
            cell->h += grad.h;
        }
    }
}

static void subtract_hist(struct trainer *t, const struct node *parent, const struct node *child,
                          struct node *other) {
    for (size_t c = 0; c < t->n_cols; c++)
        for (size_t b = 0; b < BINS; b++) {
            size_t i = t->cols[c] * BINS + b;
            other->hist[i].g = parent->hist[i].g - child->hist[i].g;
            other->hist[i].h = parent->hist[i].h - child->hist[i].h;
        }
}

struct split {
    double gain, g, h; /* g, h: sums of the left side */
    size_t feature, bin;
};

static struct split best_split(struct trainer *t, const struct node *node) {
    struct split best = {.gain = 1e-6};
    double lambda = t->options->lambda, floor = t->options->min_weight;
    double whole = node->g * node->g / (node->h + lambda);
    for (size_t c = 0; c < t->n_cols; c++) {
        size_t f = t->cols[c];
        double g = 0, h = 0;
        for (size_t b = 0; b < t->n_edges[f]; b++) {
            g += node->hist[f * BINS + b].g;
            h += node->hist[f * BINS + b].h;
            double rg = node->g - g, rh = node->h - h;
            if (h < floor || rh < floor) continue;
            double gain = g * g / (h + lambda) + rg * rg / (rh + lambda) - whole;
            if (gain > best.gain) best = (struct split){gain, g, h, f, b};
        }
    }
    return best;
}

static size_t partition(struct trainer *t, const struct node *node, const struct split *split) {
    size_t left = node->from, n_right = 0, width = t->data->n_features;
    for (size_t k = node->from; k < node->to; k++) {
        uint32_t row = t->order[k];
        if (t->bins[row * width + split->feature] <= split->bin) t->order[left++] = row;
        else t->spare[n_right++] = row;
    }
    memcpy(t->order + left, t->spare, n_right * sizeof *t->order);
    return left;
}

static int16_t leaf_value(const struct trainer *t, const struct node *node) {
    double v = -node->g / (node->h + t->options->lambda) * t->options->rate * FOREST_ONE;
    return (int16_t)lrint(fmax(-32000, fmin(32000, v)));
}

/* Splits one node into its children of the next level; a node that is not worth it sends all rows
 * left and both children keep its value. */
static void grow_node(struct trainer *t, struct forest_tree *tree, size_t i, struct node *node,
                      struct node *left, struct node *right, bool last) {
    struct split split = {0};
    if (node->to > node->from) split = best_split(t, node);
    tree->feature[i] = (uint8_t)split.feature;
    if (split.gain <= 1e-6) {
        tree->feature[i] = 0;
        tree->cut[i] = INT16_MAX;
        *right = (struct node){node->to, node->to, right->hist, node->g, node->h};
        *left = (struct node){node->from, node->to, left->hist, node->g, node->h};
        if (!last) memcpy(left->hist, node->hist, t->data->n_features * BINS * sizeof(struct cell));
        return;
    }
    tree->cut[i] = t->edge[split.feature][split.bin];
    t->gain[split.feature] += split.gain;
    size_t mid = partition(t, node, &split);
    *left = (struct node){node->from, mid, left->hist, split.g, split.h};
    *right = (struct node){mid, node->to, right->hist, node->g - split.g, node->h - split.h};
    if (last) return;
    struct node *small = mid - node->from < node->to - mid ? left : right;
    build_hist(t, small);
    subtract_hist(t, node, small, small == left ? right : left);
}

static void grow_tree(struct trainer *t, struct forest_tree *tree) {
    struct node nodes[2 * FOREST_LEAVES];
    size_t size = t->data->n_features * BINS;
    memset(nodes, 0, sizeof nodes);
    for (size_t i = 0; i < FOREST_NODES; i++)
        nodes[i].hist = t->pool + i * size;
    nodes[0].to = sample_rows(t);
    sample_cols(t);
    for (size_t k = 0; k < nodes[0].to; k++) {
        nodes[0].g += t->grad[t->order[k]].g;
        nodes[0].h += t->grad[t->order[k]].h;
    }
    build_hist(t, &nodes[0]);
    for (size_t i = 0; i < FOREST_NODES; i++)
        grow_node(t, tree, i, &nodes[i], &nodes[2 * i + 1], &nodes[2 * i + 2],
                  2 * i + 1 >= FOREST_NODES);
    for (size_t i = 0; i < FOREST_LEAVES; i++)
        tree->leaf[i] = leaf_value(t, &nodes[FOREST_NODES + i]);
}

static void update_scores(struct trainer *t, const struct forest_tree *tree) {
    struct forest one = {.trees = tree, .n_trees = 1, .n_features = t->data->n_features};
    int32_t *step = malloc(t->data->n * sizeof *step);
    if (!step) abort();
    forest_score(&one, t->data->x, t->data->n, step);
    for (size_t i = 0; i < t->data->n; i++)
        t->score[i] += step[i];
    free(step);
}

static int32_t base_score(const struct gbdt_data *d) {
    double sum = 0, pos = 0;
    for (size_t i = 0; i < d->n; i++)
        sum += d->w[i], pos += (double)d->w[i] * d->y[i];
    double p = sum > 0 ? fmin(.999, fmax(.001, pos / sum)) : .5;
    return (int32_t)lrint(log(p / (1 - p)) * FOREST_ONE);
}

static bool take(struct trainer *t) {
    size_t n = t->data->n, f = t->data->n_features;
    t->bins = malloc(n * f);
    t->edge = malloc(f * sizeof *t->edge);
    t->n_edges = calloc(f, sizeof *t->n_edges);
    t->grad = malloc(n * sizeof *t->grad);
    t->score = malloc(n * sizeof *t->score);
    t->order = malloc(n * sizeof *t->order);
    t->spare = malloc(n * sizeof *t->spare);
    t->cols = malloc(f * sizeof *t->cols);
    t->gain = calloc(f, sizeof *t->gain);
    t->pool = malloc(f * BINS * FOREST_NODES * sizeof *t->pool);
    return t->bins && t->edge && t->n_edges && t->grad && t->score && t->order && t->spare &&
           t->cols && t->gain && t->pool;
}

static void give_back(struct trainer *t) {
    void *all[] = {t->bins,  t->edge,  t->n_edges, t->grad, t->score,
                   t->order, t->spare, t->cols,    t->gain, t->pool};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
}

bool gbdt_train(const struct gbdt_data *data, const struct gbdt_options *options,
                struct forest *forest, double *gain) {
    struct trainer t = {.data = data, .options = options, .random = options->seed * 2 + 1};
    struct forest_tree *trees = calloc(options->trees, sizeof *trees);
    if (!trees || !take(&t)) return free(trees), give_back(&t), false;
    for (int i = 0; i < 16; i++)
        next_random(&t);
    bin_all(&t);
    *forest = (struct forest){.trees = trees,
                              .n_trees = options->trees,
                              .n_features = data->n_features,
                              .base = base_score(data)};
    for (size_t i = 0; i < data->n; i++)
        t.score[i] = forest->base;
    for (size_t k = 0; k < options->trees; k++) {
        gradients(&t);
        grow_tree(&t, &trees[k]);
        update_scores(&t, &trees[k]);
    }
    double sum = 0;
    for (size_t f = 0; f < data->n_features; f++)
        sum += t.gain[f];
    for (size_t f = 0; gain && f < data->n_features; f++)
        gain[f] = sum > 0 ? t.gain[f] / sum : 0;
    give_back(&t);
    return true;
}

void gbdt_free(struct forest *forest) {
    free((void *)(uintptr_t)forest->trees);
    forest->trees = NULL;
}
