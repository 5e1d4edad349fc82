/* score.c -- the shingle measure of article extraction: overlap of runs of four words */
#include "score.h"

#include <stages/boilerplate/words.h>

#include <stdlib.h>

static int compare(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static uint64_t raw_hash(wr_str s, const struct word *word) {
    uint64_t h = 0xCBF29CE484222325u;
    for (size_t i = word->start; i < word->end; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * 0x100000001B3u;
    return h;
}

/* Sorted hashes of all runs; on the heap. */
static uint64_t *runs_of(wr_str s, size_t *n_runs) {
    struct word word;
    size_t n = 0, cap = s.len / 2 + 8;
    uint64_t *hash = malloc(cap * sizeof *hash), last[4] = {0};
    if (!hash) abort();
    for (size_t at = 0; words_next(s, &at, &word); n++) {
        for (int i = 0; i < 3; i++)
            last[i] = last[i + 1];
        last[3] = raw_hash(s, &word);
        uint64_t h = 0;
        for (int i = 0; i < 4; i++)
            h = (h ^ last[i]) * 0x9E3779B97F4A7C15u, h ^= h >> 31;
        hash[n] = h;
    }
    size_t skip = n >= 4 ? 3 : n ? n - 1 : 0;
    *n_runs = n - skip;
    memmove(hash, hash + skip, *n_runs * sizeof *hash);
    qsort(hash, *n_runs, sizeof *hash, compare);
    return hash;
}

struct score_page score_texts(wr_str gold, wr_str text) {
    size_t n, m, i = 0, k = 0, both = 0;
    uint64_t *a = runs_of(gold, &n), *b = runs_of(text, &m);
    while (i < n && k < m) {
        if (a[i] == b[k]) both++, i++, k++;
        else if (a[i] < b[k]) i++;
        else k++;
    }
    free(a);
    free(b);
    double all = (double)(n + m - both);
    struct score_page page = {0, 0, 0};
    if (all > 0)
        page = (struct score_page){(double)both / all, (double)(m - both) / all,
                                   (double)(n - both) / all};
    return page;
}

double score_f1(struct score_page page) {
    double sum = 2 * page.both + page.extra + page.missed;
    return page.both > 0 ? 2 * page.both / sum : sum > 0 ? 0 : 1;
}

struct score_set score_mean(const struct score_page *pages, size_t n, const bool *use) {
    struct score_set set = {0};
    size_t with = 0;
    for (size_t i = 0; i < n; i++) {
        if (use && !use[i]) continue;
        const struct score_page *p = &pages[i];
        set.pages++;
        if (p->both + p->extra > 0) with++, set.precision += p->both / (p->both + p->extra);
        else set.empty++;
        if (p->both + p->missed > 0) set.recall += p->both / (p->both + p->missed);
        set.page_f1 += score_f1(*p);
    }
    set.precision /= with ? (double)with : 1;
    set.recall /= set.pages ? (double)set.pages : 1;
    set.page_f1 /= set.pages ? (double)set.pages : 1;
    double sum = set.precision + set.recall;
    set.f1 = sum > 0 ? 2 * set.precision * set.recall / sum : 0;
    return set;
}
