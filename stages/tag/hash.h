/* hash.h -- 64-bit hashes of bytes and of pairs; part of the model file, so never to be changed
 * alone
 */
#ifndef TAG_HASH_H
#define TAG_HASH_H

#include <wireroom/str.h>

static inline uint64_t hash_pair(uint64_t a, uint64_t b) {
    uint64_t h = a ^ (b * 0x9E3779B97F4A7C15u);
    h ^= h >> 32;
    h *= 0xD6E8FEB86659FD93u;
    return h ^ (h >> 29);
}

/* FNV-1a with a final mix. */
static inline uint64_t hash_bytes(const char *bytes, size_t len) {
    uint64_t h = 1469598103934665603u;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)bytes[i]) * 1099511628211u;
    return hash_pair(h, len);
}

#endif
