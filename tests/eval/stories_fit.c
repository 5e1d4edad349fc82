/* stories_fit.c -- training rows of the stories' forests */
#include "stories_fit.h"

#include "stages/boilerplate/train/gbdt.h"

#include <stdlib.h>

#define COMPARABLE 30 /* as the set's */
#define FIELD      (-640)
#define VARIANTS   12 /* of each field, with a share of each story left out */

static const struct gbdt_options pair_options = {
    .trees = 60, .rate = 0.1, .rows = 0.7, .cols = 0.6, .min_weight = 20, .lambda = 2, .seed = 1};
static const struct gbdt_options within_options = {
    .trees = 80, .rate = 0.07, .rows = 0.7, .cols = 0.6, .min_weight = 300, .lambda = 2, .seed = 1};

typedef struct rows {
    int16_t *x;
    float *y, *w;
    uint16_t (*ends)[2];
    size_t n, cap, columns;
} rows;

static int16_t *add_row(rows *r, size_t a, size_t b, bool same) {
    if (r->n == r->cap) {
        r->cap = r->cap ? r->cap * 2 : 1 << 14;
        r->x = realloc(r->x, r->cap * r->columns * sizeof *r->x);
        r->y = realloc(r->y, r->cap * sizeof *r->y);
        r->w = realloc(r->w, r->cap * sizeof *r->w);
        r->ends = realloc(r->ends, r->cap * sizeof *r->ends);
        if (!r->x || !r->y || !r->w || !r->ends) abort();
    }
    r->y[r->n] = same;
    r->w[r->n] = 1;
    r->ends[r->n][0] = (uint16_t)a;
    r->ends[r->n][1] = (uint16_t)b;
    return r->x + r->columns * r->n++;
}

static void drop_rows(rows *r) {
    free(r->x);
    free(r->y);
    free(r->w);
    free(r->ends);
}

static void pair_rows(const fit_article *a, size_t n, unsigned without, rows *r) {
    int16_t row[PAIR_COLUMNS];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            if (a[i].fold == without || a[j].fold == without) continue;
            if (!story_pair_columns(&a[i].doc, &a[i].sums, &a[j].doc, &a[j].sums, COMPARABLE, row))
                continue;
            memcpy(add_row(r, i, j, a[i].story == a[j].story), row, sizeof row);
        }
}

/* What pairs say by forests that did not see the folds of either. */
static bool unseen_odds(const fit_article *a, rows *r, int16_t *odds) {
    for (unsigned f = 0; f < FIT_FOLDS; f++)
        for (unsigned g = 0; g <= f; g++) {
            struct forest forest;
            size_t wanted = 0;
            for (size_t k = 0; k < r->n; k++) {
                unsigned x = a[r->ends[k][0]].fold, y = a[r->ends[k][1]].fold;
                bool out = x == f || x == g || y == f || y == g;
                wanted += (x == f && y == g) || (x == g && y == f);
                r->w[k] = out ? 0 : 1;
            }
            if (!wanted) continue;
            struct gbdt_data data = {r->x, r->n, r->columns, r->y, r->w};
            if (!gbdt_train(&data, &pair_options, &forest, NULL)) return false;
            for (size_t k = 0; k < r->n; k++) {
                unsigned x = a[r->ends[k][0]].fold, y = a[r->ends[k][1]].fold;
                int32_t score;
                if (!((x == f && y == g) || (x == g && y == f))) continue;
                forest_score(&forest, r->x + k * r->columns, 1, &score);
                score /= FOREST_ONE / FIELD_ONE;
                odds[k] = (int16_t)(score > FIELD_CLIP    ? FIELD_CLIP
                                    : score < -FIELD_CLIP ? -FIELD_CLIP
                                                          : score);
            }
            gbdt_free(&forest);
        }
    return true;
}

/* Average linkage over all articles, as field_link, on a table of n * n odds. */
static void link_all(int16_t *odds, size_t n, const bool *use, uint16_t *part) {
    int64_t *sum = calloc(n * n, sizeof *sum);
    size_t *size = calloc(n, sizeof *size);
    if (!sum || !size) abort();
    for (size_t i = 0; i < n * n; i++)
        sum[i] = odds[i];
    for (size_t i = 0; i < n; i++) {
        part[i] = (uint16_t)i;
        size[i] = use[i];
    }
    for (;;) {
        double best = FIELD;
        size_t a = n, b = n;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < i && size[i]; j++) {
                double v = size[j] ? (double)sum[i * n + j] / (double)(size[i] * size[j]) : -1e9;
                if (v <= best) continue;
                best = v;
                a = j;
                b = i;
            }
        if (a == n) break;
        for (size_t k = 0; k < n; k++) {
            sum[a * n + k] += sum[b * n + k];
            sum[k * n + a] = sum[a * n + k];
            if (part[k] == b) part[k] = (uint16_t)a;
        }
        size[a] += size[b];
        size[b] = 0;
    }
    free(sum);
    free(size);
}

static uint64_t random_next(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

/* Rows of one field with a share of each story left out, so that the forest meets fields of any
 * size and mixture. */
static void field_rows(wr_arena *arena, const fit_article *a, size_t n, const int16_t *odds,
                       const uint16_t *part, size_t p, unsigned variant, uint64_t *seed, rows *r) {
    static const unsigned shares[] = {0, 15, 30, 50, 80, 100};
    const story_doc *docs[FIELD_MAX];
    size_t at[FIELD_MAX], m = 0;
    unsigned keep[FIT_MAX];
    field_matrix matrix;
    for (size_t i = 0; i < FIT_MAX; i++)
        keep[i] = variant ? shares[random_next(seed) % 6] : 100;
    for (size_t i = 0; i < n && m < FIELD_MAX; i++) {
        if (part[i] != p || random_next(seed) % 100 >= keep[a[i].story]) continue;
        docs[m] = &a[i].doc;
        at[m++] = i;
    }
    if (m < 2) return;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++)
            matrix[i][j] = odds[at[i] * n + at[j]];
    field_row *columns = wr_arena_array(arena, m * (m - 1) / 2, sizeof *columns);
    if (!columns || field_columns(arena, docs, m, matrix, columns) != WR_OK) abort();
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < i; j++)
            memcpy(add_row(r, at[i], at[j], a[at[i]].story == a[at[j]].story),
                   columns[i * (i - 1) / 2 + j].column, sizeof(field_row));
}

static void within_rows(const fit_article *a, size_t n, unsigned without, const rows *pairs,
                        const int16_t *pair_odds, rows *r) {
    wr_arena *arena;
    int16_t *odds = malloc(n * n * sizeof *odds);
    uint16_t *part = malloc(n * sizeof *part);
    bool *use = malloc(n);
    uint64_t seed = 12345;
    if (!odds || !part || !use || wr_arena_new("fit", (size_t)64 << 20, &arena) != WR_OK) abort();
    for (size_t i = 0; i < n * n; i++)
        odds[i] = FIELD_APART;
    for (size_t k = 0; k < pairs->n; k++) {
        size_t i = pairs->ends[k][0], j = pairs->ends[k][1];
        odds[i * n + j] = odds[j * n + i] = pair_odds[k];
    }
    for (size_t i = 0; i < n; i++)
        use[i] = a[i].fold != without;
    link_all(odds, n, use, part);
    for (size_t p = 0; p < n; p++)
        for (unsigned v = 0; v <= VARIANTS && use[p] && part[p] == p; v++) {
            wr_arena_reset(arena);
            field_rows(arena, a, n, odds, part, p, v, &seed, r);
        }
    wr_arena_free(&arena);
    free(odds);
    free(part);
    free(use);
}

bool fit_forests(const fit_article *a, size_t n, unsigned without, struct forest *pair,
                 struct forest *within) {
    rows p = {.columns = PAIR_COLUMNS}, w = {.columns = LOCAL_COLUMNS};
    pair_rows(a, n, without, &p);
    int16_t *odds = calloc(p.n, sizeof *odds);
    if (!odds || !unseen_odds(a, &p, odds)) return false;
    within_rows(a, n, without, &p, odds, &w);
    for (size_t k = 0; k < p.n; k++)
        p.w[k] = 1;
    struct gbdt_data first = {p.x, p.n, p.columns, p.y, p.w};
    struct gbdt_data second = {w.x, w.n, w.columns, w.y, w.w};
    bool made = gbdt_train(&first, &pair_options, pair, NULL) &&
                gbdt_train(&second, &within_options, within, NULL);
    drop_rows(&p);
    drop_rows(&w);
    free(odds);
    return made;
}
