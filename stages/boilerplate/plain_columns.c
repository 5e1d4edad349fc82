/* plain_columns.c -- what is known of a page's lines before any model has run */
#include "plain_columns.h"
#include "plain_scale.h"

wr_status plain_page_of(wr_arena *arena, const wr_str *texts, size_t n, const struct plain_lex *lex,
                        struct plain_page *page) {
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += texts[i].len;
    *page = (struct plain_page){.n = n, .stride = (n + 2 * PLAIN_RADIUS + 31) / 32 * 32 + 32};
    page->line = wr_arena_array(arena, n, sizeof *page->line);
    page->tokens.hash = wr_arena_array(arena, bytes / 2 + n, sizeof(uint32_t));
    page->cells = wr_arena_array(arena, COL_COUNT + 1, page->stride);
    page->sum = wr_arena_array(arena, 3 * (n + 1), sizeof(uint32_t));
    page->count = wr_arena_array(arena, 2 * PLAIN_COUNTERS, 1);
    page->p = wr_arena_array(arena, 3 * page->stride, sizeof(int16_t));
    if (!page->line || !page->tokens.hash || !page->cells || !page->sum || !page->count || !page->p)
        return WR_MEMORY;
    page->q = page->p + page->stride;
    page->s = page->q + page->stride;
    for (size_t i = 0; i < n; i++)
        plain_line_scan(texts[i], lex, &page->tokens, &page->line[i], NULL, NULL);
    return WR_OK;
}

int plain_radius(enum plain_column c) {
    static const int8_t radius[COL_COUNT] = {
#define K(name, r, doc) [COL_##name] = r,
#include "plain_columns.def"
#undef K
    };
    return radius[c];
}

bool plain_is_prose(const struct plain_line *l) {
    return l->words >= 5 && l->last == EDGE_STOP;
}

static void own_columns(struct plain_page *page) {
#define SET(name, value) plain_cell(page, COL_##name)[i] = (uint8_t)(value)
    for (size_t i = 0; i < page->n; i++) {
        const struct plain_line *l = &page->line[i];
        float per_word = l->words ? 255.0f / (float)l->words : 0;
        float per_char = l->chars ? 255.0f / (float)l->chars : 0;
        float per_letter = l->letters ? 255.0f / (float)l->letters : 0;
        SET(CHARS, plain_log(l->chars));
        SET(WORDS, plain_log(l->words));
        SET(WORD_LEN, plain_byte((int)((float)l->letters * per_word / 16)));
        SET(UPPER, (float)l->upper * per_letter);
        SET(CAPS, plain_byte((int)((float)l->caps * per_word)));
        SET(SMALL, plain_byte((int)((float)l->small * per_word)));
        SET(DIGITS, plain_byte((int)((float)l->digits * per_char)));
        SET(SYMBOLS, plain_byte((int)((float)l->symbols * per_char)));
        SET(COMMAS, plain_log(l->commas));
        SET(STOPS, plain_log(l->stops));
        SET(QUOTES, plain_log(l->quotes));
        SET(SEPS, plain_log(l->seps));
        SET(FIRST, l->first);
        SET(LAST, l->last);
        SET(BITS, l->bits & 255);
        SET(LEAD, !!(l->bits & BIT_LEAD));
        SET(BIT_DATE, !!(l->bits & BIT_YEAR) + !!(l->bits & BIT_TIME) + !!(l->bits & BIT_MONTH));
        SET(CUE, l->cue);
        SET(LEX, plain_byte(128 + l->lex / 2));
        SET(LEX_MEAN, plain_byte(l->lex_words ? 128 + 8 * l->lex / l->lex_words : 128));
    }
#undef SET
}

/* How often the words of a line stand on the page; `column` gets the log of it, `seen` (may be
 * NULL) whether an earlier line has them. */
static void count_repeats(struct plain_page *page, bool shapes, uint8_t *column, uint8_t *seen) {
    /* 2^10 cells of (tag, count) are enough to tell what repeats; a clash only blurs a count */
    enum { CELLS = 1024 };
    uint16_t tag[CELLS] = {0};
    uint8_t times[CELLS] = {0};
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < page->n; i++) {
            uint32_t h = shapes ? page->line[i].shape : page->line[i].hash;
            h ^= h >> 16;
            uint16_t t = (uint16_t)(h >> 10 | 1);
            size_t at = h % CELLS;
            for (int step = 0; step < 8 && tag[at] && tag[at] != t; step++)
                at = (at + 1) % CELLS;
            if (tag[at] && tag[at] != t) continue;
            if (pass) column[i] = (uint8_t)plain_log(times[at]);
            else {
                if (seen && tag[at]) seen[i] = 1;
                tag[at] = t;
                times[at] = (uint8_t)(times[at] + (times[at] < 255));
            }
        }
    }
}

struct plain_run plain_best_run(const struct plain_page *page, plain_worth *worth) {
    struct plain_run best = {0, 0, 0};
    long sum = 0, top = 0;
    size_t from = 0;
    for (size_t i = 0; i < page->n; i++) {
        if (sum <= 0) sum = 0, from = i;
        sum += worth(page, i);
        if (sum > top) {
            top = sum;
            best = (struct plain_run){from, i + 1, 0};
        }
    }
    for (size_t i = best.from; i < best.to; i++)
        best.words += page->line[i].words;
    return best;
}

static long worth_words(const struct plain_page *page, size_t i) {
    uint32_t w = page->line[i].words;
    return (long)(w > 120 ? 120 : w) - 12;
}

static long worth_prose(const struct plain_page *page, size_t i) {
    uint32_t w = page->line[i].words;
    return plain_is_prose(&page->line[i]) ? (long)(w > 120 ? 120 : w) : -10;
}

void plain_place(struct plain_page *page, struct plain_run run, enum plain_column in,
                 enum plain_column rel) {
    uint8_t *place = plain_cell(page, in), *within = plain_cell(page, rel);
    float scale = 255.0f / (float)(run.to > run.from ? run.to - run.from : 1);
    for (size_t i = 0; i < page->n; i++) {
        if (i < run.from) place[i] = plain_byte(127 - plain_log(run.from - i));
        else if (i >= run.to) place[i] = plain_byte(129 + plain_log(i - run.to + 1));
        else {
            place[i] = 128;
            within[i] = plain_byte((int)((float)(i - run.from) * scale));
        }
    }
}

void plain_count_tokens(struct plain_page *page, size_t line, int by) {
    const struct plain_line *l = &page->line[line];
    for (uint32_t k = 0; k < l->n_token; k++) {
        uint8_t *c = &page->count[(page->tokens.hash[l->token + k] >> 1) % PLAIN_COUNTERS];
        if (by > 0 ? *c < 255 : *c > 0) *c = (uint8_t)(*c + by);
    }
}

uint32_t plain_shared_tokens(const struct plain_page *page, size_t line, uint32_t more_than) {
    const struct plain_line *l = &page->line[line];
    uint32_t shared = 0;
    for (uint32_t k = 0; k < l->n_token; k++)
        shared += page->count[(page->tokens.hash[l->token + k] >> 1) % PLAIN_COUNTERS] > more_than;
    return shared;
}

void plain_clear_tokens(struct plain_page *page) {
    memset(page->count, 0, PLAIN_COUNTERS);
}

static void run_columns(struct plain_page *page, uint32_t all_words, uint32_t all_prose) {
    struct plain_run bte = plain_best_run(page, worth_words);
    struct plain_run run = plain_best_run(page, worth_prose);
    plain_place(page, bte, COL_BTE_IN, COL_BTE_REL);
    plain_place(page, run, COL_RUN_IN, COL_RUN_REL);
    uint32_t prose = 0;
    plain_clear_tokens(page);
    for (size_t i = run.from; i < run.to; i++) {
        plain_count_tokens(page, i, 1);
        if (plain_is_prose(&page->line[i])) prose += page->line[i].words;
    }
    uint8_t bte_share = plain_share(bte.words, all_words);
    uint8_t run_share = plain_share(prose, all_prose);
    uint8_t run_lines = plain_log(run.to - run.from), run_words = plain_log(run.words);
    uint8_t *shared = plain_cell(page, COL_SHARED), *shared_n = plain_cell(page, COL_SHARED_N);
    memset(plain_cell(page, COL_BTE_SHARE), bte_share, page->n);
    memset(plain_cell(page, COL_RUN_SHARE), run_share, page->n);
    memset(plain_cell(page, COL_RUN_LINES), run_lines, page->n);
    memset(plain_cell(page, COL_RUN_WORDS), run_words, page->n);
    for (size_t i = 0; i < page->n; i++) {
        uint32_t n = plain_shared_tokens(page, i, i >= run.from && i < run.to);
        shared[i] = plain_share(n, page->line[i].n_token);
        shared_n[i] = plain_log(n);
    }
}

/* sum[i] = words of prose before line i; returns all of them. */
static uint32_t sum_prose(const struct plain_page *page, uint32_t *sum) {
    sum[0] = 0;
    for (size_t i = 0; i < page->n; i++)
        sum[i + 1] = sum[i] + (plain_is_prose(&page->line[i]) ? page->line[i].words : 0);
    return sum[page->n];
}

static void window(struct plain_page *page, const uint32_t *sum, size_t reach, uint32_t scale,
                   uint8_t *column) {
    for (size_t i = 0; i < page->n; i++) {
        size_t a = i > reach ? i - reach : 0, b = i + reach + 1;
        if (b > page->n) b = page->n;
        column[i] = plain_byte((int)((sum[b] - sum[a]) * scale / (uint32_t)(b - a)));
    }
}

static void sum_cells(const struct plain_page *page, enum plain_column c, uint32_t *sum) {
    const uint8_t *v = plain_cell(page, c);
    sum[0] = 0;
    for (size_t i = 0; i < page->n; i++)
        sum[i + 1] = sum[i] + v[i];
}

static void position_columns(struct plain_page *page, const uint32_t *words,
                             const uint32_t *prose) {
    size_t n = page->n;
    uint32_t all = words[n];
    uint32_t prose_lines = 0;
    for (size_t i = 0; i < n; i++)
        prose_lines += plain_is_prose(&page->line[i]);
    memset(plain_cell(page, COL_PAGE_LINES), plain_log(n), n);
    memset(plain_cell(page, COL_PAGE_WORDS), plain_log(all), n);
    memset(plain_cell(page, COL_PAGE_PROSE), plain_share(prose[n], all), n);
    memset(plain_cell(page, COL_PAGE_PROSE_LINES), plain_share(prose_lines, (uint32_t)n), n);
    float per_line = 255.0f / (float)n, per_word = all ? 255.0f / (float)all : 0;
    for (size_t i = 0; i < n; i++) {
        plain_cell(page, COL_POS)[i] = (uint8_t)((float)i * per_line);
        plain_cell(page, COL_POS_WORDS)[i] = plain_byte((int)((float)words[i] * per_word));
        plain_cell(page, COL_FROM_START)[i] = plain_log(i);
        plain_cell(page, COL_FROM_END)[i] = plain_log(n - 1 - i);
    }
}

static void around_columns(struct plain_page *page, const uint32_t *words, const uint32_t *prose) {
    size_t n = page->n;
    for (size_t i = 0; i < n; i++) {
        size_t a5 = i > 5 ? i - 5 : 0, b5 = i + 6 < n ? i + 6 : n;
        size_t a15 = i > 15 ? i - 15 : 0, b15 = i + 16 < n ? i + 16 : n;
        plain_cell(page, COL_BEFORE5)[i] = plain_share(prose[i] - prose[a5], words[i] - words[a5]);
        plain_cell(page, COL_AFTER5)[i] =
            plain_share(prose[b5] - prose[i + 1], words[b5] - words[i + 1]);
        plain_cell(page, COL_BEFORE15)[i] = plain_log(prose[i] - prose[a15]);
        plain_cell(page, COL_AFTER15)[i] = plain_log(prose[b15] - prose[i + 1]);
    }
}

static void nearest_columns(struct plain_page *page) {
    size_t n = page->n, at = SIZE_MAX, run = 0;
    for (size_t i = 0; i < n; i++) {
        const struct plain_line *l = &page->line[i];
        plain_cell(page, COL_TO_PROSE_BEFORE)[i] = at == SIZE_MAX ? 255 : plain_log(i - at);
        plain_cell(page, COL_PROSE_BEFORE)[i] =
            at == SIZE_MAX ? 0 : plain_log(page->line[at].words);
        if (plain_is_prose(l)) at = i;
        run = l->words < 8 ? run + 1 : 0;
        plain_cell(page, COL_RUN_SHORT)[i] = plain_log(run);
    }
    at = SIZE_MAX;
    for (size_t i = n; i-- > 0;) {
        plain_cell(page, COL_TO_PROSE_AFTER)[i] = at == SIZE_MAX ? 255 : plain_log(at - i);
        plain_cell(page, COL_PROSE_AFTER)[i] = at == SIZE_MAX ? 0 : plain_log(page->line[at].words);
        if (plain_is_prose(&page->line[i])) at = i;
        uint8_t *r = plain_cell(page, COL_RUN_SHORT);
        if (i + 1 < n && r[i] && r[i + 1]) r[i] = r[i + 1];
    }
}

static void cue_columns(struct plain_page *page, uint32_t *sum) {
    size_t n = page->n;
    sum[0] = 0;
    for (size_t i = 0; i < n; i++)
        sum[i + 1] = sum[i] + (page->line[i].cue != CUE_NONE);
    for (size_t i = 0; i < n; i++) {
        size_t a = i > 10 ? i - 10 : 0, b = i + 11 < n ? i + 11 : n;
        plain_cell(page, COL_CUES_BEFORE)[i] = (uint8_t)(sum[i] - sum[a]);
        plain_cell(page, COL_CUES_AFTER)[i] = (uint8_t)(sum[b] - sum[i + 1]);
    }
}

/* How much of the page is furniture by its wording, as a whole and at both ends: a page that was
 * cleaned before has next to none. */
static void page_columns(struct plain_page *page, const uint32_t *lex, const uint32_t *cues,
                         uint32_t words) {
    size_t n = page->n, edge = n < 8 ? n : 8;
    uint32_t in_short = 0;
    for (size_t i = 0; i < n; i++) {
        const struct plain_line *l = &page->line[i];
        if (l->words < 10 && l->last != EDGE_STOP) in_short += l->words;
    }
    memset(plain_cell(page, COL_PAGE_CUES), plain_share(cues[n], (uint32_t)n), n);
    memset(plain_cell(page, COL_PAGE_LEX), plain_byte((int)(lex[n] / n)), n);
    memset(plain_cell(page, COL_HEAD_LEX), plain_byte((int)(lex[edge] / edge)), n);
    memset(plain_cell(page, COL_TAIL_LEX), plain_byte((int)((lex[n] - lex[n - edge]) / edge)), n);
    memset(plain_cell(page, COL_PAGE_SHORT), plain_share(in_short, words), n);
}

void plain_columns_first(struct plain_page *page) {
    size_t n = page->n;
    if (!n) return;
    uint32_t *words = page->sum, *prose = words + n + 1, *other = prose + n + 1;
    words[0] = 0;
    for (size_t i = 0; i < n; i++)
        words[i + 1] = words[i] + page->line[i].words;
    sum_prose(page, prose);
    own_columns(page);
    count_repeats(page, false, plain_cell(page, COL_REPEATS), plain_cell(page, COL_SEEN));
    count_repeats(page, true, plain_cell(page, COL_SHAPES), NULL);
    position_columns(page, words, prose);
    around_columns(page, words, prose);
    nearest_columns(page);
    run_columns(page, words[n], prose[n]);
    sum_cells(page, COL_WORDS, other);
    window(page, other, 2, 4, plain_cell(page, COL_WIN2));
    window(page, other, 5, 4, plain_cell(page, COL_WIN5));
    window(page, other, 12, 4, plain_cell(page, COL_WIN12));
    sum_cells(page, COL_LEX, other);
    window(page, other, 3, 1, plain_cell(page, COL_LEX_WIN3));
    window(page, other, 8, 1, plain_cell(page, COL_LEX_WIN8));
    cue_columns(page, prose);
    page_columns(page, other, prose, words[n]);
}
