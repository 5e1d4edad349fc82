/* quote_clause.h -- the little grammar behind speakers: phrases, verbs of speech, their subjects
 *
 * Works on classes of words (quote_words.def), not on a parse: good for the plain clauses of
 * reported speech. Every search is bounded by SENTENCE_MAX or less. */
#ifndef WR_TAG_QUOTE_CLAUSE_H
#define WR_TAG_QUOTE_CLAUSE_H

#include "quote_tokens.h"

#define SENTENCE_MAX 160 /* tokens of a sentence looked at, to each side */
#define CLAUSE_MAX   32  /* tokens between a verb of speech and its quotation */

typedef struct clause_scene {
    wr_str text;
    const quote_span *spans;
    const quote_token *t;
    size_t n;
} clause_scene;

/* Behind the last token stands the end of a paragraph. */
static inline quote_class clause_class(const clause_scene *s, size_t i) {
    return i < s->n ? s->t[i].cls : QW_BREAK;
}

static inline bool clause_word(const clause_scene *s, size_t i, const char *word) {
    return i < s->n &&
           wr_str_eq_nocase(wr_str_slice(s->text, s->t[i].start, s->t[i].end), wr_str_c(word));
}

static inline bool clause_edge(quote_class c) {
    return c == QW_STOP || c == QW_BREAK;
}

/* An adverb in -ly or an auxiliary: what stands between a subject and its verb. */
bool clause_adverb(const clause_scene *s, size_t i);

/* A word that can be a verb of speech ... */
bool clause_verb(const clause_scene *s, size_t i);

/* ... and tells who speaks: no noun ("the claim", "remarks about"), nothing that was said to
 * somebody ("was told", "when asked"), unless it is quoted from him. The sentence begins at
 * `start`. */
bool clause_reports(const clause_scene *s, size_t start, size_t i);

/* The end of the noun phrase that begins at token i; i = there is none. */
size_t clause_phrase(const clause_scene *s, size_t i);

/* Ann "Annie" Lee: a quotation inside a name. */
bool clause_nickname(const clause_scene *s, size_t i);

/* Where the sentence of token i begins: behind a quotation that ends one, or over all of them. */
size_t clause_start(const clause_scene *s, size_t i);
size_t clause_sentence(const clause_scene *s, size_t i);

/* The first noun phrase of tokens [start, stop), behind an opening phrase such as "In June,". */
bool clause_subject(const clause_scene *s, size_t start, size_t stop, size_t *from, size_t *to);

/* The subject of the finite verb of speech at `verb`; of one behind a conjunction ("and said") that
 * of the speech before it; of a verb or participle of the sentence that begins at `start`. */
bool clause_speaker(const clause_scene *s, size_t verb, size_t *from, size_t *to);
bool clause_joined(const clause_scene *s, size_t conj, size_t verb, size_t *from, size_t *to);
bool clause_reporter(const clause_scene *s, size_t start, size_t verb, size_t *from, size_t *to);

#endif
