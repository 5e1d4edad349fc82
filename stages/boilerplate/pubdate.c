/* pubdate.c -- dates as pages state them, to ISO 8601 */
#include "pubdate.h"
#include "lexicon.h"
#include "words.h"

/* A run of digits, a word, or one other character. */
struct piece {
    enum { PIECE_END, PIECE_NUMBER, PIECE_WORD, PIECE_MARK } kind;
    size_t start, end;
    int64_t value; /* NUMBER */
    int digits;
    char mark;
    uint64_t hash;
};

enum { PIECES = 48 };

/* A month written together with what stands before it, as lost mark-up leaves it: "ExampleJan". */
static void unglue(wr_str s, struct piece *p) {
    for (size_t i = p->end; --i > p->start;) {
        bool joint = s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' && wr_is_alpha(s.ptr[i - 1]) &&
                     wr_lower(s.ptr[i - 1]) == s.ptr[i - 1];
        if (!joint) continue;
        struct word word;
        size_t at = 0;
        wr_str rest = wr_str_slice(s, i, p->end);
        if (words_next(rest, &at, &word) && lexicon_month(word.hash))
            p->hash = word.hash, p->start = i;
        return;
    }
}

static size_t cut_pieces(wr_str s, struct piece *list) {
    size_t n = 0;
    for (size_t i = 0; i < s.len && n < PIECES;) {
        struct piece *p = &list[n];
        *p = (struct piece){.kind = PIECE_MARK, .start = i, .end = i + 1, .mark = s.ptr[i]};
        size_t at = i, len;
        struct word word;
        if (wr_is_digit(s.ptr[i])) {
            p->kind = PIECE_NUMBER;
            for (; i < s.len && wr_is_digit(s.ptr[i]) && p->digits < 18; i++, p->digits++)
                p->value = p->value * 10 + (s.ptr[i] - '0');
            p->end = i;
        } else if (words_is_letter(words_code(s, i, &len))) {
            wr_str rest = s;
            for (size_t k = i; k < s.len; k++)
                if (wr_is_digit(s.ptr[k])) {
                    rest.len = k;
                    break;
                }
            if (!words_next(rest, &at, &word)) break;
            p->kind = PIECE_WORD;
            p->hash = word.hash;
            i = p->end = word.end;
            unglue(s, p);
        } else i++;
        n += !(p->kind == PIECE_MARK && (p->mark == ' ' || p->mark == '\t'));
    }
    list[n < PIECES ? n : PIECES - 1].kind = PIECE_END;
    return n < PIECES ? n : PIECES - 1;
}

static int days_in(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

static bool set_day(struct pubdate *d, int64_t year, int64_t month, int64_t day) {
    if (year < 1990 || year > 2100 || month < 1 || month > 12) return false;
    if (day < 1 || day > days_in((int)year, (int)month)) return false;
    d->year = (int)year, d->month = (int)month, d->day = (int)day;
    d->precision = PUBDATE_DAY;
    return true;
}

static bool is_mark(const struct piece *p, char mark) {
    return p->kind == PIECE_MARK && p->mark == mark;
}

static bool is_word(const struct piece *p, wr_str s, const char *word) {
    return p->kind == PIECE_WORD &&
           wr_str_eq_nocase(wr_str_slice(s, p->start, p->end), wr_str_c(word));
}

/* Z, +02:00, -0500, GMT after a clock time. */
static void read_zone(wr_str s, const struct piece *p, struct pubdate *d) {
    bool plus = is_mark(p, '+'), minus = is_mark(p, '-');
    if (is_word(p, s, "z") || is_word(p, s, "gmt") || is_word(p, s, "utc")) {
        d->zoned = true;
        if (!(is_mark(p + 1, '+') || is_mark(p + 1, '-')) || p[2].kind != PIECE_NUMBER) return;
        plus = is_mark(++p, '+'), minus = !plus;
    }
    if ((!plus && !minus) || p[1].kind != PIECE_NUMBER) return;
    int64_t v = p[1].value, minutes;
    if (p[1].digits == 4) minutes = v / 100 * 60 + v % 100;
    else if (p[1].digits <= 2)
        minutes = v * 60 + (is_mark(p + 2, ':') && p[3].kind == PIECE_NUMBER ? p[3].value : 0);
    else return;
    if (minutes > 15 * 60) return;
    d->offset = (int)(minus ? -minutes : minutes);
    d->zoned = true;
}

/* A clock time at p, or a few pieces on ("at", "T", ",", "um", "-", "|"). */
static void read_clock(wr_str s, const struct piece *p, struct pubdate *d) {
    for (int skip = 0; skip < 4 && p->kind != PIECE_END; skip++, p++) {
        if (p->kind == PIECE_WORD && lexicon_classes(p->hash) >> LEXICON_CHANGED & 1) return;
        if (p->kind != PIECE_NUMBER) continue;
        bool colon = is_mark(p + 1, ':') || is_mark(p + 1, '.') || is_word(p + 1, s, "h");
        bool half = is_word(p + 1, s, "am") || is_word(p + 1, s, "pm");
        if (p->digits > 2 || p->value > 23 || (!colon && !half)) return;
        int64_t hour = p->value, minute = 0, second = -1;
        p++;
        if (colon) {
            if (p[1].kind != PIECE_NUMBER || p[1].digits != 2 || p[1].value > 59) return;
            minute = p[1].value;
            p += 2;
            if (is_mark(p, ':') && p[1].kind == PIECE_NUMBER && p[1].value < 61)
                second = p[1].value, p += 2;
            if (second >= 0 && (is_mark(p, '.') || is_mark(p, ',')) && p[1].kind == PIECE_NUMBER)
                p += 2;
        }
        bool dots = p->kind == PIECE_WORD && p->end == p->start + 1 && is_mark(p + 1, '.');
        bool pm = is_word(p, s, "pm") || (dots && is_word(p, s, "p"));
        bool am = is_word(p, s, "am") || (dots && is_word(p, s, "a"));
        if ((pm || am) && hour > 12) return;
        if (pm && hour < 12) hour += 12;
        if (am && hour == 12) hour = 0;
        if (pm || am) p += dots ? 4 : 1;
        d->hour = (int)hour, d->minute = (int)minute;
        d->precision = second >= 0 ? PUBDATE_SECOND : PUBDATE_MINUTE;
        d->second = second >= 0 ? (int)second : 0;
        read_zone(s, p, d);
        return;
    }
}

/* Words that may stand between the parts of a date. */
static const struct piece *past_filler(wr_str s, const struct piece *p) {
    while (is_mark(p, '.') || is_mark(p, ',') || is_mark(p, '-') || is_mark(p, '/') ||
           is_word(p, s, "de") || is_word(p, s, "of") || is_word(p, s, "st") ||
           is_word(p, s, "nd") || is_word(p, s, "rd") || is_word(p, s, "th") ||
           is_word(p, s, "del") || is_word(p, s, "er"))
        p++;
    return p;
}

/* Digits alone: 20310105, 20310105123000, Unix seconds or milliseconds. */
static bool read_digits(const struct piece *p, struct pubdate *d) {
    int64_t v = p->value;
    if (p->digits == 8) return set_day(d, v / 10000, v / 100 % 100, v % 100);
    if (p->digits == 14 && set_day(d, v / 10000000000, v / 100000000 % 100, v / 1000000 % 100)) {
        d->hour = (int)(v / 10000 % 100), d->minute = (int)(v / 100 % 100);
        d->second = (int)(v % 100);
        bool clock = d->hour < 24 && d->minute < 60 && d->second < 61;
        if (clock) d->precision = PUBDATE_SECOND;
        return true;
    }
    if (p->digits == 13) v /= 1000;
    else if (p->digits != 10) return false;
    int64_t days = v / 86400, z = days + 719468, era = z / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int64_t month = mp < 10 ? mp + 3 : mp - 9;
    if (!set_day(d, yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) / 5 + 1))
        return false;
    d->hour = (int)(v % 86400 / 3600), d->minute = (int)(v % 3600 / 60), d->second = (int)(v % 60);
    d->precision = PUBDATE_SECOND;
    return d->zoned = true;
}

/* 5 January 2031 and its like; the piece after it, NULL when p is none. */
static const struct piece *read_day_first(wr_str s, const struct piece *p, struct pubdate *d) {
    if (p->kind != PIECE_NUMBER || p->digits > 2) return NULL;
    const struct piece *name = past_filler(s, p + 1);
    int month = name->kind == PIECE_WORD ? (int)lexicon_month(name->hash) : 0;
    if (!month) return NULL;
    const struct piece *year = past_filler(s, name + 1);
    if (year->kind != PIECE_NUMBER) return NULL;
    int64_t y = year->digits == 2 ? 2000 + year->value : year->value;
    return (year->digits == 4 || year->digits == 2) && set_day(d, y, month, p->value) ? year + 1
                                                                                      : NULL;
}

/* January 5, 2031; a clock time may stand before the year: Jan 5 12:30:00 2031. */
static const struct piece *read_month_first(wr_str s, const struct piece *p, struct pubdate *d) {
    int month = p->kind == PIECE_WORD ? (int)lexicon_month(p->hash) : 0;
    if (!month) return NULL;
    const struct piece *day = past_filler(s, p + 1);
    if (day->kind != PIECE_NUMBER || day->digits > 2) return NULL;
    const struct piece *year = past_filler(s, day + 1);
    for (int i = 0; i < 8 && year->kind != PIECE_END && year->digits != 4; i++)
        year++;
    if (year->digits != 4 || !set_day(d, year->value, month, day->value)) return NULL;
    return year + 1;
}

/* Three numbers with the same mark between them. */
static const struct piece *read_numbers(wr_str s, const struct piece *p, bool month_first,
                                        struct pubdate *d) {
    char mark = p[1].kind == PIECE_MARK ? p[1].mark : 0;
    (void)s;
    if (p->kind != PIECE_NUMBER || p[2].kind != PIECE_NUMBER || !mark) return NULL;
    if (mark != '-' && mark != '/' && mark != '.') return NULL;
    if (!is_mark(p + 3, mark) || p[4].kind != PIECE_NUMBER) return NULL;
    int64_t a = p[0].value, b = p[2].value, c = p[4].value;
    if (p[0].digits == 4 && p[4].digits <= 2) return set_day(d, a, b, c) ? p + 5 : NULL;
    if (p[4].digits == 2 && p[0].digits <= 2 && mark == '.') c += 2000;
    else if (p[4].digits != 4 || p[0].digits > 2) return NULL;
    d->either = a <= 12 && b <= 12 && a != b;
    if (mark == '/' && month_first && a <= 12) return set_day(d, c, a, b) ? p + 5 : NULL;
    if (a <= 12 && b > 12) return set_day(d, c, a, b) ? p + 5 : NULL;
    return set_day(d, c, b, a) ? p + 5 : NULL;
}

/* 2031年1月5日 and the like: year, month, day with one character after each. */
static const struct piece *read_east_asian(const struct piece *p, struct pubdate *d) {
    if (p->kind != PIECE_NUMBER || p->digits != 4 || p[1].kind != PIECE_WORD) return NULL;
    if (p[2].kind != PIECE_NUMBER || p[3].kind != PIECE_WORD || p[4].kind != PIECE_NUMBER)
        return NULL;
    if (p[1].end - p[1].start != 3 || p[3].end - p[3].start != 3) return NULL;
    return set_day(d, p->value, p[2].value, p[4].value) ? p + 6 : NULL;
}

struct pubdate pubdate_read(wr_str s, bool month_first, bool alone) {
    struct piece list[PIECES + 8];
    struct pubdate d = {0};
    memset(list, 0, sizeof list);
    if (s.len > 400) s.len = 400;
    size_t n = cut_pieces(s, list), limit = alone && n > 8 ? 8 : n;
    for (size_t i = 0; i < limit; i++) {
        const struct piece *p = &list[i], *next = NULL;
        d = (struct pubdate){.start = p->start, .end = p->end};
        if (p->kind == PIECE_NUMBER && p->digits >= 8 && read_digits(p, &d)) return d;
        if (!next) next = read_numbers(s, p, month_first, &d);
        if (!next) next = read_east_asian(p, &d);
        if (!next) next = read_day_first(s, p, &d);
        if (!next) next = read_month_first(s, p, &d);
        if (!next) continue;
        d.end = next[-1].end;
        read_clock(s, next > list + PIECES ? list + PIECES : next, &d);
        return d;
    }
    return (struct pubdate){0};
}

struct pubdate pubdate_other(struct pubdate date) {
    int day = date.day;
    date.day = date.month;
    date.month = day;
    return date;
}

bool pubdate_same_day(const struct pubdate *a, const struct pubdate *b) {
    return a->year == b->year && a->month == b->month && a->day == b->day;
}

int64_t pubdate_minutes(const struct pubdate *d) {
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int64_t y = d->year - (d->month <= 2), leaps = y / 4 - y / 100 + y / 400;
    int64_t days = (int64_t)d->year * 365 + leaps + before[d->month - 1] + d->day - 719528;
    return (days * 24 + d->hour) * 60 + d->minute;
}

/* 2031/jan/05 */
static bool read_named_path(const struct piece *p, struct pubdate *d) {
    bool named = is_mark(p + 1, '/') && p[2].kind == PIECE_WORD && is_mark(p + 3, '/');
    int month = named ? (int)lexicon_month(p[2].hash) : 0;
    return month && p[4].kind == PIECE_NUMBER && p[4].digits <= 2 &&
           set_day(d, p->value, month, p[4].value);
}

struct pubdate pubdate_of_url(wr_str url) {
    struct pubdate d = {0};
    for (size_t i = 0; i + 8 < url.len; i++) {
        if (url.ptr[i] == '?' || url.ptr[i] == '#') break;
        if ((url.ptr[i] != '/' && url.ptr[i] != '-') || !wr_is_digit(url.ptr[i + 1])) continue;
        struct piece list[PIECES + 8];
        memset(list, 0, sizeof list);
        cut_pieces(wr_str_slice(url, i + 1, i + 13), list);
        if (list[0].kind != PIECE_NUMBER) continue;
        if (list[0].digits == 8 && read_digits(list, &d)) return d;
        if (list[0].digits == 4 && read_named_path(list, &d)) return d;
        if (list[0].digits == 4 && read_numbers(url, list, false, &d)) return d;
    }
    return (struct pubdate){0};
}

wr_status pubdate_write(wr_arena *arena, const struct pubdate *d, wr_str *out) {
    *out = wr_str_of(NULL, 0);
    if (d->precision < PUBDATE_DAY) return WR_OK;
    wr_str day, clock = wr_str_of("", 0), zone = wr_str_of("", 0);
    WR_TRY(wr_arena_printf(arena, &day, "%04d-%02d-%02d", d->year, d->month, d->day));
    if (d->precision == PUBDATE_MINUTE)
        WR_TRY(wr_arena_printf(arena, &clock, "T%02d:%02d", d->hour, d->minute));
    if (d->precision == PUBDATE_SECOND)
        WR_TRY(wr_arena_printf(arena, &clock, "T%02d:%02d:%02d", d->hour, d->minute, d->second));
    int offset = d->offset < 0 ? -d->offset : d->offset;
    if (d->zoned && clock.len && offset)
        WR_TRY(wr_arena_printf(arena, &zone, "%c%02d:%02d", d->offset < 0 ? '-' : '+', offset / 60,
                               offset % 60));
    else if (d->zoned && clock.len) zone = WR_STR("Z");
    return wr_arena_printf(arena, out, "%.*s%.*s%.*s", (int)day.len, day.ptr, (int)clock.len,
                           clock.ptr, (int)zone.len, zone.ptr);
}

wr_str pubdate_precision_name(enum pubdate_precision precision) {
    static const char *const names[] = {"", "year", "month", "day", "minute", "second"};
    return wr_str_c(names[precision]);
}
