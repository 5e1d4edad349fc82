/* charset_step.c -- the decoders of the WHATWG Encoding Standard, one character at a time */
#include "common/text/charset_step.h"

#include "common/text/charset_table.h"

typedef const unsigned char *bytes;

enum { JIS_ASCII, JIS_ROMAN, JIS_KANA, JIS_DOUBLE }; /* states of ISO-2022-JP; ASCII is the first */

static inline bool within(unsigned c, unsigned low, unsigned high) {
    return c >= low && c <= high;
}

/* A double byte character that cannot be: the trail is given back when it is ASCII. */
static size_t bad_pair(unsigned trail) {
    return trail < 0x80 ? 1 : 2;
}

static size_t step_gb(bytes s, size_t len, uint32_t *cp) {
    *cp = 0;
    if (s[0] == 0x80) {
        *cp = 0x20AC;
        return 1;
    }
    if (s[0] == 0xFF || len < 2) return 1;
    if (within(s[1], 0x30, 0x39)) {
        if (len < 4) return len > 2 && !within(s[2], 0x81, 0xFE) ? 1 : len;
        if (!within(s[2], 0x81, 0xFE) || !within(s[3], 0x30, 0x39)) return 1;
        uint32_t pointer =
            ((s[0] - 0x81u) * 10 + s[1] - 0x30u) * 1260 + (s[2] - 0x81u) * 10 + s[3] - 0x30u;
        if (within(pointer, 189000, 1237575)) *cp = 0x10000 + pointer - 189000;
        if (pointer > 39419) return 4;
        size_t low = 0, high = wr_charset_n_gb_ranges;
        while (high - low > 1) {
            size_t mid = (low + high) / 2;
            if (wr_charset_gb_ranges[mid][0] <= pointer) low = mid;
            else high = mid;
        }
        *cp = wr_charset_gb_ranges[low][1] + pointer - wr_charset_gb_ranges[low][0];
        return 4;
    }
    if (within(s[1], 0x40, 0x7E) || within(s[1], 0x80, 0xFE))
        *cp = wr_charset_gb[(s[0] - 0x81u) * 190 + s[1] - (s[1] < 0x7F ? 0x40u : 0x41u)];
    return *cp ? 2 : bad_pair(s[1]);
}

static size_t step_big5(bytes s, size_t len, uint32_t cps[2], size_t *n_cps) {
    cps[0] = 0;
    if (!within(s[0], 0x81, 0xFE) || len < 2) return 1;
    if (within(s[1], 0x40, 0x7E) || within(s[1], 0xA1, 0xFE)) {
        unsigned pointer = (s[0] - 0x81u) * 157 + s[1] - (s[1] < 0x7F ? 0x40u : 0x62u);
        cps[0] = wr_charset_big5[pointer];
        if (wr_charset_big5_plane2[pointer / 32] >> pointer % 32 & 1) cps[0] += 0x20000;
        if (pointer == 1133 || pointer == 1135 || pointer == 1164 || pointer == 1166) {
            cps[0] = pointer < 1140 ? 0xCA : 0xEA;
            cps[1] = pointer % 2 == pointer / 1140 % 2 ? 0x30C : 0x304;
            *n_cps = 2;
        }
    }
    return cps[0] ? 2 : bad_pair(s[1]);
}

static size_t step_sjis(bytes s, size_t len, uint32_t *cp) {
    *cp = 0;
    if (s[0] == 0x80) *cp = 0x80;
    if (within(s[0], 0xA1, 0xDF)) *cp = 0xFF61u + s[0] - 0xA1u;
    if (*cp || s[0] == 0xA0 || s[0] > 0xFC || len < 2) return 1;
    if (within(s[1], 0x40, 0x7E) || within(s[1], 0x80, 0xFC)) {
        unsigned pointer =
            (s[0] - (s[0] < 0xA0 ? 0x81u : 0xC1u)) * 188 + s[1] - (s[1] < 0x7F ? 0x40u : 0x41u);
        *cp = within(pointer, 8836, 10715) ? 0xE000 + pointer - 8836 : wr_charset_jis[pointer];
    }
    return *cp ? 2 : bad_pair(s[1]);
}

static size_t step_eucjp(bytes s, size_t len, uint32_t *cp) {
    *cp = 0;
    if ((s[0] != 0x8E && s[0] != 0x8F && !within(s[0], 0xA1, 0xFE)) || len < 2) return 1;
    if (s[0] == 0x8E) {
        if (within(s[1], 0xA1, 0xDF)) *cp = 0xFF61u + s[1] - 0xA1u;
        return *cp ? 2 : bad_pair(s[1]);
    }
    if (!within(s[1], 0xA1, 0xFE)) return bad_pair(s[1]);
    if (s[0] != 0x8F) {
        *cp = wr_charset_jis[(s[0] - 0xA1u) * 94 + s[1] - 0xA1u];
        return 2;
    }
    if (len < 3) return 2;
    if (!within(s[2], 0xA1, 0xFE)) return s[2] < 0x80 ? 2 : 3;
    *cp = wr_charset_jis212[(s[1] - 0xA1u) * 94 + s[2] - 0xA1u];
    return 3;
}

static size_t step_euckr(bytes s, size_t len, uint32_t *cp) {
    *cp = 0;
    if (!within(s[0], 0x81, 0xFE) || len < 2) return 1;
    if (within(s[1], 0x41, 0xFE)) *cp = wr_charset_korean[(s[0] - 0x81u) * 190 + s[1] - 0x41u];
    return *cp ? 2 : bad_pair(s[1]);
}

static size_t step_utf16(bytes s, size_t len, bool big, uint32_t *cp) {
    *cp = 0;
    if (len < 2) return 1;
    uint32_t unit = big ? (uint32_t)s[0] << 8 | s[1] : (uint32_t)s[1] << 8 | s[0];
    if (!within(unit, 0xD800, 0xDFFF)) {
        *cp = unit;
        return 2;
    }
    if (unit >= 0xDC00 || len < 4) return 2;
    uint32_t low = big ? (uint32_t)s[2] << 8 | s[3] : (uint32_t)s[3] << 8 | s[2];
    if (!within(low, 0xDC00, 0xDFFF)) return 2;
    *cp = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    return 4;
}

static bool jis_escape(wr_charset_stepper *st, bytes s, size_t len) {
    if (len < 3) return false;
    if (s[1] == '(' && s[2] == 'B') st->state = JIS_ASCII;
    else if (s[1] == '(' && s[2] == 'J') st->state = JIS_ROMAN;
    else if (s[1] == '(' && s[2] == 'I') st->state = JIS_KANA;
    else if (s[1] == '$' && (s[2] == '@' || s[2] == 'B')) st->state = JIS_DOUBLE;
    else return false;
    return true;
}

static size_t step_2022(wr_charset_stepper *st, bytes s, size_t len, uint32_t *cp, size_t *n_cps) {
    *cp = 0;
    if (s[0] == 0x1B) {
        if (!jis_escape(st, s, len)) return 1;
        *n_cps = 0;
        return 3;
    }
    if (s[0] == '\n' || s[0] == '\r') { /* lines begin in ASCII */
        st->state = JIS_ASCII;
        *cp = s[0];
        return 1;
    }
    if (st->state == JIS_DOUBLE && within(s[0], 0x21, 0x7E)) {
        if (len < 2 || !within(s[1], 0x21, 0x7E)) return 1;
        *cp = wr_charset_jis[(s[0] - 0x21u) * 94 + s[1] - 0x21u];
        return 2;
    }
    if (st->state == JIS_KANA && within(s[0], 0x21, 0x5F)) *cp = 0xFF61u + s[0] - 0x21u;
    else if (st->state == JIS_ROMAN && s[0] == 0x5C) *cp = 0xA5;
    else if (st->state == JIS_ROMAN && s[0] == 0x7E) *cp = 0x203E;
    else if (s[0] < 0x80) *cp = s[0];
    return 1;
}

size_t wr_charset_step(wr_charset_stepper *st, const char *p, size_t len, uint32_t cps[2],
                       size_t *n_cps) {
    bytes s = (bytes)p;
    wr_encoding_kind kind = st->encoding->kind;
    size_t used = 1;
    bool zero = s[0] == 0; /* a NUL that stands for itself, not for "no such character" */
    *n_cps = 1;
    if (kind == WR_KIND_UTF8) {
        cps[0] = wr_utf8_next(p, len, &used);
        st->n_bad += cps[0] == WR_REPLACEMENT && !(used == 3 && s[2] == 0xBD && s[1] == 0xBF);
        return used;
    }
    if (kind == WR_KIND_UTF16BE || kind == WR_KIND_UTF16LE) {
        used = step_utf16(s, len, kind == WR_KIND_UTF16BE, cps);
        zero = used == 2 && s[0] == 0 && s[1] == 0;
    } else if (kind == WR_KIND_ISO2022JP) used = step_2022(st, s, len, cps, n_cps);
    else if (s[0] < 0x80) cps[0] = s[0];
    else if (kind == WR_KIND_SINGLE) cps[0] = st->encoding->high[s[0] - 0x80];
    else if (kind == WR_KIND_GB) used = step_gb(s, len, cps);
    else if (kind == WR_KIND_BIG5) used = step_big5(s, len, cps, n_cps);
    else if (kind == WR_KIND_SJIS) used = step_sjis(s, len, cps);
    else if (kind == WR_KIND_EUCJP) used = step_eucjp(s, len, cps);
    else used = step_euckr(s, len, cps);
    if (cps[0] == 0 && *n_cps && !zero) {
        cps[0] = WR_REPLACEMENT;
        *n_cps = 1;
        st->n_bad++;
    }
    return used;
}

size_t wr_charset_count_bad(const wr_encoding *encoding, wr_str s) {
    wr_charset_stepper st = {encoding, 0, 0};
    for (size_t i = 0; i < s.len;) {
        uint32_t cps[2];
        size_t n_cps;
        if ((unsigned char)s.ptr[i] < 0x80 && encoding->kind != WR_KIND_ISO2022JP) {
            i += wr_utf8_ascii(s.ptr + i, s.len - i);
            continue;
        }
        i += wr_charset_step(&st, s.ptr + i, s.len - i, cps, &n_cps);
    }
    return st.n_bad;
}
