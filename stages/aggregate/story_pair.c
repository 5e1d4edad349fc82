/* story_pair.c -- columns of a pair of articles */
#include "story_pair.h"

#include "story_root.h"

#define RARE 90

_Static_assert(STORY_TERMS <= 64, "a term is a bit of a word");

unsigned story_weight(const story_term *t) {
    /* 16 (1 + ln n) */
    static const uint8_t often[] = {0, 16, 27, 34, 38, 42, 45, 47, 49, 51, 53, 54, 56, 57, 58, 59};
    return (unsigned)t->rarity * (t->n < 16 ? often[t->n] : 60) / 16;
}

static unsigned classes_of(unsigned flags) {
    if (flags & STORY_PAIR) return 1u << CLASS_PAIR;
    if (flags & STORY_DATE) return 1u << CLASS_DATE;
    unsigned c = flags & STORY_LEAD ? 1u << CLASS_LEAD : 0;
    if (flags & STORY_NUMBER) return c | 1u << CLASS_NUMBER;
    if (!(flags & STORY_NAME)) return c | 1u << CLASS_WORD;
    if (flags & STORY_PER) c |= 1u << CLASS_PER;
    if (flags & STORY_ORG) c |= 1u << CLASS_ORG;
    if (flags & STORY_LOC) c |= 1u << CLASS_LOC;
    return flags & STORY_MISC ? c | 1u << CLASS_MISC : c;
}

/* Which cosines a term of these flags counts for. */
static unsigned cosines_of(unsigned flags) {
    if (flags & (STORY_PAIR | STORY_DATE)) return 0;
    unsigned c = 1u << PAIR_COS;
    if (flags & STORY_NAME) c |= 1u << PAIR_COS_NAMES;
    else if (!(flags & STORY_NUMBER)) c |= 1u << PAIR_COS_WORDS;
    return flags & STORY_LEAD ? c | 1u << PAIR_COS_LEAD : c;
}

static void add_top(story_sums *s, unsigned weights[STORY_TOP_NAMES], unsigned weight,
                    uint64_t bit) {
    for (size_t i = 0; i < STORY_TOP_NAMES; i++) {
        if (weight <= weights[i]) continue;
        unsigned w = weights[i];
        uint64_t b = s->top[i];
        weights[i] = weight;
        s->top[i] = bit;
        weight = w;
        bit = b;
    }
}

void story_sums_of(const story_doc *doc, story_sums *s) {
    uint64_t squares[PAIR_COSINES] = {0};
    unsigned weights[STORY_TOP_NAMES] = {0};
    *s = (story_sums){{0}, {0}, {0}};
    for (size_t i = 0; i < doc->n_terms; i++) {
        const story_term *t = &doc->terms[i];
        unsigned w = story_weight(t), c = classes_of(t->flags), cosines = cosines_of(t->flags);
        for (unsigned k = 0; k < CLASSES; k++)
            if (c >> k & 1) s->total[k] += w;
        for (unsigned k = 0; k < PAIR_COSINES; k++)
            if (cosines >> k & 1) squares[k] += (uint64_t)w * w;
        if (cosines >> PAIR_COS_NAMES & 1)
            add_top(s, weights, t->flags & STORY_LEAD ? w * 3 / 2 : w, (uint64_t)1 << i);
    }
    for (unsigned k = 0; k < PAIR_COSINES; k++)
        s->length[k] = story_root(squares[k]);
}

/* Sums over the terms that both have. */
typedef struct common {
    uint64_t in_a, in_b; /* which those are */
    uint32_t a[CLASSES], b[CLASSES];
    uint64_t dot[PAIR_COSINES];
    unsigned count[CLASSES], rare, rarity;
} common;

static void add_common(common *s, const story_term *x, const story_term *y) {
    unsigned wx = story_weight(x), wy = story_weight(y);
    unsigned cx = classes_of(x->flags), cy = classes_of(y->flags);
    for (unsigned k = 0; k < CLASSES; k++) {
        if (cx >> k & 1) s->a[k] += wx;
        if (cy >> k & 1) s->b[k] += wy;
        s->count[k] += (cx | cy) >> k & 1;
    }
    unsigned cosines = cosines_of(x->flags) & cosines_of(y->flags);
    for (unsigned k = 0; k < PAIR_COSINES; k++)
        if (cosines >> k & 1) s->dot[k] += (uint64_t)wx * wy;
    if (!cosines) return;
    s->rare += x->rarity >= RARE;
    s->rarity += x->rarity;
}

static void find_common(const story_doc *a, const story_doc *b, common *s) {
    *s = (common){0};
    for (size_t i = 0, j = 0; i < a->n_terms && j < b->n_terms;) {
        uint32_t x = a->terms[i].hash, y = b->terms[j].hash;
        if (x == y) {
            s->in_a |= (uint64_t)1 << i;
            s->in_b |= (uint64_t)1 << j;
            add_common(s, &a->terms[i], &b->terms[j]);
        }
        i += x <= y;
        j += y <= x;
    }
}

static int16_t cosine(uint64_t dot, uint32_t x, uint32_t y) {
    if (!x || !y) return -1000;
    return (int16_t)(dot * 1000 / ((uint64_t)x * y + 1));
}

static int16_t share(uint64_t part, uint64_t whole) {
    return whole ? (int16_t)(part * 1000 / whole) : -1000;
}

static int16_t top_share(const story_sums *s, uint64_t in) {
    unsigned n = 0, shared = 0;
    for (; n < STORY_TOP_NAMES && s->top[n]; n++)
        shared += (s->top[n] & in) != 0;
    return share(shared, n);
}

static int16_t cut(uint64_t v) {
    return v < 32000 ? (int16_t)v : 32000;
}

bool story_pair_columns(const story_doc *a, const story_sums *sums_a, const story_doc *b,
                        const story_sums *sums_b, int least, int16_t row[PAIR_COLUMNS]) {
    common s;
    find_common(a, b, &s);
    row[PAIR_COS] = cosine(s.dot[PAIR_COS], sums_a->length[PAIR_COS], sums_b->length[PAIR_COS]);
    if (row[PAIR_COS] < least) return false;
    for (unsigned k = PAIR_COS + 1; k < PAIR_COSINES; k++)
        row[k] = cosine(s.dot[k], sums_a->length[k], sums_b->length[k]);
    for (unsigned c = 0; c < CLASSES; c++) {
        int16_t x = share(s.a[c], sums_a->total[c]), y = share(s.b[c], sums_b->total[c]);
        row[PAIR_LEAST + c] = x < y ? x : y;
        row[PAIR_MOST + c] = x < y ? y : x;
        row[PAIR_COUNT + c] = (int16_t)s.count[c];
    }
    int16_t x = top_share(sums_a, s.in_a), y = top_share(sums_b, s.in_b);
    row[PAIR_RARE] = (int16_t)s.rare;
    row[PAIR_TOP_LEAST] = x < y ? x : y;
    row[PAIR_TOP_MOST] = x < y ? y : x;
    row[PAIR_SHARED_RARITY] = cut(s.rarity);
    row[PAIR_SHORTER] = cut(a->n_words < b->n_words ? a->n_words : b->n_words);
    row[PAIR_LONGER] = cut(a->n_words < b->n_words ? b->n_words : a->n_words);
    return true;
}
