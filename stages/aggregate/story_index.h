/* story_index.h -- recent articles by their most telling terms, in memory of one fixed size
 *
 * A bucket holds the last sixteen articles of the terms that fall into it. What is found depends on
 * the articles of the window and their order only. */
#ifndef AGGREGATE_STORY_INDEX_H
#define AGGREGATE_STORY_INDEX_H

#include "story_doc.h"

#define STORY_KEYS  20 /* terms of an article that lead to it */
#define STORY_FOUND 24 /* articles that are looked at */

typedef struct story_index {
    struct story_posting *postings;
    unsigned shift; /* of a 32-bit hash to a bucket */
} story_index;

/* For a window of so many articles. False when memory is out. */
bool story_index_open(story_index *x, size_t articles);
void story_index_close(story_index *x);
size_t story_index_bytes(const story_index *x);

void story_index_add(story_index *x, uint32_t number, const story_doc *doc);

/* Numbers above `after` that share the weightiest terms, the best first; how many. */
size_t story_index_find(const story_index *x, const story_doc *doc, uint32_t after,
                        uint32_t found[STORY_FOUND]);

#endif
