/* dictionary.h -- features seen often enough, numbered in order of first sight */
#ifndef TAG_TRAIN_DICTIONARY_H
#define TAG_TRAIN_DICTIONARY_H

#include <wireroom/arena.h>

#define DICTIONARY_NONE UINT32_MAX

/* Counts first (two cells a feature, the smaller one counts), then numbers. */
struct dictionary {
    uint8_t *cells;
    uint64_t *keys; /* of the hash table */
    uint32_t *ids;
    uint64_t *features; /* by number */
    size_t n, slots;
    unsigned least;
};

WR_MUSTUSE wr_status dictionary_new(wr_arena *arena, unsigned least, struct dictionary *out);
void dictionary_count(struct dictionary *d, uint64_t feature);
/* The feature's number, given on first sight when it was counted `least` times or more. */
uint32_t dictionary_number(struct dictionary *d, uint64_t feature);
/* Its number if it has one. */
uint32_t dictionary_find(const struct dictionary *d, uint64_t feature);

#endif
