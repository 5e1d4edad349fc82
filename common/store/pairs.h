/* pairs.h -- who is named with whom: pairs of entities in the same paragraph
 *
 * Worked out from what is stored of the articles when it is asked for, so it is exact in any order
 * of arrival and after anything was forgotten. n = paragraphs that name both; npmi = normalised
 * pointwise mutual information over the store's paragraphs, -1 to 1: how much oftener than by
 * chance (Bouma, Normalized (pointwise) mutual information in collocation extraction, 2009). */
#ifndef WR_STORE_PAIRS_H
#define WR_STORE_PAIRS_H

#include <common/store/store.h>

typedef struct wr_pairs_options {
    wr_str since, until; /* days, both may be empty; until is exclusive */
    int64_t entity;      /* only pairs with this one; 0 = all */
    unsigned min;        /* paragraphs a pair must share; 0 = 2 */
    unsigned nodes;      /* entities looked at: the most frequent; 0 = 2,000 */
    double backbone; /* > 0: only what the disparity filter keeps at this level (Serrano, Boguna,
                        Vespignani, PNAS 106, 2009), 0.05 is usual */
} wr_pairs_options;

typedef struct wr_pair_node {
    int64_t entity;
    wr_str key, name, type, wikidata;
    uint64_t n_articles, n_paragraphs;
    uint64_t degree, strength; /* over the pairs that are given out */
} wr_pair_node;

typedef struct wr_pair {
    uint32_t a, b; /* nodes; the key of a is before that of b */
    uint32_t n;
    double npmi;
} wr_pair;

typedef struct wr_pairs {
    wr_pair_node *nodes; /* by n_articles downwards, then key */
    wr_pair *pairs;      /* by n downwards, then the keys */
    size_t n_nodes, n_pairs;
} wr_pairs;

/* All in `arena`. O(articles in the range); 16 bytes a distinct pair. */
WR_API WR_MUSTUSE wr_status wr_pairs_read(sqlite3 *db, wr_arena *arena,
                                          const wr_pairs_options *options, wr_pairs *out);

#endif
