/* gold.c -- which blocks of a page make up the gold text */
#include "gold.h"

#include <stages/boilerplate/words.h>

#include <stdlib.h>

/* A set of hashes with a count each. */
struct bag {
    uint64_t *key;
    uint32_t *count;
    size_t mask;
};

struct state {
    struct bag runs[5]; /* of 2, 3 and 4 words, by index */
    struct bag lines;   /* whole lines of the gold */
    uint64_t *text;     /* per block: hash of all its words */
    size_t *words;      /* per block */
    size_t n;
};

static bool bag_open(struct bag *bag, size_t n) {
    size_t slots = 64;
    while (slots < 2 * n)
        slots *= 2;
    bag->mask = slots - 1;
    bag->key = calloc(slots, sizeof *bag->key);
    bag->count = calloc(slots, sizeof *bag->count);
    return bag->key && bag->count;
}

static uint32_t *bag_at(struct bag *bag, uint64_t key) {
    size_t i = (key * 0x9E3779B97F4A7C15u >> 20) & bag->mask;
    while (bag->key[i] && bag->key[i] != key)
        i = (i + 1) & bag->mask;
    bag->key[i] = key;
    return &bag->count[i];
}

/* Calls for every run of `size` words of `s`; returns how many runs, *found = those in the bag. */
static size_t each_run(wr_str s, size_t size, struct bag *bag, bool add, size_t *found) {
    struct word word;
    uint64_t last[4] = {0};
    size_t n = 0, runs = 0;
    *found = 0;
    for (size_t at = 0; words_next(s, &at, &word);) {
        memmove(last, last + 1, 3 * sizeof *last);
        last[3] = word.hash;
        if (++n < size) continue;
        uint64_t h = size;
        for (size_t i = 4 - size; i < 4; i++)
            h = (h ^ last[i]) * 0x9E3779B97F4A7C15u, h ^= h >> 31;
        uint32_t *count = bag_at(bag, h | 1);
        *found += *count > 0;
        if (add) ++*count;
        runs++;
    }
    return runs;
}

static bool read_gold(struct state *s, wr_str gold, size_t *n_runs) {
    size_t found, blocks_runs = 0;
    for (size_t i = 0; i < s->n; i++)
        blocks_runs += s->words[i];
    for (size_t size = 2; size <= 4; size++) {
        if (!bag_open(&s->runs[size], gold.len / 2 + blocks_runs)) return false;
        *n_runs = each_run(gold, size, &s->runs[size], true, &found);
    }
    if (!bag_open(&s->lines, gold.len / 2 + s->n)) return false;
    for (size_t at = 0; at < gold.len;) {
        size_t end = wr_str_find_char(gold, at, '\n');
        ++*bag_at(&s->lines, words_hash(wr_str_slice(gold, at, end)) | 1);
        at = end + 1;
    }
    return true;
}

static void label_long(struct state *s, const wr_page *page, float *label) {
    for (size_t i = 0; i < s->n; i++) {
        label[i] = 0;
        if (s->words[i] < 4) continue;
        size_t found, size = s->words[i] < 6 ? 3 : 4;
        size_t runs = each_run(page->blocks[i].text, size, &s->runs[size], false, &found);
        label[i] = found * 2 >= runs;
    }
}

static bool alone(const struct state *s, const float *label, size_t i) {
    for (size_t k = 0; k < s->n; k++)
        if (k != i && label[k] > 0 && s->text[k] == s->text[i]) return false;
    return true;
}

/* Mean distance to the three nearest of the sure blocks. */
static double apart(const bool *sure, size_t n, size_t i) {
    double sum = 0;
    size_t found = 0;
    for (size_t d = 1; d < n && found < 3; d++) {
        if (i >= d && sure[i - d]) sum += (double)d, found++;
        if (i + d < n && sure[i + d] && found < 3) sum += (double)d, found++;
    }
    return found ? sum / (double)found : 1e9;
}

static void drop_repeats(struct state *s, float *label, bool *sure) {
    for (size_t i = 0; i < s->n; i++)
        sure[i] = label[i] > 0 && alone(s, label, i);
    for (size_t i = 0; i < s->n; i++) {
        if (label[i] <= 0 || sure[i]) continue;
        for (size_t k = 0; k < s->n; k++)
            if (k != i && label[k] > 0 && s->text[k] == s->text[i] &&
                (apart(sure, s->n, k) < apart(sure, s->n, i) ||
                 (apart(sure, s->n, k) == apart(sure, s->n, i) && k < i)))
                label[i] = 0;
    }
}

static void label_short(struct state *s, const wr_page *page, float *label, bool *long_one) {
    for (size_t i = 0; i < s->n; i++)
        long_one[i] = label[i] > 0;
    for (size_t i = 0; i < s->n; i++) {
        if (s->words[i] >= 4 || s->words[i] == 0) continue;
        size_t found = 0, size = s->words[i];
        bool like = *bag_at(&s->lines, s->text[i] | 1) > 0;
        if (!like && size >= 2) {
            size_t runs = each_run(page->blocks[i].text, size, &s->runs[size], false, &found);
            like = found == runs;
        }
        for (size_t k = i > 2 ? i - 2 : 0; like && k <= i + 2 && k < s->n; k++)
            if (long_one[k]) label[i] = 1;
    }
}

bool gold_labels(wr_str gold, const wr_page *page, float *label, size_t *runs) {
    struct state s = {.n = page->n_blocks};
    s.text = calloc(s.n + 1, sizeof *s.text);
    s.words = calloc(s.n + 1, sizeof *s.words);
    bool *flags = calloc(s.n + 1, sizeof *flags);
    for (size_t i = 0; s.text && s.words && i < s.n; i++) {
        struct word word;
        s.text[i] = words_hash(page->blocks[i].text);
        for (size_t at = 0; words_next(page->blocks[i].text, &at, &word);)
            s.words[i]++;
    }
    bool ok = s.text && s.words && flags && read_gold(&s, gold, runs);
    if (ok) {
        label_long(&s, page, label);
        drop_repeats(&s, label, flags);
        label_short(&s, page, label, flags);
    }
    for (size_t size = 2; size <= 4; size++)
        free(s.runs[size].key), free(s.runs[size].count);
    free(s.lines.key), free(s.lines.count);
    free(s.text), free(s.words), free(flags);
    return ok;
}
