/* classifier.h -- a linear classifier over hashed features, as trained by train_text
 *
 * Each feature is a hash; its row of the weight table is added to the scores of all classes. */
#ifndef WR_TEXT_CLASSIFIER_H
#define WR_TEXT_CLASSIFIER_H

#include <wireroom/str.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { WR_CLASSIFIER_MOST = 96 }; /* classes */

/* A model in memory, 16-byte aligned: "WRM1", number of classes, row width (a multiple of 16), bits
 * of the hash (three little-endian uint32), names of 16 bytes each, then 2^bits rows of int8
 * weights. */
typedef struct wr_classifier {
    size_t n_classes, width;
    unsigned bits;
    const char *names; /* 16 bytes each, zero-padded */
    const int8_t *weights;
} wr_classifier;

/* Reads the head of a model; n_classes = 0 when it is none. */
wr_classifier wr_classifier_of(const unsigned char *model, size_t len);

/* Adds the rows of hashes[0..n) to scores[0..WR_CLASSIFIER_MOST). O(n * classes). */
void wr_classifier_add(const wr_classifier *c, const uint32_t *hashes, size_t n, int32_t *scores);

static inline wr_str wr_classifier_name(const wr_classifier *c, size_t i) {
    const char *name = c->names + 16 * i;
    return wr_str_of(name, strnlen(name, 16));
}

static inline uint32_t wr_classifier_hash(uint64_t key) {
    key *= 0x9E3779B97F4A7C15u;
    return (uint32_t)(key >> 32);
}

#ifdef __cplusplus
}
#endif
#endif
