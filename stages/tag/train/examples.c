/* examples.c -- sentences as feature numbers, by the same feature functions the tagger uses */
#include "examples.h"

#include "stages/tag/features.h"

struct reader {
    struct word words[SENTENCE_TOKENS];
    struct token tokens[SENTENCE_TOKENS];
    uint64_t features[FEATURES_AROUND + FEATURE_OFFSETS * FEATURES_WORD];
};

static void read_sentence(struct reader *r, const struct model *lexicon,
                          const struct corpus_sentence *s) {
    for (size_t i = 0; i < s->n; i++) {
        word_read(lexicon, s->tokens[i].text, &r->words[i]);
        r->tokens[i] = token_of(&r->words[i]);
    }
    tokens_finish(lexicon, r->tokens, s->n);
}

static size_t token_features(struct reader *r, size_t n_tokens, size_t i) {
    size_t n = features_around(r->tokens, n_tokens, i, r->features);
    for (int offset = -FEATURE_REACH; offset <= FEATURE_REACH; offset++) {
        ptrdiff_t at = (ptrdiff_t)i + offset;
        const struct word *w = at < 0 || (size_t)at >= n_tokens ? &word_none : &r->words[at];
        n += features_of_word(w, offset, r->features + n);
    }
    return n;
}

void examples_count(const struct model *lexicon, const struct corpus *c, struct dictionary *d) {
    static struct reader r;
    for (size_t s = 0; s < c->n; s++) {
        read_sentence(&r, lexicon, &c->sentences[s]);
        for (size_t i = 0; i < c->sentences[s].n; i++) {
            size_t n = token_features(&r, c->sentences[s].n, i);
            for (size_t q = 0; q < n; q++)
                dictionary_count(d, r.features[q]);
        }
    }
}

wr_status examples_make(wr_arena *arena, const struct model *lexicon, const struct corpus *c,
                        struct dictionary *d, bool fixed, struct example **out) {
    static struct reader r;
    static uint32_t ids[SENTENCE_TOKENS * 400];
    *out = wr_arena_array(arena, c->n, sizeof **out);
    if (!*out) return WR_MEMORY;
    for (size_t s = 0; s < c->n; s++) {
        const struct corpus_sentence *sentence = &c->sentences[s];
        uint32_t *from = wr_arena_array(arena, sentence->n + 1, sizeof *from), total = 0;
        if (!from) return WR_MEMORY;
        read_sentence(&r, lexicon, sentence);
        bool partial = false;
        for (size_t i = 0; i < sentence->n; i++) {
            from[i] = total;
            size_t n = token_features(&r, sentence->n, i);
            for (size_t q = 0; q < n; q++) {
                uint32_t id =
                    fixed ? dictionary_find(d, r.features[q]) : dictionary_number(d, r.features[q]);
                if (id != DICTIONARY_NONE) ids[total++] = id;
            }
            partial |= (sentence->tokens[i].allowed & (sentence->tokens[i].allowed - 1)) != 0;
        }
        from[sentence->n] = total;
        uint32_t *own = wr_arena_array(arena, total, sizeof *own);
        if (!own) return WR_MEMORY;
        memcpy(own, ids, total * sizeof *own);
        (*out)[s] =
            (struct example){own, from, sentence->tokens, sentence->n, sentence->weight, partial};
    }
    return WR_OK;
}
