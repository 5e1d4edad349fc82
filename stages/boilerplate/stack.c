/* stack.c -- rows for the second forest: the first one's opinion of the page around a block */
#include "stack.h"
#include "features_text.h"

enum { REACH = 4, HALF = 5000, ONE = 10000 };

const char *stack_name(size_t i) {
    static const char *const names[] = {
#define Y(name, doc) #name,
#include "stack.def"
#undef Y
    };
    if (i < FEATURE_COUNT) return features_name(i);
    return i < STACK_COUNT ? names[i - FEATURE_COUNT] : "";
}

/* p of all blocks, and running sums of words and of p times words. */
struct opinion {
    const struct features *features;
    int16_t *rows;
    size_t n;
    int64_t *p, *words, *weight; /* words, weight: sums of the blocks before i, n + 1 of them */
};

static int16_t *row_at(const struct opinion *o, size_t i) {
    return o->rows + i * STACK_COUNT;
}

/* Mean p over blocks [from, to). */
static int16_t mean(const struct opinion *o, size_t from, size_t to) {
    int64_t words = o->words[to] - o->words[from];
    return words ? features_clip((o->weight[to] - o->weight[from]) / words) : -1;
}

static wr_status opinion_open(wr_arena *arena, const struct features *features, const uint32_t *p,
                              struct opinion *o) {
    *o = (struct opinion){.features = features, .n = features->n};
    o->rows = wr_arena_array(arena, o->n + 1, STACK_COUNT * sizeof *o->rows);
    o->p = wr_arena_array(arena, o->n + 1, sizeof *o->p);
    o->words = wr_arena_array(arena, o->n + 1, sizeof *o->words);
    o->weight = wr_arena_array(arena, o->n + 1, sizeof *o->weight);
    if (!o->rows || !o->p || !o->words || !o->weight) return WR_MEMORY;
    for (size_t i = 0; i < o->n; i++) {
        int64_t words = features->words[i] ? features->words[i] : 1;
        o->p[i] = (int64_t)p[i] * ONE / 32768;
        o->words[i + 1] = o->words[i] + words;
        o->weight[i + 1] = o->weight[i] + words * o->p[i];
        memcpy(row_at(o, i), features->rows + i * FEATURE_COUNT, FEATURE_COUNT * sizeof *o->rows);
    }
    return WR_OK;
}

static void fill_near(const struct opinion *o) {
    int64_t all = o->weight[o->n];
    for (size_t i = 0; i < o->n; i++) {
        int16_t *row = row_at(o, i);
        row[STACK_p] = (int16_t)o->p[i];
        for (size_t d = 1; d <= REACH; d++) {
            row[STACK_p_prev1 + d - 1] = (int16_t)(i >= d ? o->p[i - d] : -1);
            row[STACK_p_next1 + d - 1] = (int16_t)(i + d < o->n ? o->p[i + d] : -1);
        }
        row[STACK_weight_before] = features_clip(all ? o->weight[i] * 1000 / all : 0);
        row[STACK_weight_left] = features_clip((all - o->weight[i + 1]) / ONE);
        row[STACK_weight_page] = features_clip(all / ONE);
        size_t from5 = i > 5 ? i - 5 : 0, from12 = i > 12 ? i - 12 : 0;
        size_t to5 = i + 6 < o->n ? i + 6 : o->n, to12 = i + 13 < o->n ? i + 13 : o->n;
        row[STACK_mean_before5] = mean(o, from5, i);
        row[STACK_mean_after5] = mean(o, i + 1, to5);
        row[STACK_mean_before12] = mean(o, from12, i);
        row[STACK_mean_after12] = mean(o, i + 1, to12);
        row[STACK_sum_around5] = features_clip((o->weight[to5] - o->weight[from5]) / ONE);
        row[STACK_sum_around12] = features_clip((o->weight[to12] - o->weight[from12]) / ONE);
    }
}

/* Mean p and share of the page's weight by group (path or container). */
static wr_status fill_group(wr_arena *arena, const struct opinion *o, const uint32_t *group,
                            size_t n_groups, int mean_at, int share_at) {
    int64_t *words = wr_arena_array(arena, n_groups + 1, sizeof *words);
    int64_t *weight = wr_arena_array(arena, n_groups + 1, sizeof *weight);
    if (!words || !weight) return WR_MEMORY;
    for (size_t i = 0; i < o->n; i++) {
        words[group[i]] += o->words[i + 1] - o->words[i];
        weight[group[i]] += o->weight[i + 1] - o->weight[i];
    }
    int64_t all = o->weight[o->n] ? o->weight[o->n] : 1;
    for (size_t i = 0; i < o->n; i++) {
        row_at(o, i)[mean_at] = features_clip(weight[group[i]] / words[group[i]]);
        row_at(o, i)[share_at] = features_clip(weight[group[i]] * 1000 / all);
    }
    return WR_OK;
}

static void fill_run(const struct opinion *o) {
    int64_t best = 0, sum = 0, kept = 0, kept_words = 0;
    size_t start = 0, from = 0, to = 0;
    for (size_t i = 0; i < o->n; i++) {
        int64_t words = o->words[i + 1] - o->words[i];
        if (sum <= 0) sum = 0, start = i;
        sum += words * (o->p[i] - HALF);
        if (sum > best) best = sum, from = start, to = i + 1;
        if (o->p[i] > HALF) kept += words * o->p[i], kept_words += words;
    }
    for (size_t i = 0; i < o->n; i++) {
        int64_t a = (int64_t)i - (int64_t)from, b = (int64_t)to - 1 - (int64_t)i;
        row_at(o, i)[STACK_best_run] = features_clip(a < b ? a : b);
        row_at(o, i)[STACK_certainty] = features_clip(kept_words ? kept / kept_words : 0);
    }
}

static void fill_gaps(const struct opinion *o) {
    size_t last = o->n;
    for (size_t i = 0; i < o->n; i++) {
        int16_t *row = row_at(o, i);
        row[STACK_gap_before] = features_clip(last < o->n ? o->words[i] - o->words[last + 1] : -1);
        row[STACK_blocks_before] = features_clip(last < o->n ? (int64_t)(i - last) : -1);
        if (o->p[i] > HALF) last = i;
    }
    last = o->n;
    for (size_t i = o->n; i-- > 0;) {
        int16_t *row = row_at(o, i);
        row[STACK_gap_after] = features_clip(last < o->n ? o->words[last] - o->words[i + 1] : -1);
        row[STACK_blocks_after] = features_clip(last < o->n ? (int64_t)(last - i) : -1);
        if (o->p[i] > HALF) last = i;
    }
}

wr_status stack_fill(wr_arena *arena, const struct features *features, const uint32_t *p,
                     int16_t **rows) {
    struct opinion o;
    WR_TRY(opinion_open(arena, features, p, &o));
    fill_near(&o);
    WR_TRY(fill_group(arena, &o, features->path, features->n_paths, STACK_mean_path,
                      STACK_share_path));
    WR_TRY(
        fill_group(arena, &o, features->box, features->n_boxes, STACK_mean_box, STACK_share_box));
    fill_run(&o);
    fill_gaps(&o);
    *rows = o.rows;
    return WR_OK;
}
