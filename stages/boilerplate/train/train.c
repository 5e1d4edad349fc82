/* train.c -- fits the forests of the boilerplate stage on pages with gold, measures them across
 * folds of sites, writes forest_model.c
 *
 * usage: train_boilerplate PAGES [--folds N] [--trees N] [--second N] [--predictions FILE]
 *                          [--model FILE] [--nested] [--gain] */
#include "corpus.h"
#include "gbdt.h"
#include "gold.h"
#include "predict.h"
#include "score.h"

#include <stages/boilerplate/judge.h>
#include <stages/boilerplate/stack.h>

#include <stdio.h>
#include <stdlib.h>

/* A block whose log odds are this low after the first trees is given up: most of a page's blocks.
 */
enum { FIRST_EARLY = 32, FIRST_HOPELESS = -14000, SECOND_EARLY = 16, SECOND_HOPELESS = -12500 };

struct arguments {
    const char *pages, *predictions, *model;
    size_t folds, trees, second;
    bool nested, gain;
    int64_t dial;
};

/* All blocks of all pages as rows. */
struct table {
    struct corpus corpus;
    struct features *features; /* per page */
    size_t *first;             /* per page: its first row; n + 1 of them */
    size_t rows;
    int16_t *x;
    float *label, *weight;
    float *trust; /* per page: how far its gold is believed */
    uint32_t *p;  /* out-of-fold probability of the first forest */
};

static void *need(void *p) {
    if (!p) fprintf(stderr, "out of memory\n"), exit(111);
    return p;
}

static void measure(struct table *t) {
    struct corpus *c = &t->corpus;
    t->features = need(calloc(c->n, sizeof *t->features));
    t->first = need(calloc(c->n + 1, sizeof *t->first));
    t->trust = need(calloc(c->n + 1, sizeof *t->trust));
    for (size_t i = 0; i < c->n; i++) {
        struct facts facts;
        facts_collect(&c->pages[i].page, &facts);
        if (features_measure(c->arena, &c->pages[i].page, &facts, &t->features[i]) != WR_OK)
            need(NULL);
        t->first[i + 1] = t->first[i] + t->features[i].n;
        t->trust[i] = 1;
    }
    t->rows = t->first[c->n];
    t->x = need(malloc((t->rows + 1) * FEATURE_COUNT * sizeof *t->x));
    t->label = need(calloc(t->rows + 1, sizeof *t->label));
    t->weight = need(calloc(t->rows + 1, sizeof *t->weight));
    t->p = need(calloc(t->rows + 1, sizeof *t->p));
    for (size_t i = 0; i < c->n; i++)
        memcpy(t->x + t->first[i] * FEATURE_COUNT, t->features[i].rows,
               t->features[i].n * FEATURE_COUNT * sizeof *t->x);
}

/* A block weighs as much as it moves its page's F1, and a little for itself. */
static void label(struct table *t) {
    for (size_t i = 0; i < t->corpus.n; i++) {
        const struct corpus_page *page = &t->corpus.pages[i];
        size_t runs = 0, at = t->first[i];
        if (!gold_labels(page->gold, &page->page, t->label + at, &runs)) need(NULL);
        float gold = runs > 60 ? (float)runs : 60;
        for (size_t k = 0; k < t->features[i].n; k++) {
            float words = (float)t->features[i].words[k];
            words = words < 1 ? 1 : words > 400 ? 400 : words;
            t->weight[at + k] = words / gold * 50 + 0.15F;
        }
    }
}

/* One forest on the rows of all pages whose fold is neither `out` nor `also`. */
static struct forest fit(const struct table *t, const int16_t *x, size_t width, size_t trees,
                         unsigned out, unsigned also, double *gain) {
    struct gbdt_options options = GBDT_DEFAULTS;
    options.trees = trees;
    options.rate = width > FEATURE_COUNT ? 0.07 : 0.1;
    float *weight = need(malloc((t->rows + 1) * sizeof *weight));
    for (size_t i = 0; i < t->corpus.n; i++) {
        unsigned fold = t->corpus.pages[i].fold;
        for (size_t k = t->first[i]; k < t->first[i + 1]; k++)
            weight[k] = fold == out || fold == also ? 0 : t->weight[k] * t->trust[i];
    }
    struct gbdt_data data = {x, t->rows, width, t->label, weight};
    struct forest forest;
    if (!gbdt_train(&data, &options, &forest, gain)) need(NULL);
    free(weight);
    size_t early = width > FEATURE_COUNT ? SECOND_EARLY : FIRST_EARLY;
    forest.early = early < trees ? early : 0;
    forest.hopeless = width > FEATURE_COUNT ? SECOND_HOPELESS : FIRST_HOPELESS;
    return forest;
}

static void apply(const struct table *t, const struct forest *forest, unsigned fold, uint32_t *p) {
    int32_t *score = need(malloc((t->rows + 1) * sizeof *score));
    for (size_t i = 0; i < t->corpus.n; i++) {
        size_t at = t->first[i], n = t->features[i].n;
        if (t->corpus.pages[i].fold != fold) continue;
        forest_score(forest, t->x + at * FEATURE_COUNT, n, score);
        for (size_t k = 0; k < n; k++)
            p[at + k] = forest_probability(score[k]);
    }
    free(score);
}

/* Rows of the second forest from out-of-fold opinions. */
static int16_t *stacked(const struct table *t, const uint32_t *p) {
    int16_t *x = need(malloc((t->rows + 1) * STACK_COUNT * sizeof *x)), *rows;
    for (size_t i = 0; i < t->corpus.n; i++) {
        wr_arena_mark mark = wr_arena_here(t->corpus.arena);
        if (stack_fill(t->corpus.arena, &t->features[i], p + t->first[i], &rows) != WR_OK)
            need(NULL);
        memcpy(x + t->first[i] * STACK_COUNT, rows, t->features[i].n * STACK_COUNT * sizeof *x);
        wr_arena_rewind(t->corpus.arena, mark);
    }
    return x;
}

static void report(const struct table *t, const char *name, const struct score_page *score) {
    static const char *const sets[] = {"scrapinghub", "aef424", "fundus", "l3sgn1", "wcxb"};
    bool *use = need(calloc(t->corpus.n, sizeof *use));
    printf("%-8s", name);
    for (int s = 0; s < 6; s++) {
        for (size_t i = 0; i < t->corpus.n; i++) {
            wr_str set = t->corpus.pages[i].set;
            use[i] = s < 5 ? wr_str_eq(set, wr_str_c(sets[s])) : !wr_str_eq(set, WR_STR("wcxb"));
        }
        struct score_set m = score_mean(score, t->corpus.n, use);
        if (m.pages)
            printf(" %s %.4f/%.4f P%.3f R%.3f e%zu%s", s < 5 ? sets[s] : "NEWS4", m.f1, m.page_f1,
                   m.precision, m.recall, m.empty, s < 5 ? " |" : "\n");
    }
    fflush(stdout);
    free(use);
}

/* Every page of the fold through the stage with the model; scores, and lines for the scorers. */
static void predict(struct table *t, const struct arguments *a, const struct judge_model *model,
                    unsigned fold, struct score_page *score, FILE *out) {
    struct boilerplate_options options = BOILERPLATE_DEFAULTS;
    options.dial = a->dial;
    for (size_t i = 0; i < t->corpus.n; i++) {
        struct corpus_page *page = &t->corpus.pages[i];
        if (page->fold != fold) continue;
        wr_arena_mark mark = wr_arena_here(t->corpus.arena);
        wr_str why = wr_str_of(NULL, 0);
        wr_status status =
            boilerplate_page_with(t->corpus.arena, &options, model, &page->page, &why);
        const wr_article *main = status == WR_OK ? predict_main(&page->page) : NULL;
        score[i] = score_texts(page->gold, main ? predict_body(main) : wr_str_of(NULL, 0));
        if (out) predict_write(out, page->set, page->id, &page->page);
        page->page.n_articles = 0;
        wr_arena_rewind(t->corpus.arena, mark);
    }
}

static void out_of_fold(struct table *t, const struct arguments *a, struct forest *first) {
    for (unsigned k = 0; k < a->folds; k++) {
        first[k] = fit(t, t->x, FEATURE_COUNT, a->trees, k, k, NULL);
        apply(t, &first[k], k, t->p);
        fprintf(stderr, "first forest, fold %u\n", k);
    }
}

/* Opinions for the rows outside fold k that no forest trained on fold k had a part in. */
static void nested_opinions(const struct table *t, const struct arguments *a, unsigned k,
                            uint32_t *p) {
    for (unsigned j = 0; j < a->folds; j++) {
        if (j == k) continue;
        struct forest forest = fit(t, t->x, FEATURE_COUNT, a->trees, k, j, NULL);
        apply(t, &forest, j, p);
        gbdt_free(&forest);
    }
}

static struct forest fit_second(const struct table *t, const struct arguments *a, unsigned k) {
    uint32_t *p = need(malloc((t->rows + 1) * sizeof *p));
    memcpy(p, t->p, t->rows * sizeof *p);
    if (a->nested) nested_opinions(t, a, k, p);
    int16_t *x = stacked(t, p);
    struct forest forest = fit(t, x, STACK_COUNT, a->second, k, k, NULL);
    fprintf(stderr, "second forest, fold %u\n", k);
    free(x);
    free(p);
    return forest;
}

/* A page no model gets half right is more often one whose gold stops early than one that teaches.
 */
static void doubt(struct table *t, const struct score_page *score) {
    for (size_t i = 0; i < t->corpus.n; i++)
        t->trust[i] = score_f1(score[i]) < 0.5 ? 0.2F : 1;
}

static void cross_validate(struct table *t, const struct arguments *a) {
    struct forest *first = need(calloc(a->folds, sizeof *first));
    struct score_page *score = need(calloc(t->corpus.n, sizeof *score));
    FILE *out = a->predictions ? fopen(a->predictions, "w") : NULL;
    out_of_fold(t, a, first);
    for (unsigned k = 0; k < a->folds; k++) {
        struct judge_model model = {.first = first[k], .second = {.n_features = STACK_COUNT}};
        predict(t, a, &model, k, score, a->second ? NULL : out);
    }
    report(t, "first", score);
    doubt(t, score);
    for (unsigned k = 0; k < a->folds && a->second; k++) {
        struct judge_model model = {.first = first[k], .second = fit_second(t, a, k)};
        predict(t, a, &model, k, score, out);
        gbdt_free(&model.second);
    }
    if (a->second) report(t, "second", score);
    if (out) fclose(out);
    free(score);
    free(first);
}

static void write_forest(FILE *out, const char *name, const struct forest *forest) {
    fprintf(out, "static const struct forest_tree %s[] = {\n", name);
    for (size_t t = 0; t < forest->n_trees; t++) {
        const struct forest_tree *tree = &forest->trees[t];
        fputs("{{", out);
        for (int i = 0; i < FOREST_NODES; i++)
            fprintf(out, "%d,", tree->feature[i]);
        fputs("},\n{", out);
        for (int i = 0; i < FOREST_NODES; i++)
            fprintf(out, "%d,", tree->cut[i]);
        fputs("},\n{", out);
        for (int i = 0; i < FOREST_LEAVES; i++)
            fprintf(out, "%d,", tree->leaf[i]);
        fputs("}},\n", out);
    }
    fputs("};\n\n", out);
}

static bool write_model(const char *path, const struct judge_model *m) {
    FILE *out = fopen(path, "w");
    if (!out) return false;
    fputs("/* forest_model.c -- generated by scripts/train boilerplate, see MODEL.md */\n"
          "#include \"judge.h\"\n#include \"stack.h\"\n\n/* clang-format off */\n",
          out);
    write_forest(out, "first", &m->first);
    if (m->second.n_trees) write_forest(out, "second", &m->second);
    fprintf(out,
            "/* The rows must be those the model was trained on: train again. */\n"
            "_Static_assert(FEATURE_COUNT == %d && STACK_COUNT == %d, \"model and features\");\n\n",
            FEATURE_COUNT, STACK_COUNT);
    fprintf(out,
            "const struct judge_model judge_shipped = {\n"
            "    .first = {first, %zu, FEATURE_COUNT, %d, %zu, %d},\n",
            m->first.n_trees, m->first.base, m->first.early, m->first.hopeless);
    if (m->second.n_trees)
        fprintf(out, "    .second = {second, %zu, STACK_COUNT, %d, %zu, %d},\n", m->second.n_trees,
                m->second.base, m->second.early, m->second.hopeless);
    fputs("    .version = 1};\n", out);
    return fclose(out) == 0;
}

static void print_gain(const double *gain, size_t n) {
    for (size_t i = 0; i < n; i++)
        printf("gain %.4f %s\n", gain[i], stack_name(i));
}

static bool train_all(struct table *t, const struct arguments *a) {
    struct judge_model model = {0};
    double gain[STACK_COUNT];
    unsigned none = (unsigned)a->folds;
    model.first = fit(t, t->x, FEATURE_COUNT, a->trees, none, none, gain);
    if (a->gain) print_gain(gain, FEATURE_COUNT);
    if (a->second) {
        struct forest *first = need(calloc(a->folds, sizeof *first));
        if (!a->predictions) out_of_fold(t, a, first);
        int16_t *x = stacked(t, t->p);
        model.second = fit(t, x, STACK_COUNT, a->second, none, none, gain);
        if (a->gain) print_gain(gain, STACK_COUNT);
        free(x);
        free(first);
    }
    return write_model(a->model, &model);
}

static bool read_arguments(int argc, char **argv, struct arguments *a) {
    *a = (struct arguments){.folds = 5, .trees = 200, .second = 120, .dial = 50};
    for (int i = 1; i < argc; i++) {
        wr_str arg = wr_str_c(argv[i]);
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (wr_str_eq(arg, WR_STR("--nested"))) a->nested = true;
        else if (wr_str_eq(arg, WR_STR("--gain"))) a->gain = true;
        else if (!wr_str_starts(arg, WR_STR("--"))) a->pages = argv[i];
        else if (!value) return false;
        else if (wr_str_eq(arg, WR_STR("--folds"))) a->folds = strtoul(argv[++i], NULL, 10);
        else if (wr_str_eq(arg, WR_STR("--trees"))) a->trees = strtoul(argv[++i], NULL, 10);
        else if (wr_str_eq(arg, WR_STR("--second"))) a->second = strtoul(argv[++i], NULL, 10);
        else if (wr_str_eq(arg, WR_STR("--dial"))) a->dial = strtol(argv[++i], NULL, 10);
        else if (wr_str_eq(arg, WR_STR("--predictions"))) a->predictions = argv[++i];
        else if (wr_str_eq(arg, WR_STR("--model"))) a->model = argv[++i];
        else return false;
    }
    return a->pages && a->folds >= 2 && a->folds < 100;
}

/* The best any choice of whole blocks could do. */
static void report_ceiling(struct table *t) {
    struct score_page *score = need(calloc(t->corpus.n, sizeof *score));
    for (size_t i = 0; i < t->corpus.n; i++) {
        wr_buf text = WR_BUF_INIT((size_t)64 << 20);
        for (size_t k = 0; k < t->features[i].n; k++) {
            if (t->label[t->first[i] + k] <= 0) continue;
            wr_buf_add_str(&text, t->corpus.pages[i].page.blocks[k].text);
            wr_buf_add_char(&text, '\n');
        }
        score[i] = score_texts(t->corpus.pages[i].gold, wr_buf_str(&text));
        wr_buf_free(&text);
    }
    report(t, "ceiling", score);
    free(score);
}

int main(int argc, char **argv) {
    struct arguments a;
    struct table table = {0};
    if (!read_arguments(argc, argv, &a))
        return fprintf(
                   stderr,
                   "usage: train_boilerplate PAGES [--folds N] [--trees N] [--second N] [--dial N]"
                   " [--predictions FILE] [--model FILE] [--nested] [--gain]\n"),
               100;
    if (!corpus_read(&table.corpus, a.pages, (unsigned)a.folds)) return 111;
    measure(&table);
    label(&table);
    fprintf(stderr, "%zu pages, %zu blocks\n", table.corpus.n, table.rows);
    report_ceiling(&table);
    if (!a.model || a.predictions) cross_validate(&table, &a);
    if (a.model && !train_all(&table, &a)) return fprintf(stderr, "%s?\n", a.model), 111;
    return 0;
}
