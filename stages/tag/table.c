/* table.c -- buckets of eight tags, compared at once where the machine can */
#include "table.h"

#if defined(__SSE2__)
#include <emmintrin.h>
/* Bits 2i and 2i+1 set where tag i of the bucket equals `tag`. */
static inline uint32_t equal_bits(const uint16_t *bucket, uint16_t tag) {
    __m128i tags = _mm_load_si128((const __m128i *)(const void *)bucket);
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi16(tags, _mm_set1_epi16((short)tag)));
}
#else
static inline uint32_t equal_bits(const uint16_t *bucket, uint16_t tag) {
    uint32_t bits = 0;
    for (uint32_t i = 0; i < TABLE_BUCKET; i++)
        bits |= (bucket[i] == tag ? 3u : 0u) << (2 * i);
    return bits;
}
#endif

uint32_t table_find(const struct table *t, uint64_t hash) {
    uint16_t tag = table_tag(hash);
    uint32_t b = t->n_buckets ? table_bucket(t, hash) : 0;
    for (uint32_t round = 0; round < t->n_buckets; round++) {
        const uint16_t *bucket = t->tags + (size_t)b * TABLE_BUCKET;
        uint32_t hit = equal_bits(bucket, tag);
        if (hit) return b * TABLE_BUCKET + (uint32_t)__builtin_ctz(hit) / 2;
        if (!bucket[TABLE_BUCKET - 1]) return TABLE_ABSENT;
        b = b + 1 < t->n_buckets ? b + 1 : 0;
    }
    return TABLE_ABSENT;
}

uint32_t table_add(uint16_t *tags, uint32_t n_buckets, uint64_t hash, bool *fresh) {
    struct table t = {tags, n_buckets};
    uint32_t slot = table_find(&t, hash), b = table_bucket(&t, hash);
    *fresh = false;
    if (slot != TABLE_ABSENT) return slot;
    for (uint32_t round = 0; round < n_buckets; round++) {
        uint16_t *bucket = tags + (size_t)b * TABLE_BUCKET;
        for (uint32_t i = 0; i < TABLE_BUCKET; i++)
            if (!bucket[i]) {
                bucket[i] = table_tag(hash);
                *fresh = true;
                return b * TABLE_BUCKET + i;
            }
        b = b + 1 < n_buckets ? b + 1 : 0;
    }
    return TABLE_ABSENT;
}
