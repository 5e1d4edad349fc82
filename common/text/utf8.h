/* utf8.h -- UTF-8: validate, repair, step by code point
 *
 * Ill-formed input follows the Unicode standard (and WHATWG): one U+FFFD for each maximal subpart.
 * Pure; nothing allocates but wr_utf8_repair. */
#ifndef WR_TEXT_UTF8_H
#define WR_TEXT_UTF8_H

#include <wireroom/arena.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WR_REPLACEMENT 0xFFFDu

/* Bytes [start, end) of a text. */
typedef struct wr_span {
    size_t start, end;
} wr_span;

/* Length of the run of ASCII bytes at the start of p[0..len). */
size_t wr_utf8_ascii(const char *p, size_t len);

/* Length of the longest valid UTF-8 prefix of `s` (s.len = all of it is valid). */
size_t wr_utf8_valid_prefix(wr_str s);

static inline bool wr_utf8_valid(wr_str s) {
    return wr_utf8_valid_prefix(s) == s.len;
}

/* Decodes one code point from 1 or more bytes that are not ASCII, see wr_utf8_next. */
uint32_t wr_utf8_next_slow(const char *p, size_t len, size_t *used);

/* The code point at p[0..len), len > 0; *used = its bytes. Ill-formed: U+FFFD and the length of the
 * maximal subpart (1-3). Any bytes are accepted. */
static inline uint32_t wr_utf8_next(const char *p, size_t len, size_t *used) {
    unsigned char c = (unsigned char)*p;
    if (c < 0x80) {
        *used = 1;
        return c;
    }
    return wr_utf8_next_slow(p, len, used);
}

/* The code point that ends just before offset `at` (> 0) of valid UTF-8; *used = its bytes. */
uint32_t wr_utf8_prev(wr_str s, size_t at, size_t *used);

/* Writes the code point (a scalar value; else U+FFFD) to out[0..4); returns 1-4. */
size_t wr_utf8_put(char *out, uint32_t cp);

/* `s` with each maximal ill-formed subpart replaced by U+FFFD: `s` itself when there is none.
 * *n_replaced = how many. WR_MEMORY at the arena's limit. O(len). */
WR_MUSTUSE wr_status wr_utf8_repair(wr_arena *arena, wr_str s, wr_str *out, size_t *n_replaced);

/* Number of code points in valid UTF-8. */
size_t wr_utf8_count(wr_str s);

#ifdef __cplusplus
}
#endif
#endif
