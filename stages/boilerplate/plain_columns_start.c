/* plain_columns_start.c -- what tells the first line of an article from a heading inside one:
 * the words before it and after it, what stands around it, and what repeats on the page */
#include "plain_scale.h"

#define REACH 12 /* body lines to each side whose words are compared */

static bool is_body(const struct plain_page *page, size_t i) {
    return page->q[i] > 0;
}

static bool head_like(const struct plain_page *page, size_t i) {
    const struct plain_line *l = &page->line[i];
    if (l->words < 2 || l->words > 36 || !l->letters) return false;
    if (l->last == EDGE_COMMA || l->first == EDGE_LOWER || l->stops > 3) return false;
    if (l->last == EDGE_STOP && l->words > 22) return false;
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

/* The body lines by number, and a window of REACH of them to each side of a point between two:
 * how often each content word stands in it (page->count before the point, `after` behind it). */
struct seam {
    const struct plain_page *page;
    const uint32_t *at;
    size_t n;
    size_t k; /* the point: body lines [k - REACH, k) are before it, [k, k + REACH) after */
    uint8_t *before, *after;
};

#define LONG 64 /* content words of a line that are looked at */

static size_t words_of(const struct seam *s, size_t line, const uint32_t **hash) {
    const struct plain_line *l = &s->page->line[line];
    *hash = s->page->tokens.hash + l->token;
    return l->n_token < LONG ? l->n_token : LONG;
}

static void count(const struct seam *s, uint8_t *counter, size_t k, int by) {
    const uint32_t *hash;
    size_t n = words_of(s, s->at[k], &hash);
    for (size_t i = 0; i < n; i++) {
        uint8_t *c = &counter[(hash[i] >> 1) % PLAIN_COUNTERS];
        *c = (uint8_t)(*c +
                       by); /* at most REACH * LONG / 8 of a word in practice; wraps both ways */
    }
}

static void move_on(struct seam *s) {
    count(s, s->before, s->k, 1);
    count(s, s->after, s->k, -1);
    if (s->k >= REACH) count(s, s->before, s->k - REACH, -1);
    if (s->k + REACH < s->n) count(s, s->after, s->k + REACH, 1);
    s->k++;
}

static uint8_t share_in(const struct seam *s, size_t line, const uint8_t *counter) {
    const uint32_t *hash;
    size_t n = words_of(s, line, &hash);
    uint32_t in = 0;
    for (size_t i = 0; i < n; i++)
        in += counter[(hash[i] >> 1) % PLAIN_COUNTERS] != 0;
    return plain_share(in, (uint32_t)n);
}

/* Of body lines [k, to): the share of content words, and of names, that stand before the point. */
static void crossing(const struct seam *s, size_t to, uint8_t *words, uint8_t *names) {
    uint32_t all[2] = {0, 0}, in[2] = {0, 0};
    if (to > s->n) to = s->n;
    for (size_t k = s->k; k < to; k++) {
        const uint32_t *hash;
        size_t n = words_of(s, s->at[k], &hash);
        for (size_t i = 0; i < n; i++) {
            uint32_t name = hash[i] & 1;
            all[name]++;
            in[name] += s->before[(hash[i] >> 1) % PLAIN_COUNTERS] != 0;
        }
    }
    *words = plain_share(in[0] + in[1], all[0] + all[1]);
    *names = all[1] ? plain_share(in[1], all[1]) : 128;
}

/* Share of the line's content words that stand in the next two body lines. */
static uint8_t share_first(const struct seam *s, size_t line) {
    const uint32_t *mine, *other;
    size_t n = words_of(s, line, &mine), in = 0;
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        for (size_t k = s->k; k < s->n && k < s->k + 2 && !found; k++) {
            size_t m = words_of(s, s->at[k], &other);
            for (size_t j = 0; j < m && !found; j++)
                found = (mine[i] >> 1) == (other[j] >> 1);
        }
        in += found;
    }
    return plain_share((uint32_t)in, (uint32_t)n);
}

/* Mean crossing of the page, at no more than about sixteen of its points. */
static uint8_t mean_crossing(struct seam s) {
    uint32_t sum = 0, taken = 0, step = (uint32_t)(s.n / 16 + 1);
    for (size_t k = s.k; k < REACH && k < s.n; k++)
        count(&s, s.after, k, 1);
    while (s.k + 1 < s.n) {
        move_on(&s);
        if (s.k % step) continue;
        uint8_t words, names;
        crossing(&s, s.k + 4, &words, &names);
        sum += words;
        taken++;
    }
    return taken ? (uint8_t)(sum / taken) : 0;
}

static bool near_body(const struct seam *s, size_t i) {
    return s->k < s->n && s->at[s->k] - i <= 12;
}

static void seam_columns(struct plain_page *page, struct seam *s, size_t i, uint8_t mean) {
    uint8_t words = 0, names = 128, first_words = 0, first_names = 128;
    if (s->k) {
        crossing(s, s->k + REACH, &words, &names);
        crossing(s, s->k + 2, &first_words, &first_names);
    }
    plain_cell(page, COL_CROSSING)[i] = words;
    plain_cell(page, COL_NAMES)[i] = names;
    plain_cell(page, COL_NAMES_FIRST)[i] = first_names;
    plain_cell(page, COL_CROSS_MIN)[i] = plain_byte(128 + (int)words - (int)mean);
    plain_cell(page, COL_TITLE_AFTER)[i] = share_in(s, i, s->after);
    plain_cell(page, COL_TITLE_BEFORE)[i] = share_in(s, i, s->before);
    plain_cell(page, COL_TITLE_FIRST)[i] = share_first(s, i);
}

void plain_columns_start(struct plain_page *page) {
    size_t n = page->n;
    q_columns(page, page->sum);
    mark_columns(page);
    uint32_t *at = page->sum; /* the sums are no longer needed */
    struct seam s = {page, at, 0, 0, page->count, page->count + PLAIN_COUNTERS};
    for (size_t i = 0; i < n; i++)
        if (is_body(page, i)) at[s.n++] = (uint32_t)i;
    memset(page->count, 0, 2 * PLAIN_COUNTERS);
    uint8_t mean = mean_crossing(s);
    memset(page->count, 0, 2 * PLAIN_COUNTERS);
    for (size_t k = 0; k < REACH && k < s.n; k++)
        count(&s, s.after, k, 1);
    for (size_t i = 0; i < n; i++) {
        if (s.k < s.n &&
            at[s.k] == i) { /* a line that may be both: it is not part of its own body */
            bool head = plain_cell(page, COL_HEAD_LIKE)[i];
            struct seam here = s;
            count(&s, s.after, s.k, -1);
            here.k++;
            if (head && near_body(&here, i)) seam_columns(page, &here, i, mean);
            count(&s, s.after, s.k, 1);
            move_on(&s);
        } else if (plain_cell(page, COL_HEAD_LIKE)[i] && near_body(&s, i))
            seam_columns(page, &s, i, mean);
    }
}
