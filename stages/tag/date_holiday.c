/* date_holiday.c -- days that go by a name */
#include "date_holiday.h"

/* `day` of `month`; or the n-th `weekday` (0 = Monday) on or after that day; or days from Easter.
 */
typedef struct holiday {
    const char *name;
    int month, day, weekday, easter;
} holiday;

#define FIXED    -1
#define BYEASTER -2

/* Longer names first. US days where only the USA has one of the name. */
static const holiday holidays[] = {
    {"New Year's Day", 1, 1, FIXED, 0},
    {"New Year's Eve", 12, 31, FIXED, 0},
    {"Valentine's Day", 2, 14, FIXED, 0},
    {"St. Patrick's Day", 3, 17, FIXED, 0},
    {"May Day", 5, 1, FIXED, 0},
    {"Memorial Day", 5, 25, 0, 0},
    {"Labor Day", 9, 1, 0, 0},
    {"Columbus Day", 10, 8, 0, 0},
    {"Halloween", 10, 31, FIXED, 0},
    {"Election Day", 11, 2, 1, 0},
    {"Veterans Day", 11, 11, FIXED, 0},
    {"Thanksgiving Day", 11, 22, 3, 0},
    {"Thanksgiving", 11, 22, 3, 0},
    {"Christmas Eve", 12, 24, FIXED, 0},
    {"Christmas Day", 12, 25, FIXED, 0},
    {"Christmas", 12, 25, FIXED, 0},
    {"Boxing Day", 12, 26, FIXED, 0},
    {"Ash Wednesday", 2, 0, BYEASTER, -46},
    {"Palm Sunday", 4, 0, BYEASTER, -7},
    {"Good Friday", 4, 0, BYEASTER, -2},
    {"Easter Sunday", 4, 0, BYEASTER, 0},
    {"Easter Monday", 4, 0, BYEASTER, 1},
    {"Easter", 4, 0, BYEASTER, 0},
    {"Whit Monday", 5, 0, BYEASTER, 50},
};

/* Bytes of `text` that spell the name, a typographic apostrophe as a plain one; 0 = another word.
 */
static size_t spells(wr_str text, const char *name) {
    size_t at = 0;
    for (; *name; name++) {
        size_t curly =
            *name == '\'' && text.len - at >= 3 && memcmp(text.ptr + at, "\xe2\x80\x99", 3) == 0;
        if (at >= text.len || (!curly && text.ptr[at] != *name)) return 0;
        at += curly ? 3 : 1;
    }
    return at < text.len && (wr_is_alpha(text.ptr[at]) || wr_is_digit(text.ptr[at])) ? 0 : at;
}

size_t holiday_read(wr_str text, size_t *which) {
    for (size_t i = 0; i < sizeof holidays / sizeof *holidays; i++) {
        size_t len = spells(text, holidays[i].name);
        if (len) {
            *which = i;
            return len;
        }
    }
    return 0;
}

int holiday_month(size_t which) {
    return holidays[which].month;
}

/* Western Easter; algorithm: "Meeus/Jones/Butcher", Nature, 20 April 1876. */
static cal_day easter(int year) {
    int a = year % 19, b = year / 100, c = year % 100;
    int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    int m = (a + 11 * h + 22 * l) / 451, sum = h + l - 7 * m + 114;
    return (cal_day){year, sum / 31, sum % 31 + 1};
}

cal_day holiday_in(size_t which, int year) {
    const holiday *h = &holidays[which];
    if (h->weekday == BYEASTER) return cal_of_number(cal_number(easter(year)) + h->easter);
    cal_day d = {year, h->month, h->day};
    if (h->weekday == FIXED) return d;
    return cal_of_number(cal_number(d) + (h->weekday - cal_weekday(d) + 7) % 7);
}
