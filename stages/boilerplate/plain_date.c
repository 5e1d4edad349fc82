/* plain_date.c -- the date a dateline states, in the forms pages write it */
#include "plain_doc.h"

struct reader {
    wr_str text;
    size_t at;
};

/* A date as read: month 1-12, day 1-31, year; hour -1 = no time. */
struct stamp {
    int year, month, day, hour, minute;
};

static int month_of(wr_str word) {
    static const char names[12][10] = {"january",   "february", "march",    "april",
                                       "may",       "june",     "july",     "august",
                                       "september", "october",  "november", "december"};
    if (word.len < 3) return 0;
    for (int m = 0; m < 12; m++) {
        size_t len = strlen(names[m]);
        wr_str name = wr_str_of(names[m], word.len < len ? word.len : len);
        bool shortened = word.len == 3 || (m == 8 && word.len == 4);
        if ((shortened || word.len == len) && wr_str_eq_nocase(word, name)) return m + 1;
    }
    return 0;
}

static bool valid(const struct stamp *s) {
    static const int8_t days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (s->year < 1900 || s->year > 2099 || s->month < 1 || s->month > 12) return false;
    if (s->day < 1 || s->day > days[s->month - 1]) return false;
    bool leap = (s->year % 4 == 0 && s->year % 100 != 0) || s->year % 400 == 0;
    return s->month != 2 || s->day < 29 || leap;
}

/* The next run of digits or of letters; `digits` and `value` say which and what. */
struct token {
    wr_str text;
    bool digits;
    int value;
    char after; /* the character behind it, 0 at the end */
};

static bool next_token(struct reader *r, struct token *t) {
    wr_str s = r->text;
    while (r->at < s.len && !wr_is_digit(s.ptr[r->at]) && !wr_is_alpha(s.ptr[r->at]))
        r->at++;
    if (r->at >= s.len) return false;
    size_t from = r->at;
    t->digits = wr_is_digit(s.ptr[from]);
    t->value = 0;
    while (r->at < s.len && (t->digits ? wr_is_digit(s.ptr[r->at]) : wr_is_alpha(s.ptr[r->at]))) {
        if (t->digits && r->at - from < 6) t->value = 10 * t->value + (s.ptr[r->at] - '0');
        r->at++;
    }
    t->text = wr_str_slice(s, from, r->at);
    t->after = r->at < s.len ? s.ptr[r->at] : 0;
    return true;
}

#define TOKENS 40

static bool day_like(const struct token *t) {
    return t->digits && t->text.len <= 2 && t->value >= 1 && t->value <= 31;
}

static bool year_like(const struct token *t) {
    return t->digits && t->text.len == 4 && t->value >= 1900 && t->value <= 2099;
}

static bool is_ordinal(const struct token *t) {
    return !t->digits && t->text.len == 2 &&
           (wr_str_eq_nocase(t->text, WR_STR("st")) || wr_str_eq_nocase(t->text, WR_STR("nd")) ||
            wr_str_eq_nocase(t->text, WR_STR("rd")) || wr_str_eq_nocase(t->text, WR_STR("th")));
}

/* A date that begins at token i; returns how many tokens it takes, 0 = none. */
static size_t date_at(const struct token *t, size_t n, size_t i, struct stamp *s) {
    if (t[i].digits && i + 2 < n && t[i].text.len == 4 && t[i].after == '-' && t[i + 1].digits &&
        t[i + 1].after == '-' && day_like(&t[i + 2])) {
        *s = (struct stamp){t[i].value, t[i + 1].value, t[i + 2].value, -1, 0};
        return valid(s) ? 3 : 0;
    }
    if (day_like(&t[i]) && i + 2 < n) { /* 5 June 2017, 5th June, 2017 */
        size_t m = i + 1 + is_ordinal(&t[i + 1]);
        if (m + 1 < n && !t[m].digits && month_of(t[m].text) && year_like(&t[m + 1])) {
            *s = (struct stamp){t[m + 1].value, month_of(t[m].text), t[i].value, -1, 0};
            return valid(s) ? m + 2 - i : 0;
        }
        bool dots = t[i].after == '.' && t[i + 1].digits && t[i + 1].after == '.';
        bool slash = t[i].after == '/' && t[i + 1].digits && t[i + 1].after == '/';
        if ((dots || slash) && year_like(&t[i + 2])) {
            int a = t[i].value, b = t[i + 1].value;
            if (slash && a <= 12 && b <= 12 && a != b) return 0; /* which is the day? */
            bool us = slash && b > 12;
            *s = (struct stamp){t[i + 2].value, us ? a : b, us ? b : a, -1, 0};
            return valid(s) ? 3 : 0;
        }
    }
    if (!t[i].digits && month_of(t[i].text) && i + 2 < n && day_like(&t[i + 1])) {
        size_t y = i + 2 + is_ordinal(&t[i + 2]);
        if (y < n && year_like(&t[y])) {
            *s = (struct stamp){t[y].value, month_of(t[i].text), t[i + 1].value, -1, 0};
            return valid(s) ? y + 1 - i : 0;
        }
    }
    return 0;
}

/* "17:35", "3:40 pm" somewhere in the tokens; the first one counts. */
static void time_in(const struct token *t, size_t n, struct stamp *s) {
    for (size_t i = 0; i + 1 < n && s->hour < 0; i++) {
        if (!t[i].digits || t[i].text.len > 2 || t[i].after != ':' || !t[i + 1].digits ||
            t[i + 1].text.len != 2 || t[i].value > 23 || t[i + 1].value > 59)
            continue;
        int hour = t[i].value;
        size_t k = i + 2;
        if (k < n && t[k].digits && t[i + 1].after == ':') k++; /* seconds */
        char h = k < n && !t[k].digits ? wr_lower(t[k].text.ptr[0]) : 0;
        bool half = h && (t[k].text.len == 2 ? wr_lower(t[k].text.ptr[1]) == 'm'
                                             : t[k].text.len == 1 && t[k].after == '.');
        if (half && h == 'p' && hour < 12) hour += 12;
        if (half && h == 'a' && hour == 12) hour = 0;
        s->hour = hour;
        s->minute = t[i + 1].value;
    }
}

wr_status plain_date(wr_arena *arena, wr_str text, wr_str *iso, wr_str *precision) {
    struct reader r = {text, 0};
    struct token t[TOKENS];
    size_t n = 0;
    while (n < TOKENS && next_token(&r, &t[n])) {
        /* "2020-12-15T10:00": the T is no word */
        if (!(t[n].text.len == 1 && t[n].text.ptr[0] == 'T')) n++;
    }
    *iso = *precision = wr_str_of(NULL, 0);
    for (size_t i = 0; i < n; i++) {
        struct stamp s;
        if (!date_at(t, n, i, &s)) continue;
        time_in(t, n, &s);
        *precision = s.hour < 0 ? WR_STR("day") : WR_STR("minute");
        if (s.hour < 0)
            return wr_arena_printf(arena, iso, "%04d-%02d-%02d", s.year, s.month, s.day);
        return wr_arena_printf(arena, iso, "%04d-%02d-%02dT%02d:%02d", s.year, s.month, s.day,
                               s.hour, s.minute);
    }
    return WR_OK;
}
