/* plain_columns_body.c -- what is known of a page's lines once a model has judged them */
#include "plain_scale.h"

/* A soft step from 0 at -2 to 96 at +2 logits. */
static uint32_t soft(int logit) {
    int v = logit + 2 * PLAIN_SCALE;
    return (uint32_t)(v < 0 ? 0 : v > 96 ? 96 : v);
}

static bool is_body(int logit) {
    return logit > -PLAIN_SCALE / 4;
}

static long worth_logit(const struct plain_page *page, size_t i) {
    int v = page->p[i] + 10;
    if (v > 72) v = 72;
    if (v < -72) v = -72;
    return (long)v * (4 + plain_log(page->line[i].words));
}

static void mean_columns(struct plain_page *page, uint32_t *sum) {
    static const struct {
        size_t reach;
        enum plain_column column;
    } rows[] = {{2, COL_P_WIN2}, {5, COL_P_WIN5}, {15, COL_P_WIN15}};
    size_t n = page->n;
    sum[0] = 0;
    for (size_t i = 0; i < n; i++)
        sum[i + 1] = sum[i] + soft(page->p[i]);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        uint8_t *column = plain_cell(page, rows[r].column);
        for (size_t i = 0; i < n; i++) {
            size_t a = i > rows[r].reach ? i - rows[r].reach : 0, b = i + rows[r].reach + 1;
            if (b > n) b = n;
            column[i] = plain_byte((int)((sum[b] - sum[a]) * 2 / (uint32_t)(b - a)));
        }
    }
}

static uint32_t mass_columns(struct plain_page *page, uint32_t *mass) {
    size_t n = page->n;
    uint32_t words = 0, lines = 0;
    mass[0] = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t w = page->line[i].words;
        words += w;
        lines += is_body(page->p[i]);
        mass[i + 1] = mass[i] + (w > 4000 ? 4000 : w) * soft(page->p[i]) / 96;
    }
    float scale = mass[n] ? 255.0f / (float)mass[n] : 0;
    for (size_t i = 0; i < n; i++) {
        plain_cell(page, COL_P_MASS_BEFORE)[i] = plain_byte((int)((float)mass[i] * scale));
        plain_cell(page, COL_P_MASS_AFTER)[i] =
            plain_byte((int)((float)(mass[n] - mass[i + 1]) * scale));
    }
    memset(plain_cell(page, COL_P_SHARE), plain_share(mass[n], words), n);
    memset(plain_cell(page, COL_P_LINES), plain_log(lines), n);
    return mass[n];
}

static void gap_columns(struct plain_page *page) {
    size_t n = page->n;
    uint32_t gap = 1u << 16, run = 0, miss = 0;
    uint8_t *around = plain_cell(page, COL_P_RUN);
    for (size_t i = 0; i < n; i++) {
        plain_cell(page, COL_P_GAP_BEFORE)[i] = plain_log(gap);
        if (is_body(page->p[i])) gap = 0, miss = 0, run += page->line[i].words;
        else {
            gap += page->line[i].words + 1;
            if (++miss > 1) run = 0;
        }
        around[i] = plain_log(run);
    }
    gap = 1u << 16;
    miss = 0;
    uint8_t top = 0;
    for (size_t i = n; i-- > 0;) {
        plain_cell(page, COL_P_GAP_AFTER)[i] = plain_log(gap);
        if (is_body(page->p[i])) gap = 0, miss = 0;
        else {
            gap += page->line[i].words + 1;
            if (++miss > 1) top = 0;
        }
        if (around[i] > top) top = around[i];
        around[i] = top;
    }
}

void plain_columns_second(struct plain_page *page) {
    size_t n = page->n;
    uint8_t *p = plain_cell(page, COL_P);
    for (size_t i = 0; i < n; i++)
        p[i] = plain_byte(128 + page->p[i]);
    mean_columns(page, page->sum);
    uint32_t all = mass_columns(page, page->sum);
    struct plain_run run = plain_best_run(page, worth_logit);
    plain_place(page, run, COL_P_IN, COL_P_REL);
    uint32_t inside = page->sum[run.to] - page->sum[run.from];
    memset(plain_cell(page, COL_P_RUN_SHARE), plain_share(inside, all), n);
    gap_columns(page);
    plain_clear_tokens(page);
    for (size_t i = 0; i < n; i++)
        if (is_body(page->p[i])) plain_count_tokens(page, i, 1);
    for (size_t i = 0; i < n; i++)
        plain_cell(page, COL_P_SHARED)[i] =
            plain_share(plain_shared_tokens(page, i, is_body(page->p[i])), page->line[i].n_token);
}
