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
    PAIR_LEAST,                       /* share of a class' weight in the other article, */
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

void story_pair_columns(const story_doc *a, const story_doc *b, int16_t row[PAIR_COLUMNS]);

/* Cosine of the weighted terms in thousandths: the first of the columns. */
int story_pair_cosine(const story_doc *a, const story_doc *b);

/* What a term weighs in its article: rarity and times. */
unsigned story_weight(const story_term *t);

#endif
