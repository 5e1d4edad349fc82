/* mojibake_odd.c -- how odd a few characters in a row are */
#include "common/text/mojibake_odd.h"

#include "common/text/unicode.h"

typedef enum {
    NONE,
    SPACE,
    LOWER,
    UPPER,
    CASELESS,
    MARK,
    DIGIT,
    OPEN,  /* opening quotes and brackets */
    CLOSE, /* closing quotes, and the ellipsis */
    APOSTROPHE,
    LOW, /* low quotes, angle quotes alone, daggers, per mille: after white space or at its edge */
    DASH,
    PUNCT,
    SIGN, /* symbols that stand beside words: (c) TM degree currency */
    ODD   /* spacing accents, broken bar, box drawing, mathematics */
} kind;

bool wr_odd_is_letter(uint32_t cp) {
    return cp >= 0x80 && wr_u_is_letter(cp) && cp != 0xAA && cp != 0xBA && cp != 0x2C6;
}

static kind kind_of(uint32_t cp) {
    if (cp == 0 || cp == 0xFFFD) return NONE;
    if (cp == ' ' || cp == 0xA0 || (cp >= 9 && cp <= 13)) return SPACE;
    if (cp < 0x80) {
        if (wr_is_alpha((char)cp)) return cp >= 'a' ? LOWER : UPPER;
        if (wr_is_digit((char)cp)) return DIGIT;
        if (cp == '(' || cp == '[' || cp == '"') return OPEN;
        if (cp == '\'') return APOSTROPHE;
        return cp == '-' ? DASH : PUNCT;
    }
    switch (cp) {
    case 0x2019: return APOSTROPHE;
    case 0x201D:
    case 0x203A:
    case 0xBB:
    case 0x2026: return CLOSE;
    case 0x201C:
    case 0x2018:
    case 0xAB:
    case 0x2039:
    case 0xA1:
    case 0xBF: return OPEN;
    case 0x201A:
    case 0x201E:
    case 0x2020:
    case 0x2021:
    case 0x2030: return LOW;
    case 0xA2:
    case 0xA3:
    case 0xA5:
    case 0xA7:
    case 0xA9:
    case 0xAE:
    case 0xB0:
    case 0xB2:
    case 0xB3:
    case 0xB9:
    case 0xAA:
    case 0xBA:
    case 0xB7:
    case 0xBC:
    case 0xBD:
    case 0xBE:
    case 0xD7:
    case 0xB1:
    case 0x20AC:
    case 0x2022:
    case 0x2116:
    case 0x2122: return SIGN;
    case 0xB5: return LOWER;
    case 0x384: /* Greek numerals: B and a stroke */
    case 0x374: return PUNCT;
    default: break;
    }
    wr_uclass c = wr_u_class(cp);
    if (c == WR_U_LOWER) return LOWER;
    if (c == WR_U_UPPER) return UPPER;
    if (c == WR_U_LETTER) return cp == 0x2C6 ? ODD : CASELESS;
    if (c == WR_U_MARK) return MARK;
    if (c == WR_U_DASH) return DASH;
    if (c == WR_U_DIGIT) return DIGIT;
    if (c == WR_U_SPACE) return SPACE;
    if (c == WR_U_OPEN) return OPEN;
    if (c == WR_U_CLOSE) return CLOSE;
    if (c == WR_U_PUNCT) return PUNCT;
    return ODD;
}

/* How odd a character is by itself. */
static int alone(uint32_t cp, kind k) {
    if (cp < 0x80) return 0;
    if (cp <= 0x9F) return 300;
    if (k == ODD) {
        wr_uclass c = wr_u_class(cp);
        if (c == WR_U_OTHER) return 500;
        if (cp >= 0x2500 && cp <= 0x259F) return 150;
        return cp >= 0x1F000 || (cp >= 0x2600 && cp < 0x2800) ? 0 : 90;
    }
    if (k == LOW) return 40;
    if (k == SIGN) return 20;
    if (k == LOWER || k == UPPER || k == CASELESS || k == MARK) {
        wr_script s = wr_u_script(cp);
        if (s == WR_SCRIPT_OTHER || cp == 0x17F || (cp >= 0x1D00 && cp < 0x1DC0)) return 200;
        if (cp == 0x192) return 60;
        if (cp >= 0x180 && cp < 0x250 && !(cp >= 0x1CD && cp <= 0x21B) && cp != 0x1A0 &&
            cp != 0x1A1 && cp != 0x1AF && cp != 0x1B0)
            return 100;
        if (cp >= 0x250 && cp < 0x370) return 80;
        if (cp >= 0x460 && cp < 0x490) return 200;
        if (cp >= 0x492 && cp < 0x530) return 40;
        if (s == WR_SCRIPT_ARMENIAN || s == WR_SCRIPT_ETHIOPIC || s == WR_SCRIPT_TIBETAN ||
            s == WR_SCRIPT_MONGOLIAN)
            return 60;
    }
    return 0;
}

static bool is_word_kind(kind k) {
    return k == LOWER || k == UPPER || k == CASELESS;
}

static int letters(uint32_t a, kind ka, uint32_t b, kind kb) {
    wr_script sa = wr_u_script(a), sb = wr_u_script(b);
    bool asian_a = sa == WR_SCRIPT_HAN || sa == WR_SCRIPT_KANA,
         asian_b = sb == WR_SCRIPT_HAN || sb == WR_SCRIPT_KANA;
    if (sa != sb && sa != WR_SCRIPT_COMMON && sb != WR_SCRIPT_COMMON && !(asian_a && asian_b))
        return asian_a || asian_b || sa == WR_SCRIPT_HANGUL || sb == WR_SCRIPT_HANGUL ? 50 : 200;
    return ka == LOWER && kb == UPPER ? 120 : 0;
}

static int pair(uint32_t a, kind ka, uint32_t b, kind kb) {
    if (a < 0x80 && b < 0x80) return 0;
    bool wa = is_word_kind(ka), wb = is_word_kind(kb);
    if (wa && wb) return letters(a, ka, b, kb);
    if (kb == MARK && !(wa || ka == MARK)) return 150;
    if (wa && (kb == OPEN && b >= 0x80)) return 100;
    if (wb && ka == CLOSE && a >= 0x80 && a != 0x2026) return 90;
    if (wa && (kb == LOW)) return 100;
    if (wb && (ka == LOW && a != 0x201E && a != 0x201A)) return 100;
    if ((wa && kb == ODD) || (wb && ka == ODD)) return 100;
    if (wa && kb == SIGN && a >= 0x80) return b == 0xB0 || b == 0xBA || b == 0xAA ? 60 : 90;
    if (wa && kb == SIGN) return b == 0xA9 || b == 0xA7 || b == 0xB1 || b == 0xBC ? 60 : 10;
    if (wb && ka == SIGN && b < 0x80) return a == 0xA9 || a == 0xAE ? 60 : 20;
    if (wb && ka == SIGN) return 60;
    if ((ka == ODD || ka == SIGN || ka == LOW) && (kb == ODD || kb == SIGN || kb == LOW)) return 50;
    if (ka == OPEN && kb == CLOSE) return 50;
    if ((wa && a >= 0x590 && kb == DIGIT) || (wb && b >= 0x590 && b < 0x900 && ka == DIGIT))
        return 60;
    return 0;
}

int wr_oddness(const uint32_t *cps, size_t n) {
    int sum = 0;
    kind before = kind_of(cps[0]), earlier = NONE;
    for (size_t i = 1; i < n; i++) {
        kind k = kind_of(cps[i]);
        if (i + 1 < n) sum += alone(cps[i], k);
        sum += pair(cps[i - 1], before, cps[i], k);
        /* two capitals, then a small letter; ASCII capitals may be an abbreviation */
        if (k == LOWER && before == UPPER && earlier == UPPER && cps[i - 1] >= 0x80 &&
            cps[i - 2] >= 0x80)
            sum += 100;
        /* capital A with tilde or circumflex, not in a word of capitals: what C3 and C2 are in 1252
         */
        if ((cps[i - 1] == 0xC3 || cps[i - 1] == 0xC2) && cps[i] >= 0x80 && !is_word_kind(k) &&
            earlier != UPPER)
            sum += 80;
        earlier = before;
        before = k;
    }
    return sum;
}
