/* scorer.c -- word sums from memory, features of neighbourhoods looked up, then the field */
#include "scorer.h"

#include "hash.h"

#define KNOWN_SETS (1u << 14)
#define KNOWN_WAYS 2
#define AHEAD      4 /* words whose memory is loaded in advance */

#define STEPS 3

/* A word seen before: what the neighbours need, and its sums at each distance. */
struct known {
    uint64_t key; /* hash of its bytes, 0 = none */
    struct token token;
    struct scores at[FEATURE_OFFSETS];
};

/* The features of one token that depend on its neighbours. */
struct around {
    uint64_t features[FEATURES_AROUND];
    uint32_t slots[FEATURES_AROUND];
    uint32_t n; /* features, later those the model has */
};

struct scorer {
    const struct model *model;
    struct known (*words)[KNOWN_WAYS]; /* KNOWN_SETS, by the low bits of the key */
    uint8_t *newest;                   /* of each set: the way used last */
    struct known none;
    struct crf crf;
    struct token tokens[SENTENCE_TOKENS];
    uint64_t keys[SENTENCE_TOKENS];
    struct around around[STEPS];
    size_t n;
    bool looked_back;
};

TAG_WIDE static void learn_word(const struct model *m, const struct word *w, struct known *out) {
    uint64_t features[FEATURE_OFFSETS][FEATURES_WORD];
    size_t n[FEATURE_OFFSETS];
    for (int at = 0; at < FEATURE_OFFSETS; at++) {
        n[at] = features_of_word(w, at - FEATURE_REACH, features[at]);
        for (size_t i = 0; i < n[at]; i++)
            table_prefetch(&m->features, features[at][i]);
    }
    memset(out->at, 0, sizeof out->at);
    out->token = token_of(w);
    for (int at = 0; at < FEATURE_OFFSETS; at++)
        for (size_t i = 0; i < n[at]; i++) {
            const int8_t *weights = model_weights(m, features[at][i]);
            if (weights) scores_add(&out->at[at], weights);
        }
}

wr_status scorer_new(wr_arena *arena, const struct model *model, struct scorer **out) {
    struct scorer *s = wr_arena_take(arena, sizeof *s);
    if (!s) return WR_MEMORY;
    s->model = model;
    s->words = wr_arena_array(arena, KNOWN_SETS, sizeof *s->words);
    s->newest = wr_arena_take(arena, KNOWN_SETS);
    if (!s->words || !s->newest) return WR_MEMORY;
    learn_word(model, &word_none, &s->none);
    *out = s;
    return WR_OK;
}

static inline uint64_t key_of(wr_str text) {
    uint64_t key = hash_bytes(text.ptr, text.len);
    return key | !key;
}

/* Starts to load what is known of a word that comes soon. */
static inline void expect_word(const struct scorer *s, uint64_t key) {
    size_t set = key & (KNOWN_SETS - 1);
    const char *at = (const char *)&s->words[set][s->newest[set]];
    for (size_t i = 0; i < sizeof(struct known); i += 64)
        __builtin_prefetch(at + i);
}

static const struct known *known_word(struct scorer *s, wr_str text, uint64_t key) {
    size_t set = key & (KNOWN_SETS - 1);
    uint8_t *newest = &s->newest[set];
    for (int tries = 0; tries < KNOWN_WAYS; tries++, *newest ^= 1)
        if (s->words[set][*newest].key == key) return &s->words[set][*newest];
    *newest ^= 1;
    struct known *k = &s->words[set][*newest];
    struct word w;
    word_read(s->model, text, &w);
    learn_word(s->model, &w, k);
    k->key = key;
    return k;
}

static inline void add_scores(struct scores *to, const struct scores *from) {
    for (int k = 0; k < MODEL_ROW; k++)
        to->of[k] = (int16_t)(to->of[k] + from->of[k]);
}

/* Adds the sums of the word at `i` (which may lie outside of the sentence) to the tokens near it.
 */
TAG_WIDE static void spread(struct scorer *s, const struct known *k, ptrdiff_t i, size_t n) {
    for (int offset = -FEATURE_REACH; offset <= FEATURE_REACH; offset++) {
        ptrdiff_t j = i - offset;
        if (j >= 0 && (size_t)j < n) add_scores(&s->crf.scores[j], &k->at[offset + FEATURE_REACH]);
    }
}

/* Three steps a token, each a token behind the one before, so that memory has time to come:
 * the features of token j, */
static void look_around(struct scorer *s, size_t n, size_t j) {
    struct around *a = &s->around[j % STEPS];
    a->n = (uint32_t)features_around(s->tokens, n, j, a->features);
    for (uint32_t i = 0; i < a->n; i++)
        table_prefetch(&s->model->features, a->features[i]);
}

/* their slots, */
static void find_around(struct scorer *s, size_t j) {
    struct around *a = &s->around[j % STEPS];
    const struct model *m = s->model;
    uint32_t hits = 0;
    for (uint32_t i = 0; i < a->n; i++) {
        uint32_t slot = table_find(&m->features, a->features[i]);
        if (slot == TABLE_ABSENT) continue;
        a->slots[hits++] = slot;
        __builtin_prefetch(m->weights + (size_t)slot * MODEL_ROW);
    }
    a->n = hits;
}

/* their weights. */
TAG_WIDE static void add_around(struct scorer *s, size_t j) {
    const struct around *a = &s->around[j % STEPS];
    for (uint32_t i = 0; i < a->n; i++)
        scores_add(&s->crf.scores[j], s->model->weights + (size_t)a->slots[i] * MODEL_ROW);
}

const struct scores *scorer_score(struct scorer *s, const wr_str *tokens, size_t n) {
    memset(s->crf.scores, 0, n * sizeof *s->crf.scores);
    for (ptrdiff_t i = 1; i <= FEATURE_REACH; i++) {
        spread(s, &s->none, -i, n);
        spread(s, &s->none, (ptrdiff_t)n + i - 1, n);
    }
    for (size_t i = 0; i < n; i++)
        s->keys[i] = key_of(tokens[i]);
    for (size_t i = 0; i < n && i < AHEAD; i++)
        expect_word(s, s->keys[i]);
    for (size_t i = 0; i < n; i++) {
        if (i + AHEAD < n) expect_word(s, s->keys[i + AHEAD]);
        const struct known *k = known_word(s, tokens[i], s->keys[i]);
        s->tokens[i] = k->token;
        spread(s, k, (ptrdiff_t)i, n);
    }
    tokens_finish(s->model, s->tokens, n);
    for (size_t j = 0; j < n + STEPS - 1; j++) {
        if (j < n) look_around(s, n, j);
        if (j >= 1 && j < n + 1) find_around(s, j - 1);
        if (j >= 2) add_around(s, j - 2);
    }
    return s->crf.scores;
}

const struct token *scorer_tokens(const struct scorer *s) {
    return s->tokens;
}

const uint8_t *scorer_decode(struct scorer *s, const struct scores *scores, size_t n) {
    if (scores != s->crf.scores) memcpy(s->crf.scores, scores, n * sizeof *scores);
    crf_decode(s->model, &s->crf, n);
    s->n = n;
    s->looked_back = false;
    return s->crf.labels;
}

const uint8_t *scorer_label(struct scorer *s, const wr_str *tokens, size_t n) {
    return scorer_decode(s, scorer_score(s, tokens, n), n);
}

int32_t scorer_margin(struct scorer *s, size_t from, size_t to) {
    if (!s->looked_back) crf_look_back(s->model, &s->crf, s->n);
    s->looked_back = true;
    return crf_margin(&s->crf, s->n, from, to);
}

double scorer_confidence(struct scorer *s, size_t from, size_t to) {
    if (s->crf.labels[from] == LABEL_OUT) return 0;
    return crf_confidence(s->model, label_type_of(s->crf.labels[from]), scorer_margin(s, from, to));
}
