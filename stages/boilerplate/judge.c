/* judge.c -- which blocks belong to the article: two forests and the best expected F measure */
#include "judge.h"
#include "stack.h"

#include <math.h>

enum { BUCKETS = 512, BUCKET = 32768 / BUCKETS };

/* Words, and words times p, of the blocks of one band of probability. */
struct bucket {
    double words, weight;
};

static uint32_t bucket_of(uint32_t p) {
    return p / BUCKET < BUCKETS ? p / BUCKET : BUCKETS - 1;
}

wr_status judge_decide(wr_arena *arena, double dial, struct judgement *out) {
    out->quality = 0;
    const struct features *f = &out->features;
    struct bucket *buckets = wr_arena_array(arena, BUCKETS, sizeof *buckets);
    out->keep = wr_arena_array(arena, f->n + 1, sizeof *out->keep);
    if (!buckets || !out->keep) return WR_MEMORY;
    double wanted = 0;
    for (size_t i = 0; i < f->n; i++) {
        struct bucket *bucket = &buckets[bucket_of(out->p[i])];
        bucket->words += f->words[i];
        bucket->weight += (double)f->words[i] * out->p[i] / 32768;
        wanted += (double)f->words[i] * out->p[i] / 32768;
    }
    double beta2 = exp2((dial - 0.5) * 8), weight = 0, words = 0, best = 0;
    uint32_t cut = BUCKETS;
    for (uint32_t k = BUCKETS; k-- > 0;) {
        weight += buckets[k].weight;
        words += buckets[k].words;
        double value = words > 0 ? (1 + beta2) * weight / (words + beta2 * wanted) : 0;
        if (value <= best) continue;
        best = value;
        cut = k;
        out->quality = 2 * weight / (words + wanted);
    }
    for (size_t i = 0; i < f->n; i++)
        out->keep[i] = f->words[i] && bucket_of(out->p[i]) >= cut;
    return WR_OK;
}

/* Nothing passes: the block that is most of an article, so that no page comes out empty. */
static void keep_best(struct judgement *out) {
    const struct features *f = &out->features;
    double best = 0;
    size_t at = f->n;
    for (size_t i = 0; i < f->n; i++) {
        if (out->keep[i]) return;
        double value = (out->p[i] + 1.0) * sqrt((double)f->words[i]);
        if (f->words[i] && value > best) best = value, at = i;
    }
    if (at < f->n) out->keep[at] = true;
}

static void probabilities(const int32_t *score, size_t n, uint32_t *p) {
    for (size_t i = 0; i < n; i++)
        p[i] = forest_probability(score[i]);
}

wr_status judge_page(wr_arena *arena, const struct judge_model *model, double dial,
                     const wr_page *page, const struct facts *facts, struct judgement *out) {
    WR_TRY(features_measure(arena, page, facts, &out->features));
    size_t n = out->features.n;
    int32_t *score = wr_arena_array(arena, n + 1, sizeof *score);
    out->p = wr_arena_array(arena, n + 1, sizeof *out->p);
    if (!score || !out->p) return WR_MEMORY;
    forest_score(&model->first, out->features.rows, n, score);
    probabilities(score, n, out->p);
    if (model->second.n_trees) {
        int16_t *rows;
        WR_TRY(stack_fill(arena, &out->features, out->p, &rows));
        forest_score(&model->second, rows, n, score);
        probabilities(score, n, out->p);
    }
    WR_TRY(judge_decide(arena, dial, out));
    keep_best(out);
    return WR_OK;
}
