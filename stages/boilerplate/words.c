/* words.c -- words and characters of a text, as the boilerplate core counts them */
#include "words.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

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

/* ASCII letters, digits and '_' in lower case (as c | 32 makes it), 0 for all else. */
static unsigned char ascii_low(uint32_t c) {
    bool in = (c | 32) - 'a' < 26 || c - '0' < 10 || c == '_';
    return in ? (unsigned char)(c | 32) : 0;
}

/* The hash of a word: sixteen ASCII characters at a time, others one by one. */
struct hasher {
    uint64_t h, half[2];
    unsigned n; /* ASCII characters in the halves */
};
#define HASHER_START 0xCBF29CE484222325u

static inline uint64_t mix(uint64_t h, uint64_t low, uint64_t high) {
    h = (h ^ low) * MIX;
    h = (h ^ h >> 32 ^ high) * MIX;
    return h ^ h >> 29;
}

static void hash_rest(struct hasher *s) {
    if (s->n) s->h = mix(s->h, s->half[0], s->half[1]);
    s->half[0] = s->half[1] = s->n = 0;
}

static void hash_ascii(struct hasher *s, unsigned char low) {
    s->half[s->n >> 3] |= (uint64_t)low << 8 * (s->n & 7);
    if (++s->n == 16) hash_rest(s);
}

static void hash_other(struct hasher *s, uint32_t low) {
    hash_rest(s);
    s->h = mix(s->h, low, 1);
}

static inline uint64_t hash_end(uint64_t h) {
    return h ? h : 1;
}

/* Any word; it begins at byte i. */
static size_t long_word(wr_str s, size_t i, struct word *out) {
    size_t len;
    uint32_t first = words_code(s, i, &len), small = 0, other = 0, chars = 0, dense = 0;
    struct hasher hash = {.h = HASHER_START};
    for (; i < s.len; i += len) {
        uint32_t c = (unsigned char)s.ptr[i];
        if (c < 0x80) {
            unsigned char low = ascii_low(c);
            if (!low) break;
            len = 1;
            small |= c - 'A' >= 26;
            hash_ascii(&hash, low);
        } else {
            c = words_code(s, i, &len);
            if (!words_is_letter(c)) break;
            uint32_t low = words_lower(c);
            small |= low == c;
            dense += words_is_dense(c);
            hash_other(&hash, low);
        }
        other |= c - '0' >= 10;
        chars++;
    }
    hash_rest(&hash);
    out->upper = words_lower(first) != first;
    out->all_upper = !small && chars > 1;
    out->digits = !other;
    out->chars = chars;
    out->dense = dense;
    out->hash = hash_end(hash.h);
    return i;
}

/* Where the next word begins, or s.len. */
static size_t word_start(wr_str s, size_t i) {
    size_t len;
    for (; i < s.len; i += len) {
        uint32_t c = (unsigned char)s.ptr[i];
        len = 1;
        if (c < 0x80 ? ascii_low(c) != 0 : words_is_letter(words_code(s, i, &len))) break;
    }
    return i < s.len ? i : s.len;
}

#if defined(__SSE2__)
/* Sixteen bytes of text from `at`, as bit sets: what is a word's, a letter's, a digit's, a capital,
 * and what is not ASCII. Zeros stand behind the end. */
struct window {
    __m128i bytes;
    uint32_t word, letter, digit, capital, high;
};

static inline __m128i bytes_at(wr_str s, size_t at) {
    char rest[16] = {0};
    const char *p = s.ptr + at;
    if (s.len - at < sizeof rest) p = memcpy(rest, p, s.len - at);
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline uint32_t bits(__m128i v) {
    return (uint32_t)_mm_movemask_epi8(v);
}

static inline __m128i between(__m128i v, char from, char to) {
    return _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8((char)(from - 1))),
                         _mm_cmpgt_epi8(_mm_set1_epi8((char)(to + 1)), v));
}

static inline struct window window_at(wr_str s, size_t at) {
    struct window w = {.bytes = bytes_at(s, at)};
    __m128i low = _mm_or_si128(w.bytes, _mm_set1_epi8(32));
    __m128i letter = between(low, 'a', 'z'), digit = between(w.bytes, '0', '9');
    __m128i line = _mm_cmpeq_epi8(w.bytes, _mm_set1_epi8('_'));
    w.letter = bits(letter);
    w.digit = bits(digit);
    w.word = bits(_mm_or_si128(_mm_or_si128(letter, digit), line));
    w.capital = w.letter & ~bits(_mm_slli_epi16(w.bytes, 2)); /* bit 5 of each byte is clear */
    w.high = bits(w.bytes);
    return w;
}

/* The first `n` (1-15) bytes, as | 32 makes them. */
static inline uint64_t window_hash(const struct window *w, unsigned n) {
    static const char ones[32] = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
    __m128i mask = _mm_loadu_si128((const __m128i *)(const void *)(ones + 16 - n));
    __m128i low = _mm_and_si128(_mm_or_si128(w->bytes, _mm_set1_epi8(32)), mask);
    return hash_end(mix(HASHER_START, (uint64_t)_mm_cvtsi128_si64(low),
                        (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(low, low))));
}

/* A word of fewer than 16 ASCII characters; false when it is none. */
static inline bool short_word(wr_str s, size_t i, struct word *out) {
    struct window w = window_at(s, i);
    unsigned n = (unsigned)__builtin_ctz(~w.word);
    if (n == 0 || n >= 16 || w.high >> n & 1) return false;
    uint32_t all = (1u << n) - 1;
    out->start = i;
    out->end = i + n;
    out->hash = window_hash(&w, n);
    out->chars = n;
    out->dense = 0;
    out->upper = w.capital & 1;
    out->all_upper = (w.capital & all) == all && n > 1;
    out->digits = (w.digit & all) == all;
    return true;
}
#else
static inline bool short_word(wr_str s, size_t i, struct word *out) {
    (void)s, (void)i, (void)out;
    return false;
}
#endif

bool words_next(wr_str s, size_t *at, struct word *out) {
    size_t i = word_start(s, *at);
    if (i >= s.len) return *at = s.len, false;
    if (!short_word(s, i, out)) {
        out->start = i;
        out->end = long_word(s, i, out);
    }
    *at = out->end;
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
