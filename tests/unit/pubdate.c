/* pubdate.c -- dates as pages state them: what is read, with what precision, and what is none */
#include "check.h"

#include <stages/boilerplate/pubdate.h>

static const struct row {
    const char *text, *want, *precision;
    bool month_first;
} rows[] = {
    {"2031-01-05", "2031-01-05", "day", false},
    {"2031-01-05T10:20:30Z", "2031-01-05T10:20:30Z", "second", false},
    {"2031-01-05T10:20:30.123+02:00", "2031-01-05T10:20:30+02:00", "second", false},
    {"2031-01-05T10:20-0530", "2031-01-05T10:20-05:30", "minute", false},
    {"Sun, 05 Jan 2031 10:20:30 GMT", "2031-01-05T10:20:30Z", "second", false},
    {"20310105", "2031-01-05", "day", false},
    {"20310105102030", "2031-01-05T10:20:30", "second", false},
    {"1925374830", "2031-01-05T10:20:30Z", "second", false},
    {"1925374830000", "2031-01-05T10:20:30Z", "second", false},
    {"January 5, 2031", "2031-01-05", "day", false},
    {"Published: Jan. 5th, 2031 at 9:05 pm", "2031-01-05T21:05", "minute", false},
    {"5. Januar 2031, 21.05 Uhr", "2031-01-05T21:05", "minute", false},
    {"5 de enero de 2031", "2031-01-05", "day", false},
    {"5 janvier 2031 à 9h30", "2031-01-05T09:30", "minute", false},
    {"5 января 2031", "2031-01-05", "day", false},
    {"2031年1月5日", "2031-01-05", "day", false},
    {"05.01.2031", "2031-01-05", "day", false},
    {"5/1/2031", "2031-01-05", "day", false},
    {"1/5/2031", "2031-01-05", "day", true},
    {"31/12/2030", "2030-12-31", "day", true},
    {"2031/1/5", "2031-01-05", "day", false},
    {"By Ann ExampleJan. 5, 2031", "2031-01-05", "day", false},
    {"5 January 2031, updated 21.05", "2031-01-05", "day", false},
    {"30 February 2031", "", "", false},
    {"2031-13-01", "", "", false},
    {"January 5, 1731", "", "", false},
    {"May contain 12 nuts", "", "", false},
    {"call 555-0199", "", "", false},
    {"", "", "", false},
};

static const struct address {
    const char *url, *want;
} addresses[] = {
    {"https://paper.example/2031/01/05/ferry-sails", "2031-01-05"},
    {"https://paper.example/news/2031-01-05-ferry", "2031-01-05"},
    {"https://paper.example/a/20310105/ferry", "2031-01-05"},
    {"https://paper.example/2031/jan/05/ferry", "2031-01-05"},
    {"https://paper.example/2031/ferry/05/", ""},
    {"https://paper.example/ferry-1234567", ""},
    {"https://paper.example/ferry?day=2031/01/05", ""},
    {"", ""},
};

static wr_str written(wr_arena *arena, struct pubdate date) {
    wr_str out;
    CHECK(pubdate_write(arena, &date, &out) == WR_OK);
    return out;
}

int main(void) {
    wr_arena *arena;
    if (wr_arena_new("test", 1 << 20, &arena) != WR_OK) return 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pubdate date = pubdate_read(wr_str_c(rows[i].text), rows[i].month_first, false);
        CHECK_STR(written(arena, date), wr_str_c(rows[i].want));
        CHECK_STR(pubdate_precision_name(date.precision), wr_str_c(rows[i].precision));
    }
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
        CHECK_STR(written(arena, pubdate_of_url(wr_str_c(addresses[i].url))),
                  wr_str_c(addresses[i].want));
    wr_arena_free(&arena);
    return check_summary();
}
