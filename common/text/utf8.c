/* utf8.c -- UTF-8: validate, repair, step by code point */
#include "common/text/utf8.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

size_t wr_utf8_ascii(const char *p, size_t len) {
    size_t i = 0;
#if defined(__SSE2__)
    for (; i + 32 <= len; i += 32) {
        __m128i a, b;
        memcpy(&a, p + i, 16);
        memcpy(&b, p + i + 16, 16);
        unsigned high = (unsigned)_mm_movemask_epi8(a) | (unsigned)_mm_movemask_epi8(b) << 16;
        if (high) return i + (size_t)__builtin_ctz(high);
    }
#endif
    for (; i + 8 <= len; i += 8) {
        uint64_t word;
        memcpy(&word, p + i, 8);
        if (word & 0x8080808080808080u) break;
    }
    while (i < len && (unsigned char)p[i] < 0x80)
        i++;
    return i;
}

uint32_t wr_utf8_next_slow(const char *p, size_t len, size_t *used) {
    const unsigned char *s = (const unsigned char *)p;
    unsigned char c = s[0];
    unsigned low = 0x80, high = 0xBF;
    size_t need;
    uint32_t cp;
    *used = 1;
    if (c < 0x80) return c;
    if (c >= 0xC2 && c <= 0xDF) need = 1, cp = c & 0x1Fu;
    else if (c >= 0xE0 && c <= 0xEF) {
        need = 2, cp = c & 0x0Fu;
        if (c == 0xE0) low = 0xA0;
        if (c == 0xED) high = 0x9F;
    } else if (c >= 0xF0 && c <= 0xF4) {
        need = 3, cp = c & 0x07u;
        if (c == 0xF0) low = 0x90;
        if (c == 0xF4) high = 0x8F;
    } else return WR_REPLACEMENT;
    for (size_t i = 1; i <= need; i++) {
        if (i >= len || s[i] < low || s[i] > high) {
            *used = i;
            return WR_REPLACEMENT;
        }
        cp = cp << 6 | (s[i] & 0x3Fu);
        low = 0x80, high = 0xBF;
    }
    *used = need + 1;
    return cp;
}

static inline bool continues(unsigned char c) {
    return (c & 0xC0) == 0x80;
}

/* Length of the well-formed character at s[0..len), 0 = ill-formed. */
static inline size_t well_formed(const unsigned char *s, size_t len) {
    unsigned char c = s[0];
    if (c < 0x80) return 1;
    if (c < 0xE0) return c >= 0xC2 && len >= 2 && continues(s[1]) ? 2 : 0;
    if (c < 0xF0) {
        if (len < 3 || !continues(s[1]) || !continues(s[2])) return 0;
        return (c == 0xE0 && s[1] < 0xA0) || (c == 0xED && s[1] > 0x9F) ? 0 : 3;
    }
    if (c > 0xF4 || len < 4 || !continues(s[1]) || !continues(s[2]) || !continues(s[3])) return 0;
    return (c == 0xF0 && s[1] < 0x90) || (c == 0xF4 && s[1] > 0x8F) ? 0 : 4;
}

size_t wr_utf8_valid_prefix(wr_str s) {
    size_t i = 0;
    while (i < s.len) {
        if ((unsigned char)s.ptr[i] < 0x80) {
            i += wr_utf8_ascii(s.ptr + i, s.len - i);
            if (i == s.len) break;
        }
        size_t n = well_formed((const unsigned char *)s.ptr + i, s.len - i);
        if (!n) break;
        i += n;
    }
    return i;
}

uint32_t wr_utf8_prev(wr_str s, size_t at, size_t *used) {
    size_t from = at - 1;
    while (from > 0 && at - from < 4 && continues((unsigned char)s.ptr[from]))
        from--;
    size_t n;
    uint32_t cp = wr_utf8_next(s.ptr + from, at - from, &n);
    *used = at - from;
    return cp;
}

size_t wr_utf8_put(char *out, uint32_t cp) {
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF)) cp = WR_REPLACEMENT;
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

wr_status wr_utf8_repair(wr_arena *arena, wr_str s, wr_str *out, size_t *n_replaced) {
    *n_replaced = 0;
    *out = s;
    size_t good = wr_utf8_valid_prefix(s);
    if (good == s.len) return WR_OK;
    size_t bad = 0;
    for (size_t i = good; i < s.len;) { /* how many, so that the result fits exactly */
        size_t n;
        wr_utf8_next_slow(s.ptr + i, s.len - i, &n);
        bad++;
        i += n;
        i += wr_utf8_valid_prefix(wr_str_of(s.ptr + i, s.len - i));
    }
    if (bad > (SIZE_MAX - s.len) / 3) return WR_MEMORY;
    char *p = wr_arena_take(arena, s.len + bad * 2), *to = p;
    if (!p) return WR_MEMORY;
    for (size_t i = 0; i < s.len;) {
        size_t n = wr_utf8_valid_prefix(wr_str_of(s.ptr + i, s.len - i));
        memcpy(to, s.ptr + i, n);
        to += n, i += n;
        if (i == s.len) break;
        wr_utf8_next_slow(s.ptr + i, s.len - i, &n);
        to += wr_utf8_put(to, WR_REPLACEMENT);
        i += n;
    }
    *out = wr_str_of(p, (size_t)(to - p));
    *n_replaced = bad;
    return WR_OK;
}

size_t wr_utf8_count(wr_str s) {
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += !continues((unsigned char)s.ptr[i]);
    return n;
}
