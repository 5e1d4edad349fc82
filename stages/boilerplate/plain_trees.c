/* plain_trees.c -- oblivious trees, asked of sixteen lines at once */
#include "plain_columns.h"

#if defined(__x86_64__) || defined(__i386__)
#include <tmmintrin.h>
#define HAVE_SHUFFLE 1
#endif

static const uint8_t *column_of(const struct plain_page *page, struct plain_question q) {
    return plain_cell(page, (enum plain_column)q.column) + q.shift;
}

static void ask_plain(const struct plain_trees *trees, const struct plain_page *page,
                      int16_t *logits) {
    for (uint32_t t = 0; t < trees->n; t++) {
        const struct plain_tree *tree = &trees->tree[t];
        const uint8_t *column[PLAIN_DEPTH];
        for (int d = 0; d < PLAIN_DEPTH; d++)
            column[d] = column_of(page, tree->ask[d]);
        for (size_t i = 0; i < page->n; i++) {
            unsigned leaf = 0;
            for (int d = 0; d < PLAIN_DEPTH; d++)
                leaf |= (unsigned)(column[d][i] > tree->ask[d].border) << d;
            logits[i] = (int16_t)(logits[i] + tree->leaf[leaf]);
        }
    }
}

#ifdef HAVE_SHUFFLE
/* The same in steps of sixteen lines; the columns have room for what lies beyond the last line. */
__attribute__((target("ssse3"))) static void
ask_shuffle(const struct plain_trees *trees, const struct plain_page *page, int16_t *logits) {
    for (uint32_t t = 0; t < trees->n; t++) {
        const struct plain_tree *tree = &trees->tree[t];
        const uint8_t *column[PLAIN_DEPTH];
        __m128i border[PLAIN_DEPTH];
        for (int d = 0; d < PLAIN_DEPTH; d++) {
            column[d] = column_of(page, tree->ask[d]);
            border[d] = _mm_set1_epi8((char)tree->ask[d].border);
        }
        __m128i leaves = _mm_loadu_si128((const __m128i *)(const void *)tree->leaf);
        __m128i zero = _mm_setzero_si128();
        for (size_t i = 0; i < page->n; i += 16) {
            __m128i leaf = zero;
            for (int d = 0; d < PLAIN_DEPTH; d++) {
                __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(column[d] + i));
                /* v > border as bytes without sign: v - border saturates at 0 */
                __m128i no = _mm_cmpeq_epi8(_mm_subs_epu8(v, border[d]), zero);
                leaf = _mm_or_si128(leaf, _mm_andnot_si128(no, _mm_set1_epi8((char)(1 << d))));
            }
            __m128i value = _mm_shuffle_epi8(leaves, leaf);
            __m128i sign = _mm_cmpgt_epi8(zero, value);
            __m128i *out = (__m128i *)(void *)(logits + i);
            _mm_storeu_si128(out,
                             _mm_add_epi16(_mm_loadu_si128(out), _mm_unpacklo_epi8(value, sign)));
            _mm_storeu_si128(
                out + 1, _mm_add_epi16(_mm_loadu_si128(out + 1), _mm_unpackhi_epi8(value, sign)));
        }
    }
}
#endif

void plain_trees_ask(const struct plain_trees *trees, const struct plain_page *page,
                     int16_t *logits) {
    for (size_t i = 0; i < page->stride; i++)
        logits[i] = (int16_t)trees->base;
#ifdef HAVE_SHUFFLE
    if (__builtin_cpu_supports("ssse3")) {
        ask_shuffle(trees, page, logits);
        return;
    }
#endif
    ask_plain(trees, page, logits);
}
