/* gbdt.h -- trains the forests of forest.h: gradient boosting on histograms, log loss
 *
 * One thread, one seed, sums in a fixed order: the same model from the same rows. */
#ifndef BOILERPLATE_TRAIN_GBDT_H
#define BOILERPLATE_TRAIN_GBDT_H

#include <stages/boilerplate/forest.h>

#include <stdbool.h>

struct gbdt_options {
    size_t trees;
    double rate;       /* shrinkage of each leaf */
    double rows, cols; /* share of rows and features a tree sees */
    double min_weight; /* least sum of second derivatives in a leaf */
    double lambda;     /* L2 penalty of leaf values */
    uint64_t seed;
};

#define GBDT_DEFAULTS                                                                              \
    { .trees = 200, .rate = 0.1, .rows = 0.7, .cols = 0.6, .min_weight = 5, .lambda = 2, .seed = 1 }

struct gbdt_data {
    const int16_t *x; /* n rows of n_features */
    size_t n, n_features;
    const float *y; /* wanted: 0-1 */
    const float *w; /* weight of the row in the loss; 0 = not used */
};

/* Trains on `data`; trees and the forest are on the heap (gbdt_free). *gain (n_features, may be
 * NULL) gets each feature's share of the loss removed. False when memory is out. */
bool gbdt_train(const struct gbdt_data *data, const struct gbdt_options *options,
                struct forest *forest, double *gain);
void gbdt_free(struct forest *forest);

#endif
