/* clean.c -- the character policy, white space, NFC; idempotence */
#include "check.h"

#include "common/text/clean.h"
#include "common/text/nfc.h"

static wr_arena *arena;

static void policy(void) {
    static const struct {
        const char *name;
        unsigned flags;
        wr_str in, out;
        int kind; /* the count that must rise, -1 = none */
    } rows[] = {
#define R(name, flags, in, out, kind)                                                              \
    {name, flags, {in, sizeof in - 1}, {out, sizeof out - 1}, kind}
        R("plain", 0, "Plain text.", "Plain text.", -1),
        R("quotes stay", 0, "\u201cYes\u201d \u2014 he said\u2026",
          "\u201cYes\u201d \u2014 he said\u2026", -1),
        R("no-break space", 0, "10\u00a0km", "10 km", WR_REPAIR_SPACE),
        R("thin space", 0, "10\u2009km", "10 km", WR_REPAIR_SPACE),
        R("soft hyphen", 0, "trans\u00adport", "transport", WR_REPAIR_HYPHEN),
        R("non-breaking hyphen", 0, "so\u2011called", "so-called", WR_REPAIR_HYPHEN),
        R("zero width", 0, "a\u200bb\ufeff", "ab", WR_REPAIR_INVISIBLE),
        R("bell", 0, "a\ab", "ab", WR_REPAIR_CONTROL),
        R("colours", 0, "\x1b[1;31mred\x1b[0m", "red", WR_REPAIR_CONTROL),
        R("c1", 0, "it\xc2\x92s", "it\u2019s", WR_REPAIR_C1),
        R("c1 without a meaning", 0,
          "a\xc2\x81"
          "b",
          "ab", WR_REPAIR_CONTROL),
        R("ligature", 0, "o\ufb03ce", "office", WR_REPAIR_LIGATURE),
        R("marks of direction", 0, "left\u200eright", "leftright", WR_REPAIR_BIDI),
        R("direction in Hebrew", 0, "\u05d0\u200f!", "\u05d0\u200f!", -1),
        R("full width", 0, "\uff21\uff11", "A1", WR_REPAIR_WIDTH),
        R("full width in Japanese", 0, "\uff21\u3042", "\uff21\u3042", -1),
        R("joiner in emoji", 0, "\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469", -1),
        R("joiner in Latin", 0, "a\u200db", "ab", WR_REPAIR_INVISIBLE),
        R("non-joiner in Persian", 0, "\u0645\u06cc\u200c\u062f", "\u0645\u06cc\u200c\u062f", -1),
        R("compose", 0, "cafe\u0301", "caf\u00e9", WR_REPAIR_NFC),
        R("never NFKC", 0, "x\u00b2 \u00bd \u2122", "x\u00b2 \u00bd \u2122", -1),
        R("line ends", 0, "a\r\nb\rc", "a\nb\nc", -1),
        R("fold", WR_CLEAN_FOLD, "  a \t\n b  c\u00a0 ", "a b c", WR_REPAIR_SPACE),
        R("fold to nothing", WR_CLEAN_FOLD, " \n\t", "", -1),
        R("fold lines", WR_CLEAN_FOLD | WR_CLEAN_LINES, " a  b \n\n c \r\n", "a b\nc", -1),
        R("no fold", 0, " a  b ", " a  b ", -1),
        R("empty", WR_CLEAN_FOLD, "", "", -1),
#undef R
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_str out, again;
        uint64_t counts[WR_REPAIR_COUNT] = {0}, none[WR_REPAIR_COUNT] = {0};
        CHECK_ROW(rows[i].name,
                  wr_text_clean(arena, rows[i].in, rows[i].flags, counts, &out) == WR_OK);
        CHECK_STR(out, rows[i].out);
        for (int k = 0; k < WR_REPAIR_COUNT; k++)
            CHECK_ROW(rows[i].name, (counts[k] > 0) == (k == rows[i].kind));
        CHECK_ROW(rows[i].name, wr_text_clean(arena, out, rows[i].flags, none, &again) == WR_OK);
        CHECK_ROW(rows[i].name, again.ptr == out.ptr && again.len == out.len);
    }
}

static void nfc(void) {
    const struct {
        const char *name;
        wr_str in, out;
    } rows[] = {
        {"order of marks", WR_STR("a\u0323\u0307"), WR_STR("\u1ea1\u0307")},
        {"marks the other way", WR_STR("a\u0307\u0323"), WR_STR("\u1ea1\u0307")},
        {"jamo", WR_STR("\u1112\u1161\u11ab"), WR_STR("\ud55c")},
        {"angstrom sign", WR_STR("\u212b"), WR_STR("\u00c5")},
        {"excluded", WR_STR("\u0958"), WR_STR("\u0915\u093c")},
        {"in the middle", WR_STR("xe\u0301y e\u0301"), WR_STR("x\u00e9y \u00e9")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_str out;
        CHECK_ROW(rows[i].name, wr_nfc(arena, rows[i].in, &out, NULL) == WR_OK);
        CHECK_STR(out, rows[i].out);
        CHECK_ROW(rows[i].name, wr_nfc_prefix(rows[i].in) < rows[i].in.len);
    }
}

static void every_limit_fails_cleanly(void) {
    wr_str in = WR_STR("o\ufb03ce \u00a0 cafe\u0301"), out;
    wr_status status = WR_MEMORY;
    for (size_t n = 0; n < 20 && status == WR_MEMORY; n++) {
        wr_arena_reset(arena);
        wr_arena_fail_at(arena, n);
        status = wr_text_clean(arena, in, WR_CLEAN_FOLD, NULL, &out);
    }
    CHECK(status == WR_OK);
    CHECK_STR(out, WR_STR("office caf\u00e9"));
    wr_arena_fail_at(arena, SIZE_MAX);
}

int main(void) {
    CHECK(wr_arena_new("test", 1 << 20, &arena) == WR_OK);
    policy();
    nfc();
    every_limit_fails_cleanly();
    wr_arena_free(&arena);
    return check_summary();
}
