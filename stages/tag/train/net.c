/* net.c -- forward, backward and AdaGrad for one hidden layer of rectified units */
#include "net.h"

#include "stages/tag/hash.h"

#include <math.h>

#define EPSILON 1e-3f

struct matrix {
    float *value, *square;
    size_t rows, columns;
};

struct net {
    const struct vectors *vectors;
    struct matrix input, sparse,
        output; /* NET_INPUTS and n_sparse x NET_HIDDEN, NET_HIDDEN x LANES */
    float *input_gradient;
    float hidden[SENTENCE_TOKENS][NET_HIDDEN];
    float mask[NET_HIDDEN];
};

static inline uint64_t next_random(uint64_t *state) {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545F4914F6CDD1Du;
}

static wr_status matrix_new(wr_arena *arena, size_t rows, size_t columns, float size,
                            uint64_t *random, struct matrix *out) {
    *out = (struct matrix){wr_arena_array(arena, rows * columns, sizeof(float)),
                           wr_arena_array(arena, rows * columns, sizeof(float)), rows, columns};
    if (!out->value || !out->square) return WR_MEMORY;
    for (size_t i = 0; i < rows * columns; i++) {
        float sum = 0; /* nearly normal */
        for (int k = 0; k < 4; k++)
            sum += (float)(next_random(random) >> 40) / (float)(1 << 24) - .5f;
        out->value[i] = sum * 1.73f * size;
        out->square[i] = EPSILON;
    }
    return WR_OK;
}

wr_status net_new(wr_arena *arena, const struct vectors *vectors, size_t n_sparse, uint64_t seed,
                  struct net **out) {
    uint64_t random = seed * 77777 + 12345;
    struct net *net = wr_arena_take(arena, sizeof *net);
    if (!net) return WR_MEMORY;
    net->vectors = vectors;
    WR_TRY(matrix_new(arena, NET_INPUTS, NET_HIDDEN, .15f, &random, &net->input));
    WR_TRY(matrix_new(arena, n_sparse + 1, NET_HIDDEN, .05f, &random, &net->sparse));
    WR_TRY(matrix_new(arena, NET_HIDDEN, LANES, .05f, &random, &net->output));
    net->input_gradient = wr_arena_array(arena, NET_INPUTS * NET_HIDDEN, sizeof(float));
    *out = net;
    return net->input_gradient ? WR_OK : WR_MEMORY;
}

__attribute__((target_clones("avx2", "default"))) static void
add_scaled(float *to, const float *from, float by) {
    for (int h = 0; h < NET_HIDDEN; h++)
        to[h] += from[h] * by;
}

static const float *vector_of(const struct net *net, const struct net_example *e, size_t n,
                              ptrdiff_t at) {
    if (at < 0 || (size_t)at >= n || e->vectors[at] == UINT32_MAX) return NULL;
    return net->vectors->values + (size_t)e->vectors[at] * VECTOR_DIMS;
}

__attribute__((target_clones("avx2", "default"))) static void
window_sum(const float *x, const float *weights, float *sum) {
    for (int d = 0; d < VECTOR_DIMS; d++)
        for (int h = 0; h < NET_HIDDEN; h++)
            sum[h] += weights[d * NET_HIDDEN + h] * x[d];
}

void net_forward(struct net *net, const struct net_example *e, size_t n, float (*scores)[LANES],
                 float drop, uint64_t *random) {
    for (int h = 0; h < NET_HIDDEN; h++)
        net->mask[h] = !random ? 1
                       : (float)(next_random(random) >> 40) / (float)(1 << 24) < drop
                           ? 0
                           : 1 / (1 - drop);
    for (size_t i = 0; i < n; i++) {
        float *sum = net->hidden[i];
        memset(sum, 0, sizeof net->hidden[i]);
        for (int o = 0; o < NET_WINDOW; o++) {
            const float *x = vector_of(net, e, n, (ptrdiff_t)i + o - NET_REACH);
            if (x) window_sum(x, net->input.value + o * VECTOR_DIMS * NET_HIDDEN, sum);
        }
        for (uint32_t q = e->from[i]; q < e->from[i + 1]; q++)
            add_scaled(sum, net->sparse.value + (size_t)e->ids[q] * NET_HIDDEN, 1);
        for (int h = 0; h < NET_HIDDEN; h++) {
            sum[h] = sum[h] > 0 ? sum[h] * net->mask[h] : 0;
            if (sum[h] == 0) continue;
            for (int b = 0; b < LANES; b++)
                scores[i][b] += sum[h] * net->output.value[h * LANES + b];
        }
    }
}

__attribute__((target_clones("avx2", "default"))) static void
adagrad(float *value, float *square, const float *gradient, size_t n, float rate) {
    for (size_t i = 0; i < n; i++) {
        float g = gradient[i];
        square[i] += g * g;
        value[i] -= rate * g / sqrtf(square[i]);
    }
}

void net_backward(struct net *net, const struct net_example *e, size_t n,
                  const float (*gradient)[LANES], float rate) {
    static float output[NET_HIDDEN * LANES];
    memset(output, 0, sizeof output);
    memset(net->input_gradient, 0, NET_INPUTS * NET_HIDDEN * sizeof(float));
    for (size_t i = 0; i < n; i++) {
        float back[NET_HIDDEN], most = 0;
        for (int b = 0; b < LABEL_COUNT; b++)
            most = fmaxf(most, fabsf(gradient[i][b]));
        if (most < 1e-3f) continue;
        for (int h = 0; h < NET_HIDDEN; h++) {
            back[h] = 0;
            if (net->hidden[i][h] <= 0) continue;
            for (int b = 0; b < LABEL_COUNT; b++) {
                back[h] += gradient[i][b] * net->output.value[h * LANES + b];
                output[h * LANES + b] += gradient[i][b] * net->hidden[i][h];
            }
            back[h] *= net->mask[h];
        }
        for (int o = 0; o < NET_WINDOW; o++) {
            const float *x = vector_of(net, e, n, (ptrdiff_t)i + o - NET_REACH);
            for (int d = 0; x && d < VECTOR_DIMS; d++)
                add_scaled(net->input_gradient + (o * VECTOR_DIMS + d) * NET_HIDDEN, back, x[d]);
        }
        for (uint32_t q = e->from[i]; q < e->from[i + 1]; q++)
            adagrad(net->sparse.value + (size_t)e->ids[q] * NET_HIDDEN,
                    net->sparse.square + (size_t)e->ids[q] * NET_HIDDEN, back, NET_HIDDEN, rate);
    }
    adagrad(net->output.value, net->output.square, output, NET_HIDDEN * LANES, rate);
    adagrad(net->input.value, net->input.square, net->input_gradient, NET_INPUTS * NET_HIDDEN,
            rate);
}

static uint64_t input(uint32_t kind, uint64_t value) {
    return hash_pair(value, kind * 0xC2B2AE35u + 5);
}

size_t net_features(const struct word *words, const struct token *tokens, size_t n_tokens, size_t j,
                    uint64_t out[NET_FEATURES]) {
    size_t n = 0;
    out[n++] = input(1, 1);
    for (int o = -NET_REACH; o <= NET_REACH; o++) {
        ptrdiff_t at = (ptrdiff_t)j + o;
        bool inside = at >= 0 && (size_t)at < n_tokens;
        const struct word *w = inside ? &words[at] : &word_none;
        uint32_t kind = (uint32_t)(o + NET_REACH) * 16 + 16;
        out[n++] = input(kind, w->brief);
        if (!inside) continue;
        out[n++] = input(kind + 1, tokens[at].flags);
        for (uint64_t names = tokens[at].names; names; names &= names - 1)
            out[n++] = input(kind + 2, (uint64_t)__builtin_ctzll(names));
        if (!w->cluster[0]) out[n++] = input(kind + 3, w->brief);
        if (o < -1 || o > 1) continue;
        out[n++] = input(kind + 4, w->suffix[2]);
        out[n++] = input(kind + 5, w->prefix[2]);
        out[n++] = input(kind + 6, w->suffix[1]);
        out[n++] = input(kind + 7, w->lower);
    }
    return n;
}
