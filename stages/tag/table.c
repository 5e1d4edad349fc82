/* table.c -- entering keys */
#include "table.h"

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
