/* story_root.h -- the integer square root: no floating point, the same on every machine */
#ifndef AGGREGATE_STORY_ROOT_H
#define AGGREGATE_STORY_ROOT_H

#include <stdint.h>

/* The largest r with r * r <= v. */
static inline uint32_t story_root(uint64_t v) {
    uint64_t r = 0;
    for (uint64_t bit = (uint64_t)1 << 62; bit; bit >>= 2) {
        if (v >= r + bit) {
            v -= r + bit;
            r = r / 2 + bit;
        } else r /= 2;
    }
    return (uint32_t)r;
}

#endif
