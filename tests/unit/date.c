/* date.c -- time expressions: what is found and what it means */
#include "check.h"

#include "stages/tag/calendar.h"
#include "stages/tag/date.h"
#include "stages/tag/date_words.h"
#include "stages/tag/wordlist.h"

static wr_arena *arena;

/* All rows are read on Wednesday, 11 March 2026, unless `published` says else. */
static const struct {
    const char *text, *published;
    const char *found; /* "expression=value" joined by "; " */
} rows[] = {
    {"It opened on 12 March 2024.", "", "12 March 2024=2024-03-12"},
    {"On March 3, 2021, and again on 2021-04-05.", "",
     "March 3, 2021=2021-03-03; 2021-04-05=2021-04-05"},
    {"It closed on Christmas Day 2024 and on Easter Monday.", "2026-03-11",
     "Christmas Day 2024=2024-12-25; Easter Monday=2026-04-06"},
    {"They met on New Year’s Eve, at Thanksgiving and on Labor Day.", "2026-03-11",
     "New Year’s Eve=2025-12-31; Thanksgiving=2025-11-27; Labor Day=2025-09-01"},
    {"A Christmassy film of Thanksgivings.", "", ""},
    {"The talks of April 24 and 25, in Voss, failed.", "2026-03-11",
     "April 24=2026-04-24; 25=2026-04-25"},
    {"The talks of 2 April 2025 and 25 more failed.", "", "2 April 2025=2025-04-02"},
    {"They talked on Saturday, March 7: nothing came of it.", "2026-03-11",
     "Saturday, March 7=2026-03-07"},
    {"It will fall in coming weeks as in recent years.", "",
     "coming weeks=FUTURE_REF; recent years=PAST_REF"},
    {"In the past, it fell.", "", "the past=PAST_REF"},
    {"The loan is due by January.", "2026-11-11", "January=2027-01"},
    {"For the year ended June 30 it grew.", "2026-03-11", "June 30=2025-06-30"},
    {"They may vote as early as Monday.", "2026-03-11", "Monday=2026-03-16"},
    {"It set a record on Monday.", "2026-03-11", "Monday=2026-03-09"},
    {"Signed 24/12/2019 by both.", "", "24/12/2019=2019-12-24"},
    {"The vote on Tuesday was close.", "2026-03-11", "Tuesday=2026-03-10"},
    {"They will meet on Tuesday.", "2026-03-11", "Tuesday=2026-03-17"},
    {"They met last Wednesday.", "2026-03-11", "last Wednesday=2026-03-04"},
    {"He left yesterday morning.", "2026-03-11", "yesterday morning=2026-03-10TMO"},
    {"Sales fell last year and may rise next month.", "2026-03-11",
     "last year=2025; next month=2026-04"},
    {"Two weeks ago it rained for three days.", "2026-03-11",
     "Two weeks ago=2026-02-25; three days=P3D"},
    {"In January prices rose.", "2026-03-11", "January=2026-01"},
    {"In November prices rose.", "2026-03-11", "November=2025-11"},
    {"The plan may March on in time.", "2026-03-11", ""},
    {"She was born in 1984, in the late 1990s she left.", "", "1984=1984; the late 1990s=199"},
    {"Profit in the third quarter of 2023 fell.", "2026-03-11",
     "the third quarter of 2023=2023-Q3"},
    {"At 7:30 p.m. on Friday they will sing.", "2026-03-11",
     "7:30 p.m. on Friday=2026-03-06T19:30"},
    {"Every Monday and daily at noon.", "2026-03-11",
     "Every Monday=XXXX-WXX-1; daily=P1D; noon=2026-03-11T12:00"},
    {"A 44-year-old man paid $2000 for 1,900 seats.", "2026-03-11", ""},
    {"He spoke yesterday.", "", "yesterday="},
    {"He spoke yesterday.", "2026", "yesterday="},
    {"mid-November 2025", "2026-03-11", "mid-November 2025=2025-11"},
    {"the 21st century", "", "the 21st century=20"},
    {"on 31 February 2024", "", "31 February 2024=2024-02"},
    {"twenty-five years later", "2026-03-11", "twenty-five years later=2051"},
};

static void table(void) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_str text = wr_str_c(rows[i].text);
        wr_date *dates;
        size_t n;
        wr_buf got = WR_BUF_INIT(4096);
        wr_arena_reset(arena);
        CHECK(dates_find(arena, text, wr_str_c(rows[i].published), &dates, &n) == WR_OK);
        for (size_t k = 0; k < n; k++) {
            if (k) wr_buf_add_str(&got, WR_STR("; "));
            wr_buf_add_str(&got, wr_str_slice(text, dates[k].start, dates[k].end));
            wr_buf_add_char(&got, '=');
            wr_buf_add_str(&got, dates[k].value);
        }
        CHECK_STR(wr_buf_str(&got), wr_str_c(rows[i].found));
        wr_buf_free(&got);
    }
}

static void calendar(void) {
    int year, week;
    cal_day d;
    for (long n = -200000; n < 200000; n += 37)
        CHECK(cal_number(cal_of_number(n)) == n);
    CHECK(cal_weekday((cal_day){2026, 3, 11}) == 2);
    cal_week((cal_day){2021, 1, 3}, &year, &week);
    CHECK(year == 2020 && week == 53);
    d = cal_add_months((cal_day){2024, 1, 31}, 1);
    CHECK(d.month == 2 && d.day == 29);
    CHECK(!cal_parse(WR_STR("2023-02-29"), &d));
    CHECK(cal_parse(WR_STR("2024-02-29T10:00:00Z"), &d) && d.day == 29);
}

static void every_limit(void) {
    wr_str text = WR_STR("On Tuesday, 3 March 2024 and last week, in May 2020.");
    wr_date *dates;
    size_t n;
    wr_status status = WR_MEMORY;
    for (size_t at = 0; at < 50 && status == WR_MEMORY; at++) {
        wr_arena_reset(arena);
        wr_arena_fail_at(arena, at);
        status = dates_find(arena, text, WR_STR("2026-03-11"), &dates, &n);
    }
    wr_arena_fail_at(arena, SIZE_MAX);
    CHECK(status == WR_OK && n == 3);
}

static void words_are_sorted(void) {
    static const char *const words[] = {
#define W(text, cls, value) text,
#include "stages/tag/date_words.def"
#undef W
    };
    for (size_t i = 1; i < sizeof words / sizeof *words; i++)
        CHECK_ROW(words[i],
                  strcmp(words[i - 1], words[i]) < 0 && strlen(words[i]) <= WORDLIST_LONGEST);
}

int main(void) {
    CHECK(wr_arena_new("test", 1 << 20, &arena) == WR_OK);
    table();
    calendar();
    every_limit();
    words_are_sorted();
    wr_arena_free(&arena);
    return check_summary();
}
