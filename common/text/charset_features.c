/* charset_features.c -- what the charset classifier looks at */
#include "common/text/charset_features.h"

#include "common/text/classifier.h"
#include "common/text/utf8.h"

enum { PER_BYTE = 5 };

/* Letters in small, digits and everything else ASCII as a space. */
static uint32_t simple(char c) {
    if ((unsigned char)c >= 0x80) return (unsigned char)c;
    return wr_is_alpha(c) ? (uint32_t)(unsigned char)wr_lower(c) : ' ';
}

size_t wr_charset_features(wr_str s, size_t from, uint32_t *out, size_t most, size_t *next) {
    size_t n = 0, i = from;
    while (i < s.len && n + PER_BYTE <= most) {
        unsigned char b = (unsigned char)s.ptr[i];
        if (b < 0x80) {
            i += wr_utf8_ascii(s.ptr + i, s.len - i);
            continue;
        }
        uint64_t one = i > 0 ? simple(s.ptr[i - 1]) : ' ', two = i > 1 ? simple(s.ptr[i - 2]) : ' ';
        uint64_t after = i + 1 < s.len ? simple(s.ptr[i + 1]) : ' ';
        out[n++] = wr_classifier_hash((uint64_t)b | 1u << 8);
        out[n++] = wr_classifier_hash(one << 16 | (uint64_t)b | 1u << 9);
        out[n++] = wr_classifier_hash(after << 16 | (uint64_t)b | 1u << 10);
        out[n++] = wr_classifier_hash(two << 32 | one << 16 | (uint64_t)b << 24 | 1u << 11);
        out[n++] = wr_classifier_hash(one << 32 | after << 16 | (uint64_t)b << 24 | 1u << 12);
        i++;
    }
    *next = i;
    return n;
}
