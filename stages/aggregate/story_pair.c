/* story_pair.c -- columns of a pair of articles */
#include "story_pair.h"

#define TOP_NAMES 4
#define RARE      90

unsigned story_weight(const story_term *t) {
    /* 16 (1 + ln n) */
    static const uint8_t often[] = {0, 16, 27, 34, 38, 42, 45, 47, 49, 51, 53, 54, 56, 57, 58, 59};
    return (unsigned)t->rarity * (t->n < 16 ? often[t->n] : 60) / 16;
}

static unsigned classes_of(const story_term *t) {
    if (t->flags & STORY_PAIR) return 1u << CLASS_PAIR;
    if (t->flags & STORY_DATE) return 1u << CLASS_DATE;
    unsigned c = 0;
    if (t->flags & STORY_LEAD) c |= 1u << CLASS_LEAD;
    if (t->flags & STORY_NUMBER) return c | 1u << CLASS_NUMBER;
    if (t->flags & STORY_PER) c |= 1u << CLASS_PER;
    if (t->flags & STORY_ORG) c |= 1u << CLASS_ORG;
    if (t->flags & STORY_LOC) c |= 1u << CLASS_LOC;
    if (t->flags & STORY_MISC) c |= 1u << CLASS_MISC;
    if (!(t->flags & STORY_NAME)) c |= 1u << CLASS_WORD;
    return c;
}

/* Sums over one article of a pair. */
typedef struct side {
    uint64_t total[CLASSES], shared[CLASSES];
    uint64_t square, word_square, name_square, lead_square;
    unsigned top_weight[TOP_NAMES];
    bool top_shared[TOP_NAMES];
} side;

typedef struct both {
    side a, b;
    uint64_t dot, word_dot, name_dot, lead_dot;
    unsigned count[CLASSES], rare, rarity;
} both;

static void add_top(side *s, unsigned weight, bool shared) {
    for (size_t i = 0; i < TOP_NAMES; i++) {
        if (weight <= s->top_weight[i]) continue;
        unsigned w = s->top_weight[i];
        bool is = s->top_shared[i];
        s->top_weight[i] = weight;
        s->top_shared[i] = shared;
        weight = w;
        shared = is;
    }
}

static void add(side *s, const story_term *t, bool shared) {
    unsigned w = story_weight(t), c = classes_of(t);
    for (unsigned i = 0; i < CLASSES; i++) {
        if (!(c >> i & 1)) continue;
        s->total[i] += w;
        if (shared) s->shared[i] += w;
    }
    uint64_t square = (uint64_t)w * w;
    bool plain = !(c & (1u << CLASS_PAIR | 1u << CLASS_DATE));
    if (plain) s->square += square;
    if (c >> CLASS_WORD & 1) s->word_square += square;
    if (plain && t->flags & STORY_NAME) {
        s->name_square += square;
        add_top(s, t->flags & STORY_LEAD ? w * 3 / 2 : w, shared);
    }
    if (c >> CLASS_LEAD & 1) s->lead_square += square;
}

static void add_shared(both *p, const story_term *x, const story_term *y) {
    uint64_t product = (uint64_t)story_weight(x) * story_weight(y);
    unsigned cx = classes_of(x), cy = classes_of(y), c = cx | cy;
    bool plain = !(c & (1u << CLASS_PAIR | 1u << CLASS_DATE));
    for (unsigned i = 0; i < CLASSES; i++)
        p->count[i] += c >> i & 1;
    if (!plain) return;
    p->dot += product;
    if (cx & cy & 1u << CLASS_WORD) p->word_dot += product;
    if (x->flags & y->flags & STORY_NAME || (x->flags & STORY_NAME && y->flags & STORY_NAME))
        p->name_dot += product;
    if (cx & cy & 1u << CLASS_LEAD) p->lead_dot += product;
    p->rare += x->rarity >= RARE;
    p->rarity += x->rarity;
}

static void walk(const story_doc *a, const story_doc *b, both *p) {
    size_t i = 0, j = 0;
    *p = (both){0};
    while (i < a->n_terms || j < b->n_terms) {
        const story_term *x = &a->terms[i], *y = &b->terms[j];
        bool has_x = i < a->n_terms, has_y = j < b->n_terms;
        if (has_x && has_y && x->hash == y->hash) {
            add(&p->a, x, true);
            add(&p->b, y, true);
            add_shared(p, x, y);
            i++;
            j++;
        } else if (has_x && (!has_y || x->hash < y->hash)) {
            add(&p->a, x, false);
            i++;
        } else {
            add(&p->b, y, false);
            j++;
        }
    }
}

static uint64_t root(uint64_t v) {
    uint64_t r = 0;
    for (uint64_t bit = (uint64_t)1 << 62; bit; bit >>= 2) {
        if (v >= r + bit) {
            v -= r + bit;
            r = r / 2 + bit;
        } else r /= 2;
    }
    return r;
}

static int16_t cosine(uint64_t dot, uint64_t x, uint64_t y) {
    if (!x || !y) return -1000;
    return (int16_t)(dot * 1000 / (root(x) * root(y) + 1));
}

static int16_t share(uint64_t part, uint64_t whole) {
    return whole ? (int16_t)(part * 1000 / whole) : -1000;
}

static int16_t top_share(const side *s) {
    unsigned n = 0, in = 0;
    for (size_t i = 0; i < TOP_NAMES && s->top_weight[i]; i++) {
        n++;
        in += s->top_shared[i];
    }
    return share(in, n);
}

static int16_t cut(uint64_t v) {
    return v < 32000 ? (int16_t)v : 32000;
}

void story_pair_columns(const story_doc *a, const story_doc *b, int16_t row[PAIR_COLUMNS]) {
    both p;
    walk(a, b, &p);
    row[PAIR_COS] = cosine(p.dot, p.a.square, p.b.square);
    row[PAIR_COS_WORDS] = cosine(p.word_dot, p.a.word_square, p.b.word_square);
    row[PAIR_COS_NAMES] = cosine(p.name_dot, p.a.name_square, p.b.name_square);
    row[PAIR_COS_LEAD] = cosine(p.lead_dot, p.a.lead_square, p.b.lead_square);
    for (unsigned c = 0; c < CLASSES; c++) {
        int16_t x = share(p.a.shared[c], p.a.total[c]), y = share(p.b.shared[c], p.b.total[c]);
        row[PAIR_LEAST + c] = x < y ? x : y;
        row[PAIR_MOST + c] = x < y ? y : x;
        row[PAIR_COUNT + c] = (int16_t)p.count[c];
    }
    int16_t x = top_share(&p.a), y = top_share(&p.b);
    row[PAIR_RARE] = (int16_t)p.rare;
    row[PAIR_TOP_LEAST] = x < y ? x : y;
    row[PAIR_TOP_MOST] = x < y ? y : x;
    row[PAIR_SHARED_RARITY] = cut(p.rarity);
    row[PAIR_SHORTER] = cut(a->n_words < b->n_words ? a->n_words : b->n_words);
    row[PAIR_LONGER] = cut(a->n_words < b->n_words ? b->n_words : a->n_words);
}

int story_pair_cosine(const story_doc *a, const story_doc *b) {
    uint64_t dot = 0, x = 0, y = 0;
    for (size_t i = 0, j = 0; i < a->n_terms && j < b->n_terms;) {
        if (a->terms[i].hash == b->terms[j].hash) {
            if (!((a->terms[i].flags | b->terms[j].flags) & (STORY_PAIR | STORY_DATE)))
                dot += (uint64_t)story_weight(&a->terms[i]) * story_weight(&b->terms[j]);
            i++;
            j++;
        } else if (a->terms[i].hash < b->terms[j].hash) i++;
        else j++;
    }
    for (size_t i = 0; i < a->n_terms; i++)
        if (!(a->terms[i].flags & (STORY_PAIR | STORY_DATE)))
            x += (uint64_t)story_weight(&a->terms[i]) * story_weight(&a->terms[i]);
    for (size_t i = 0; i < b->n_terms; i++)
        if (!(b->terms[i].flags & (STORY_PAIR | STORY_DATE)))
            y += (uint64_t)story_weight(&b->terms[i]) * story_weight(&b->terms[i]);
    return cosine(dot, x, y);
}
