/* dictionary.c -- a counting sketch and a hash table */
#include "dictionary.h"

#define CELLS ((size_t)1 << 28)
#define SLOTS ((size_t)1 << 24)

wr_status dictionary_new(wr_arena *arena, unsigned least, struct dictionary *out) {
    *out = (struct dictionary){.cells = wr_arena_take(arena, CELLS),
                               .keys = wr_arena_array(arena, SLOTS, sizeof *out->keys),
                               .ids = wr_arena_array(arena, SLOTS, sizeof *out->ids),
                               .features = wr_arena_array(arena, SLOTS, sizeof *out->features),
                               .slots = SLOTS,
                               .least = least};
    return out->cells && out->keys && out->ids && out->features ? WR_OK : WR_MEMORY;
}

static size_t cell(uint64_t feature, int which) {
    return (which ? feature * 0x9E3779B97F4A7C15u >> 36 : feature >> 36) & (CELLS - 1);
}

void dictionary_count(struct dictionary *d, uint64_t feature) {
    uint8_t *a = &d->cells[cell(feature, 0)], *b = &d->cells[cell(feature, 1)];
    uint8_t least = *a < *b ? *a : *b;
    if (least == 255) return;
    if (*a == least) ++*a;
    if (b != a && *b == least) ++*b;
}

uint32_t dictionary_find(const struct dictionary *d, uint64_t feature) {
    if (!feature) feature = 1;
    for (size_t i = feature & (d->slots - 1); d->keys[i]; i = (i + 1) & (d->slots - 1))
        if (d->keys[i] == feature) return d->ids[i];
    return DICTIONARY_NONE;
}

uint32_t dictionary_number(struct dictionary *d, uint64_t feature) {
    if (d->cells[cell(feature, 0)] < d->least || d->cells[cell(feature, 1)] < d->least)
        return DICTIONARY_NONE;
    if (!feature) feature = 1;
    size_t i = feature & (d->slots - 1);
    for (; d->keys[i]; i = (i + 1) & (d->slots - 1))
        if (d->keys[i] == feature) return d->ids[i];
    if (d->n > d->slots / 4 * 3) return DICTIONARY_NONE;
    d->keys[i] = feature;
    d->ids[i] = (uint32_t)d->n;
    d->features[d->n] = feature;
    return (uint32_t)d->n++;
}
