/* examples.c -- sentences as feature numbers, by the same feature functions the tagger uses */
#include "examples.h"

#include "stages/tag/features.h"
#include "stages/tag/hash.h"

#define DENSE_LEAST   5
#define HINT_FEATURES 10

struct reader {
    struct word words[SENTENCE_TOKENS];
    struct token tokens[SENTENCE_TOKENS];
    uint64_t features[FEATURES_AROUND + FEATURE_OFFSETS * FEATURES_WORD + HINT_FEATURES];
    uint64_t inputs[NET_FEATURES];
};

wr_status dense_new(wr_arena *arena, const struct vectors *v, struct dense_inputs *out) {
    out->vectors = v;
    WR_TRY(dictionary_new(arena, 0, &out->words));
    WR_TRY(dictionary_new(arena, DENSE_LEAST, &out->sparse));
    for (size_t i = 0; i < v->n; i++)
        if (dictionary_number(&out->words, hash_bytes(v->words[i].ptr, v->words[i].len)) != i)
            out->words.n = i + 1; /* a word that stands twice: the numbers stay those of the rows */
    return WR_OK;
}

static void read_sentence(struct reader *r, const struct model *lexicon,
                          const struct corpus_sentence *s) {
    for (size_t i = 0; i < s->n; i++) {
        word_read(lexicon, s->tokens[i].text, &r->words[i]);
        r->tokens[i] = token_of(&r->words[i]);
    }
    tokens_finish(lexicon, r->tokens, s->n);
}

/* What another source says of the token and its neighbours; the tagger never sees these. */
static size_t hint_features(const struct corpus_sentence *s, const struct token *tokens, size_t i,
                            uint64_t out[HINT_FEATURES]) {
    const uint64_t none = 1u << 31, own = s->tokens[i].hint;
    uint64_t before = i ? s->tokens[i - 1].hint : none;
    uint64_t after = i + 1 < s->n ? s->tokens[i + 1].hint : none;
    const uint64_t values[HINT_FEATURES] = {
        1,
        before,
        after,
        hash_pair(before, after),
        tokens[i].lower,
        tokens[i].brief,
        tokens[i].cluster,
        tokens[i].names,
        i ? tokens[i - 1].lower : none,
        i + 1 < s->n ? tokens[i + 1].lower : none,
    };
    for (uint32_t k = 0; k < HINT_FEATURES; k++)
        out[k] = hash_pair(hash_pair(own, values[k]), 600 + k);
    return HINT_FEATURES;
}

static size_t token_features(struct reader *r, const struct corpus_sentence *s, size_t i) {
    size_t n = features_around(r->tokens, s->n, i, r->features);
    for (int offset = -FEATURE_REACH; offset <= FEATURE_REACH; offset++) {
        ptrdiff_t at = (ptrdiff_t)i + offset;
        const struct word *w = at < 0 || (size_t)at >= s->n ? &word_none : &r->words[at];
        n += features_of_word(w, offset, r->features + n);
    }
    if (s->tokens[i].hint) n += hint_features(s, r->tokens, i, r->features + n);
    return n;
}

void examples_count(const struct model *lexicon, const struct corpus *c, struct dictionary *d,
                    struct dense_inputs *dense) {
    static struct reader r;
    for (size_t s = 0; s < c->n; s++) {
        read_sentence(&r, lexicon, &c->sentences[s]);
        for (size_t i = 0; i < c->sentences[s].n; i++) {
            size_t n = token_features(&r, &c->sentences[s], i);
            for (size_t q = 0; q < n; q++)
                dictionary_count(d, r.features[q]);
            n = dense ? net_features(r.words, r.tokens, c->sentences[s].n, i, r.inputs) : 0;
            for (size_t q = 0; q < n; q++)
                dictionary_count(&dense->sparse, r.inputs[q]);
        }
    }
}

static wr_status make_dense(wr_arena *arena, struct reader *r, size_t n, bool fixed,
                            struct dense_inputs *dense, const struct net_example **out) {
    static uint32_t ids[SENTENCE_TOKENS * NET_FEATURES];
    struct net_example *e = wr_arena_take(arena, sizeof *e);
    uint32_t *from = wr_arena_array(arena, n + 1, sizeof *from), total = 0;
    uint32_t *vectors = wr_arena_array(arena, n, sizeof *vectors);
    if (!e || !from || !vectors) return WR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        vectors[i] = dictionary_find(&dense->words, r->words[i].key);
        from[i] = total;
        size_t count = net_features(r->words, r->tokens, n, i, r->inputs);
        for (size_t q = 0; q < count; q++) {
            uint32_t id = fixed ? dictionary_find(&dense->sparse, r->inputs[q])
                                : dictionary_number(&dense->sparse, r->inputs[q]);
            if (id != DICTIONARY_NONE) ids[total++] = id;
        }
    }
    from[n] = total;
    uint32_t *own = wr_arena_array(arena, total, sizeof *own);
    if (!own) return WR_MEMORY;
    memcpy(own, ids, total * sizeof *own);
    *e = (struct net_example){vectors, own, from};
    *out = e;
    return WR_OK;
}

wr_status examples_make(wr_arena *arena, const struct model *lexicon, const struct corpus *c,
                        struct dictionary *d, bool fixed, struct dense_inputs *dense,
                        struct example **out) {
    static struct reader r;
    static uint32_t ids[SENTENCE_TOKENS * 400];
    *out = wr_arena_array(arena, c->n, sizeof **out);
    if (!*out) return WR_MEMORY;
    for (size_t s = 0; s < c->n; s++) {
        const struct corpus_sentence *sentence = &c->sentences[s];
        uint32_t *from = wr_arena_array(arena, sentence->n + 1, sizeof *from), total = 0;
        if (!from) return WR_MEMORY;
        read_sentence(&r, lexicon, sentence);
        for (size_t i = 0; i < sentence->n; i++) {
            from[i] = total;
            size_t n = token_features(&r, sentence, i);
            for (size_t q = 0; q < n; q++) {
                uint32_t id =
                    fixed ? dictionary_find(d, r.features[q]) : dictionary_number(d, r.features[q]);
                if (id != DICTIONARY_NONE) ids[total++] = id;
            }
        }
        from[sentence->n] = total;
        uint32_t *own = wr_arena_array(arena, total, sizeof *own);
        if (!own) return WR_MEMORY;
        memcpy(own, ids, total * sizeof *own);
        struct example *e = &(*out)[s];
        *e = (struct example){.ids = own,
                              .from = from,
                              .tokens = sentence->tokens,
                              .n = sentence->n,
                              .weight = sentence->weight};
        if (dense) WR_TRY(make_dense(arena, &r, sentence->n, fixed, dense, &e->dense));
    }
    return WR_OK;
}
