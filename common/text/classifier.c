/* classifier.c -- sums of weight rows */
#include "common/text/classifier.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { HEAD = 16, AHEAD = 8, FLUSH = 256 /* rows of int8 that an int16 can hold */ };

static uint32_t read32(const unsigned char *p) {
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

wr_classifier wr_classifier_of(const unsigned char *model, size_t len) {
    wr_classifier none = {0, 0, 0, NULL, NULL};
    if (len < HEAD || memcmp(model, "WRM1", 4) != 0) return none;
    size_t n = read32(model + 4), width = read32(model + 8);
    unsigned bits = read32(model + 12);
    if (n > WR_CLASSIFIER_MOST || width > WR_CLASSIFIER_MOST || width < n || width % 16 ||
        bits > 24)
        return none;
    if (len != HEAD + 16 * n + (width << bits)) return none;
    const char *names = (const char *)model + HEAD;
    return (wr_classifier){n, width, bits, names, (const int8_t *)(names + 16 * n)};
}

static const int8_t *row(const wr_classifier *c, uint32_t hash) {
    return c->weights + (size_t)(hash >> (32 - c->bits)) * c->width;
}

void wr_classifier_add(const wr_classifier *c, const uint32_t *hashes, size_t n, int32_t *scores) {
#if defined(__SSE2__)
    enum { LANES = WR_CLASSIFIER_MOST / 8 };
    size_t chunks = c->width / 16;
    for (size_t from = 0; from < n; from += FLUSH) {
        size_t to = n - from > FLUSH ? from + FLUSH : n;
        __m128i sums[LANES];
        for (size_t k = 0; k < LANES; k++)
            sums[k] = _mm_setzero_si128();
        for (size_t i = from; i < to; i++) {
            const int8_t *w = row(c, hashes[i]);
            if (i + AHEAD < n) { /* the table is larger than the near caches */
                __builtin_prefetch(row(c, hashes[i + AHEAD]));
                __builtin_prefetch(row(c, hashes[i + AHEAD]) + c->width - 1);
            }
            for (size_t k = 0; k < chunks; k++) {
                __m128i v = _mm_load_si128((const __m128i *)(const void *)(w + 16 * k));
                __m128i sign = _mm_cmplt_epi8(v, _mm_setzero_si128());
                sums[2 * k] = _mm_add_epi16(sums[2 * k], _mm_unpacklo_epi8(v, sign));
                sums[2 * k + 1] = _mm_add_epi16(sums[2 * k + 1], _mm_unpackhi_epi8(v, sign));
            }
        }
        int16_t out[WR_CLASSIFIER_MOST];
        memcpy(out, sums, sizeof out);
        for (size_t k = 0; k < c->n_classes; k++)
            scores[k] += out[k];
    }
#else
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < c->n_classes; k++)
            scores[k] += row(c, hashes[i])[k];
#endif
}
