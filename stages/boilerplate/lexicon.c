/* lexicon.c -- the classes of lexicon.def a word belongs to: one look-up in a generated table */
#include "lexicon.h"

#include "lexicon_table.h" /* generated: LEXICON_BITS, lexicon_keys, lexicon_values */

static uint32_t value_of(uint64_t hash) {
    for (uint64_t i = hash >> (64 - LEXICON_BITS);; i = (i + 1) & ((1u << LEXICON_BITS) - 1)) {
        if (lexicon_keys[i] == hash) return lexicon_values[i];
        if (lexicon_keys[i] == 0) return 0;
    }
}

uint32_t lexicon_classes(uint64_t hash) {
    return value_of(hash) & 0xFFFFF;
}

uint32_t lexicon_month(uint64_t hash) {
    return value_of(hash) >> 20;
}
