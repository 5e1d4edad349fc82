/* cluster.c -- spherical k-means over word vectors
 *
 * usage: cluster VECTORS.json K... > clusters.tsv
 * One line a word, most frequent first: the word, then its cluster for each K. Deterministic: seeds
 * are frequent words, sums run in file order, no fused multiply-add. */
#include "file.h"
#include "vectors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define LANES      8
#define GROUP      8 /* vectors of LANES centroids worked on at once */
#define BLOCK      (LANES * GROUP)
#define ROUNDS     10
#define TRAIN_ROWS 120000

typedef float lane __attribute__((vector_size(LANES * 4)));

/* The centroid nearest to x. `blocks` holds the centroids, BLOCK by BLOCK, dimension by dimension.
 */
__attribute__((target_clones("avx2", "default"))) static uint32_t
nearest(const float *x, const lane *blocks, size_t n_blocks, uint32_t k) {
    float best = -9;
    uint32_t best_k = 0;
    for (size_t b = 0; b < n_blocks; b++) {
        const lane *c = blocks + b * VECTOR_DIMS * GROUP;
        lane a0 = {0}, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
        for (size_t d = 0; d < VECTOR_DIMS; d++, c += GROUP) {
            float v = x[d];
            a0 += c[0] * v, a1 += c[1] * v, a2 += c[2] * v, a3 += c[3] * v;
            a4 += c[4] * v, a5 += c[5] * v, a6 += c[6] * v, a7 += c[7] * v;
        }
        lane all[GROUP] = {a0, a1, a2, a3, a4, a5, a6, a7};
        const float *flat = (const float *)all;
        for (uint32_t i = 0; i < BLOCK; i++)
            if (flat[i] > best && b * BLOCK + i < k) {
                best = flat[i];
                best_k = (uint32_t)(b * BLOCK) + i;
            }
    }
    return best_k;
}

static void pack(const float *centroids, uint32_t k, float *blocks) {
    for (uint32_t i = 0; i < k; i++)
        for (size_t d = 0; d < VECTOR_DIMS; d++)
            blocks[(i / BLOCK * VECTOR_DIMS + d) * BLOCK + i % BLOCK] =
                centroids[i * VECTOR_DIMS + d];
}

/* New centroids: the weighted mean of each cluster's rows, frequent words counting more. */
static void recentre(const struct vectors *v, size_t rows, const uint32_t *of, uint32_t k,
                     double *sums, float *centroids) {
    memset(sums, 0, (size_t)k * VECTOR_DIMS * sizeof *sums);
    for (size_t i = 0; i < rows; i++) {
        double weight = 1 / pow((double)i + 10, 0.3);
        double *sum = sums + (size_t)of[i] * VECTOR_DIMS;
        for (size_t d = 0; d < VECTOR_DIMS; d++)
            sum[d] += weight * (double)v->values[i * VECTOR_DIMS + d];
    }
    for (uint32_t c = 0; c < k; c++) {
        double *sum = sums + (size_t)c * VECTOR_DIMS, square = 0;
        for (size_t d = 0; d < VECTOR_DIMS; d++)
            square += sum[d] * sum[d];
        if (square > 0)
            for (size_t d = 0; d < VECTOR_DIMS; d++)
                centroids[c * VECTOR_DIMS + d] = (float)(sum[d] / sqrt(square));
    }
}

static wr_status cluster(wr_arena *arena, const struct vectors *v, uint32_t k, uint32_t *of) {
    size_t rows = v->n < TRAIN_ROWS ? v->n : TRAIN_ROWS, n_blocks = (k + BLOCK - 1) / BLOCK;
    float *centroids = wr_arena_array(arena, (size_t)k * VECTOR_DIMS, sizeof *centroids);
    char *room = wr_arena_array(arena, n_blocks * VECTOR_DIMS * BLOCK + 16, sizeof(float));
    double *sums = wr_arena_array(arena, (size_t)k * VECTOR_DIMS, sizeof *sums);
    if (!centroids || !room || !sums) return WR_MEMORY;
    lane *blocks = (lane *)(void *)(room + (64 - (uintptr_t)room % 64) % 64);
    for (uint32_t i = 0; i < k; i++)
        memcpy(centroids + i * VECTOR_DIMS,
               v->values + (size_t)((double)i * (20000.0 / k)) * VECTOR_DIMS,
               VECTOR_DIMS * sizeof(float));
    for (int round = 0; round <= ROUNDS; round++) {
        size_t n = round == ROUNDS ? v->n : rows;
        pack(centroids, k, (float *)blocks);
        for (size_t i = 0; i < n; i++)
            of[i] = nearest(v->values + i * VECTOR_DIMS, blocks, n_blocks, k);
        if (round < ROUNDS) recentre(v, rows, of, k, sums, centroids);
        fprintf(stderr, "k %u round %d\n", k, round);
    }
    return WR_OK;
}

int main(int argc, char **argv) {
    wr_arena *arena;
    struct vectors v;
    wr_str json;
    if (argc < 3 || argc > 10) return fprintf(stderr, "usage: cluster VECTORS.json K...\n"), 100;
    if (wr_arena_new("cluster", (size_t)4 << 30, &arena) != WR_OK ||
        file_read(arena, argv[1], &json) != WR_OK || vectors_read(arena, json, &v) != WR_OK ||
        v.n < 20000)
        return fprintf(stderr, "%s: not the file of vectors expected\n", argv[1]), 100;
    uint32_t *of[8] = {NULL};
    for (int i = 2; i < argc; i++) {
        of[i - 2] = wr_arena_array(arena, v.n, sizeof *of[0]);
        int k = (int)strtol(argv[i], NULL, 10);
        if (!of[i - 2] || k < 2 || k > 20000 || cluster(arena, &v, (uint32_t)k, of[i - 2]) != WR_OK)
            return fprintf(stderr, "%s: no such number of clusters\n", argv[i]), 100;
    }
    for (size_t w = 0; w < v.n; w++) {
        printf("%.*s", (int)v.words[w].len, v.words[w].ptr);
        for (int i = 2; i < argc; i++)
            printf("\t%u", of[i - 2][w]);
        printf("\n");
    }
    wr_arena_free(&arena);
    return 0;
}
