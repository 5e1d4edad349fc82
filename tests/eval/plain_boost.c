/* plain_boost.c -- gradient boosting of small oblivious trees over byte features
 *
 * Second-order boosting with histograms (as XGBoost and CatBoost do): a tree asks the same question
 * at all nodes of a level, the one that gains most over all of them together. */
#include "plain_boost.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define BINS 48

static uint64_t next(uint64_t *s) { /* splitmix64 */
    uint64_t z = (*s += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static float uniform(uint64_t *s) {
    return (float)(next(s) >> 40) / 16777216.0f;
}

/* Borders of a feature: at most BINS - 1 values, spread over the rows. */
static size_t borders_of(const uint8_t *v, size_t n, uint8_t *border) {
    size_t count[256] = {0}, distinct = 0;
    for (size_t r = 0; r < n; r++)
        count[v[r]]++;
    for (int b = 0; b < 256; b++)
        distinct += count[b] > 0;
    size_t n_border = 0, seen = 0, quota = 0;
    for (int b = 0; b < 255 && n_border < BINS - 1; b++) {
        if (!count[b]) continue;
        seen += count[b];
        quota += count[b];
        bool every = distinct <= BINS;
        if (seen == n) break;
        if (every || quota * (BINS - 1) >= n || (n_border < 8 && quota * 400 >= n)) {
            border[n_border++] = (uint8_t)b;
            quota = 0;
        }
    }
    return n_border;
}

struct fit {
    const struct boost_rows *rows;
    uint8_t *bin; /* like rows->value */
    uint8_t (*border)[BINS];
    size_t *n_border;
    float *score, *slope;
    float *g, *h; /* of the sampled rows */
    uint32_t *pick;
    uint8_t *node;
    size_t n_pick;
};

static float gain_of(const float *hist, size_t nodes, size_t bins, float lambda, size_t *best) {
    float total_best = 0;
    float gl[PLAIN_LEAVES] = {0}, hl[PLAIN_LEAVES] = {0}, gt[PLAIN_LEAVES], ht[PLAIN_LEAVES];
    float base = 0;
    for (size_t k = 0; k < nodes; k++) {
        gt[k] = ht[k] = 0;
        for (size_t b = 0; b < bins; b++) {
            gt[k] += hist[(k * BINS + b) * 2];
            ht[k] += hist[(k * BINS + b) * 2 + 1];
        }
        base += gt[k] * gt[k] / (ht[k] + lambda);
    }
    for (size_t b = 0; b + 1 < bins; b++) {
        float gain = -base;
        for (size_t k = 0; k < nodes; k++) {
            gl[k] += hist[(k * BINS + b) * 2];
            hl[k] += hist[(k * BINS + b) * 2 + 1];
            float gr = gt[k] - gl[k], hr = ht[k] - hl[k];
            gain += gl[k] * gl[k] / (hl[k] + lambda) + gr * gr / (hr + lambda);
        }
        if (gain > total_best) total_best = gain, *best = b;
    }
    return total_best;
}

static void level(struct fit *f, const uint8_t *use, size_t nodes, float lambda, size_t *feature,
                  size_t *border) {
    float best = 0;
    static float hist[PLAIN_LEAVES * BINS * 2];
    *feature = SIZE_MAX;
    for (size_t c = 0; c < f->rows->n_features; c++) {
        if (!use[c] || !f->n_border[c]) continue;
        memset(hist, 0, nodes * BINS * 2 * sizeof *hist);
        const uint8_t *bin = f->bin + c * f->rows->n;
        for (size_t k = 0; k < f->n_pick; k++) {
            float *cell = hist + ((size_t)f->node[k] * BINS + bin[f->pick[k]]) * 2;
            cell[0] += f->g[k];
            cell[1] += f->h[k];
        }
        size_t at = 0;
        float gain = gain_of(hist, nodes, f->n_border[c] + 1, lambda, &at);
        if (gain > best) best = gain, *feature = c, *border = at;
    }
}

static void grow(struct fit *f, const struct boost_options *o, uint64_t *seed,
                 struct plain_tree *tree) {
    size_t n = f->rows->n;
    f->n_pick = 0;
    double all = 1e-9;
    for (size_t r = 0; r < n; r++) {
        float p = 1 / (1 + expf(-f->score[r] / PLAIN_SCALE));
        f->slope[r] = f->rows->weight[r] * ((float)f->rows->label[r] - p);
        all += fabsf(f->slope[r]);
    }
    float even = 0.25f * o->rows, steep = (float)(0.75 * o->rows * (double)n / all);
    for (size_t r = 0; r < n; r++) { /* rows that are badly fitted are seen more often */
        float chance = even + steep * fabsf(f->slope[r]);
        if (chance < 1 && uniform(seed) >= chance) continue;
        if (chance > 1) chance = 1;
        float w = f->rows->weight[r] / chance;
        float p = (float)f->rows->label[r] - f->slope[r] / f->rows->weight[r];
        f->g[f->n_pick] = f->slope[r] / chance;
        f->h[f->n_pick] = w * p * (1 - p);
        f->node[f->n_pick] = 0;
        f->pick[f->n_pick++] = (uint32_t)r;
    }
    uint8_t use[1024];
    for (size_t c = 0; c < f->rows->n_features; c++)
        use[c] = uniform(seed) < o->features;
    size_t feature[PLAIN_DEPTH], border[PLAIN_DEPTH];
    for (int d = 0; d < PLAIN_DEPTH; d++) {
        level(f, use, (size_t)1 << d, o->lambda, &feature[d], &border[d]);
        if (feature[d] == SIZE_MAX) feature[d] = 0, border[d] = 0;
        const uint8_t *bin = f->bin + feature[d] * n;
        for (size_t k = 0; k < f->n_pick; k++)
            f->node[k] = (uint8_t)(f->node[k] | ((bin[f->pick[k]] > border[d]) << d));
        tree->ask[d] = f->rows->feature[feature[d]];
        tree->ask[d].border = f->n_border[feature[d]] ? f->border[feature[d]][border[d]] : 255;
    }
    double g[PLAIN_LEAVES] = {0}, h[PLAIN_LEAVES] = {0};
    for (size_t k = 0; k < f->n_pick; k++) {
        g[f->node[k]] += f->g[k];
        h[f->node[k]] += f->h[k];
    }
    for (int k = 0; k < PLAIN_LEAVES; k++) {
        double v = o->rate * g[k] / (h[k] + o->lambda) * PLAIN_SCALE;
        tree->leaf[k] = (int8_t)lrint(v > 120 ? 120 : v < -120 ? -120 : v);
    }
    for (size_t r = 0; r < n; r++) {
        unsigned leaf = 0;
        for (int d = 0; d < PLAIN_DEPTH; d++)
            leaf |= (unsigned)(f->bin[feature[d] * n + r] > border[d]) << d;
        f->score[r] += tree->leaf[leaf];
    }
}

void boost_fit(const struct boost_rows *rows, const struct boost_options *o,
               struct plain_trees *out) {
    size_t n = rows->n, m = rows->n_features;
    struct fit f = {.rows = rows};
    f.bin = malloc(n * m);
    f.border = calloc(m, sizeof *f.border);
    f.n_border = calloc(m, sizeof *f.n_border);
    f.score = malloc(n * sizeof *f.score);
    f.slope = malloc(n * sizeof *f.slope);
    f.g = malloc(n * sizeof *f.g);
    f.h = malloc(n * sizeof *f.h);
    f.pick = malloc(n * sizeof *f.pick);
    f.node = malloc(n);
    struct plain_tree *trees = calloc((size_t)o->trees, sizeof *trees);
    if (!f.bin || !f.border || !f.n_border || !f.score || !f.slope || !f.g || !f.h || !f.pick ||
        !f.node || !trees) {
        fprintf(stderr, "out of memory\n");
        exit(111);
    }
    for (size_t c = 0; c < m; c++) {
        const uint8_t *v = rows->value + c * n;
        f.n_border[c] = borders_of(v, n, f.border[c]);
        uint8_t map[256];
        size_t b = 0;
        for (int x = 0; x < 256; x++) {
            while (b < f.n_border[c] && x > f.border[c][b])
                b++;
            map[x] = (uint8_t)b;
        }
        for (size_t r = 0; r < n; r++)
            f.bin[c * n + r] = map[v[r]];
    }
    double pos = 1e-6, all = 2e-6;
    for (size_t r = 0; r < n; r++) {
        all += rows->weight[r];
        if (rows->label[r]) pos += rows->weight[r];
    }
    out->base = (int32_t)lrint(log(pos / (all - pos)) * PLAIN_SCALE);
    for (size_t r = 0; r < n; r++)
        f.score[r] = (float)out->base;
    uint64_t seed = o->seed;
    for (int t = 0; t < o->trees; t++)
        grow(&f, o, &seed, &trees[t]);
    out->tree = trees;
    out->n = (uint32_t)o->trees;
    free(f.bin), free(f.border), free(f.n_border), free(f.score);
    free(f.slope), free(f.g), free(f.h), free(f.pick), free(f.node);
}
