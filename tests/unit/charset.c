/* charset.c -- labels, order of evidence, decoders, prescan, the way back to the source */
#include "check.h"

#include "common/text/charset.h"

static wr_arena *arena;

static void order_of_evidence(void) {
    static const struct {
        const char *name;
        wr_str in, http, meta, text;
        const char *encoding;
        wr_charset_origin origin;
        size_t n_replaced;
    } rows[] = {
#define R(name, in, http, meta, text, enc, origin, n)                                              \
    {name,                                                                                         \
     {in, sizeof in - 1},                                                                          \
     {http, sizeof http - 1},                                                                      \
     {meta, sizeof meta - 1},                                                                      \
     {text, sizeof text - 1},                                                                      \
     enc,                                                                                          \
     WR_CHARSET_##origin,                                                                          \
     n}
        R("ascii", "abc", "", "", "abc", "UTF-8", ASCII, 0),
        R("mark",
          "\xEF\xBB\xBF"
          "a",
          "latin1", "", "a", "UTF-8", BOM, 0),
        R("utf-16 mark",
          "\xFF\xFE"
          "a\0\xE9\0",
          "", "", "a\u00e9", "UTF-16LE", BOM, 0),
        R("utf-16 without", "a\0b\0c\0d\0e\0f\0", "", "", "abcdef", "UTF-16LE", DETECTED, 0),
        R("valid beats labels", "caf\xC3\xA9", "iso-8859-1", "iso-8859-2", "caf\u00e9", "UTF-8",
          UTF8, 0),
        R("http before meta", "caf\xE9", " ISO-8859-1 ", "koi8-r", "caf\u00e9", "windows-1252",
          HTTP, 0),
        R("meta", "\xF0", "x-unknown", "koi8-r", "\u041f", "KOI8-R", META, 0),
        R("utf-8 label that cannot be", "caf\xE9 x", "utf-8", "latin1", "caf\u00e9 x",
          "windows-1252", META, 0),
        R("undefined byte", "\x81\xE9 a", "cp1252", "", "\xC2\x81\u00e9 a", "windows-1252", HTTP,
          0),
        R("hole", "\xAA\xE1", "windows-1253", "", "\uFFFD\u03b1", "windows-1253", HTTP, 1),
        R("shift_jis backslash", "\x5C\x83\x65", "shift_jis", "", "\\\u30c6", "Shift_JIS", HTTP, 0),
        R("euc-jp", "\xC6\xFC\x8E\xB1", "euc-jp", "", "\u65e5\uff71", "EUC-JP", HTTP, 0),
        R("gbk", "\xD6\xD0", "gb2312", "", "\u4e2d", "GBK", HTTP, 0),
        R("gb18030", "\x81\x30\x81\x30\xD6\xD0", "gb18030", "", "\xC2\x80\u4e2d", "gb18030", HTTP,
          0),
        R("big5", "\xA4\xA4", "big5", "", "\u4e2d", "Big5", HTTP, 0),
        R("big5 pair", "\x88\x62\xA4\xA4", "big5", "", "\u00ca\u0304\u4e2d", "Big5", HTTP, 0),
        R("euc-kr", "\xC7\xD1", "euc-kr", "", "\ud55c", "EUC-KR", HTTP, 0),
        R("iso-2022-jp", "\x1B$BF|\x1B(B.", "", "", "\u65e5.", "ISO-2022-JP", DETECTED, 0),
        R("thai", "\xA1\x93", "tis-620", "", "\u0e01\u201c", "windows-874", HTTP, 0),
        R("cut utf-8", "\xC3\xA9\xE2\x82", "", "", "\u00e9\uFFFD", "UTF-8", UTF8, 1),
#undef R
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_decoded d;
        CHECK_ROW(rows[i].name,
                  wr_charset_decode(arena, rows[i].in, rows[i].http, rows[i].meta, &d) == WR_OK);
        CHECK_STR(d.text, rows[i].text);
        CHECK_STR(wr_encoding_name(d.encoding), wr_str_c(rows[i].encoding));
        CHECK_ROW(rows[i].name, d.origin == rows[i].origin);
        CHECK_ROW(rows[i].name, d.n_replaced == rows[i].n_replaced);
        CHECK_ROW(rows[i].name, wr_charset_source(&d, d.text.len) == rows[i].in.len);
    }
}

static void offsets_lead_back(void) {
    char bytes[5000];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = i % 7 == 3 ? '\xE9' : 'a';
    wr_decoded d;
    CHECK(wr_charset_decode(arena, wr_str_of(bytes, sizeof bytes), WR_STR("latin1"), WR_STR(""),
                            &d) == WR_OK);
    bool right = true;
    for (size_t i = 0, at = 0; i < sizeof bytes; i++) {
        right = right && wr_charset_source(&d, at) == i;
        at += i % 7 == 3 ? 2 : 1;
    }
    CHECK(right);
    CHECK(wr_charset_decode(arena, WR_STR("\xEF\xBB\xBFxyz"), WR_STR(""), WR_STR(""), &d) == WR_OK);
    CHECK(wr_charset_source(&d, 1) == 4);
}

static void prescan(void) {
    const struct {
        const char *name;
        wr_str html, label;
    } rows[] = {
        {"meta", WR_STR("<html><meta charset=koi8-r>"), WR_STR("koi8-r")},
        {"quoted", WR_STR("<META CHARSET = 'koi8-r' >"), WR_STR("koi8-r")},
        {"content", WR_STR("<meta content=\"text/html; charset=big5\" http-equiv=Content-Type>"),
         WR_STR("big5")},
        {"content without pragma", WR_STR("<meta content='a; charset=big5'>"), WR_STR("")},
        {"in a comment", WR_STR("<!-- <meta charset=big5> --><meta charset=gbk>"), WR_STR("gbk")},
        {"in an attribute", WR_STR("<a title='<meta charset=big5>'>"), WR_STR("")},
        {"unknown", WR_STR("<meta charset=nonsense><meta charset=gbk>"), WR_STR("gbk")},
        {"utf-16 means utf-8", WR_STR("<meta charset=utf-16>"), WR_STR("UTF-8")},
        {"cut", WR_STR("<meta charset=big5"), WR_STR("")},
        {"xml", WR_STR("<?xml version='1.0' encoding='euc-jp'?><p>"), WR_STR("euc-jp")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_str got = wr_charset_prescan(rows[i].html);
        CHECK_ROW(rows[i].name, wr_str_eq(got, rows[i].label));
    }
    CHECK(wr_encoding_find(WR_STR("utf-7")) == NULL);
    CHECK(wr_encoding_find(WR_STR("")) == NULL);
}

int main(void) {
    CHECK(wr_arena_new("test", 1 << 20, &arena) == WR_OK);
    order_of_evidence();
    offsets_lead_back();
    prescan();
    wr_arena_free(&arena);
    return check_summary();
}
