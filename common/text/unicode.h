/* unicode.h -- properties of code points, from the Unicode character database (see unicode_table.c)
 */
#ifndef WR_TEXT_UNICODE_H
#define WR_TEXT_UNICODE_H

#include <wireroom/arena.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum wr_uclass {
    WR_U_OTHER, /* unassigned, private use, surrogates, noncharacters */
    WR_U_CONTROL,
    WR_U_FORMAT,
    WR_U_SPACE,  /* Zs, Zl, Zp */
    WR_U_UPPER,  /* Lu, Lt */
    WR_U_LOWER,  /* Ll */
    WR_U_LETTER, /* Lo, Lm: no case */
    WR_U_MARK,
    WR_U_DIGIT,  /* Nd */
    WR_U_NUMBER, /* Nl, No */
    WR_U_OPEN,   /* Ps, Pi */
    WR_U_CLOSE,  /* Pe, Pf */
    WR_U_DASH,   /* Pd */
    WR_U_PUNCT,  /* Po, Pc */
    WR_U_CURRENCY,
    WR_U_SYMBOL, /* Sm, Sk, So */
    WR_U_COUNT
} wr_uclass;

typedef enum wr_script {
    WR_SCRIPT_COMMON, /* common, inherited, and every script not listed */
    WR_SCRIPT_LATIN,
    WR_SCRIPT_GREEK,
    WR_SCRIPT_CYRILLIC,
    WR_SCRIPT_ARMENIAN,
    WR_SCRIPT_HEBREW,
    WR_SCRIPT_ARABIC,
    WR_SCRIPT_DEVANAGARI,
    WR_SCRIPT_BENGALI,
    WR_SCRIPT_GURMUKHI,
    WR_SCRIPT_GUJARATI,
    WR_SCRIPT_TAMIL,
    WR_SCRIPT_TELUGU,
    WR_SCRIPT_KANNADA,
    WR_SCRIPT_MALAYALAM,
    WR_SCRIPT_SINHALA,
    WR_SCRIPT_THAI,
    WR_SCRIPT_LAO,
    WR_SCRIPT_MYANMAR,
    WR_SCRIPT_GEORGIAN,
    WR_SCRIPT_HANGUL,
    WR_SCRIPT_ETHIOPIC,
    WR_SCRIPT_KHMER,
    WR_SCRIPT_MONGOLIAN,
    WR_SCRIPT_TIBETAN,
    WR_SCRIPT_KANA, /* Hiragana and Katakana */
    WR_SCRIPT_HAN,
    WR_SCRIPT_OTHER,
    WR_SCRIPT_COUNT
} wr_script;

/* Tables by 128 code points; code points beyond 10FFFF read as WR_U_OTHER. */
extern const uint8_t wr_unicode_class_index[], wr_unicode_class[];
extern const uint8_t wr_unicode_script_index[], wr_unicode_script[];

static inline wr_uclass wr_u_class(uint32_t cp) {
    if (cp > 0x10FFFF) return WR_U_OTHER;
    return (wr_uclass)wr_unicode_class[(size_t)wr_unicode_class_index[cp >> 7] << 7 | (cp & 127)];
}
static inline wr_script wr_u_script(uint32_t cp) {
    if (cp > 0x10FFFF) return WR_SCRIPT_COMMON;
    return (wr_script)wr_unicode_script[(size_t)wr_unicode_script_index[cp >> 7] << 7 | (cp & 127)];
}

static inline bool wr_u_is_letter(uint32_t cp) {
    wr_uclass c = wr_u_class(cp);
    return c >= WR_U_UPPER && c <= WR_U_LETTER;
}
static inline bool wr_u_is_upper(uint32_t cp) {
    return wr_u_class(cp) == WR_U_UPPER;
}
static inline bool wr_u_is_lower(uint32_t cp) {
    return wr_u_class(cp) == WR_U_LOWER;
}
static inline bool wr_u_is_digit(uint32_t cp) {
    return wr_u_class(cp) == WR_U_DIGIT;
}
/* Letters, marks and digits: what words are made of. */
static inline bool wr_u_is_word(uint32_t cp) {
    wr_uclass c = wr_u_class(cp);
    return c >= WR_U_UPPER && c <= WR_U_NUMBER;
}
static inline bool wr_u_is_space(uint32_t cp) {
    return (cp >= 9 && cp <= 13) || cp == 0x85 || wr_u_class(cp) == WR_U_SPACE;
}

/* Simple (one to one) case mappings and case folding; other code points map to themselves. */
uint32_t wr_u_lower(uint32_t cp);
uint32_t wr_u_upper(uint32_t cp);
uint32_t wr_u_fold(uint32_t cp);

/* A Latin letter without its marks ("É" -> "E", "ł" -> "l", "ß" stays), else the code point. */
uint32_t wr_u_base(uint32_t cp);

/* Valid UTF-8 with every code point folded (wr_u_fold). WR_MEMORY at the arena's limit. */
WR_MUSTUSE wr_status wr_u_fold_str(wr_arena *arena, wr_str s, wr_str *out);

#ifdef __cplusplus
}
#endif
#endif
