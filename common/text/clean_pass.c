/* clean_pass.c -- the character policy
 *
 *   characters                                  become
 *   C0 controls but \t \n, DEL, noncharacters,  nothing (ESC [ ... with its letter)
 *     FFF9-FFFB
 *   \r\n, \r, \v, \f, 2028                      \n; 2029 becomes two
 *   80-9F                                       the windows-1252 character, nothing where it has
 * none AD                                          nothing 2010, 2011 - A0, 1680, 2000-200A, 202F,
 * 205F, 3000       space FEFF, 200B, 2060-2064, 180E                 nothing 200C, 200D stay
 * between letters of joining scripts and in emoji FE00-FE0F                                   stay
 * after symbols, digits and CJK letters E0000-E0FFF                                 stay after a
 * flag or one another 200E, 200F, 61C, 202A-202E, 2066-2069       stay in text with right-to-left
 * letters 206A-206F                                   nothing FB00-FB06 the letters FF01-FF5E
 * ASCII, in text without CJK letters
 *
 * Curly quotes, dashes, ellipses, fractions, superscripts stay. */
#include "common/text/clean_pass.h"

#include "common/text/unicode.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static const uint16_t windows_1252[32] = {
    0x20AC, 0,      0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
    0x2039, 0x152,  0,      0x17D,  0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0,      0x17E,  0x178};

/* First offset from `i` on whose character the policy may change. */
static size_t find_suspect(wr_str s, size_t i) {
    const unsigned char *p = (const unsigned char *)s.ptr;
    while (i < s.len) {
        unsigned char c = p[i];
        if (c < 0x80) {
#if defined(__SSE2__)
            if (i + 16 <= s.len) { /* bytes below 20 (as signed: also those above 7F), and 7F */
                __m128i v;
                memcpy(&v, p + i, 16);
                __m128i low = _mm_cmplt_epi8(v, _mm_set1_epi8(0x20));
                __m128i del = _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7F));
                unsigned hit = (unsigned)_mm_movemask_epi8(_mm_or_si128(low, del));
                if (!hit) {
                    i += 16;
                    continue;
                }
                i += (size_t)__builtin_ctz(hit);
                c = p[i];
            }
#endif
            if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F) return i;
            if (c < 0x80) {
                i++;
                continue;
            }
        }
        if (c < 0xE0) {
            if (c == 0xC2 && (p[i + 1] <= 0xA0 || p[i + 1] == 0xAD)) return i;
            if (c == 0xD8 && p[i + 1] == 0x9C) return i; /* U+061C */
            i += 2;
        } else if (c < 0xF0) {
            unsigned b = p[i + 1], d = p[i + 2];
            if (c == 0xE2 && b == 0x80 && (d < 0x92 || d > 0xA7) && d < 0xB0) return i;
            if (c == 0xE2 && b == 0x81 && d >= 0x9F && d <= 0xAF) return i;
            if (c == 0xE3 && b == 0x80 && d == 0x80) return i;
            if (c == 0xEF && b >= 0xAC) return i;
            if (c == 0xEF && b == 0xB7) return i;
            if (c == 0xE1 && ((b == 0x9A && d == 0x80) || (b == 0xA0 && d == 0x8E))) return i;
            i += 3;
        } else {
            if (c == 0xF3 && p[i + 1] == 0xA0) return i;
            if ((p[i + 2] & 0x3F) == 0x3F && p[i + 3] >= 0xBE) return i; /* noncharacters */
            i += 4;
        }
    }
    return s.len;
}

/* What the rules that look at the whole text need to know; found out when first asked. */
typedef struct {
    bool known, right_to_left, cjk;
} facts;

static const facts *learn(facts *f, wr_str s) {
    for (size_t i = 0, n; !f->known && i < s.len; i += n) {
        if ((unsigned char)s.ptr[i] < 0x80) {
            n = wr_utf8_ascii(s.ptr + i, s.len - i);
            continue;
        }
        uint32_t cp = wr_utf8_next(s.ptr + i, s.len - i, &n);
        wr_script script = wr_u_script(cp);
        if (script == WR_SCRIPT_HEBREW || script == WR_SCRIPT_ARABIC ||
            (cp >= 0x700 && cp <= 0x8FF && wr_u_is_letter(cp)))
            f->right_to_left = true;
        if (script == WR_SCRIPT_HAN || script == WR_SCRIPT_KANA || script == WR_SCRIPT_HANGUL)
            f->cjk = true;
    }
    f->known = true;
    return f;
}

static bool joins(uint32_t cp) {
    wr_script s = wr_u_script(cp);
    return s == WR_SCRIPT_ARABIC || (s >= WR_SCRIPT_DEVANAGARI && s <= WR_SCRIPT_MYANMAR) ||
           s == WR_SCRIPT_MONGOLIAN || s == WR_SCRIPT_KHMER || s == WR_SCRIPT_TIBETAN ||
           s == WR_SCRIPT_OTHER;
}

static bool pictures(uint32_t cp) {
    return wr_u_class(cp) == WR_U_SYMBOL || cp == 0xFE0F || (cp >= 0x1F3FB && cp <= 0x1F3FF);
}

/* What becomes of one character. */
typedef struct {
    wr_repair kind;
    bool keep;
    const char *text; /* static; "" = nothing */
} verdict;

static const verdict kept = {WR_REPAIR_COUNT, true, NULL};

static verdict become(wr_repair kind, const char *text) {
    return (verdict){kind, false, text};
}

static verdict judge_invisible(uint32_t cp, uint32_t before, uint32_t after) {
    if (cp == 0x200C || cp == 0x200D) {
        bool stays = (joins(before) && joins(after)) || (joins(before) && cp == 0x200D) ||
                     (cp == 0x200D && pictures(before) && pictures(after));
        return stays ? kept : become(WR_REPAIR_INVISIBLE, "");
    }
    if (cp >= 0xFE00 && cp <= 0xFE0F) {
        wr_script s = wr_u_script(before);
        bool stays = s == WR_SCRIPT_HAN || s == WR_SCRIPT_KANA || joins(before) ||
                     wr_u_class(before) == WR_U_SYMBOL || wr_u_is_digit(before) || before == '#' ||
                     before == '*' || before == 0x203C || before == 0x2049 || before == 0x3030;
        return stays ? kept : become(WR_REPAIR_INVISIBLE, "");
    }
    if (cp >= 0xE0000 && cp <= 0xE0FFF) {
        bool stays = before == 0x1F3F4 || (before >= 0xE0020 && before <= 0xE007E) ||
                     (cp >= 0xE0100 && cp <= 0xE01EF && wr_u_script(before) == WR_SCRIPT_HAN);
        return stays ? kept : become(WR_REPAIR_INVISIBLE, "");
    }
    return become(WR_REPAIR_INVISIBLE, "");
}

static verdict judge_punctuation(uint32_t cp, uint32_t before, uint32_t after, facts *f, wr_str s) {
    if (cp <= 0x200A || cp == 0x202F || cp == 0x205F) return become(WR_REPAIR_SPACE, " ");
    if (cp == 0x200B || (cp >= 0x2060 && cp <= 0x2064)) return become(WR_REPAIR_INVISIBLE, "");
    if (cp == 0x200C || cp == 0x200D) return judge_invisible(cp, before, after);
    if (cp == 0x2010 || cp == 0x2011) return become(WR_REPAIR_HYPHEN, "-");
    if (cp == 0x2028) return become(WR_REPAIR_SPACE, "\n");
    if (cp == 0x2029) return become(WR_REPAIR_SPACE, "\n\n");
    if (cp >= 0x206A && cp <= 0x206F) return become(WR_REPAIR_CONTROL, "");
    if (cp == 0x200E || cp == 0x200F || (cp >= 0x202A && cp <= 0x202E) ||
        (cp >= 0x2065 && cp <= 0x2069))
        return learn(f, s)->right_to_left ? kept : become(WR_REPAIR_BIDI, "");
    return kept;
}

static verdict judge(uint32_t cp, uint32_t before, uint32_t after, facts *f, wr_str s) {
    static const char *const ligatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};
    if (cp == '\v' || cp == '\f') return become(WR_REPAIR_CONTROL, "\n");
    if (cp < 0x20 || cp == 0x7F) return become(WR_REPAIR_CONTROL, "");
    if (cp == 0xA0 || cp == 0x1680 || cp == 0x3000) return become(WR_REPAIR_SPACE, " ");
    if (cp == 0xAD) return become(WR_REPAIR_HYPHEN, "");
    if (cp == 0x61C) return learn(f, s)->right_to_left ? kept : become(WR_REPAIR_BIDI, "");
    if (cp >= 0x2000 && cp <= 0x206F) return judge_punctuation(cp, before, after, f, s);
    if (cp >= 0xFB00 && cp <= 0xFB06) return become(WR_REPAIR_LIGATURE, ligatures[cp - 0xFB00]);
    if ((cp >= 0xFE00 && cp <= 0xFE0F) || (cp >= 0xE0000 && cp <= 0xE0FFF) || cp == 0xFEFF ||
        cp == 0x180E)
        return judge_invisible(cp, before, after);
    if ((cp >= 0xFFF9 && cp <= 0xFFFB) || (cp & 0xFFFE) == 0xFFFE || (cp >= 0xFDD0 && cp <= 0xFDEF))
        return become(WR_REPAIR_CONTROL, "");
    return kept;
}

/* Length of a terminal's colour sequence at s[i] (ESC), 1 = just the control. */
static size_t escape_length(wr_str s, size_t i) {
    if (i + 2 >= s.len || s.ptr[i + 1] != '[') return 1;
    size_t k = i + 2;
    while (k < s.len && k < i + 16 && (wr_is_digit(s.ptr[k]) || s.ptr[k] == ';'))
        k++;
    return k < s.len && k < i + 16 && wr_is_alpha(s.ptr[k]) ? k + 1 - i : 1;
}

typedef struct {
    wr_str in;
    char *to;
    uint32_t before; /* the last code point that was kept or written */
    uint64_t *counts;
    facts facts;
} pass;

/* Handles the suspect at `i`; returns the bytes it took. */
static size_t repair_one(pass *p, size_t i) {
    size_t n, after_n;
    uint32_t cp = wr_utf8_next(p->in.ptr + i, p->in.len - i, &n);
    if (cp == '\r') {
        if (i + 1 == p->in.len || p->in.ptr[i + 1] != '\n') *p->to++ = '\n';

        return 1;
    }
    if (cp == 0x1B) {
        p->counts[WR_REPAIR_CONTROL]++;
        return escape_length(p->in, i);
    }
    if (cp >= 0x80 && cp <= 0x9F) {
        uint32_t put = windows_1252[cp - 0x80];
        p->counts[put ? WR_REPAIR_C1 : WR_REPAIR_CONTROL]++;
        if (put) p->to += wr_utf8_put(p->to, p->before = put);
        return n;
    }
    if (cp >= 0xFF01 && cp <= 0xFF5E && !learn(&p->facts, p->in)->cjk) {
        p->counts[WR_REPAIR_WIDTH]++;
        *p->to++ = (char)(p->before = cp - 0xFEE0);
        return n;
    }
    uint32_t after =
        i + n < p->in.len ? wr_utf8_next(p->in.ptr + i + n, p->in.len - i - n, &after_n) : 0;
    verdict v = judge(cp, p->before, after, &p->facts, p->in);
    if (v.keep) {
        memcpy(p->to, p->in.ptr + i, n);
        p->to += n;
        p->before = cp;
        return n;
    }
    p->counts[v.kind]++;
    for (const char *t = v.text; *t; t++)
        p->before = (unsigned char)(*p->to++ = *t);
    return n;
}

wr_status wr_clean_characters(wr_arena *arena, wr_str in, uint64_t *counts, wr_str *out) {
    *out = in;
    size_t i = find_suspect(in, 0);
    if (i == in.len) return WR_OK;
    /* A C1 control (2 bytes) may become 3 bytes; nothing else grows. */
    char *start = in.len > SIZE_MAX / 2 ? NULL : wr_arena_take(arena, in.len + in.len / 2 + 1);
    if (!start) return WR_MEMORY;
    pass p = {in, start, 0, counts, {false, false, false}};
    for (size_t from = 0;;) {
        memcpy(p.to, in.ptr + from, i - from);
        p.to += i - from;
        size_t n;
        if (i > from) p.before = wr_utf8_prev(in, i, &n);
        if (i == in.len) break;
        i += repair_one(&p, i);
        from = i;
        i = find_suspect(in, i);
    }
    wr_str s = wr_str_of(start, (size_t)(p.to - start));
    if (!wr_str_eq(s, in)) *out = s;
    return WR_OK;
}
