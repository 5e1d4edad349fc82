/* unicode.c -- case mapping, folding and base letters from the generated tables */
#include "common/text/unicode.h"

#include "common/text/unicode_table.h"
#include "common/text/utf8.h"

static const wr_unicode_case_row *case_row(uint32_t cp) {
    if (cp > 0x10FFFF) return &wr_unicode_case_rows[0];
    size_t block = wr_unicode_case_index[cp >> 7];
    return &wr_unicode_case_rows[wr_unicode_case[block << 7 | (cp & 127)]];
}

uint32_t wr_u_lower(uint32_t cp) {
    return cp + (uint32_t)case_row(cp)->lower;
}

uint32_t wr_u_upper(uint32_t cp) {
    return cp + (uint32_t)case_row(cp)->upper;
}

uint32_t wr_u_fold(uint32_t cp) {
    return cp + (uint32_t)case_row(cp)->fold;
}

uint32_t wr_u_base(uint32_t cp) {
    if (cp < 0xC0) return cp;
    size_t low = 0, high = wr_unicode_n_base;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (wr_unicode_base[mid][0] < cp) low = mid + 1;
        else high = mid;
    }
    return low < wr_unicode_n_base && wr_unicode_base[low][0] == cp ? wr_unicode_base[low][1] : cp;
}

wr_status wr_u_fold_str(wr_arena *arena, wr_str s, wr_str *out) {
    /* A folded character is at most 3 bytes where its source had 2 (U+023A). */
    if (s.len > SIZE_MAX / 2) return WR_MEMORY;
    char *p = wr_arena_take(arena, s.len + s.len / 2 + 1), *to = p;
    if (!p) return WR_MEMORY;
    for (size_t i = 0, n; i < s.len; i += n)
        to += wr_utf8_put(to, wr_u_fold(wr_utf8_next(s.ptr + i, s.len - i, &n)));
    *out = wr_str_of(p, (size_t)(to - p));
    return WR_OK;
}
