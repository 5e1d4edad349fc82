/* clean.c -- the passes over one text: mojibake, characters, NFC, white space */
#include "common/text/clean.h"

#include "common/text/clean_pass.h"
#include "common/text/mojibake.h"
#include "common/text/nfc.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Taking a character away can join what stood on its two sides to something the earlier passes
 * would change; so they run until nothing does. Text of the real world needs one or two rounds. */
enum { MOST_ROUNDS = 16 };

wr_str wr_repair_name(wr_repair kind) {
    static const wr_str names[WR_REPAIR_COUNT] = {
        [WR_REPAIR_MOJIBAKE] = {"mojibake", 8}, [WR_REPAIR_C1] = {"c1", 2},
        [WR_REPAIR_CONTROL] = {"control", 7},   [WR_REPAIR_INVISIBLE] = {"invisible", 9},
        [WR_REPAIR_HYPHEN] = {"hyphen", 6},     [WR_REPAIR_BIDI] = {"bidi", 4},
        [WR_REPAIR_SPACE] = {"space", 5},       [WR_REPAIR_LIGATURE] = {"ligature", 8},
        [WR_REPAIR_WIDTH] = {"width", 5},       [WR_REPAIR_NFC] = {"nfc", 3},
    };
    return (unsigned)kind < WR_REPAIR_COUNT ? names[kind] : WR_STR("");
}

static inline bool is_white(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/* Offset of the first byte that folding may have to change; s.len = none. */
static size_t find_fold(wr_str s) {
    size_t i = 0;
#if defined(__SSE2__)
    const __m128i space = _mm_set1_epi8(' '), five = _mm_set1_epi8(4), tab = _mm_set1_epi8('\t');
    for (; i + 17 <= s.len; i += 16) {
        __m128i a, b;
        memcpy(&a, s.ptr + i, 16);
        memcpy(&b, s.ptr + i + 1, 16);
        __m128i pair = _mm_and_si128(_mm_cmpeq_epi8(a, space), _mm_cmpeq_epi8(b, space));
        __m128i off = _mm_sub_epi8(a, tab); /* \t to \r give 0 to 4 */
        __m128i line = _mm_cmpeq_epi8(_mm_min_epu8(off, five), off);
        unsigned hit = (unsigned)_mm_movemask_epi8(_mm_or_si128(pair, line));
        if (hit) return i + (size_t)__builtin_ctz(hit);
    }
#endif
    for (; i < s.len; i++)
        if (is_white(s.ptr[i]) && (s.ptr[i] != ' ' || (i + 1 < s.len && s.ptr[i + 1] == ' ')))
            return i;
    return s.len;
}

static wr_str trim(wr_str s) {
    while (s.len && is_white(s.ptr[s.len - 1]))
        s.len--;
    while (s.len && is_white(*s.ptr))
        s.ptr++, s.len--;
    return s;
}

static wr_status fold(wr_arena *arena, wr_str in, bool lines, wr_str *out) {
    *out = in = trim(in);
    size_t from = find_fold(in);
    if (from == in.len) return WR_OK;
    char *p = wr_arena_take(arena, in.len), *to = p;
    if (!p) return WR_MEMORY;
    for (size_t i = 0; i < in.len;) {
        size_t n = find_fold(wr_str_slice(in, i, in.len));
        if (n && i + n < in.len && in.ptr[i + n - 1] == ' ') n--; /* " \n": the run began before */
        memcpy(to, in.ptr + i, n);
        to += n, i += n;
        bool line = false, white = false;
        for (; i < in.len && is_white(in.ptr[i]); i++)
            line = line || in.ptr[i] == '\n' || in.ptr[i] == '\r', white = true;
        if (white) *to++ = line && lines ? '\n' : ' ';
    }
    wr_str folded = wr_str_of(p, (size_t)(to - p));
    if (!wr_str_eq(folded, in)) *out = folded; /* single line feeds may have been all right */
    return WR_OK;
}

wr_status wr_text_clean(wr_arena *arena, wr_str in, unsigned flags, uint64_t *counts, wr_str *out) {
    uint64_t unused[WR_REPAIR_COUNT];
    if (!counts) counts = unused, memset(unused, 0, sizeof unused);
    wr_str s = in, before;
    for (int round = 0; round < MOST_ROUNDS; round++) {
        before = s;
        if (!(flags & WR_CLEAN_VERBATIM))
            WR_TRY(wr_mojibake_repair(arena, s, &s, &counts[WR_REPAIR_MOJIBAKE]));
        WR_TRY(wr_clean_characters(arena, s, counts, &s));
        WR_TRY(wr_nfc(arena, s, &s, &counts[WR_REPAIR_NFC]));
        if (s.ptr == before.ptr && s.len == before.len) break;
    }
    if (flags & WR_CLEAN_FOLD) WR_TRY(fold(arena, s, flags & WR_CLEAN_LINES, &s));
    *out = s;
    return WR_OK;
}
