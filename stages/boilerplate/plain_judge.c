/* plain_judge.c -- from lines to verdicts */
#include "plain_judge.h"
#include "plain_scale.h"

#define PLAIN_START (-45)  /* logit from which on a line is a title */
#define PLAIN_SURE  (-130) /* logit under which a line is furniture on any page */

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

#define SPAN 192 /* logits are told apart from -SPAN to SPAN 24ths */

/* The logit from which on lines are kept so that the expected F1 of the page's words is greatest:
 * keeping the likeliest lines, 2 * sum of p * words kept / (words kept + sum of p * words). */
static int best_threshold(const struct plain_page *page, int shift) {
    float words[2 * SPAN + 1] = {0};
    for (size_t i = 0; i < page->n; i++) {
        int z = page->q[i] + shift;
        z = z < -SPAN ? -SPAN : z > SPAN ? SPAN : z;
        words[z + SPAN] += (float)page->line[i].words + 0.3f;
    }
    const float step = 1.0425469f;       /* e^(1/24) */
    float odds = 3.3546263e-4f, all = 0; /* e^-8 */
    float mass[2 * SPAN + 1];
    for (int z = 0; z <= 2 * SPAN; z++, odds *= step)
        all += mass[z] = words[z] > 0 ? words[z] * odds / (1 + odds) : 0;
    float in = 0, kept = 0, best = 0;
    int at = 2 * SPAN;
    for (int z = 2 * SPAN; z >= 0; z--) {
        if (words[z] <= 0) continue;
        in += mass[z];
        kept += words[z];
        if (2 * in > best * (kept + all)) best = 2 * in / (kept + all), at = z;
    }
    int threshold = at - SPAN;
    if (threshold > 10) threshold = 10;   /* p = .6 */
    if (threshold < -53) threshold = -53; /* p = .1 */
    return threshold - shift;
}

/* A page without furniture at either end by its words, without a title the models know, and of
 * which less than half would stay: a forum, a list, a mailing list's post that was cleaned before.
 * It is kept but for what is surely furniture. */
static bool is_other_kind(const struct plain_page *page, int threshold) {
    int head = plain_cell(page, COL_HEAD_LEX)[0], tail = plain_cell(page, COL_TAIL_LEX)[0];
    if (head < 128 || tail < 128 || head + tail + plain_cell(page, COL_PAGE_LEX)[0] < 399)
        return false;
    uint64_t kept = 0, all = 0;
    for (size_t i = 0; i < page->n; i++) {
        if (plain_may_start(page, i) && page->s[i] >= -2 * PLAIN_SCALE) return false;
        all += page->line[i].words;
        if (page->q[i] >= threshold) kept += page->line[i].words;
    }
    return 2 * kept < all;
}

/* A start for each line that is likelier than not one; of two close to each other without body of
 * any length between them, a headline and its subtitle, the likelier. */
static void find_starts(const struct plain_page *page, uint8_t *start) {
    size_t held = SIZE_MAX;
    uint32_t words = 0;
    for (size_t i = 0; i < page->n; i++) {
        if (plain_may_start(page, i) && page->s[i] > PLAIN_START) {
            bool close = held != SIZE_MAX && i - held <= 5 && words < 40;
            if (!close || page->s[i] > page->s[held]) {
                if (close) start[held] = 0;
                start[i] = 1;
                held = i;
                words = 0;
                continue;
            }
        }
        if (page->q[i] > 0) words += page->line[i].words;
    }
}

wr_status plain_decide(wr_arena *arena, const struct plain_page *page, double dial,
                       struct plain_verdict *verdict) {
    size_t n = page->n;
    verdict->body = wr_arena_array(arena, n + 1, 1);
    verdict->start = wr_arena_array(arena, n + 1, 1);
    if (!verdict->body || !verdict->start) return WR_MEMORY;
    if (!n) return WR_OK;
    int threshold = best_threshold(page, (int)((dial - 0.5) * 4 * PLAIN_SCALE));
    if (threshold > PLAIN_SURE && is_other_kind(page, threshold)) threshold = PLAIN_SURE;
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        verdict->body[i] = page->q[i] >= threshold;
        any |= verdict->body[i];
    }
    if (!any) keep_best(page, verdict->body);
    find_starts(page, verdict->start);
    return WR_OK;
}
