/* learn.c -- forward-backward with scaling, once free and once held to the allowed labels; the
 * gradient is the difference of the two expectations */
#include "learn.h"

#include "net.h"
#include "stages/tag/features.h"

#include <math.h>
#include <stdio.h>

#define EPSILON 1e-3f /* start of the squared sums */
#define RIDGE   1e-5f
#define SMALL   1e-3f /* gradients below this on all labels are not applied */

struct lattice {
    float score[SENTENCE_TOKENS][LANES];  /* of labels */
    float factor[SENTENCE_TOKENS][LANES]; /* exp(score - best) */
    float alpha[SENTENCE_TOKENS][LANES], beta[SENTENCE_TOKENS][LANES];
    float node[SENTENCE_TOKENS][LANES]; /* probabilities */
};

/* exp(transitions), 0 where a label may not follow; the last row is the start. */
struct edges {
    float of[LABEL_COUNT + 1][LANES], turned[LABEL_COUNT][LANES];
};

static void edges_of(const struct learner *l, struct edges *e) {
    memset(e, 0, sizeof *e);
    for (int a = 0; a <= LABEL_COUNT; a++)
        for (int b = 0; b < LABEL_COUNT; b++)
            if (label_follows(a == LABEL_COUNT ? LABEL_OUT : a, b)) {
                e->of[a][b] = expf(l->transitions[a][b]);
                if (a < LABEL_COUNT) e->turned[b][a] = e->of[a][b];
            }
}

wr_status learn_new(wr_arena *arena, size_t n_rows, struct learner *out) {
    memset(out, 0, sizeof *out);
    out->rows = wr_arena_array(arena, n_rows, sizeof *out->rows);
    out->n_rows = n_rows;
    if (!out->rows) return WR_MEMORY;
    for (size_t i = 0; i < n_rows; i++)
        for (int b = 0; b < LABEL_COUNT + 3; b++)
            out->rows[i].square[b] = EPSILON;
    for (int a = 0; a <= LABEL_COUNT; a++)
        for (int b = 0; b < LANES; b++)
            out->transition_squares[a][b] = EPSILON;
    return WR_OK;
}

/* Scores of all labels; `random` switches the drop-out of the net on. */
static void scores_of(const struct learner *l, const struct example *s, const uint32_t *ids,
                      const uint32_t *from, float net_drop, uint64_t *random, struct lattice *x) {
    size_t n = s->n;
    for (size_t i = 0; i < n; i++) {
        float sum[LABEL_COUNT + 3] = {0};
        for (uint32_t q = from[i]; q < from[i + 1]; q++) {
            if (q + 8 < from[n]) __builtin_prefetch(&l->rows[ids[q + 8]]);
            const float *w = l->rows[ids[q]].weight;
            for (int b = 0; b < LABEL_COUNT + 3; b++)
                sum[b] += w[b];
        }
        memcpy(x->score[i], sum, sizeof sum);
    }
    if (l->net) net_forward(l->net, s->dense, n, x->score, net_drop, random);
    for (size_t i = 0; i < n; i++) {
        float best = x->score[i][0];
        for (int b = 1; b < LABEL_COUNT; b++)
            best = fmaxf(best, x->score[i][b]);
        for (int b = 0; b < LABEL_COUNT; b++)
            x->score[i][b] = fmaxf(x->score[i][b] - best, -60);
    }
}

static float scale(float *v) {
    float z = 0;
    for (int b = 0; b < LABEL_COUNT; b++)
        z += v[b];
    if (!(z > 1e-35f)) return 0;
    float r = 1 / z;
    for (int b = 0; b < LANES; b++)
        v[b] *= r;
    return z;
}

/* Fills factor, alpha, beta and node; false when no path has a probability that counts. */
__attribute__((target_clones("avx2", "default"))) static bool
sweep(const struct edges *e, const struct corpus_token *held, size_t n, struct lattice *x) {
    for (size_t i = 0; i < n; i++) {
        memset(x->factor[i], 0, sizeof x->factor[i]);
        for (int b = 0; b < LABEL_COUNT; b++)
            if (!held || held[i].allowed >> b & 1) x->factor[i][b] = expf(x->score[i][b]);
    }
    for (int b = 0; b < LABEL_COUNT; b++)
        if (label_open(b)) x->factor[n - 1][b] = 0;
    for (size_t i = 0; i < n; i++) {
        float now[LANES] = {0};
        for (int a = i ? 0 : LABEL_COUNT; a < (i ? LABEL_COUNT : LABEL_COUNT + 1); a++) {
            float before = i ? x->alpha[i - 1][a] : 1;
            if (before == 0) continue;
            for (int b = 0; b < LANES; b++)
                now[b] += before * e->of[a][b];
        }
        for (int b = 0; b < LANES; b++)
            x->alpha[i][b] = now[b] * x->factor[i][b];
        if (scale(x->alpha[i]) == 0) return false;
    }
    for (int b = 0; b < LANES; b++)
        x->beta[n - 1][b] = 1;
    for (size_t i = n - 1; i-- > 0;) {
        float now[LANES] = {0};
        for (int b = 0; b < LABEL_COUNT; b++) {
            float after = x->factor[i + 1][b] * x->beta[i + 1][b];
            if (after == 0) continue;
            for (int a = 0; a < LANES; a++)
                now[a] += after * e->turned[b][a];
        }
        memcpy(x->beta[i], now, sizeof now);
        if (scale(x->beta[i]) == 0) return false;
    }
    for (size_t i = 0; i < n; i++) {
        for (int b = 0; b < LANES; b++)
            x->node[i][b] = x->alpha[i][b] * x->beta[i][b];
        if (scale(x->node[i]) == 0) return false;
    }
    return true;
}

/* Adds `sign` times the expected transitions to `sum`. */
__attribute__((target_clones("avx2", "default"))) static void expect_edges(const struct edges *e,
                                                                           const struct lattice *x,
                                                                           size_t n, float sign,
                                                                           float (*sum)[LANES]) {
    for (int b = 0; b < LANES; b++)
        sum[LABEL_COUNT][b] += sign * x->node[0][b];
    for (size_t i = 1; i < n; i++) {
        float after[LANES], part[LABEL_COUNT][LANES], total = 0;
        for (int b = 0; b < LANES; b++)
            after[b] = x->factor[i][b] * x->beta[i][b];
        for (int a = 0; a < LABEL_COUNT; a++) {
            float row = 0;
            if (x->alpha[i - 1][a] > 1e-6f) {
                for (int b = 0; b < LANES; b++)
                    part[a][b] = x->alpha[i - 1][a] * e->of[a][b] * after[b];
                for (int b = 0; b < LABEL_COUNT; b++)
                    row += part[a][b];
            } else memset(part[a], 0, sizeof part[a]);
            total += row;
        }
        float r = sign / fmaxf(total, 1e-35f);
        for (int a = 0; a < LABEL_COUNT; a++)
            for (int b = 0; b < LANES; b++)
                sum[a][b] += part[a][b] * r;
    }
}

static inline uint64_t next_random(uint64_t *state) {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545F4914F6CDD1Du;
}

struct work {
    struct lattice x;
    float held[SENTENCE_TOKENS][LANES]; /* node probabilities under the allowed labels */
    float gradient[SENTENCE_TOKENS][LANES];
    uint32_t *ids, from[SENTENCE_TOKENS + 1];
    size_t cap;
};

/* Keeps each feature with probability 1 - drop. */
static void drop_features(const struct example *s, float drop, uint64_t *random, struct work *w) {
    uint32_t n = 0, limit = (uint32_t)(drop * 65536);
    uint64_t bits = 0;
    unsigned left = 0;
    for (size_t i = 0; i < s->n; i++) {
        w->from[i] = n;
        for (uint32_t q = s->from[i]; q < s->from[i + 1]; q++) {
            if (!left) bits = next_random(random), left = 4;
            w->ids[n] = s->ids[q];
            n += (bits & 0xffff) >= limit;
            bits >>= 16, left--;
        }
    }
    w->from[s->n] = n;
}

__attribute__((target_clones("avx2", "default"))) static void
update_row(struct row *row, const float *gradient, float rate) {
    for (int b = 0; b < LABEL_COUNT + 3; b++) {
        float g = gradient[b] + RIDGE * row->weight[b];
        row->square[b] += g * g;
        row->weight[b] -= rate * g / sqrtf(row->square[b]);
    }
}

static void update(struct learner *l, const struct example *s, struct work *w, float rate,
                   float net_rate, float (*edge_sum)[LANES]) {
    for (size_t i = 0; i < s->n; i++) {
        float *gradient = w->gradient[i], most = 0;
        for (int b = 0; b < LANES; b++)
            gradient[b] = b < LABEL_COUNT ? s->weight * (w->x.node[i][b] - w->held[i][b]) : 0;
        for (int b = 0; b < LABEL_COUNT; b++)
            most = fmaxf(most, fabsf(gradient[b]));
        if (most < SMALL) continue;
        for (uint32_t q = w->from[i]; q < w->from[i + 1]; q++) {
            if (q + 4 < w->from[s->n]) {
                const char *ahead = (const char *)&l->rows[w->ids[q + 4]];
                __builtin_prefetch(ahead), __builtin_prefetch(ahead + 64);
                __builtin_prefetch(ahead + 128);
            }
            update_row(&l->rows[w->ids[q]], gradient, rate);
        }
    }
    if (l->net) net_backward(l->net, s->dense, s->n, (const float(*)[LANES])w->gradient, net_rate);
    for (int a = 0; a <= LABEL_COUNT; a++)
        for (int b = 0; b < LABEL_COUNT; b++) {
            float g = s->weight * edge_sum[a][b];
            if (g == 0) continue;
            l->transition_squares[a][b] += g * g;
            l->transitions[a][b] -= rate * g / sqrtf(l->transition_squares[a][b]);
        }
}

/* One step on one sentence; false when its numbers ran out of range and nothing was changed. */
static bool learn_one(struct learner *l, const struct example *s, const struct edges *e, float rate,
                      const struct learn_options *o, uint64_t *random, struct work *w) {
    float edge_sum[LABEL_COUNT + 1][LANES] = {{0}};
    scores_of(l, s, w->ids, w->from, o->net_drop, random, &w->x);
    if (!sweep(e, s->tokens, s->n, &w->x)) return false;
    memcpy(w->held, w->x.node, s->n * sizeof *w->held);
    expect_edges(e, &w->x, s->n, -1, edge_sum);
    if (!sweep(e, NULL, s->n, &w->x)) return false;
    expect_edges(e, &w->x, s->n, 1, edge_sum);
    update(l, s, w, rate, rate / o->rate * o->net_rate, edge_sum);
    return true;
}

wr_status learn(wr_arena *arena, struct learner *l, const struct example *examples, size_t n,
                const struct learn_options *o) {
    uint64_t random = o->seed * 0x9E3779B97F4A7C15u + 88172645463325252u;
    uint32_t most = 0;
    for (size_t i = 0; i < n; i++)
        if (examples[i].from[examples[i].n] > most) most = examples[i].from[examples[i].n];
    uint32_t *order = wr_arena_array(arena, n, sizeof *order);
    struct work *w = wr_arena_take(arena, sizeof *w);
    struct edges *e = wr_arena_take(arena, sizeof *e);
    if (!order || !w || !e) return WR_MEMORY;
    w->ids = wr_arena_array(arena, most + 1, sizeof *w->ids);
    if (!w->ids) return WR_MEMORY;
    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    for (unsigned epoch = 0; epoch < o->epochs; epoch++) {
        float part = o->epochs > 1 ? (float)epoch / (float)(o->epochs - 1) : 0;
        float rate = o->rate * (1 + (o->decay - 1) * part);
        size_t lost = 0;
        for (size_t i = n; i-- > 1;) {
            size_t k = next_random(&random) % (i + 1);
            uint32_t t = order[i];
            order[i] = order[k], order[k] = t;
        }
        for (size_t i = 0; i < n; i++) {
            const struct example *s = &examples[order[i]];
            if (i % 4 == 0) edges_of(l, e);
            drop_features(s, o->drop, &random, w);
            if (!learn_one(l, s, e, rate, o, &random, w)) lost++;
        }
        fprintf(stderr, "epoch %u of %u, %zu of %zu sentences out of range\n", epoch + 1, o->epochs,
                lost, n);
    }
    return WR_OK;
}

void learn_posteriors(const struct learner *l, const struct example *s, float (*out)[LANES]) {
    static struct lattice x;
    static struct edges e;
    edges_of(l, &e);
    scores_of(l, s, s->ids, s->from, 0, NULL, &x);
    bool good = sweep(&e, NULL, s->n, &x);
    for (size_t i = 0; i < s->n; i++)
        for (int b = 0; b < LANES; b++)
            out[i][b] = good ? x.node[i][b] : b == 0;
}

void learn_best(const struct learner *l, const struct example *s, uint8_t *labels) {
    static struct lattice x;
    static uint8_t came[SENTENCE_TOKENS][LABEL_COUNT];
    const float never = -1e30f;
    scores_of(l, s, s->ids, s->from, 0, NULL, &x);
    for (size_t i = 0; i < s->n; i++)
        for (int b = 0; b < LABEL_COUNT; b++) {
            float best = never;
            for (int a = i ? 0 : LABEL_COUNT; a < LABEL_COUNT + (i == 0); a++) {
                if (!label_follows(a == LABEL_COUNT ? LABEL_OUT : a, b)) continue;
                float v = (i ? x.alpha[i - 1][a] : 0) + l->transitions[a][b];
                if (v > best) best = v, came[i][b] = (uint8_t)a;
            }
            x.alpha[i][b] = best + x.score[i][b];
        }
    int best = LABEL_OUT;
    for (int b = 1; b < LABEL_COUNT; b++)
        if (!label_open(b) && x.alpha[s->n - 1][b] > x.alpha[s->n - 1][best]) best = b;
    for (size_t i = s->n; i-- > 0;) {
        labels[i] = (uint8_t)best;
        best = came[i][best];
    }
}
