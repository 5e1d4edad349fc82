/* plain_train.c -- fits the models of plain text to a stream of labelled lines, or cross-validates
 *
 * usage: plain_train --train STREAM MODEL.c     |     plain_train --cross-validate STREAM OUT.jsonl
 * The stream is what scripts/train.d/plain writes. Models are nested: a model's inputs on a page
 * always come from models that did not see the page's fold, at every step (word weights, first
 * trees, second trees, starts), in training as well as in validation. The shipped model saves
 * ten fits of fifteen: its starts read the shipped second trees, and word weights are nested once.
 */
#include "plain_boost.h"
#include "plain_corpus.h"
#include "stages/boilerplate/plain_doc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { FOLDS = 5, MASKS = 1 << FOLDS };

static struct corpus corpus;
static bool shipping; /* the starts of the shipped model read the shipped second trees */
static int trees_first = 250, trees_second = 120, trees_start = 140;

/* ---- the nested models, by the set of folds they did not see ---- */

static struct plain_lex *lex_of[MASKS];
static struct plain_trees first_of[MASKS], second_of[MASKS], start_of[MASKS];

/* Pages of weight 0 are judged, never learnt from. */
static bool learns(const struct corpus_page *p, int mask) {
    return p->fold >= 0 && p->weight > 0 && !(mask >> p->fold & 1);
}

static int64_t gold_words(const struct corpus_page *p) {
    int64_t words = 0;
    for (size_t i = 0; i < p->n; i++)
        if (p->body[i]) words += (int64_t)p->text[i].len / 6;
    return words < 40 ? 40 : words;
}

/* A line's weight follows what it is worth in the page's F1. */
static float weight_of(const struct corpus_page *p, size_t i, int64_t gold) {
    double words = (double)p->text[i].len / 6;
    return (float)(p->weight * ((words > 400 ? 400 : words) / (double)gold + 0.004) * 60);
}

/* Logistic regression of the cells a line looks up, by stochastic gradient with averaging steps. */
static const struct plain_lex *lex(int mask) {
    if (lex_of[mask]) return lex_of[mask];
    float *w = calloc(PLAIN_LEX_SIZE, sizeof *w), bias = 0;
    float *power = calloc(PLAIN_LEX_SIZE, sizeof *power);
    struct plain_tokens tokens = {malloc(1 << 22), 0, 0};
    uint64_t seed = 5;
    for (int epoch = 0; epoch < 4; epoch++) {
        for (size_t step = 0; step < corpus.n; step++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            const struct corpus_page *p = &corpus.page[(seed >> 33) % corpus.n];
            if (!learns(p, mask) || !p->labelled) continue;
            for (size_t i = 0; i < p->n; i++) {
                uint16_t cells[PLAIN_LEX_CELLS];
                size_t n = 0;
                struct plain_line line;
                tokens.n = 0;
                if (p->text[i].len > 1 << 20) continue;
                plain_line_scan(p->text[i], NULL, &tokens, &line, cells, &n);
                if (!n) continue;
                float z = bias;
                for (size_t k = 0; k < n; k++)
                    z += w[cells[k]];
                float g = (float)p->body[i] - 1 / (1 + expf(-z));
                bias += 0.002f * g;
                for (size_t k = 0; k < n; k++) {
                    power[cells[k]] += g * g;
                    w[cells[k]] += 0.15f * (g - 0.002f * w[cells[k]]) / sqrtf(1 + power[cells[k]]);
                }
            }
        }
    }
    struct plain_lex *out = calloc(1, sizeof *out);
    for (size_t k = 0; k < PLAIN_LEX_SIZE; k++) {
        float v = w[k] * 16;
        out->weight[k] = (int8_t)lrintf(v > 127 ? 127 : v < -127 ? -127 : v);
    }
    free(w), free(power), free(tokens.hash);
    return lex_of[mask] = out;
}

static size_t features_of(int stage, struct plain_question *f) {
    size_t n = 0;
    for (int c = 0; c < COL_COUNT; c++) {
        int r = plain_radius((enum plain_column)c);
        if (stage < 3 && c >= (stage == 1 ? COL_P : COL_Q)) break;
        if (stage == 2 && c < COL_P && r > 1) r = 1;
        if (stage == 3 && c >= COL_P && c < COL_Q) continue;
        if (stage == 3 && c < COL_P && c >= COL_POS) r = 0;
        for (int s = -r; s <= r; s++)
            f[n++] = (struct plain_question){(uint8_t)c, (int8_t)s, 0};
    }
    return n;
}

static const struct plain_trees *trees(int stage, int mask);

/* All columns up to those that `stage` reads, by models that saw neither `mask` nor the fold. */
static void fill(wr_arena *arena, const struct corpus_page *p, int stage, int mask,
                 struct plain_page *page) {
    int own = p->fold >= 0 && mask >> p->fold & 1 ? 1 << p->fold : mask;
    if (plain_page_of(arena, p->text, p->n, lex(shipping ? own : mask), page) != WR_OK) {
        fprintf(stderr, "page too large\n");
        exit(111);
    }
    plain_columns_first(page);
    if (stage == 1) return;
    plain_trees_ask(trees(1, mask), page, page->p);
    plain_columns_second(page);
    if (stage == 2) return;
    plain_trees_ask(trees(2, shipping ? 0 : mask), page, page->q);
    plain_columns_start(page);
}

static void collect(wr_arena *arena, int stage, int mask, struct boost_rows *rows) {
    static struct plain_question feature[1024];
    size_t m = features_of(stage, feature), cap = 0, stride = 0;
    uint8_t *rowwise = NULL;
    *rows = (struct boost_rows){.n_features = m, .feature = feature};
    for (size_t k = 0; k < corpus.n; k++)
        if (learns(&corpus.page[k], mask)) cap += corpus.page[k].n;
    stride = cap;
    rowwise = malloc(stride * m);
    rows->label = malloc(cap);
    rows->weight = malloc(cap * sizeof(float));
    for (size_t k = 0; k < corpus.n; k++) {
        const struct corpus_page *p = &corpus.page[k];
        if (!learns(p, mask) || (stage < 3 && !p->labelled)) continue;
        wr_arena_reset(arena);
        struct plain_page page;
        fill(arena, p, stage, mask | 1 << p->fold, &page);
        int64_t gold = gold_words(p);
        for (size_t i = 0; i < p->n; i++) {
            if (stage == 3 && (p->start[i] == '?' || !plain_may_start(&page, i))) continue;
            size_t r = rows->n++;
            rows->label[r] = stage == 3 ? p->start[i] == '1' : p->body[i];
            rows->weight[r] = stage == 3 ? 1 : weight_of(p, i, gold);
            for (size_t f = 0; f < m; f++)
                rowwise[f * stride + r] = plain_cell(
                    &page, (enum plain_column)feature[f].column)[(ptrdiff_t)i + feature[f].shift];
        }
    }
    rows->value = malloc(rows->n * m + 1);
    for (size_t f = 0; f < m; f++)
        memcpy(rows->value + f * rows->n, rowwise + f * stride, rows->n);
    free(rowwise);
}

static const struct plain_trees *trees(int stage, int mask) {
    struct plain_trees *t = &(stage == 1 ? first_of : stage == 2 ? second_of : start_of)[mask];
    if (t->n) return t;
    for (int k = 0; k < FOLDS && stage > 1; k++) /* what the rows need, before memory is taken */
        if (!(mask >> k & 1)) trees(shipping ? 1 : stage - 1, mask | 1 << k);
    if (shipping && stage == 3) trees(2, 0);
    wr_arena *arena = NULL;
    if (wr_arena_new("train", 1u << 30, &arena) != WR_OK) exit(111);
    struct boost_rows rows;
    collect(arena, stage, mask, &rows);
    struct boost_options o = {.trees = stage == 1   ? trees_first
                                       : stage == 2 ? trees_second
                                                    : trees_start,
                              .rate = stage == 1 ? 0.12f : 0.1f,
                              .lambda = 4,
                              .rows = stage == 3 ? 0.7f : 0.1f,
                              .features = 0.25f,
                              .seed = 11u + (unsigned)mask};
    fprintf(stderr, "stage %d without folds %d: %zu rows, %zu features\n", stage, mask, rows.n,
            rows.n_features);
    boost_fit(&rows, &o, t);
    free(rows.value), free(rows.label), free(rows.weight);
    wr_arena_free(&arena);
    return t;
}

static struct plain_model model_of(int mask) {
    struct plain_model m = {lex(mask), *trees(1, mask), *trees(2, mask),
                            trees_start ? *trees(3, mask) : (struct plain_trees){0}};
    return m;
}

/* ---- output ---- */

static void write_trees(FILE *f, const char *name, const struct plain_trees *t) {
    fprintf(f, "static const struct plain_tree %s[] = {\n", name);
    for (uint32_t i = 0; i < t->n; i++) {
        fprintf(f, "    {{");
        for (int d = 0; d < PLAIN_DEPTH; d++)
            fprintf(f, "%s{%d, %d, %d}", d ? ", " : "", t->tree[i].ask[d].column,
                    t->tree[i].ask[d].shift, t->tree[i].ask[d].border);
        fprintf(f, "}, {");
        for (int k = 0; k < PLAIN_LEAVES; k++)
            fprintf(f, "%s%d", k ? ", " : "", t->tree[i].leaf[k]);
        fprintf(f, "}},\n");
    }
    fprintf(f, "};\n\n");
}

static int train(const char *path) {
    shipping = true;
    struct plain_model m = model_of(0);
    FILE *f = fopen(path, "w");
    if (!f) {
        perror(path);
        return 111;
    }
    fprintf(f, "/* plain_model.c -- written by scripts/train plain; see MODEL-plain.md */\n"
               "/* clang-format off */\n#include \"plain_model.h\"\n\n");
    fprintf(f, "static const struct plain_lex lex = {{\n");
    for (size_t k = 0; k < PLAIN_LEX_SIZE; k++)
        fprintf(f, "%d,%s", m.lex->weight[k], k % 32 == 31 ? "\n" : "");
    fprintf(f, "}};\n\n");
    write_trees(f, "first", &m.first);
    write_trees(f, "second", &m.second);
    write_trees(f, "start", &m.start);
    fprintf(
        f,
        "const struct plain_model plain_model = {\n    &lex, {first, %u, %d}, {second, %u, %d}, "
        "{start, %u, %d}};\n",
        m.first.n, m.first.base, m.second.n, m.second.base, m.start.n, m.start.base);
    return fclose(f) ? 111 : 0;
}

/* Judges a page whose lines come from several folds: each line by the model that did not see its
 * fold. A Turku page (fold -2) is judged by the model of fold 0: none saw any of it. */
static void judge(wr_arena *arena, const struct corpus_page *p, struct plain_page *page,
                  struct plain_verdict *verdict) {
    struct plain_page other;
    int fold = p->fold >= 0 ? p->fold : 0;
    struct plain_model m = model_of(1 << fold);
    if (plain_judge(arena, &m, p->text, p->n, page) != WR_OK) exit(111);
    if (p->fold == -1)
        for (int k = 0; k < FOLDS; k++) {
            struct plain_model n = model_of(1 << k);
            if (plain_judge(arena, &n, p->text, p->n, &other) != WR_OK) exit(111);
            for (size_t i = 0; i < p->n; i++)
                if (p->line_fold[i] == k) {
                    page->p[i] = other.p[i];
                    page->q[i] = other.q[i];
                    page->s[i] = other.s[i];
                }
        }
    struct plain_doc doc = {.lines = *page, .label = wr_arena_array(arena, p->n + 1, 1)};
    if (!doc.label || plain_decide(arena, page, 0.5, &doc.verdict) != WR_OK ||
        plain_split(arena, &doc) != WR_OK)
        exit(111);
    plain_label_lines(&doc);
    *verdict = doc.verdict;
    for (size_t i = 0; i < p->n; i++) {
        verdict->start[i] = doc.label[i] == LABEL_title;
        verdict->body[i] = plain_label_kept((enum plain_label)doc.label[i]) && !verdict->start[i];
    }
}

/* What the models said of each line, for looking at decisions without training again. */
static void write_logits(FILE *f, const struct corpus_page *p, const struct plain_page *page) {
    fprintf(f, "{\"kind\":\"%s\",\"set\":\"%s\",\"id\":\"%s\",\"q\":[", p->kind, p->set, p->id);
    for (size_t i = 0; i < p->n; i++)
        fprintf(f, "%s%d", i ? "," : "", page->q[i]);
    fprintf(f, "],\"s\":[");
    for (size_t i = 0; i < p->n; i++)
        fprintf(f, "%s%d", i ? "," : "", plain_may_start(page, i) ? page->s[i] : -999);
    fprintf(f, "]}\n");
}

static int cross_validate(const char *path, const char *logits_path) {
    wr_arena *arena = NULL;
    FILE *f = fopen(path, "w"), *logits = logits_path ? fopen(logits_path, "w") : NULL;
    if (!f || wr_arena_new("validate", 1u << 30, &arena) != WR_OK) return 111;
    for (size_t k = 0; k < corpus.n; k++) {
        const struct corpus_page *p = &corpus.page[k];
        bool keep = strcmp(p->kind, "silver") == 0 || strcmp(p->kind, "human") == 0;
        bool multi = strcmp(p->kind, "multi") == 0;
        if (!keep && !multi && strcmp(p->kind, "turku") != 0) continue;
        wr_arena_reset(arena);
        struct plain_verdict v;
        struct plain_page page;
        judge(arena, p, &page, &v);
        corpus_write(f, p, &v);
        if (logits) write_logits(logits, p, &page);
    }
    if (logits && fclose(logits)) return 111;
    return fclose(f) ? 111 : 0;
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: plain_train --train|--cross-validate STREAM OUT [--first N] "
                        "[--second N] [--start N] [--logits FILE]\n");
        return 100;
    }
    const char *logits = NULL;
    for (int i = 4; i + 1 < argc; i += 2) {
        int n = (int)strtol(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--logits") == 0) logits = argv[i + 1];
        if (strcmp(argv[i], "--first") == 0) trees_first = n;
        else if (strcmp(argv[i], "--second") == 0) trees_second = n;
        else if (strcmp(argv[i], "--start") == 0) trees_start = n;
    }
    if (corpus_read(argv[2], &corpus)) return 111;
    return strcmp(argv[1], "--train") == 0 ? train(argv[3]) : cross_validate(argv[3], logits);
}
