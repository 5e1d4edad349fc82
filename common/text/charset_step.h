/* charset_step.h -- decodes one character of any encoding */
#ifndef WR_TEXT_CHARSET_STEP_H
#define WR_TEXT_CHARSET_STEP_H

#include "common/text/charset.h"

typedef struct wr_charset_stepper {
    const wr_encoding *encoding;
    unsigned state; /* ISO-2022-JP: which set is shifted in */
    size_t n_bad;   /* replacements so far */
} wr_charset_stepper;

/* Decodes at p[0..len), len > 0: 0 to 2 code points to cps (ill-formed: one U+FFFD for the maximal
 * subpart, as in the WHATWG decoders). Returns the bytes used, at least 1. At most 3 bytes of UTF-8
 * come out for each byte that is not ASCII, and 1 for each that is (ISO-2022-JP, UTF-16: 3 for
 * any). */
size_t wr_charset_step(wr_charset_stepper *st, const char *p, size_t len, uint32_t cps[2],
                       size_t *n_cps);

/* Replacements that decoding `s` gives. O(len). */
size_t wr_charset_count_bad(const wr_encoding *encoding, wr_str s);

#endif
