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

/* The slot of the key, or TABLE_ABSENT. O(1); a table without an empty slot is searched once round.
 */
uint32_t table_find(const struct table *t, uint64_t hash);

/* For the trainer: enters a key in `tags` (same shape), its slot is the result; TABLE_ABSENT when
 * full. A key whose tag stands there already gets that slot, *fresh says which. */
uint32_t table_add(uint16_t *tags, uint32_t n_buckets, uint64_t hash, bool *fresh);

#endif
