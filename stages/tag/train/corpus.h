/* corpus.h -- labelled sentences for training: for each token the set of labels it may have */
#ifndef TAG_TRAIN_CORPUS_H
#define TAG_TRAIN_CORPUS_H

#include "stages/tag/label.h"

#include <wireroom/arena.h>

#define LABEL_SET(label) (1u << (label))
#define LABEL_ANY        ((1u << LABEL_COUNT) - 1)

struct corpus_token {
    wr_str text;
    uint32_t allowed; /* LABEL_SETs */
    uint32_t hint;    /* LABEL_SET of another source's label, 0 = none */
};

struct corpus_sentence {
    struct corpus_token *tokens;
    size_t n;
    float weight;
    uint32_t document; /* from 1, through all files; 0 = it stands alone */
};

struct corpus {
    struct corpus_sentence *sentences;
    size_t n, cap, n_tokens;
    uint32_t n_documents;
};

/* How a file is read. Columns: token, BIO tag; or, with `sets`, token, then the labels it may have,
 * each as U-PER, B-ORG, O, ..., ? = any, with tabs between. */
struct corpus_options {
    float weight;
    bool alone;       /* its documents are bags of sentences */
    bool open_misc;   /* what is O may also be MISC: the source does not mark it */
    bool sets;        /* see above */
    bool split;       /* cut tokens at inner hyphens */
    bool hint;        /* the third column is another source's BIO tag, to be looked at */
    unsigned small;   /* per cent of the sentences that come a second time in small letters */
    unsigned capital; /* the same in capitals */
};

/* "PATH[,weight=X][,alone][,open-misc][,sets][,split][,hint][,small=N][,capital=N]", read and
 * appended. */
WR_MUSTUSE wr_status corpus_read(wr_arena *arena, const char *spec, struct corpus *corpus);

/* "U-PER", "O": the label, or -1. */
int corpus_label(wr_str name);
/* The name of a label; static. */
const char *corpus_label_name(int label);

#endif
