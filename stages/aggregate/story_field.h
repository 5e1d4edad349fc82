/* story_field.h -- a field: articles so alike that only what sets them apart within it tells one
 * story from another
 *
 * Two quakes on one island, two arrests of one team's players: what the news at large thinks rare
 * is common to both, what is common in each and absent from the other decides. Hence terms are
 * weighed by how they are spread over the field, and two articles are compared by how alike they
 * are to third ones. Whole numbers only: the same on every machine. */
#ifndef AGGREGATE_STORY_FIELD_H
#define AGGREGATE_STORY_FIELD_H

#include "story_doc.h"

#include <stages/boilerplate/forest.h>

#define FIELD_MAX   48      /* articles */
#define FIELD_ONE   256     /* 1.0 of log odds in a matrix */
#define FIELD_CLIP  1536    /* 6.0: no pair counts for more */
#define FIELD_APART (-1280) /* of two articles that share nothing */

/* Log odds that i and j are one story; symmetric, what stands at [i][i] does not matter. */
typedef int16_t field_matrix[FIELD_MAX][FIELD_MAX];

enum {
    LOCAL_WORDS, /* correlations over the field: of words and names, */
    LOCAL_NAMES, /* of names and numbers, */
    LOCAL_PAIRS, /* of word pairs and dates */
    LOCAL_COS,   /* cosine weighted by rarity within the field */
    LOCAL_SHARED,
    LOCAL_APART,
    LOCAL_SHARED_NAMES,
    LOCAL_APART_NAMES,
    LOCAL_EXCLUSIVE, /* one has a term, the other one that never stands beside it in the field */
    LOCAL_PROFILE,   /* correlation of their likeness to the others */
    LOCAL_ODDS,      /* what the pair alone says */
    LOCAL_LESS_LIKE, /* mean likeness to the others, the lesser and the greater */
    LOCAL_MORE_LIKE,
    LOCAL_COLUMNS
};

typedef struct field_row {
    int16_t column[LOCAL_COLUMNS];
} field_row;

/* The columns of all pairs j < i, row i (i - 1) / 2 + j of `rows`, from 2 <= n <= FIELD_MAX
 * articles and what their pairs alone say. Scratch memory from `arena` is given back. WR_MEMORY.
 * O(n^3 + n terms). */
WR_MUSTUSE wr_status field_columns(wr_arena *arena, const story_doc *const *docs, size_t n,
                                   field_matrix odds, field_row *rows);

/* Log odds of all pairs in the light of the field. */
WR_MUSTUSE wr_status field_judge(wr_arena *arena, const struct forest *forest,
                                 const story_doc *const *docs, size_t n, field_matrix odds,
                                 field_matrix out);

/* Average linkage: parts are joined while the mean log odds between two are above `least`, the
 * likeliest first. part[i] = the lowest number of its part. O(n^3). */
void field_link(field_matrix odds, size_t n, int least, uint8_t *part);

#endif
