/* mention.c -- a paragraph to sentences, tokens, labels, names */
#include "mention.h"

#include "common/text/sentence.h"
#include "common/text/token.h"

wr_str mention_type(enum label_type type) {
    static const char *const names[TYPE_COUNT] = {"PER", "ORG", "LOC", "MISC"};
    return wr_str_c(names[type]);
}

/* Tokens of a sentence, as many as the scorer takes at once. */
struct piece {
    wr_str tokens[SENTENCE_TOKENS];
    wr_span spans[SENTENCE_TOKENS];
    size_t n;
};

static wr_status label_piece(struct scorer *scorer, wr_arena *arena, const struct piece *p,
                             struct mentions *out) {
    if (!p->n) return WR_OK;
    const uint8_t *labels = scorer_label(scorer, p->tokens, p->n);
    for (size_t i = 0; i < p->n; i++) {
        if (labels[i] == LABEL_OUT) continue;
        size_t end = i;
        while (end + 1 < p->n && label_open(labels[end]))
            end++;
        struct mention *m = WR_PUSH(arena, out->items, out->n, out->cap);
        if (!m) return WR_MEMORY;
        *m = (struct mention){p->spans[i].start, p->spans[end].end, label_type_of(labels[i]),
                              scorer_confidence(scorer, i, end + 1)};
        i = end;
    }
    return WR_OK;
}

wr_status mentions_find(struct scorer *scorer, wr_arena *arena, wr_str text, size_t start,
                        size_t end, struct mentions *out) {
    wr_str paragraph = wr_str_slice(text, start, end);
    wr_sentences sentences = wr_sentences_of(paragraph);
    struct piece p;
    for (wr_span sentence; wr_sentences_next(&sentences, &sentence);) {
        wr_tokens tokens = wr_tokens_of(paragraph, sentence);
        p.n = 0;
        for (wr_token t; wr_tokens_next(&tokens, &t);) {
            if (p.n == SENTENCE_TOKENS) {
                WR_TRY(label_piece(scorer, arena, &p, out));
                p.n = 0;
            }
            p.tokens[p.n] = wr_str_slice(paragraph, t.start, t.end);
            p.spans[p.n++] = (wr_span){start + t.start, start + t.end};
        }
        WR_TRY(label_piece(scorer, arena, &p, out));
    }
    return WR_OK;
}
