/* table.h -- a read-only hash table in the model file: 16-bit tags in buckets of eight, values
 * beside
 *
 * A key is found by its tag alone, so about 1 look-up in 10,000 of an absent key finds a stranger's
 * value; training goes through the same table and learns with it. One cache line answers "absent".
 * A bucket that is full goes on in the next one. */
#ifndef TAG_TABLE_H
#define TAG_TABLE_H

#include <wireroom/status.h>
#include <wireroom/str.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define TABLE_BUCKET 8
#define TABLE_ABSENT UINT32_MAX

/* `tags`: n_buckets * TABLE_BUCKET, 0 = empty, 16-byte aligned. Value i belongs to tag i. */
struct table {
    const uint16_t *tags;
    uint32_t n_buckets;
};

static inline uint32_t table_bucket(const struct table *t, uint64_t hash) {
    return (uint32_t)(((hash >> 32) * t->n_buckets) >> 32);
}
static inline uint16_t table_tag(uint64_t hash) {
    return (uint16_t)((hash & 0xffff) | !(hash & 0xffff));
}

/* Starts to load the bucket of a key that is looked up soon. */
static inline void table_prefetch(const struct table *t, uint64_t hash) {
    __builtin_prefetch(t->tags + (size_t)table_bucket(t, hash) * TABLE_BUCKET);
}

#if defined(__SSE2__)
/* Bits 2i and 2i+1 set where tag i of the bucket equals `tag`. */
static inline uint32_t table_equal_bits(const uint16_t *bucket, uint16_t tag) {
    __m128i tags = _mm_load_si128((const __m128i *)(const void *)bucket);
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi16(tags, _mm_set1_epi16((short)tag)));
}
#else
static inline uint32_t table_equal_bits(const uint16_t *bucket, uint16_t tag) {
    uint32_t bits = 0;
    for (uint32_t i = 0; i < TABLE_BUCKET; i++)
        bits |= (bucket[i] == tag ? 3u : 0u) << (2 * i);
    return bits;
}
#endif

/* The slot of the key, or TABLE_ABSENT. O(1); a table without an empty slot is searched once round.
 */
static inline uint32_t table_find(const struct table *t, uint64_t hash) {
    uint16_t tag = table_tag(hash);
    uint32_t b = t->n_buckets ? table_bucket(t, hash) : 0;
    for (uint32_t round = 0; round < t->n_buckets; round++) {
        const uint16_t *bucket = t->tags + (size_t)b * TABLE_BUCKET;
        uint32_t hit = table_equal_bits(bucket, tag);
        if (hit) return b * TABLE_BUCKET + (uint32_t)__builtin_ctz(hit) / 2;
        if (!bucket[TABLE_BUCKET - 1]) return TABLE_ABSENT;
        b = b + 1 < t->n_buckets ? b + 1 : 0;
    }
    return TABLE_ABSENT;
}

/* For the trainer: enters a key in `tags` (same shape), its slot is the result; TABLE_ABSENT when
 * full. A key whose tag stands there already gets that slot, *fresh says which. */
uint32_t table_add(uint16_t *tags, uint32_t n_buckets, uint64_t hash, bool *fresh);

#endif
