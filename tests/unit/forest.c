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

int main(void) {
    make_rows();
    check_learns();
    check_probability();
    check_words();
    return check_summary();
}
