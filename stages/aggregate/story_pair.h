/* story_pair.h -- two articles: how much speaks for one story, and what against it
 *
 * Columns of whole numbers, mostly shares in thousandths, -1000 where there is nothing to compare;
 * the same whichever article comes first. */
#ifndef AGGREGATE_STORY_PAIR_H
#define AGGREGATE_STORY_PAIR_H

#include "story_doc.h"

typedef enum story_class {
    CLASS_PER,
    CLASS_ORG,
    CLASS_LOC,
    CLASS_MISC,
    CLASS_LEAD,
    CLASS_NUMBER,
    CLASS_DATE,
    CLASS_PAIR,
    CLASS_WORD, /* none of the names, numbers, dates, pairs */
    CLASSES
} story_class;

enum {
    PAIR_COS,
    PAIR_COS_WORDS,
    PAIR_COS_NAMES,
    PAIR_COS_LEAD,
    PAIR_COSINES,
    PAIR_LEAST = PAIR_COSINES,        /* share of a class' weight in the other article, */
    PAIR_MOST = PAIR_LEAST + CLASSES, /* the lesser and the greater of both directions */
    PAIR_COUNT = PAIR_MOST + CLASSES, /* terms of a class shared */
    PAIR_RARE = PAIR_COUNT + CLASSES, /* shared terms of great rarity */
    PAIR_TOP_LEAST,                   /* share of the weightiest names that the other has */
    PAIR_TOP_MOST,
    PAIR_SHARED_RARITY,
    PAIR_SHORTER, /* words */
    PAIR_LONGER,
    PAIR_COLUMNS
};

#define STORY_TOP_NAMES 4

/* What of an article every pair with it needs. */
typedef struct story_sums {
    uint32_t total[CLASSES];
    uint32_t length[PAIR_COSINES]; /* of the vectors of the cosines */
    uint64_t top[STORY_TOP_NAMES]; /* the weightiest names, each a bit of its terms; 0 = fewer */
} story_sums;

void story_sums_of(const story_doc *doc, story_sums *out);

/* False, and only the first column is set, when the cosine is below `least`. */
bool story_pair_columns(const story_doc *a, const story_sums *sums_a, const story_doc *b,
                        const story_sums *sums_b, int least, int16_t row[PAIR_COLUMNS]);

/* What a term weighs in its article: rarity and times. */
unsigned story_weight(const story_term *t);

#endif
