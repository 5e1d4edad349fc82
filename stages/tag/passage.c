/* passage.c -- scores of an article's sentences, and the words they have in common */
#include "passage.h"

#define SLOTS   (2u * PASSAGE_TOKENS)
#define NO_WORD UINT16_MAX

/* What the others say counts 3/8 of what the place itself says. */
#define OTHERS    3
#define OTHERS_OF 8

/* A capitalised word: the sum over its places of the best score of each type. */
struct common {
    uint64_t key;
    int32_t sum[TYPE_COUNT];
    uint32_t places, slot;
};

struct passage {
    struct scorer *scorer;
    struct scores scores[PASSAGE_TOKENS];
    wr_span places[PASSAGE_TOKENS];
    uint16_t word[PASSAGE_TOKENS]; /* in `words`, NO_WORD = none */
    uint32_t starts[PASSAGE_TOKENS + 1];
    size_t n_tokens, n_sentences, n_words;
    struct common words[PASSAGE_TOKENS];
    uint16_t slots[SLOTS]; /* 1 + number in `words`, by the high bits of the key */
};

wr_status passage_new(wr_arena *arena, struct scorer *scorer, struct passage **out) {
    *out = wr_arena_take(arena, sizeof **out);
    if (!*out) return WR_MEMORY;
    (*out)->scorer = scorer;
    return WR_OK;
}

bool passage_room(const struct passage *p, size_t n) {
    return n <= PASSAGE_TOKENS - p->n_tokens;
}

static struct common *word_of(struct passage *p, uint64_t key) {
    uint32_t slot = (uint32_t)(key >> 32) & (SLOTS - 1);
    for (; p->slots[slot]; slot = (slot + 1) & (SLOTS - 1))
        if (p->words[p->slots[slot] - 1].key == key) return &p->words[p->slots[slot] - 1];
    struct common *w = &p->words[p->n_words++];
    *w = (struct common){.key = key, .slot = slot};
    p->slots[slot] = (uint16_t)p->n_words;
    return w;
}

/* The best score of a type over its four places in a name. */
static inline int32_t best_of(const struct scores *s, int type) {
    int32_t best = s->of[type];
    for (int place = 1; place < PLACE_COUNT; place++)
        if (s->of[place * TYPE_COUNT + type] > best) best = s->of[place * TYPE_COUNT + type];
    return best;
}

void passage_add(struct passage *p, const wr_str *tokens, const wr_span *places, size_t n) {
    struct scores *scores = p->scores + p->n_tokens;
    memcpy(scores, scorer_score(p->scorer, tokens, n), n * sizeof *scores);
    memcpy(p->places + p->n_tokens, places, n * sizeof *places);
    const struct token *read = scorer_tokens(p->scorer);
    for (size_t i = 0; i < n; i++) {
        const uint16_t wanted = WORD_CAPITAL | WORD_ALPHA;
        bool named = (read[i].flags & (wanted | WORD_SHOUT)) == wanted;
        p->word[p->n_tokens + i] = NO_WORD;
        if (!named) continue;
        struct common *w = word_of(p, read[i].exact);
        for (int type = 0; type < TYPE_COUNT; type++)
            w->sum[type] += best_of(&scores[i], type);
        w->places++;
        p->word[p->n_tokens + i] = (uint16_t)(w - p->words);
    }
    p->starts[p->n_sentences++] = (uint32_t)p->n_tokens;
    p->n_tokens += n;
    p->starts[p->n_sentences] = (uint32_t)p->n_tokens;
}

static inline int16_t clamp(int32_t v) {
    return (int16_t)(v < INT16_MIN ? INT16_MIN : v > INT16_MAX ? INT16_MAX : v);
}

void passage_settle(struct passage *p) {
    for (size_t i = 0; i < p->n_tokens; i++) {
        if (p->word[i] == NO_WORD || p->words[p->word[i]].places < 2) continue;
        const struct common *w = &p->words[p->word[i]];
        struct scores *s = &p->scores[i];
        for (int type = 0; type < TYPE_COUNT; type++) {
            int32_t others = (w->sum[type] - best_of(s, type)) / (int32_t)(w->places - 1);
            int32_t part = others * OTHERS / OTHERS_OF;
            for (int place = 0; place < PLACE_COUNT; place++) {
                int16_t *of = &s->of[place * TYPE_COUNT + type];
                *of = clamp(*of + part);
            }
        }
    }
}

struct scorer *passage_scorer(const struct passage *p) {
    return p->scorer;
}

size_t passage_sentences(const struct passage *p) {
    return p->n_sentences;
}

struct passage_sentence passage_label(struct passage *p, size_t i) {
    size_t start = p->starts[i], n = p->starts[i + 1] - start;
    return (struct passage_sentence){scorer_decode(p->scorer, p->scores + start, n),
                                     p->places + start, n};
}

void passage_clear(struct passage *p) {
    for (size_t i = 0; i < p->n_words; i++)
        p->slots[p->words[i].slot] = 0;
    p->n_tokens = p->n_sentences = p->n_words = 0;
}
