/* plain_columns_start.c -- what tells the first line of an article from a heading inside one:
 * the words before it and after it, what stands around it, and what repeats on the page */
#include "plain_scale.h"

#define REACH 12 /* body lines to each side whose words are compared */

static bool is_body(const struct plain_page *page, size_t i) {
    return page->q[i] > 0;
}

static bool head_like(const struct plain_page *page, size_t i) {
    const struct plain_line *l = &page->line[i];
    if (l->words < 2 || l->words > 28 || !l->letters) return false;
    if (l->last == EDGE_COMMA || l->first == EDGE_LOWER) return false;
    if (l->last == EDGE_STOP && l->words > 14) return false;
    return l->cue == CUE_NONE || l->cue == CUE_MEDIA || l->words > 8;
}

static void q_columns(struct plain_page *page, uint32_t *mass) {
    size_t n = page->n;
    mass[0] = 0;
    for (size_t i = 0; i < n; i++)
        mass[i + 1] = mass[i] + (is_body(page, i) ? page->line[i].words : 0);
    size_t prev = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t a = i > 12 ? i - 12 : 0, b = i + 13 < n ? i + 13 : n;
        plain_cell(page, COL_Q)[i] = plain_byte(128 + page->q[i]);
        plain_cell(page, COL_Q_BEFORE)[i] = plain_log(mass[i] - mass[a]);
        plain_cell(page, COL_Q_AFTER)[i] = plain_log(mass[b] - mass[i + 1]);
        plain_cell(page, COL_Q_MASS_BEFORE)[i] = plain_log(mass[i]);
        plain_cell(page, COL_Q_MASS_AFTER)[i] = plain_log(mass[n] - mass[i + 1]);
        plain_cell(page, COL_Q_PREV)[i] = prev == SIZE_MAX ? 255 : plain_log(i - prev);
        if (is_body(page, i)) prev = i;
    }
    size_t next = SIZE_MAX;
    for (size_t i = n; i-- > 0;) {
        plain_cell(page, COL_Q_NEXT)[i] = next == SIZE_MAX ? 255 : plain_log(next - i);
        plain_cell(page, COL_Q_NEXT_WORDS)[i] =
            next == SIZE_MAX ? 0 : plain_log(page->line[next].words);
        bool first = next != SIZE_MAX && mass[i] == 0;
        plain_cell(page, COL_Q_FIRST)[i] = first ? plain_byte((int)(next - i)) : 0;
        if (is_body(page, i)) next = i;
    }
}

/* Lines that repeat (an author line under each story) or share a rare form (captions with a credit
 * in brackets) mark the seams of a page of several stories. */
static void mark_columns(struct plain_page *page) {
    size_t n = page->n;
    uint32_t brackets = 0, bylines = 0, heads = 0, head_words = 0;
    uint8_t *like = plain_cell(page, COL_HEAD_LIKE), *mark = plain_cell(page, COL_END_MARK);
    for (size_t i = 0; i < n; i++) {
        const struct plain_line *l = &page->line[i];
        brackets += !!(l->bits & BIT_BRACKET);
        bylines += l->cue == CUE_BYLINE;
        like[i] = head_like(page, i);
        bool near = plain_cell(page, COL_Q_NEXT)[i] <= plain_log(6);
        if (like[i] && near && l->last != EDGE_STOP) heads++, head_words += l->words;
    }
    uint32_t mean = heads ? head_words / heads : 0;
    for (size_t i = 0; i < n; i++) {
        const struct plain_line *l = &page->line[i];
        uint8_t repeats = plain_cell(page, COL_REPEATS)[i];
        if (l->bits & BIT_BRACKET) mark[i] = plain_byte(64 + (int)plain_log(brackets));
        else if (l->cue == CUE_BYLINE) mark[i] = plain_byte(128 + (int)plain_log(bylines));
        else if (l->words <= 14 && repeats > plain_log(1)) mark[i] = repeats;
        if (like[i])
            plain_cell(page, COL_HEAD_LEN)[i] = plain_byte(128 + 6 * ((int)l->words - (int)mean));
    }
    memset(plain_cell(page, COL_HEADS_NEAR), plain_byte((int)heads), n);
}

/* Body lines by number, and where line i stands among them. */
struct bodies {
    uint32_t *at;
    size_t n;
};

static uint32_t count_shared(const struct plain_page *page, const struct bodies *b, size_t from,
                             size_t to, uint32_t *all) {
    uint32_t shared = 0;
    for (size_t k = from; k < to; k++) {
        *all += page->line[b->at[k]].n_token;
        shared += plain_shared_tokens(page, b->at[k], 0);
    }
    return shared;
}

/* Share of the words of the body lines after body line `k` (it included) that stand before it. */
static uint8_t crossing(struct plain_page *page, const struct bodies *b, size_t k) {
    size_t from = k > REACH ? k - REACH : 0, to = k + REACH < b->n ? k + REACH : b->n;
    if (from == k || k == to) return 0;
    for (size_t j = from; j < k; j++)
        plain_count_tokens(page, b->at[j], 1);
    uint32_t all = 0, shared = count_shared(page, b, k, to, &all);
    for (size_t j = from; j < k; j++)
        plain_count_tokens(page, b->at[j], -1);
    return plain_share(shared, all);
}

static uint8_t title_share(struct plain_page *page, const struct bodies *b, size_t from, size_t to,
                           size_t line) {
    for (size_t j = from; j < to; j++)
        plain_count_tokens(page, b->at[j], 1);
    uint32_t shared = plain_shared_tokens(page, line, 0);
    for (size_t j = from; j < to; j++)
        plain_count_tokens(page, b->at[j], -1);
    return plain_share(shared, page->line[line].n_token);
}

static void title_columns(struct plain_page *page, const struct bodies *b, size_t line, size_t k) {
    size_t to = k + REACH < b->n ? k + REACH : b->n, from = k > REACH ? k - REACH : 0;
    plain_cell(page, COL_TITLE_AFTER)[line] = title_share(page, b, k, to, line);
    plain_cell(page, COL_TITLE_BEFORE)[line] = title_share(page, b, from, k, line);
    plain_cell(page, COL_TITLE_FIRST)[line] =
        title_share(page, b, k, k + 2 < b->n ? k + 2 : b->n, line);
}

void plain_columns_start(struct plain_page *page) {
    size_t n = page->n;
    q_columns(page, page->sum);
    mark_columns(page);
    struct bodies b = {page->sum, 0}; /* the sums are no longer needed */
    for (size_t i = 0; i < n; i++)
        if (is_body(page, i)) b.at[b.n++] = (uint32_t)i;
    plain_clear_tokens(page);
    uint32_t mean = 0, taken = 0;
    for (size_t k = b.n / 16 + 1; k < b.n; k += b.n / 16 + 1, taken++)
        mean += crossing(page, &b, k);
    if (taken) mean /= taken;
    size_t k = 0;
    uint8_t last = 0;
    size_t last_k = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t after = k + (k < b.n && b.at[k] == i); /* first body line behind this one */
        size_t self = k;
        if (k < b.n && b.at[k] == i) k++;
        if (!plain_cell(page, COL_HEAD_LIKE)[i] || after >= b.n || b.at[after] - i > 12) continue;
        if (last_k != self) last = crossing(page, &b, self), last_k = self;
        plain_cell(page, COL_CROSSING)[i] = last;
        plain_cell(page, COL_CROSS_MIN)[i] = plain_byte(128 + (int)last - (int)mean);
        title_columns(page, &b, i, after);
    }
}
