/* word.h -- what is known of a word by itself: hashes, shape, affixes, clusters */
#ifndef TAG_WORD_H
#define TAG_WORD_H

#include "model.h"

#define WORD_BYTES 48 /* longer words are looked at up to here only */
#define WORD_AFFIX 4

enum word_flags {
    WORD_CAPITAL = 1, /* starts with a capital letter, or with a letter of a script without case */
    WORD_UPPER = 2,   /* more than one letter, all capitals */
    WORD_DIGIT = 4,
    WORD_ALPHA = 8,
    WORD_SHOUT = 16 /* set for all words of a sentence in capitals */
};

/* Hashes; `lower` has its digits folded to 0, `brief` is the shape with runs folded. A part that
 * the word is too short for is 0. */
struct word {
    uint64_t exact, lower, shape, brief;
    uint64_t key; /* of the small form, digits as they are: what clusters and vectors go by */
    uint64_t prefix[WORD_AFFIX], suffix[WORD_AFFIX];
    uint16_t cluster[CLUSTERINGS]; /* from 1; 0 = not a known word */
    uint16_t rank;                 /* frequency class from 1 (most frequent); 0 = not known */
    uint16_t flags;
};

/* What stands before the first and after the last word of a sentence. */
extern const struct word word_none;

/* Any bytes are a word; what is not UTF-8 counts as letters of an unknown script. Typographic
 * quotation marks and dashes read as the plain ones. O(bytes). */
void word_read(const struct model *model, wr_str text, struct word *out);

#endif
