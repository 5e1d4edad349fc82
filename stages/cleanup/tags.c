/* tags.c -- element names: the table of tags.def and its look-up */
#include "tags.h"

#include "tags_hash.h"

const tag_info tag_table[TAG_COUNT] = {
    {"", 0, TAG_INLINE},
#define T(name, kind) {#name, sizeof(#name) - 1, (kind)},
#include "tags.def"
#undef T
};

tag_id tag_find(wr_str name) {
    if (name.len == 0 || name.len > TAG_NAME_MAX) return TAG_other;
    const unsigned char *p = (const unsigned char *)name.ptr;
    /* First, last and middle letter tell all names apart in 9 bits with the factor found by the
     * generator. Folding by | 32 is right for letters and harmless for the rest. */
    uint32_t key = (uint32_t)(p[0] | 32) | (uint32_t)(p[name.len - 1] | 32) << 8 |
                   (uint32_t)(p[name.len / 2] | 32) << 16 | (uint32_t)name.len << 24;
    tag_id id = (tag_id)tag_hash[(key * TAG_FACTOR) >> (32 - TAG_BITS)];
    const tag_info *t = &tag_table[id];
    return wr_str_eq_nocase(name, wr_str_of(t->name, t->len)) ? id : TAG_other;
}
