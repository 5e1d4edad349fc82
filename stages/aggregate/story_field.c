/* story_field.c -- what sets articles of one field apart */
#include "story_field.h"

#include "story_root.h"
#include "story_words.h"

#include <stdlib.h>

#define TELLING_MAX 24
#define NOTHING     (-1500)

enum { GRAM_PLAIN, GRAM_NAMES, GRAM_PAIRS, GRAM_LOCAL, GRAM_INFO, GRAM_INFO_P, GRAM_INFO_N, GRAMS };

/* A term that several articles have. */
typedef struct term {
    uint64_t in; /* articles that have it */
    uint32_t hash;
    uint32_t n, weight; /* articles; square of rarity, 256 = the rarest */
    uint8_t flags, rarity;
} term;

/* Terms one of which an article has and another has not. */
typedef struct apart {
    uint64_t a, b;
    int32_t strength; /* thousandths */
} apart;

typedef struct field {
    const story_doc *const *docs;
    size_t n;
    term *slots;    /* open addressing */
    size_t n_slots; /* a power of two */
    term *terms;
    size_t n_terms;
    uint32_t gram[GRAMS][FIELD_MAX][FIELD_MAX];
    int64_t mean[3][FIELD_MAX], square[3]; /* of the correlations */
    int64_t length[4][FIELD_MAX];          /* of the vectors of correlations and cosine */
    apart aparts[TELLING_MAX * TELLING_MAX / 2];
    size_t n_aparts;
} field;

/* ---- terms ---- */

static void count_term(field *f, const story_term *t, size_t i) {
    size_t at = (t->hash ^ t->hash >> 15) & (f->n_slots - 1);
    while (f->slots[at].n && f->slots[at].hash != t->hash)
        at = (at + 1) & (f->n_slots - 1);
    term *s = &f->slots[at];
    s->hash = t->hash;
    s->flags |= t->flags;
    s->rarity = t->rarity;
    s->n += !(s->in >> i & 1);
    s->in |= (uint64_t)1 << i;
}

/* In an order that does not hang on that of the articles. */
static int by_hash(const void *x, const void *y) {
    const term *a = x, *b = y;
    return (a->hash > b->hash) - (a->hash < b->hash);
}

static void collect(field *f) {
    for (size_t i = 0; i < f->n; i++)
        for (size_t k = 0; k < f->docs[i]->n_terms; k++)
            count_term(f, &f->docs[i]->terms[k], i);
    for (size_t at = 0; at < f->n_slots; at++) {
        term *s = &f->slots[at];
        if (s->n < 2) continue;
        s->weight = (uint32_t)s->rarity * s->rarity * 256 / (STORY_RAREST * STORY_RAREST);
        f->terms[f->n_terms++] = *s;
    }
    qsort(f->terms, f->n_terms, sizeof *f->terms, by_hash);
}

/* ---- sums over pairs ---- */

/* 64 log2(k) */
static const uint16_t logs[FIELD_MAX + 2] = {
    0,   0,   64,  101, 128, 149, 165, 180, 192, 203, 213, 221, 229, 237, 244, 250, 256,
    262, 267, 272, 277, 281, 285, 290, 293, 297, 301, 304, 308, 311, 314, 317, 320, 323,
    326, 328, 331, 333, 336, 338, 341, 343, 345, 347, 349, 351, 354, 356, 357, 359};

static void add_gram(field *f, const term *t, const uint32_t amount[GRAMS]) {
    uint8_t in[FIELD_MAX];
    size_t n = 0;
    for (uint64_t left = t->in; left; left &= left - 1)
        in[n++] = (uint8_t)__builtin_ctzll(left);
    for (size_t g = 0; g < GRAMS; g++) {
        if (!amount[g]) continue;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j <= i; j++)
                f->gram[g][in[i]][in[j]] += amount[g];
    }
}

static void add_mean(field *f, size_t which, const term *t, uint32_t p) {
    for (uint64_t left = t->in; left; left &= left - 1)
        f->mean[which][__builtin_ctzll(left)] += (int64_t)t->weight * p;
    f->square[which] += (int64_t)t->weight * p * p;
}

static void sum_up(field *f) {
    for (size_t k = 0; k < f->n_terms; k++) {
        const term *t = &f->terms[k];
        uint32_t p = t->n * 256 / (uint32_t)f->n, amount[GRAMS] = {0};
        bool pair = t->flags & (STORY_PAIR | STORY_DATE);
        bool name = t->flags & STORY_NAME, number = t->flags & STORY_NUMBER;
        uint32_t rare = (uint32_t)(logs[f->n + 1] - logs[t->n]);
        uint32_t info = p * (256 - p) * t->weight / 64 / (pair ? 2 : 1);
        if (!pair) {
            amount[GRAM_PLAIN] = t->weight;
            amount[GRAM_LOCAL] = rare * rare * t->weight / 256;
            add_mean(f, 0, t, p);
        }
        if (name || number) {
            amount[GRAM_NAMES] = t->weight;
            add_mean(f, 1, t, p);
        }
        if (pair) {
            amount[GRAM_PAIRS] = t->weight;
            add_mean(f, 2, t, p);
        }
        amount[GRAM_INFO] = info;
        amount[GRAM_INFO_P] = info * p / 256;
        if (name) amount[GRAM_INFO_N] = info;
        add_gram(f, t, amount);
    }
}

/* ---- terms that shut each other out ---- */

static int64_t telling(const field *f, const term *t) {
    if (t->n * 5 > f->n * 4) return 0;
    return (int64_t)t->n * t->weight * (t->flags & STORY_NAME ? 3 : 2);
}

static int by_strength(const void *x, const void *y) {
    const apart *a = x, *b = y;
    if (a->strength != b->strength) return a->strength > b->strength ? -1 : 1;
    if (a->a != b->a) return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

static void find_aparts(field *f) {
    const term *best[TELLING_MAX];
    size_t n = 0;
    for (size_t k = 0; k < f->n_terms; k++) {
        const term *t = &f->terms[k];
        int64_t strength = telling(f, t);
        if (!strength || (n == TELLING_MAX && telling(f, best[n - 1]) >= strength)) continue;
        size_t at = n < TELLING_MAX ? n++ : n - 1;
        for (; at && telling(f, best[at - 1]) < strength; at--)
            best[at] = best[at - 1];
        best[at] = t;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            const term *a = best[i], *b = best[j];
            int both = __builtin_popcountll(a->in & b->in);
            int less = (int)(a->n < b->n ? a->n : b->n);
            int strength = (int)(a->n + b->n - 2 * (unsigned)both) * 1000 / (int)f->n;
            strength = strength * (less - 3 * both) / less;
            if (less == 2) strength = strength * 3 / 5;
            if (strength > 0) f->aparts[f->n_aparts++] = (apart){a->in, b->in, strength};
        }
    qsort(f->aparts, f->n_aparts, sizeof *f->aparts, by_strength);
}

static int exclusive(const field *f, size_t i, size_t j) {
    for (size_t k = 0; k < f->n_aparts; k++) {
        uint64_t a = f->aparts[k].a, b = f->aparts[k].b;
        bool ia = a >> i & 1, ib = b >> i & 1, ja = a >> j & 1, jb = b >> j & 1;
        if ((ia && !ib && jb && !ja) || (ib && !ia && ja && !jb)) return f->aparts[k].strength;
    }
    return 0;
}

/* ---- columns ---- */

static int16_t ratio(int64_t c, int64_t x, int64_t y) {
    int64_t length = x * y;
    if (!length) return NOTHING;
    int64_t r = c / (length / 1000 + 1);
    return (int16_t)(r > 1000 ? 1000 : r < -1000 ? -1000 : r);
}

static void measure(field *f) {
    for (size_t i = 0; i < f->n; i++) {
        for (size_t k = 0; k < 3; k++) {
            int64_t v = 65536 * (int64_t)f->gram[k][i][i] - 512 * f->mean[k][i] + f->square[k];
            f->length[k][i] = v > 0 ? (int64_t)story_root((uint64_t)v / 256) : 0;
        }
        f->length[3][i] = (int64_t)story_root(f->gram[GRAM_LOCAL][i][i]);
    }
}

static int16_t correlation(const field *f, size_t which, size_t i, size_t j) {
    int64_t c = 65536 * (int64_t)f->gram[which][i][j] -
                256 * (f->mean[which][i] + f->mean[which][j]) + f->square[which];
    return ratio(c / 256, f->length[which][i], f->length[which][j]);
}

static int16_t thousandths(int64_t amount) {
    int64_t v = amount * 1000 / 65536;
    return (int16_t)(v > 30000 ? 30000 : v);
}

static int16_t profile(field_matrix odds, size_t n, size_t i, size_t j, int16_t means[2]) {
    int64_t sum_i = 0, sum_j = 0, m = (int64_t)n - 2, c = 0, x = 0, y = 0;
    means[0] = means[1] = 0;
    if (m < 1) return NOTHING;
    for (size_t k = 0; k < n; k++) {
        if (k == i || k == j) continue;
        sum_i += odds[i][k];
        sum_j += odds[j][k];
    }
    for (size_t k = 0; k < n && m > 2; k++) {
        if (k == i || k == j) continue;
        int64_t u = m * odds[i][k] - sum_i, v = m * odds[j][k] - sum_j;
        c += u * v;
        x += u * u;
        y += v * v;
    }
    sum_i = sum_i * 1000 / (m * FIELD_ONE);
    sum_j = sum_j * 1000 / (m * FIELD_ONE);
    means[0] = (int16_t)(sum_i < sum_j ? sum_i : sum_j);
    means[1] = (int16_t)(sum_i < sum_j ? sum_j : sum_i);
    return m > 2 ? ratio(c, (int64_t)story_root((uint64_t)x), (int64_t)story_root((uint64_t)y))
                 : NOTHING;
}

static void fill(field *f, field_matrix odds, size_t i, size_t j, int16_t *row) {
    uint32_t(*g)[FIELD_MAX][FIELD_MAX] = f->gram;
    for (size_t k = 0; k < 3; k++)
        row[LOCAL_WORDS + k] = correlation(f, k, i, j);
    row[LOCAL_COS] = ratio(g[GRAM_LOCAL][i][j], f->length[3][i], f->length[3][j]);
    row[LOCAL_SHARED] = thousandths(g[GRAM_INFO][i][j]);
    row[LOCAL_APART] = thousandths((int64_t)g[GRAM_INFO_P][i][i] + g[GRAM_INFO_P][j][j] -
                                   2 * (int64_t)g[GRAM_INFO_P][i][j]);
    row[LOCAL_SHARED_NAMES] = thousandths(g[GRAM_INFO_N][i][j]);
    row[LOCAL_APART_NAMES] = thousandths((int64_t)g[GRAM_INFO_N][i][i] + g[GRAM_INFO_N][j][j] -
                                         2 * (int64_t)g[GRAM_INFO_N][i][j]);
    row[LOCAL_EXCLUSIVE] = (int16_t)exclusive(f, i, j);
    row[LOCAL_PROFILE] = profile(odds, f->n, i, j, &row[LOCAL_LESS_LIKE]);
    row[LOCAL_ODDS] = (int16_t)(odds[i][j] * 1000 / FIELD_ONE);
}

wr_status field_columns(wr_arena *arena, const story_doc *const *docs, size_t n, field_matrix odds,
                        field_row *rows) {
    wr_arena_mark mark = wr_arena_here(arena);
    field *f = wr_arena_take(arena, sizeof *f);
    if (!f) return WR_MEMORY;
    f->docs = docs;
    f->n = n;
    for (f->n_slots = 64; f->n_slots < 2 * n * STORY_TERMS;)
        f->n_slots *= 2;
    f->slots = wr_arena_array(arena, f->n_slots, sizeof *f->slots);
    f->terms = wr_arena_array(arena, n * STORY_TERMS, sizeof *f->terms);
    if (!f->slots || !f->terms) {
        wr_arena_rewind(arena, mark);
        return WR_MEMORY;
    }
    collect(f);
    sum_up(f);
    find_aparts(f);
    measure(f);
    for (size_t g = 0; g < GRAMS; g++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < i; j++) /* bits come in ascending order: [high][low] is filled */
                f->gram[g][j][i] = f->gram[g][i][j];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            fill(f, odds, i, j, rows[i * (i - 1) / 2 + j].column);
    wr_arena_rewind(arena, mark);
    return WR_OK;
}

wr_status field_judge(wr_arena *arena, const struct forest *forest, const story_doc *const *docs,
                      size_t n, field_matrix odds, field_matrix out) {
    wr_arena_mark mark = wr_arena_here(arena);
    size_t pairs = n * (n - 1) / 2;
    field_row *rows = wr_arena_array(arena, pairs, sizeof *rows);
    int32_t *score = wr_arena_array(arena, pairs, sizeof *score);
    wr_status status = rows && score ? WR_OK : WR_MEMORY;
    if (status == WR_OK) status = field_columns(arena, docs, n, odds, rows);
    if (status == WR_OK) {
        forest_score(forest, rows->column, pairs, score);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < i; j++) {
                int32_t s = score[i * (i - 1) / 2 + j] / (FOREST_ONE / FIELD_ONE);
                s = s > FIELD_CLIP ? FIELD_CLIP : s < -FIELD_CLIP ? -FIELD_CLIP : s;
                out[i][j] = out[j][i] = (int16_t)s;
            }
    }
    wr_arena_rewind(arena, mark);
    return status;
}

void field_link(field_matrix odds, size_t n, int least, uint8_t *part) {
    int32_t sum[FIELD_MAX][FIELD_MAX], size[FIELD_MAX];
    for (size_t i = 0; i < n; i++) {
        part[i] = (uint8_t)i;
        size[i] = 1;
        for (size_t j = 0; j < n; j++)
            sum[i][j] = odds[i][j];
    }
    for (;;) {
        int64_t best = 0, best_size = 0;
        size_t a = n, b = n;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < i && size[i]; j++) {
                if (!size[j]) continue;
                int64_t pairs = (int64_t)size[i] * size[j];
                if (sum[i][j] <= least * pairs) continue;
                if (best_size && sum[i][j] * best_size <= best * pairs) continue;
                best = sum[i][j];
                best_size = pairs;
                a = j;
                b = i;
            }
        if (a == n) return;
        for (size_t k = 0; k < n; k++) {
            sum[a][k] += sum[b][k];
            sum[k][a] = sum[a][k];
            if (part[k] == b) part[k] = (uint8_t)a;
        }
        size[a] += size[b];
        size[b] = 0;
    }
}
