/* utf8.c -- UTF-8: validity, replacement, stepping, folding */
#include "check.h"

#include "common/text/unicode.h"
#include "common/text/utf8.h"

static wr_arena *arena;

static void replacement_is_by_maximal_subpart(void) {
    static const struct {
        const char *name;
        wr_str in, out;
        size_t n;
    } rows[] = {
#define R(name, in, out, n) {name, {in, sizeof in - 1}, {out, sizeof out - 1}, n}
        R("ascii", "plain", "plain", 0),
        R("two bytes", "caf\xC3\xA9", "caf\xC3\xA9", 0),
        R("lone continuation", "a\x80z", "a\xEF\xBF\xBDz", 1),
        R("overlong slash", "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD", 2),
        R("cut three bytes", "\xE2\x82", "\xEF\xBF\xBD", 1),
        R("cut then letter", "\xE2\x82x", "\xEF\xBF\xBDx", 1),
        R("surrogate", "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", 3),
        R("beyond the last", "\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD",
          4),
        R("cut four bytes", "\xF0\x9F\x98|", "\xEF\xBF\xBD|", 1),
        R("nul stays", "a\0b", "a\0b", 0),
#undef R
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_str out;
        size_t n;
        CHECK_ROW(rows[i].name, wr_utf8_repair(arena, rows[i].in, &out, &n) == WR_OK);
        CHECK_STR(out, rows[i].out);
        CHECK_ROW(rows[i].name, n == rows[i].n);
        CHECK_ROW(rows[i].name, wr_utf8_valid(out));
        CHECK_ROW(rows[i].name, wr_utf8_valid(rows[i].in) == (n == 0));
    }
}

static void every_code_point_goes_round(void) {
    char bytes[4];
    bool right = true;
    for (uint32_t cp = 1; cp < 0x110000; cp += cp < 0x3000 ? 1 : 37) {
        if (cp >= 0xD800 && cp < 0xE000) continue;
        size_t n = wr_utf8_put(bytes, cp), used, back;
        right = right && wr_utf8_next(bytes, n, &used) == cp && used == n;
        right = right && wr_utf8_prev(wr_str_of(bytes, n), n, &back) == cp && back == n;
        right = right && wr_utf8_valid(wr_str_of(bytes, n));
    }
    CHECK(right);
    CHECK(wr_utf8_put(bytes, 0xD800) == 3 && !memcmp(bytes, "\xEF\xBF\xBD", 3));
}

static void ascii_runs(void) {
    char text[200];
    memset(text, 'a', sizeof text);
    for (size_t at = 0; at < sizeof text; at++) {
        text[at] = '\x80';
        CHECK(wr_utf8_ascii(text, sizeof text) == at);
        text[at] = 'a';
    }
    CHECK(wr_utf8_ascii(text, sizeof text) == sizeof text);
    CHECK(wr_utf8_ascii(text, 0) == 0);
}

static void letters(void) {
    CHECK(wr_u_lower(0xC9) == 0xE9 && wr_u_upper(0xE9) == 0xC9 && wr_u_lower('A') == 'a');
    CHECK(wr_u_fold(0x3A3) == 0x3C3 && wr_u_fold(0x3C2) == 0x3C3);
    CHECK(wr_u_base(0xC9) == 'E' && wr_u_base(0x142) == 'l' && wr_u_base(0xDF) == 0xDF);
    CHECK(wr_u_is_upper(0x416) && wr_u_is_lower(0x436) && wr_u_is_letter(0x4E2D));
    CHECK(wr_u_script(0x416) == WR_SCRIPT_CYRILLIC && wr_u_script(0x4E2D) == WR_SCRIPT_HAN);
    CHECK(wr_u_class(0x201C) == WR_U_OPEN && wr_u_class(0x2014) == WR_U_DASH);
    CHECK(wr_u_class(0x110000) == WR_U_OTHER && wr_u_is_space(0x3000));
    wr_str out;
    CHECK(wr_u_fold_str(arena,
                        WR_STR("\xC3\x89"
                               "COLE"),
                        &out) == WR_OK);
    CHECK_STR(out, WR_STR("\xC3\xA9"
                          "cole"));
}

int main(void) {
    CHECK(wr_arena_new("test", 1 << 20, &arena) == WR_OK);
    replacement_is_by_maximal_subpart();
    every_code_point_goes_round();
    ascii_runs();
    letters();
    wr_arena_free(&arena);
    return check_summary();
}
