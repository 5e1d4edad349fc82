/* words.c -- words and characters of a text, as the boilerplate core counts them */
#include "words.h"

uint32_t words_code(wr_str s, size_t at, size_t *len) {
    const unsigned char *p = (const unsigned char *)s.ptr + at;
    size_t left = s.len - at;
    *len = 1;
    if (p[0] < 0xC2 || left < 2) return p[0];
    if (p[0] < 0xE0) return *len = 2, (uint32_t)(p[0] & 31) << 6 | (p[1] & 63);
    if (p[0] < 0xF0 && left >= 3)
        return *len = 3, (uint32_t)(p[0] & 15) << 12 | (uint32_t)(p[1] & 63) << 6 | (p[2] & 63);
    if (left >= 4)
        return *len = 4, (uint32_t)(p[0] & 7) << 18 | (uint32_t)(p[1] & 63) << 12 |
                             (uint32_t)(p[2] & 63) << 6 | (p[3] & 63);
    return p[0];
}

uint32_t words_lower(uint32_t c) {
    if (c < 0x80) return c - 'A' < 26 ? c + 32 : c;
    if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;
    if ((c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177)) return c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) return c + (c & 1);
    if (c >= 0x391 && c <= 0x3A9) return c + 32;
    if (c >= 0x400 && c <= 0x40F) return c + 80;
    if (c >= 0x410 && c <= 0x42F) return c + 32;
    if (c >= 0x460 && c <= 0x4BF) return c | 1;
    if (c >= 0x531 && c <= 0x556) return c + 48;
    if (c >= 0x1E00 && c <= 0x1EFF) return c | 1;
    return c;
}

bool words_is_letter(uint32_t c) {
    if (c < 0x80) return c - '0' < 10 || (c | 32) - 'a' < 26 || c == '_';
    if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA;
    if (c < 0x2000) return c != 0xD7 && c != 0xF7;
    if (c < 0x2C00)
        return c == 0x200C || c == 0x200D || (c >= 0x2070 && c < 0x20A0) ||
               (c >= 0x2100 && c < 0x2190);
    if (c >= 0x3000 && c < 0x3040) return c >= 0x3005 && c <= 0x3007;
    if (c >= 0xE000 && c < 0xF900) return false;
    if (c >= 0xFE00 && c < 0xFE70) return false;
    if (c >= 0xFF00 && c < 0xFFF0)
        return (c >= 0xFF10 && c < 0xFF1A) || (c >= 0xFF21 && c < 0xFF3B) ||
               (c >= 0xFF41 && c < 0xFF5B) || (c >= 0xFF66 && c < 0xFFE0);
    return c < 0xFFF0 || (c >= 0x10000 && (c < 0x1F000 || c >= 0x20000));
}

bool words_is_dense(uint32_t c) {
    return c >= 0xE00 && (c < 0xE80 || (c >= 0x3040 && c < 0x3100) || (c >= 0x3400 && c < 0xA000) ||
                          (c >= 0xAC00 && c < 0xD7B0) || (c >= 0x20000 && c < 0x30000));
}

#define MIX 0x9E3779B97F4A7C15u

/* ASCII letters and digits as themselves in lower case, '_', and 0 for all else. */
static const unsigned char ascii[128] = {
    ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6',
    ['7'] = '7', ['8'] = '8', ['9'] = '9', ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd',
    ['E'] = 'e', ['F'] = 'f', ['G'] = 'g', ['H'] = 'h', ['I'] = 'i', ['J'] = 'j', ['K'] = 'k',
    ['L'] = 'l', ['M'] = 'm', ['N'] = 'n', ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r',
    ['S'] = 's', ['T'] = 't', ['U'] = 'u', ['V'] = 'v', ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y',
    ['Z'] = 'z', ['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f',
    ['g'] = 'g', ['h'] = 'h', ['i'] = 'i', ['j'] = 'j', ['k'] = 'k', ['l'] = 'l', ['m'] = 'm',
    ['n'] = 'n', ['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r', ['s'] = 's', ['t'] = 't',
    ['u'] = 'u', ['v'] = 'v', ['w'] = 'w', ['x'] = 'x', ['y'] = 'y', ['z'] = 'z', ['_'] = '_'};

/* Where the next word begins, or s.len. */
static size_t word_start(wr_str s, size_t i) {
    size_t len;
    for (; i < s.len; i += len) {
        unsigned char c = (unsigned char)s.ptr[i];
        len = 1;
        if (c < 0x80 ? ascii[c] != 0 : words_is_letter(words_code(s, i, &len))) break;
    }
    return i < s.len ? i : s.len;
}

bool words_next(wr_str s, size_t *at, struct word *out) {
    size_t i = word_start(s, *at), len;
    if (i >= s.len) return *at = s.len, false;
    uint32_t first = words_code(s, i, &len), small = 0, other = 0, chars = 0, dense = 0;
    uint64_t h = 0xCBF29CE484222325u;
    out->start = i;
    for (; i < s.len; i += len) {
        uint32_t c = (unsigned char)s.ptr[i], low;
        if (c < 0x80) {
            len = 1;
            low = ascii[c];
            if (!low) break;
        } else {
            c = words_code(s, i, &len);
            if (!words_is_letter(c)) break;
            low = words_lower(c);
            dense += words_is_dense(c);
        }
        small |= low == c;
        other |= c - '0' >= 10;
        h = (h ^ low) * MIX;
        h ^= h >> 29;
        chars++;
    }
    out->upper = words_lower(first) != first;
    out->all_upper = !small && chars > 1;
    out->digits = !other;
    out->chars = chars;
    out->dense = dense;
    out->hash = h ? h : 1;
    *at = out->end = i;
    return true;
}

size_t words_count(wr_str s) {
    struct word w;
    size_t n = 0, dense = 0;
    for (size_t at = 0; words_next(s, &at, &w); n++)
        dense += w.dense;
    return n + dense / 2;
}

uint64_t words_hash(wr_str s) {
    struct word w;
    uint64_t h = 0;
    for (size_t at = 0; words_next(s, &at, &w);)
        h = (h ^ w.hash) * MIX + (h >> 31);
    return h;
}
