/* space.h -- white space beyond ASCII */
#ifndef CLEANUP_SPACE_H
#define CLEANUP_SPACE_H

#include <wireroom/str.h>

/* Bytes of the white space or invisible character at p (p < end) when it is U+00A0,
 * U+2000-200B, U+2028, U+2029, U+202F, U+205F, U+2060, U+3000 or U+FEFF, else 0. *blank says
 * whether it stands for a space (or for nothing: the zero-width ones). */
static inline size_t space_odd(const char *text, const char *end, bool *blank) {
    const unsigned char *p = (const unsigned char *)text;
    size_t n = (size_t)(end - text);
    *blank = true;
    if (*p == 0xC2) return n >= 2 && p[1] == 0xA0 ? 2 : 0;
    if (*p < 0xE2 || n < 3) return 0;
    if (*p == 0xE3) return p[1] == 0x80 && p[2] == 0x80 ? 3 : 0;
    if (*p == 0xEF) {
        *blank = false;
        return p[1] == 0xBB && p[2] == 0xBF ? 3 : 0;
    }
    if (*p != 0xE2) return 0;
    if (p[1] == 0x81) {
        *blank = p[2] != 0xA0;
        return p[2] == 0x9F || p[2] == 0xA0 ? 3 : 0;
    }
    *blank = p[2] != 0x8B;
    bool known = p[2] <= 0x8B || p[2] == 0xA8 || p[2] == 0xA9 || p[2] == 0xAF;
    return p[1] == 0x80 && known ? 3 : 0;
}

#endif
