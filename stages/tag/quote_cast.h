/* quote_cast.h -- which person of an article a phrase means: a name, an office, he or she
 *
 * The order of the rules follows the sieves of Muzny et al. 2017 (A two-stage sieve approach for
 * quote attribution), cut to what newspapers write: the name itself, the holder of an office, and
 * for a pronoun the subject of the sentences before, of a sex that agrees, before any other person.
 */
#ifndef WR_TAG_QUOTE_CAST_H
#define WR_TAG_QUOTE_CAST_H

#include "quote_tokens.h"

typedef struct quote_cast quote_cast;

/* Reads the article once, sentence by sentence; what stands inside quotations does not count.
 * O(tokens + mentions log mentions). WR_MEMORY at the arena's limit. */
WR_MUSTUSE wr_status quote_cast_new(wr_arena *arena, const wr_article *article,
                                    const quote_token *tokens, size_t n_tokens, quote_cast **out);

/* 1 + index in article->entities of who or what the noun phrase of tokens [from, to) means; 0 = not
 * known. O(entities), at most some thousand. */
size_t quote_cast_find(const quote_cast *cast, size_t from, size_t to);

#endif
