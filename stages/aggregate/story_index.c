/* story_index.c -- from terms to recent articles */
#include "story_index.h"

#include "story_pair.h"

#include <stdlib.h>

#define WAYS  16
#define TALLY 1024 /* STORY_KEYS * WAYS = 320 articles at most */

typedef struct story_posting {
    uint32_t hash;
    uint32_t number; /* 0 = free */
} story_posting;

bool story_index_open(story_index *x, size_t articles) {
    size_t buckets = 16;
    x->shift = 28;
    while (buckets * WAYS < articles * STORY_KEYS * 5 / 4 && x->shift > 4) {
        buckets *= 2;
        x->shift--;
    }
    x->postings = calloc(buckets * WAYS, sizeof *x->postings);
    return x->postings != NULL;
}

void story_index_close(story_index *x) {
    free(x->postings);
    x->postings = NULL;
}

size_t story_index_bytes(const story_index *x) {
    return ((size_t)1 << (32 - x->shift)) * WAYS * sizeof *x->postings;
}

static story_posting *bucket(const story_index *x, uint32_t hash) {
    return x->postings + (size_t)(hash * 0x9e3779b1u >> x->shift) * WAYS;
}

/* The terms that say most, at most STORY_KEYS. */
static size_t keys_of(const story_doc *doc, const story_term *keys[STORY_KEYS]) {
    size_t n = 0;
    for (size_t i = 0; i < doc->n_terms; i++) {
        const story_term *t = &doc->terms[i];
        unsigned v = story_importance(t);
        if (n == STORY_KEYS && story_importance(keys[n - 1]) >= v) continue;
        size_t at = n < STORY_KEYS ? n++ : n - 1;
        for (; at && story_importance(keys[at - 1]) < v; at--)
            keys[at] = keys[at - 1];
        keys[at] = t;
    }
    return n;
}

void story_index_add(story_index *x, uint32_t number, const story_doc *doc) {
    const story_term *keys[STORY_KEYS];
    size_t n = keys_of(doc, keys);
    for (size_t k = 0; k < n; k++) {
        story_posting *b = bucket(x, keys[k]->hash), *oldest = b;
        for (size_t i = 1; i < WAYS; i++)
            if (b[i].number < oldest->number) oldest = &b[i];
        *oldest = (story_posting){keys[k]->hash, number};
    }
}

typedef struct tally {
    uint32_t number, weight;
} tally;

static void count(tally *t, uint32_t number, uint32_t weight) {
    size_t at = number * 0x9e3779b1u >> 22;
    while (t[at].number && t[at].number != number)
        at = (at + 1) & (TALLY - 1);
    t[at].number = number;
    t[at].weight += weight;
}

static bool before(tally a, tally b) {
    return a.weight != b.weight ? a.weight > b.weight : a.number > b.number;
}

size_t story_index_find(const story_index *x, const story_doc *doc, uint32_t after,
                        uint32_t found[STORY_FOUND]) {
    const story_term *keys[STORY_KEYS];
    tally all[TALLY] = {{0}}, best[STORY_FOUND];
    size_t n_keys = keys_of(doc, keys), n = 0;
    for (size_t k = 0; k < n_keys; k++) {
        const story_posting *b = bucket(x, keys[k]->hash);
        for (size_t i = 0; i < WAYS; i++)
            if (b[i].number > after && b[i].hash == keys[k]->hash)
                count(all, b[i].number, story_weight(keys[k]));
    }
    for (size_t i = 0; i < TALLY; i++) {
        if (!all[i].number || (n == STORY_FOUND && !before(all[i], best[n - 1]))) continue;
        size_t at = n < STORY_FOUND ? n++ : n - 1;
        for (; at && before(all[i], best[at - 1]); at--)
            best[at] = best[at - 1];
        best[at] = all[i];
    }
    for (size_t i = 0; i < n; i++)
        found[i] = best[i].number;
    return n;
}
