/* lexicon.h -- the classes of lexicon.def a word belongs to */
#ifndef BOILERPLATE_LEXICON_H
#define BOILERPLATE_LEXICON_H

#include <stdint.h>

enum lexicon_class {
    LEXICON_STOP,
    LEXICON_COPYRIGHT,
    LEXICON_LEGAL,
    LEXICON_MORE,
    LEXICON_SUBSCRIBE,
    LEXICON_PHOTO,
    LEXICON_AGENCY,
    LEXICON_SHARE,
    LEXICON_COMMENT,
    LEXICON_BY,
    LEXICON_COOKIE,
    LEXICON_AD,
    LEXICON_WHEN,
    LEXICON_FOLLOW,
    LEXICON_BIO,
    LEXICON_ROLE, /* from here on no feature of the forests */
    LEXICON_ORG,
    LEXICON_CHANGED, /* of a change: what stands behind it is no date of publication */
    LEXICON_CLASSES
};

/* Bit set (one bit a class) of classes of the word with that hash (words.h), 0 = in none. */
uint32_t lexicon_classes(uint64_t hash);

/* The month (1-12) that word names (months.def), 0 = none. */
uint32_t lexicon_month(uint64_t hash);

#endif
