/* plain_judge.c -- from lines to verdicts */
#include "plain_judge.h"
#include "plain_scale.h"

bool plain_may_start(const struct plain_page *page, size_t i) {
    return plain_cell(page, COL_HEAD_LIKE)[i] && plain_cell(page, COL_Q_NEXT)[i] <= plain_log(12);
}

wr_status plain_judge(wr_arena *arena, const struct plain_model *model, const wr_str *texts,
                      size_t n, struct plain_page *page) {
    WR_TRY(plain_page_of(arena, texts, n, model->lex, page));
    plain_columns_first(page);
    plain_trees_ask(&model->first, page, page->p);
    plain_columns_second(page);
    plain_trees_ask(&model->second, page, page->q);
    plain_columns_start(page);
    plain_trees_ask(&model->start, page, page->s);
    return WR_OK;
}

/* Without any line over the threshold, the best one is kept. */
static void keep_best(const struct plain_page *page, uint8_t *body) {
    size_t best = SIZE_MAX;
    long top = 0;
    for (size_t i = 0; i < page->n; i++) {
        long v = page->q[i] + 4L * plain_log(page->line[i].words);
        if (page->line[i].words && (best == SIZE_MAX || v > top)) best = i, top = v;
    }
    if (best != SIZE_MAX) body[best] = 1;
}

wr_status plain_decide(wr_arena *arena, const struct plain_page *page, double dial,
                       struct plain_verdict *verdict) {
    size_t n = page->n;
    verdict->body = wr_arena_array(arena, n + 1, 1);
    verdict->start = wr_arena_array(arena, n + 1, 1);
    if (!verdict->body || !verdict->start) return WR_MEMORY;
    int threshold = (int)((0.5 - dial) * 4 * PLAIN_SCALE) - 5;
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        verdict->body[i] = page->q[i] > threshold;
        any |= verdict->body[i];
    }
    if (!any) keep_best(page, verdict->body);
    for (size_t i = 0; i < n; i++)
        if (plain_may_start(page, i) && page->s[i] > 0) verdict->start[i] = 1;
    return WR_OK;
}
