/* plain.c -- plain text to blocks: rows of text and its blocks, joined by '|'; the byte property */
#include "check.h"

#include "stages/cleanup/cleanup.h"

#include <stdio.h>

#define WRAPPED                                                                                    \
    "The ferry company said on Monday that its three oldest ships would be\n"                      \
    "sold before the end of the year, and that two new ones, which have been\n"                    \
    "under construction since the spring, would take over the island route\n"                      \
    "in March.\n"

static const struct {
    const char *name, *text, *blocks;
} rows[] = {
    {"lines", "One line\n\nAnother line.\n  third \r\nfourth",
     "One line|Another line.|third|fourth"},
    {"empty", " \n\t\n\u00a0\n", ""},
    {"wrapped", WRAPPED "\nA short line\n",
     "The ferry company said on Monday that its three oldest ships would be sold before the end of "
     "the year, and that two new ones, which have been under construction since the spring, would "
     "take over the island route in March.|A short line"},
    {"hyphen goes",
     WRAPPED "The harbour office answered every caller who asked, by letter and tele-\n"
             "phone, that nothing has been decided. The telephone rang all morning.\n",
     "The ferry company said on Monday that its three oldest ships would be sold before the end of "
     "the year, and that two new ones, which have been under construction since the spring, would "
     "take over the island route in March.|The harbour office answered every caller who asked, by "
     "letter and telephone, that nothing has been decided. The telephone rang all morning."},
    {"sentence over a blank line",
     "He told the meeting that the council and the harbour, \"which have\n\nshared the same pier "
     "for "
     "forty years, can agree on a price before summer.\"",
     "He told the meeting that the council and the harbour, \"which have shared the same pier for "
     "forty years, can agree on a price before summer.\""},
    {"no sentence over a blank line",
     "A long heading about the harbour, the council and the many ships there\n\nthe harbour is "
     "closed "
     "on Sundays and Mondays now.",
     "A long heading about the harbour, the council and the many ships there|the harbour is closed "
     "on "
     "Sundays and Mondays now."},
    {"address",
     "https://news.example/2025/council-sells-old-fer ries-before-winter-storms-10482\nNext",
     "https://news.example/2025/council-sells-old-ferries-before-winter-storms-10482|Next"},
    {"list", "\u2022 one thing\n- another\n-not a mark", "one thing|another|-not a mark"},
    {"heading mark", "## Old ships\ntext", "Old ships|text"},
};

static void check_row(wr_arena *arena, size_t i) {
    wr_str text = wr_str_c(rows[i].text);
    wr_page page = {.raw = text, .kind = WR_STR("text")};
    wr_str why = {0};
    char got[2000] = "";
    size_t n = 0, at = 0;
    CHECK(cleanup_page(arena, NULL, &page, &why) == WR_OK);
    for (size_t j = 0; j < page.n_blocks; j++) {
        const wr_block *b = &page.blocks[j];
        n += (size_t)snprintf(got + n, sizeof got - n, "%s%.*s", j ? "|" : "", (int)b->text.len,
                              b->text.ptr);
        CHECK_ROW(rows[i].name, b->start >= at && b->end > b->start && b->end <= text.len);
        wr_str gap = wr_str_slice(text, at, b->start);
        for (size_t k = 0; k < gap.len; k++)
            CHECK_ROW(rows[i].name, wr_is_space(gap.ptr[k]));
        at = b->end;
    }
    CHECK_STR(wr_str_c(got), wr_str_c(rows[i].blocks));
}

int main(void) {
    wr_arena *arena;
    if (wr_arena_new("test", (size_t)64 << 20, &arena) != WR_OK) return 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(arena, i);
    wr_arena_free(&arena);
    return check_summary();
}
