/* stories.c -- eval_stories: articles in many orders through the stories' core, scored; and the
 * trainer of its models
 *
 * usage: eval_stories MODEL NAMES [--orders N] [--cross-validate] [--predict FILE] < ARTICLES
 *        eval_stories MODEL NAMES --fit FILE < ARTICLES
 *        eval_stories --words N < TEXTS
 * ARTICLES: for each a line "BYTES FOLD STORY", then the text, whose lines are paragraphs; MODEL
 * and NAMES as the tag stage's. One JSON line: BCubed over the orders. --cross-validate: fold by
 * fold with forests that saw no article of its topics. --predict: "ORDER ARTICLE STORY" lines.
 * --fit writes story_model.c, --words story_words_table.c from words in at least N TEXTS (a line
 * "BYTES", then the text). */
#include "stories_fit.h"

#include "stages/aggregate/story_words.h"
#include "stages/boilerplate/train/gbdt.h"
#include "stages/tag/knowledge.h"
#include "stages/tag/tag.h"
#include "stages/tag/train/file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct corpus {
    fit_article *articles;
    size_t n;
} corpus;

typedef struct figures {
    double precision, recall, f1;
} figures;

static int fail(const char *what) {
    fprintf(stderr, "eval_stories: %s\n", what);
    return 111;
}

/* ---- articles ---- */

static wr_status open_tagger(wr_arena *models, char **argv, struct tagger **tagger) {
    wr_str model, names;
    struct knowledge *list;
    WR_TRY(file_read_aligned(models, argv[1], &model));
    WR_TRY(file_read(models, argv[2], &names));
    WR_TRY(tagger_new(models, model, tagger, NULL));
    WR_TRY(knowledge_new(models, &names, 1, &list, NULL, NULL));
    tagger_use_knowledge(*tagger, list);
    return WR_OK;
}

static wr_status read_doc(wr_arena *arena, struct tagger *tagger, size_t len, story_doc *doc) {
    char *text = wr_arena_take(arena, len + 1);
    if (!text || fread(text, 1, len, stdin) != len) return WR_TRUNCATED;
    wr_article a = {.text = wr_str_of(text, len), .lang = WR_STR("en")};
    a.paras = wr_arena_array(arena, len + 1, sizeof *a.paras);
    if (!a.paras) return WR_MEMORY;
    for (size_t at = 0; at < len;) {
        size_t end = wr_str_find_char(a.text, at, '\n');
        if (end > at)
            a.paras[a.n_paras++] = (wr_para){.start = at, .end = end, .kind = WR_STR("paragraph")};
        at = end + 1;
    }
    wr_page page = {.articles = &a, .n_articles = 1};
    wr_str why;
    WR_TRY(tag_page(tagger, arena, &page, &why));
    return story_doc_of(arena, &a, doc);
}

static wr_status read_corpus(wr_arena *arena, struct tagger *tagger, corpus *c) {
    size_t len;
    unsigned fold, story;
    c->articles = calloc(FIT_MAX, sizeof *c->articles);
    if (!c->articles) return WR_MEMORY;
    while (scanf("%zu %u %u", &len, &fold, &story) == 3 && getchar() == '\n') {
        if (c->n == FIT_MAX || story >= FIT_MAX) return WR_LIMIT;
        fit_article *a = &c->articles[c->n++];
        wr_arena_reset(arena);
        a->fold = fold % FIT_FOLDS;
        a->story = story;
        WR_TRY(read_doc(arena, tagger, len, &a->doc));
        story_sums_of(&a->doc, &a->sums);
    }
    return c->n ? WR_OK : WR_EMPTY;
}

/* ---- orders ---- */

static void shuffle(size_t *order, size_t n, uint64_t seed) {
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t i = n; i > 1; i--) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        size_t j = (size_t)(seed >> 33) % i, x = order[i - 1];
        order[i - 1] = order[j];
        order[j] = x;
    }
}

/* The story of each article after all have come in that order. */
static wr_status stream(wr_arena *arena, const corpus *c, const size_t *order,
                        const struct forest *pair, const struct forest *within, uint32_t *story) {
    story_set *set;
    static story_outcome out;
    story_options o = {.articles = 4096, .pair = pair, .within = within};
    WR_TRY(story_new(&o, &set));
    wr_status status = WR_OK;
    for (size_t i = 0; i < c->n && status == WR_OK; i++) {
        status = story_add(set, arena, (int64_t)order[i], 0, &c->articles[order[i]].doc, &out);
        for (size_t k = 0; k < out.n_changes; k++)
            story[out.changes[k].now.article] = out.changes[k].now.story;
    }
    story_free(&set);
    return status;
}

/* Sums of BCubed precision and recall over the articles of `fold`. */
static void score(const corpus *c, const uint32_t *story, unsigned fold, figures *sum, size_t *n) {
    for (size_t i = 0; i < c->n; i++) {
        size_t both = 0, found = 0, gold = 0;
        if (fold != FIT_NONE && c->articles[i].fold != fold) continue;
        for (size_t k = 0; k < c->n; k++) {
            bool same = story[k] == story[i];
            bool right = c->articles[k].story == c->articles[i].story;
            found += same;
            gold += right;
            both += same && right;
        }
        sum->precision += (double)both / (double)found;
        sum->recall += (double)both / (double)gold;
        ++*n;
    }
}

static figures mean(figures sum, size_t n) {
    figures f = {sum.precision / (double)n, sum.recall / (double)n, 0};
    f.f1 = 2 * f.precision * f.recall / (f.precision + f.recall);
    return f;
}

typedef struct models {
    struct forest pair[FIT_FOLDS], within[FIT_FOLDS];
} models;

/* One order: with the shipped forests, or fold by fold with those of `m`. */
static wr_status one_order(wr_arena *arena, const corpus *c, const models *m, size_t number,
                           FILE *predict, figures *out) {
    size_t *order = calloc(c->n, sizeof *order), n = 0;
    uint32_t *story = calloc(c->n, sizeof *story);
    if (!order || !story) return WR_MEMORY;
    figures sum = {0, 0, 0};
    wr_status status = WR_OK;
    shuffle(order, c->n, number + 1);
    for (unsigned f = 0; f < (m ? FIT_FOLDS : 1) && status == WR_OK; f++) {
        status = stream(arena, c, order, m ? &m->pair[f] : NULL, m ? &m->within[f] : NULL, story);
        score(c, story, m ? f : FIT_NONE, &sum, &n);
        for (size_t i = 0; predict && i < c->n; i++)
            if (!m || c->articles[i].fold == f)
                fprintf(predict, "%zu %zu %u.%u\n", number, i, m ? f : 0, story[i]);
    }
    *out = mean(sum, n);
    free(order);
    free(story);
    return status;
}

static wr_status evaluate(wr_arena *arena, const corpus *c, const models *m, size_t orders,
                          FILE *predict) {
    figures sum = {0, 0, 0}, f;
    double least = 1, most = 0, squares = 0;
    clock_t began = clock();
    for (size_t i = 0; i < orders; i++) {
        WR_TRY(one_order(arena, c, m, i, predict, &f));
        sum.precision += f.precision;
        sum.recall += f.recall;
        sum.f1 += f.f1;
        squares += f.f1 * f.f1;
        if (f.f1 < least) least = f.f1;
        if (f.f1 > most) most = f.f1;
    }
    double n = (double)orders, average = sum.f1 / n;
    double us = (double)(clock() - began) / CLOCKS_PER_SEC * 1e6 / (n * (double)c->n);
    printf(
        "{\"models\": \"%s\", \"articles\": %zu, \"orders\": %zu, \"precision\": %.4f, \"recall\": "
        "%.4f, \"f1\": %.4f, \"f1_least\": %.4f, \"f1_most\": %.4f, \"spread\": %.4f, "
        "\"us_per_article\": %.0f}\n",
        m ? "cross-validated" : "shipped", c->n, orders, sum.precision / n, sum.recall / n, average,
        least, most, sqrt(fmax(squares / n - average * average, 0)), us / (m ? FIT_FOLDS : 1));
    return WR_OK;
}

/* ---- models and words as source ---- */

static void write_trees(FILE *out, const char *name, const struct forest *f) {
    fprintf(out, "static const struct forest_tree %s_trees[] = {\n", name);
    for (size_t t = 0; t < f->n_trees; t++) {
        fprintf(out, "    {{");
        for (int i = 0; i < FOREST_NODES; i++)
            fprintf(out, "%u,", f->trees[t].feature[i]);
        fprintf(out, "},\n     {");
        for (int i = 0; i < FOREST_NODES; i++)
            fprintf(out, "%d,", f->trees[t].cut[i]);
        fprintf(out, "},\n     {");
        for (int i = 0; i < FOREST_LEAVES; i++)
            fprintf(out, "%d,", f->trees[t].leaf[i]);
        fprintf(out, "}},\n");
    }
    fprintf(out,
            "};\n\nconst struct forest story_%s_forest = {%s_trees, %zu, %zu, %d, %zu, %d};\n\n",
            name, name, f->n_trees, f->n_features, f->base, f->early, f->hopeless);
}

static wr_status write_models(const corpus *c, const char *path) {
    struct forest pair, within;
    FILE *out = fopen(path, "w");
    if (!out) return WR_IO;
    if (!fit_forests(c->articles, c->n, FIT_NONE, &pair, &within)) return WR_MEMORY;
    fprintf(out, "/* story_model.c -- generated by scripts/train stories, see STORIES.md */\n"
                 "#include \"story_model.h\"\n\n/* clang-format off */\n");
    write_trees(out, "pair", &pair);
    write_trees(out, "field", &within);
    return fclose(out) == 0 ? WR_OK : WR_IO;
}

static int by_value(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

#define WORDS_MAX  ((size_t)1 << 25)
#define TEXT_WORDS 200000

/* Appends the distinct words of one text. */
static bool add_words(wr_str text, uint32_t *all, size_t *n) {
    static uint32_t words[TEXT_WORDS];
    size_t m = 0, at = 0, from;
    while (m < TEXT_WORDS && story_next_word(text, &at, &from, &words[m]))
        m++;
    qsort(words, m, sizeof *words, by_value);
    for (size_t i = 0; i < m && *n < WORDS_MAX; i++)
        if (!i || words[i] != words[i - 1]) all[(*n)++] = words[i];
    return *n < WORDS_MAX;
}

static void print_words(const uint32_t *all, size_t n, size_t texts, size_t least) {
    for (int pass = 0; pass < 2; pass++) {
        size_t k = 0;
        printf(pass ? "};\n\nconst uint8_t story_word_rarity[] = {"
                    : "/* story_words_table.c -- generated by scripts/train stories, see "
                      "STORIES.md */\n"
                      "#include \"story_words.h\"\n\n/* clang-format off */\n"
                      "const uint32_t story_word_hash[] = {");
        for (size_t i = 0, j; i < n; i = j) {
            for (j = i; j < n && all[j] == all[i];)
                j++;
            double rarity = 16 * log((double)texts / (double)(j - i));
            if (j - i < least || rarity >= STORY_RAREST) continue;
            printf("%s%u,", k++ % (pass ? 25 : 9) ? "" : "\n",
                   pass ? (unsigned)(rarity + .5) : all[i]);
        }
        if (pass) printf("};\n\nconst size_t story_n_words = %zu;\n", k);
    }
}

static int count_words(size_t least) {
    uint32_t *all = malloc(WORDS_MAX * sizeof *all);
    size_t n = 0, texts = 0, len;
    if (!all) return fail("memory");
    for (; scanf("%zu", &len) == 1 && getchar() == '\n'; texts++) {
        char *text = malloc(len + 1);
        if (!text || fread(text, 1, len, stdin) != len) return fail("a text is cut short");
        if (!add_words(wr_str_of(text, len), all, &n)) return fail("too many words");
        free(text);
    }
    qsort(all, n, sizeof *all, by_value);
    print_words(all, n, texts, least);
    free(all);
    return 0;
}

static bool fit_all(const corpus *c, models *m) {
    for (unsigned f = 0; f < FIT_FOLDS; f++)
        if (!fit_forests(c->articles, c->n, f, &m->pair[f], &m->within[f])) return false;
    return true;
}

int main(int argc, char **argv) {
    wr_arena *arena, *bytes;
    struct tagger *tagger;
    corpus c = {0};
    size_t orders = 20;
    bool cross = false;
    const char *fit = NULL, *predict = NULL;
    if (argc == 3 && strcmp(argv[1], "--words") == 0)
        return count_words(strtoul(argv[2], NULL, 10));
    if (argc < 3) return fail("usage: eval_stories MODEL NAMES [...] < ARTICLES"), 100;
    for (int i = 3; i < argc; i++) {
        if (strcmp(argv[i], "--cross-validate") == 0) cross = true;
        else if (i + 1 == argc) return fail(argv[i]), 100;
        else if (strcmp(argv[i], "--orders") == 0) orders = strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--fit") == 0) fit = argv[++i];
        else if (strcmp(argv[i], "--predict") == 0) predict = argv[++i];
        else return fail(argv[i]), 100;
    }
    if (wr_arena_new("eval", (size_t)1 << 30, &arena) != WR_OK ||
        wr_arena_new("models", (size_t)256 << 20, &bytes) != WR_OK ||
        open_tagger(bytes, argv, &tagger) != WR_OK)
        return fail("the tagger's files");
    if (read_corpus(arena, tagger, &c) != WR_OK) return fail("the articles");
    if (fit) return write_models(&c, fit) == WR_OK ? 0 : fail(fit);
    static models m;
    if (cross && !fit_all(&c, &m)) return fail("memory");
    FILE *to = predict ? fopen(predict, "w") : NULL;
    if (predict && !to) return fail(predict);
    wr_status status = evaluate(arena, &c, cross ? &m : NULL, orders, to);
    if (to && fclose(to) != 0) status = WR_IO;
    return status == WR_OK ? 0 : fail("memory");
}
