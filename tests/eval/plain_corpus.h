/* plain_corpus.h -- pages of labelled lines, as scripts/train.d/plain and scripts/eval.d/lines
 * stream them: a line "P kind set id fold weight n", then n lines "BSF text" (B body, S start,
 * F fold), fields parted by tabs */
#ifndef PLAIN_CORPUS_H
#define PLAIN_CORPUS_H

#include "stages/boilerplate/plain_judge.h"

#include <stdio.h>

struct corpus_page {
    const char *kind, *set, *id;
    int fold;
    bool labelled; /* the body labels mean something */
    double weight;
    size_t n;
    wr_str *text;
    uint8_t *body, *line_fold;
    char *start;
};

struct corpus {
    struct corpus_page *page;
    size_t n;
};

/* Reads all of it ("-" = standard input); 0, or non-zero with a word on stderr. Never freed. */
int corpus_read(const char *path, struct corpus *out);

/* One JSON object a page: set, id, keep (with the title of an article kept for the sets where it is
 * part of what has to stay), starts. */
void corpus_write(FILE *out, const struct corpus_page *page, const struct plain_verdict *verdict);

#endif
