/* abbreviation.h -- English words that are written with a stop */
#ifndef WR_TEXT_ABBREVIATION_H
#define WR_TEXT_ABBREVIATION_H

#include <wireroom/str.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    WR_ABBR_TITLE = 1,  /* a name follows: Mr. Gen. St. */
    WR_ABBR_NUMBER = 2, /* a number follows: No. p. Fig. */
    WR_ABBR_MIDDLE = 4, /* stands inside a sentence: e.g. vs. cf. */
    WR_ABBR_EITHER = 8, /* inside or at the end: Inc. etc. p.m. */
    WR_ABBR_WORD = 16   /* without the stop also a common word: no. mar. fig. */
};

/* Flags of a word given without its last stop ("Mr", "p.m"), 0 = no abbreviation known. Case counts
 * only where a word of the same letters exists. Words with stops between single letters ("U.S")
 * that are not in the list give WR_ABBR_EITHER. */
unsigned wr_abbreviation(wr_str word);

#ifdef __cplusplus
}
#endif
#endif
