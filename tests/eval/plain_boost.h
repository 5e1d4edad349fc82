/* plain_boost.h -- gradient boosting of small oblivious trees over byte features */
#ifndef PLAIN_BOOST_H
#define PLAIN_BOOST_H

#include "stages/boilerplate/plain_columns.h"

/* Rows to learn from, a column a feature: value[f * n + r]. */
struct boost_rows {
    uint8_t *value;
    size_t n, n_features;
    const struct plain_question *feature; /* column and shift of feature f */
    uint8_t *label;
    float *weight;
};

struct boost_options {
    int trees;
    float rate, lambda, rows, features; /* step, ridge, shares of rows and features a tree sees */
    uint64_t seed;
};

/* Fits logistic loss; leaves are rounded to PLAIN_SCALE-ths while training, so later trees mend
 * what rounding breaks. The trees are malloced into *out. */
void boost_fit(const struct boost_rows *rows, const struct boost_options *options,
               struct plain_trees *out);

#endif
