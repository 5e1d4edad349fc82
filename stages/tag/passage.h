/* passage.h -- sentences of one article labelled together: a word that stands in several places is
 * read at each of them with an eye on the others
 *
 * First all sentences are scored, then each capitalised word gets a part of what its other places
 * say of it (the best score of each type, on average), then labels are looked for. Integers
 * throughout. */
#ifndef TAG_PASSAGE_H
#define TAG_PASSAGE_H

#include "scorer.h"

#include "common/text/utf8.h"

#define PASSAGE_TOKENS 16384 /* longer articles are read in several passages */

struct passage;

/* Room for one passage, some 2 MB in `arena`; the scorer is borrowed. WR_MEMORY at the limit. */
WR_MUSTUSE wr_status passage_new(wr_arena *arena, struct scorer *scorer, struct passage **out);

/* Whether a sentence of n tokens can be added. An empty passage takes any sentence. */
bool passage_room(const struct passage *passage, size_t n);

/* Adds a sentence of n tokens (1..SENTENCE_TOKENS; there must be room) and where they stand. */
void passage_add(struct passage *passage, const wr_str *tokens, const wr_span *places, size_t n);

/* After the last sentence of the passage, once: lets the words' places speak to each other. */
void passage_settle(struct passage *passage);

/* Sentences added, and the labels of sentence i; they stand until the next call, and
 * scorer_confidence answers for them. */
size_t passage_sentences(const struct passage *passage);
struct passage_sentence {
    const uint8_t *labels;
    const wr_span *places;
    size_t n;
} passage_label(struct passage *passage, size_t i);

/* The scorer it was made with. */
struct scorer *passage_scorer(const struct passage *passage);

/* Empties it. O(different words). */
void passage_clear(struct passage *passage);

#endif
