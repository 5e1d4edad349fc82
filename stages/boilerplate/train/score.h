/* score.h -- the shingle measure of article extraction: overlap of runs of four words */
#ifndef BOILERPLATE_TRAIN_SCORE_H
#define BOILERPLATE_TRAIN_SCORE_H

#include <wireroom/str.h>

/* Runs found in both texts, only in `text`, only in `gold` (multisets; a text of 1-3 words is one
 * run), each as a share of all. */
struct score_page {
    double both, extra, missed;
};
struct score_page score_texts(wr_str gold, wr_str text);

/* Means over pages: precision over pages with output, recall, their harmonic mean, the mean of the
 * pages' F1, pages without output. */
struct score_set {
    double precision, recall, f1, page_f1;
    size_t pages, empty;
};
struct score_set score_mean(const struct score_page *pages, size_t n, const bool *use);

double score_f1(struct score_page page);

#endif
