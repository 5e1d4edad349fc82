/* str.h -- a borrowed run of bytes, by value */
#ifndef WIREROOM_STR_H
#define WIREROOM_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* `len` bytes at `ptr`: not terminated, may hold NUL. ptr may be NULL only when len is 0. */
typedef struct wr_str {
    const char *ptr;
    size_t len;
} wr_str;

/* A wr_str of a string literal. */
#define WR_STR(literal) (wr_str_of("" literal, sizeof(literal) - 1))

static inline wr_str wr_str_of(const char *ptr, size_t len) {
    wr_str s = {ptr, len};
    return s;
}

/* A NUL-terminated string from the program itself (never from outside text). */
static inline wr_str wr_str_c(const char *cstr) {
    return wr_str_of(cstr, cstr ? strlen(cstr) : 0);
}

static inline bool wr_str_eq(wr_str a, wr_str b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Bytewise order; a prefix sorts first. */
static inline int wr_str_cmp(wr_str a, wr_str b) {
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n ? memcmp(a.ptr, b.ptr, n) : 0;
    return c ? c : (a.len > b.len) - (a.len < b.len);
}

static inline bool wr_str_starts(wr_str s, wr_str prefix) {
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

static inline bool wr_str_ends(wr_str s, wr_str suffix) {
    return s.len >= suffix.len &&
           (suffix.len == 0 || memcmp(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

/* Bytes [from, to) of s, both clamped to its length. */
static inline wr_str wr_str_slice(wr_str s, size_t from, size_t to) {
    if (to > s.len) to = s.len;
    if (from > to) from = to;
    return wr_str_of(s.ptr ? s.ptr + from : NULL, to - from);
}

/* ASCII letters only; the locale plays no part. */
static inline char wr_lower(char c) {
    return (unsigned char)(c - 'A') < 26 ? (char)(c + 32) : c;
}
static inline bool wr_is_digit(char c) {
    return (unsigned char)(c - '0') < 10;
}
static inline bool wr_is_alpha(char c) {
    return (unsigned char)((c | 32) - 'a') < 26;
}
static inline bool wr_is_space(char c) {
    return c == ' ' || (unsigned char)(c - '\t') < 5;
}

/* Equal but for the case of ASCII letters. */
static inline bool wr_str_eq_nocase(wr_str a, wr_str b) {
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++)
        if (wr_lower(a.ptr[i]) != wr_lower(b.ptr[i])) return false;
    return true;
}

/* Without ASCII white space at both ends. */
static inline wr_str wr_str_trim(wr_str s) {
    while (s.len && wr_is_space(s.ptr[s.len - 1]))
        s.len--;
    while (s.len && wr_is_space(*s.ptr))
        s.ptr++, s.len--;
    return s;
}

/* Offset of the first `c` at or after `from`, or s.len. */
static inline size_t wr_str_find_char(wr_str s, size_t from, char c) {
    if (from >= s.len) return s.len;
    const char *hit = (const char *)memchr(s.ptr + from, c, s.len - from);
    return hit ? (size_t)(hit - s.ptr) : s.len;
}

#ifdef __cplusplus
}
#endif
#endif
