/* lexicon.c -- the classes of lexicon.def a word belongs to: one look-up in a generated table */
#include "lexicon.h"

#include "lexicon_table.h" /* generated: LEXICON_BITS, lexicon_tags, lexicon_keys, lexicon_values */

/* One byte a slot decides nearly always; the keys are read only when it fits. */
static uint32_t value_of(uint64_t hash) {
    unsigned char tag = (unsigned char)(hash | 1);
    for (uint64_t i = hash >> (64 - LEXICON_BITS);; i = (i + 1) & ((1u << LEXICON_BITS) - 1)) {
        if (lexicon_tags[i] == 0) return 0;
        if (lexicon_tags[i] == tag && lexicon_keys[i] == hash) return lexicon_values[i];
    }
}

uint32_t lexicon_classes(uint64_t hash) {
    return value_of(hash) & 0xFFFFF;
}

uint32_t lexicon_month(uint64_t hash) {
    return value_of(hash) >> 20;
}
