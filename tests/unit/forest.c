/* forest.c -- the trainer learns a rule it is shown, the forest tells the same on every path */
#include "check.h"

#include <stages/boilerplate/train/gbdt.h>
#include <stages/boilerplate/words.h>

#include <stdlib.h>

enum { ROWS = 2000, WIDTH = 4 };

static int16_t x[ROWS * WIDTH];
static float y[ROWS], w[ROWS];

static void make_rows(void) {
    uint32_t random = 12345;
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t k = 0; k < WIDTH; k++) {
            random = random * 1664525u + 1013904223u;
            x[i * WIDTH + k] = (int16_t)(random >> 24);
        }
        y[i] = x[i * WIDTH] > 100 && x[i * WIDTH + 2] < 200;
        w[i] = 1;
    }
}

static void check_learns(void) {
    struct gbdt_options options = GBDT_DEFAULTS;
    options.trees = 30;
    options.cols = 1;
    struct gbdt_data data = {x, ROWS, WIDTH, y, w};
    struct forest one, two;
    static int32_t score[ROWS], again[ROWS];
    CHECK(gbdt_train(&data, &options, &one, NULL) && gbdt_train(&data, &options, &two, NULL));
    CHECK(memcmp(one.trees, two.trees, one.n_trees * sizeof *one.trees) == 0);
    forest_score(&one, x, ROWS, score);
    size_t right = 0;
    for (size_t i = 0; i < ROWS; i++) {
        right += (score[i] > 0) == (y[i] > 0);
        forest_score(&one, x + i * WIDTH, 1, &again[i]);
        CHECK(again[i] == score[i]);
    }
    CHECK(right >= ROWS * 98 / 100);
    gbdt_free(&one);
    gbdt_free(&two);
}

/* What forest_score gives, written down as it is defined. */
static int32_t walk(const struct forest *f, const int16_t *row) {
    int32_t score = f->base;
    for (size_t t = 0; t < f->n_trees; t++) {
        size_t i = 0;
        if (t == f->early && f->early && score <= f->hopeless) break;
        while (i < FOREST_NODES)
            i = 2 * i + 1 + (row[f->trees[t].feature[i]] > f->trees[t].cut[i]);
        score += f->trees[t].leaf[i - FOREST_NODES];
    }
    return score;
}

static void check_walk(void) {
    enum { TREES = 9, BROAD = 199, LINES = 75 };
    static struct forest_tree trees[TREES];
    static int16_t rows[LINES * BROAD];
    int32_t score[LINES];
    uint32_t random = 99;
#define NEXT() (random = random * 1664525u + 1013904223u, random >> 16)
    for (size_t i = 0; i < LINES * BROAD; i++)
        rows[i] = (int16_t)NEXT();
    for (size_t t = 0; t < TREES; t++) {
        for (size_t i = 0; i < FOREST_NODES; i++)
            trees[t].cut[i] = (int16_t)(i % 7 ? NEXT() : i % 2 ? INT16_MAX : 0);
        for (size_t i = 0; i < FOREST_LEAVES; i++)
            trees[t].leaf[i] = (int16_t)NEXT();
    }
    for (size_t width = 1; width <= BROAD; width += width < 20 ? 1 : 83) {
        for (size_t t = 0; t < TREES; t++)
            for (size_t i = 0; i < FOREST_NODES; i++)
                trees[t].feature[i] = (uint8_t)(NEXT() % width);
        struct forest forest = {trees, TREES, width, -5, width % 3, -1000};
        forest_score(&forest, rows, LINES, score);
        for (size_t i = 0; i < LINES; i++)
            CHECK(score[i] == walk(&forest, rows + i * width));
    }
}

static void check_probability(void) {
    CHECK(forest_probability(0) == 16384);
    CHECK(forest_probability(INT32_MAX) == 32768 && forest_probability(-INT32_MAX) == 0);
    for (int32_t s = -60000; s < 60000; s += 100) {
        CHECK(forest_probability(s) <= forest_probability(s + 100));
        CHECK(forest_probability(s) + forest_probability(-s) == 32768);
    }
}

static void check_words(void) {
    static const struct {
        const char *text;
        size_t n;
    } texts[] = {{"", 0},
                 {"one two", 2},
                 {"l'\xC3\xA9t\xC3\xA9 2031!", 3},
                 {"\xE6\x97\xA5\xE6\x9C\xAC", 2},
                 {"...", 0},
                 {"a_b", 1}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        CHECK_ROW(texts[i].text, words_count(wr_str_c(texts[i].text)) == texts[i].n);
    CHECK(words_hash(WR_STR("The Ferry")) == words_hash(WR_STR("the  FERRY.")));
    CHECK(words_hash(WR_STR("\xC3\x89T\xC3\x89")) == words_hash(WR_STR("\xC3\xA9t\xC3\xA9")));
    CHECK(words_hash(WR_STR("ferry the")) != words_hash(WR_STR("the ferry")));
}

/* A word is the same wherever it stands: before a blank, a mark that is not ASCII, the end. */
static void check_word_places(void) {
    static const char letters[] = "aBcd_fGhij0lmnopQrstuvwxyz\xC3\x89"
                                  "bcdefghijklmnopq2st";
    for (size_t n = 1; n < sizeof letters; n++) {
        char text[4][80];
        int len = (int)n;
        if (((unsigned char)letters[n] & 0xC0) == 0x80) continue; /* within a character */
        snprintf(text[0], sizeof text[0], "%.*s", len, letters);
        snprintf(text[1], sizeof text[1], "-%.*s and much more of it", len, letters);
        snprintf(text[2], sizeof text[2], "\xE2\x80\x9C%.*s\xE2\x80\x9D and on", len, letters);
        snprintf(text[3], sizeof text[3], "%.*s\xE2\x80\xA6", len, letters);
        struct word word, first = {0};
        for (int k = 0; k < 4; k++) {
            size_t at = 0;
            CHECK(words_next(wr_str_c(text[k]), &at, &word));
            if (k == 0) first = word;
            CHECK_ROW(text[k], word.hash == first.hash && word.chars == first.chars);
            CHECK_ROW(text[k], word.end - word.start == n && !word.digits && !word.all_upper);
        }
    }
}

int main(void) {
    make_rows();
    check_learns();
    check_walk();
    check_word_places();
    check_probability();
    check_words();
    return check_summary();
}
