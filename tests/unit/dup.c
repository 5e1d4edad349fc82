/* dup.c -- near-duplicates: kinds, order, limits */
#include "check.h"

#include "stages/aggregate/dup.h"

static wr_arena *arena;

/* `n` words of a vocabulary in an order that `seed` decides. */
static wr_str words(unsigned seed, size_t n) {
    char *text = wr_arena_take(arena, n * 8 + 1);
    size_t len = 0;
    for (size_t i = 0; i < n && text; i++) {
        seed = seed * 1664525u + 1013904223u;
        len += (size_t)snprintf(text + len, 9, "w%u ", seed >> 12 & 0xfffff);
    }
    return wr_str_of(text, len);
}

static wr_str cut(wr_str s, double from, double to) {
    return wr_str_slice(s, (size_t)((double)s.len * from), (size_t)((double)s.len * to));
}

static void kinds(void) {
    dup_index *index;
    dup_sketch s;
    dup_match *m;
    size_t n;
    CHECK(dup_index_new(1 << 24, &index) == WR_OK);
    wr_str base = words(1, 600);
    CHECK(dup_sketch_of(arena, base, &s) == WR_OK);
    CHECK(s.n > 20 && s.n < 100);
    CHECK(dup_index_add(index, 7, &s) == WR_OK);
    const struct {
        const char *name;
        wr_str text;
        int kind; /* -1 = none */
    } rows[] = {
        {"same", base, DUP_IDENTICAL},
        {"most of it", cut(base, 0, .8), DUP_NEAR},
        {"a part", cut(base, .2, .5), DUP_EXCERPT},
        {"another", words(2, 600), -1},
        {"empty", WR_STR(""), -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(dup_sketch_of(arena, rows[i].text, &s) == WR_OK);
        CHECK(dup_index_find(index, arena, &s, &m, &n) == WR_OK);
        CHECK_ROW(rows[i].name, n == (rows[i].kind >= 0));
        if (n) CHECK_ROW(rows[i].name, m[0].id == 7 && (int)m[0].kind == rows[i].kind);
    }
    wr_buf longer = WR_BUF_INIT(1 << 20);
    wr_buf_add_str(&longer, base);
    wr_buf_add_str(&longer, words(3, 900));
    CHECK(dup_sketch_of(arena, wr_buf_str(&longer), &s) == WR_OK);
    CHECK(dup_index_find(index, arena, &s, &m, &n) == WR_OK);
    CHECK(n == 1 && m[0].kind == DUP_CONTAINS);
    wr_buf_free(&longer);
    dup_index_free(&index);
}

static void spelling_does_not_count(void) {
    dup_sketch a, b;
    CHECK(dup_sketch_of(arena,
                        WR_STR("Two  words, THREE\nfour\xc2\xa0"
                               "five."),
                        &a) == WR_OK);
    CHECK(dup_sketch_of(arena,
                        WR_STR("two words three \xe2\x80\x9c"
                               "four five"),
                        &b) == WR_OK);
    CHECK(a.exact == b.exact && a.n_words == 5);
}

/* The pairs found do not depend on the order of arrival. */
static void order_is_free(void) {
    enum { N = 40 };
    dup_sketch s[N];
    size_t pairs[2] = {0, 0};
    for (size_t i = 0; i < N; i++) {
        wr_str text = words((unsigned)(i / 4 + 10), 300);
        CHECK(dup_sketch_of(arena, cut(text, 0, 1 - .1 * (double)(i % 4)), &s[i]) == WR_OK);
    }
    for (int turn = 0; turn < 2; turn++) {
        dup_index *index;
        CHECK(dup_index_new(1 << 24, &index) == WR_OK);
        for (size_t k = 0; k < N; k++) {
            size_t i = turn ? N - 1 - k : k, n;
            dup_match *m;
            CHECK(dup_index_find(index, arena, &s[i], &m, &n) == WR_OK);
            for (size_t x = 0; x < n; x++)
                pairs[turn] += (m[x].id + 1) * (i + 1) + m[x].id + i;
            CHECK(dup_index_add(index, i, &s[i]) == WR_OK);
        }
        dup_index_free(&index);
    }
    CHECK(pairs[0] == pairs[1] && pairs[0] > 0);
}

static void limits(void) {
    dup_index *index;
    dup_sketch s;
    size_t n = 0;
    CHECK(dup_index_new(100000, &index) == WR_OK);
    CHECK(dup_sketch_of(arena, words(5, 400), &s) == WR_OK);
    while (dup_index_add(index, n, &s) == WR_OK)
        n++;
    CHECK(n > 10 && dup_index_bytes(index) <= 100000 && dup_index_count(index) == n);
    dup_index_free(&index);
    wr_arena_fail_at(arena, 0);
    CHECK(dup_sketch_of(arena, WR_STR("a b c d e"), &s) == WR_MEMORY);
    wr_arena_fail_at(arena, SIZE_MAX);
}

int main(void) {
    CHECK(wr_arena_new("test", 1 << 24, &arena) == WR_OK);
    kinds();
    spelling_does_not_count();
    order_is_free();
    limits();
    wr_arena_free(&arena);
    return check_summary();
}
