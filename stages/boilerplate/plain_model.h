/* plain_model.h -- the models of plain text: word weights and three rows of small trees
 *
 * A tree is oblivious: one question a level, the same for all of its nodes, so that a tree is asked
 * of sixteen lines at once with byte compares and one table look-up. */
#ifndef PLAIN_MODEL_H
#define PLAIN_MODEL_H

#include "plain_line.h"

#define PLAIN_DEPTH  4
#define PLAIN_LEAVES 16
#define PLAIN_SCALE  24 /* leaves are 24ths of a logit */

/* A question: is the value of column `column` of the line `shift` lines on greater than `border`?
 */
struct plain_question {
    uint8_t column;
    int8_t shift;
    uint8_t border;
};

struct plain_tree {
    struct plain_question ask[PLAIN_DEPTH]; /* question k gives bit k of the leaf's number */
    int8_t leaf[PLAIN_LEAVES];
};

struct plain_trees {
    const struct plain_tree *tree;
    uint32_t n;
    int32_t base; /* added to the sum of leaves */
};

struct plain_model {
    const struct plain_lex *lex;
    struct plain_trees first, second, start;
};

extern const struct plain_model plain_model;

#endif
