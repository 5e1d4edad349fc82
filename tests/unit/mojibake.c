/* mojibake.c -- wrong readings are undone, clean text is left alone */
#include "check.h"

#include "common/text/mojibake.h"

int main(void) {
    wr_arena *arena;
    CHECK(wr_arena_new("test", 1 << 20, &arena) == WR_OK);
    static const char *const broken[][2] = {
        {"It\u00e2\u20ac\u2122s here", "It\u2019s here"},
        {"a caf\u00c3\u00a9 in Z\u00c3\u00bcrich", "a caf\u00e9 in Z\u00fcrich"},
        {"\u00c3\u00a9t\u00c3\u00a9", "\u00e9t\u00e9"},
        {"caf\u0413\u00a9", "caf\u00e9"},             /* 1251 */
        {"caf\u0102\u00a9", "caf\u00e9"},             /* 1250 */
        {"caf\u251c\u2310", "caf\u00e9"},             /* cp437 */
        {"caf\u221a\u00a9", "caf\u00e9"},             /* macroman */
        {"caf\u00c3\u0192\u00c2\u00a9", "caf\u00e9"}, /* twice */
        {"\u0420\u045c\u0420\u00b5\u0421\u201a", "\u041d\u0435\u0442"},
        {"na\u00c3\u00afve \u00e2\u20ac\u0153yes\u00e2\u20ac\xc2\x9d",
         "na\u00efve \u201cyes\u201d"},
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        wr_str out;
        uint64_t n = 0;
        CHECK(wr_mojibake_repair(arena, wr_str_c(broken[i][0]), &out, &n) == WR_OK);
        CHECK_STR(out, wr_str_c(broken[i][1]));
        CHECK_ROW(broken[i][1], n > 0);
    }
    static const char *const clean[] = {
        "",
        "plain",
        "\u201cQuotes\u201d \u2014 dashes\u2026 and \u20ac5",
        "\u00c9COLE \u00ab \u00e0 l\u2019\u00e9t\u00e9 \u00bb",
        "S\u00c3O PAULO, IRM\u00c3\u00a0",
        "\u0415\u0451 \u0437\u043e\u0432\u0443\u0442 \u00ab\u0421\u0421\u0421\u0420\u00bb",
        "\u221a\u03c0 and \u2206\u00b0",
        "5\u00d7\u00a335",
        "\u4e2d\u6587\uff0c\u65e5\u672c\u8a9e",
        "Espa\u00f1a\u00ae, M\u00dc\u00ae",
    };
    for (size_t i = 0; i < sizeof clean / sizeof *clean; i++) {
        wr_str in = wr_str_c(clean[i]), out;
        CHECK(wr_mojibake_repair(arena, in, &out, NULL) == WR_OK);
        CHECK_ROW(clean[i], out.ptr == in.ptr && out.len == in.len);
    }
    wr_arena_free(&arena);
    return check_summary();
}
