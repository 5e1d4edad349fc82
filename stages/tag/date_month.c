/* date_month.c -- days of a month, in words, in digits or by a name */
#include "date_month.h"

#include "date_holiday.h"

static void put_month(const date_finder *f, hit *h, int year, int month, int day, size_t at) {
    h->type = "DATE";
    if (!year) {
        h->relative = true;
        year = f->today.year ? date_year_of_month(f, month, day == 0, at) : 0;
    }
    if (day && year && day > cal_month_days(year, month)) day = 0;
    if (day) PUT(h, "%04d-%02d-%02d", year, month, day);
    else PUT(h, "%04d-%02d", year, month);
}

/* [, ] YEAR after a month or day. */
size_t date_year_tail(const date_finder *f, size_t i, int *year) {
    size_t at = date_skip(f, date_skip(f, i, DW_COMMA), DW_OF);
    size_t end = date_read_year(f, at, year);
    return end > at ? end : i;
}

/* The stop of an abbreviated month ("Sept."); behind May, June and July it ends a sentence. */
static size_t skip_dot(const date_finder *f, size_t i) {
    if (i == 0 || date_cls_at(f, i) != DW_DOT || !f->t[i].glued) return i;
    size_t len = f->t[i - 1].end - f->t[i - 1].start;
    bool sept = len == 4 && date_is_word(f, i - 1, "sept");
    return len < 4 ? i + !date_is_word(f, i - 1, "may") : i + sept;
}

/* May and March are also verbs: a number must follow or a word of time stand before. */
static bool is_surely_month(const date_finder *f, size_t i, size_t end) {
    static const char *const prepositions[] = {"in",   "since", "until",   "by",     "from",   "to",
                                               "till", "after", "between", "during", "through"};
    if (f->t[i].cls == DW_MONTH && f->t[i].end - f->t[i].start > 3) return true;
    if (end > i + 1) return true;
    if (i == 0) return false;
    date_class c = f->t[i - 1].cls;
    if (c == DW_THIS || c == DW_LAST || c == DW_NEXT || c == DW_EARLY || c == DW_OF ||
        c == DW_EVERY || c == DW_HYPHEN)
        return f->t[i].cls != DW_MONTH_WORD || c != DW_OF || date_before_is(f, i - 1, DW_EDGE);
    for (size_t k = 0; k < sizeof prepositions / sizeof *prepositions; k++)
        if (date_is_word(f, i - 1, prepositions[k])) return true;
    return false;
}

/* MONTH [DAY] [, YEAR] | DAY MONTH [YEAR], with a weekday before. */
bool rule_month(const date_finder *f, size_t i, hit *h) {
    size_t at = i;
    if (date_cls_at(f, at) == DW_DOW || (date_cls_at(f, at) == DW_DOW_SHORT && f->t[at].capital))
        at = date_skip(f, skip_dot(f, at + 1), DW_COMMA);
    at = date_skip(f, at, DW_THE);
    int year = 0, day = 0;
    size_t end = date_read_day(f, at, &day);
    if (end > at && f->t[at].cls != DW_ORD &&
        date_is_month(f, date_skip(f, end, DW_OF))) { /* 3 May 2024 */
        size_t month = date_skip(f, end, DW_OF);
        end = date_year_tail(f, skip_dot(f, month + 1), &year);
        put_month(f, h, year, f->t[month].value, day, i);
        h->to = end;
        return true;
    }
    if (!date_is_month(f, at) || (at > i && f->t[at - 1].cls == DW_THE)) return false;
    size_t month = at;
    day = 0;
    at = skip_dot(f, month + 1);
    end = date_read_day(f, at, &day);
    if (end > at && date_cls_at(f, end) == DW_COLON && date_cls_at(f, end + 1) == DW_NUMBER &&
        f->t[end + 1].glued) /* a time of day follows */
        end = at, day = 0;
    size_t tail = date_year_tail(f, end, &year);
    if (!is_surely_month(f, month, tail > end ? tail : day ? end : month + 1)) return false;
    if (!day && tail == end) /* "Jan." at the end of a sentence keeps its stop outside */
        tail =
            at > month + 1 && date_cls_at(f, at) == DW_WORD && !f->t[at].capital ? at : month + 1;
    if (date_before_is(f, i, DW_LAST) && !year && !day && f->today.year) {
        int m = f->t[month].value;
        put_month(f, h, f->today.year - (m >= f->today.month), m, 0, i);
        h->relative = true;
    } else if (date_before_is(f, i, DW_NEXT) && !year && !day && f->today.year) {
        int m = f->t[month].value;
        put_month(f, h, f->today.year + (m <= f->today.month), m, 0, i);
        h->relative = true;
    } else if (date_before_is(f, i, DW_THIS) && !year && !day && f->today.year) {
        put_month(f, h, f->today.year, f->t[month].value, 0, i);
        h->relative = true;
    } else {
        put_month(f, h, year, f->t[month].value, day, i);
    }
    h->to = tail;
    return true;
}

/* 2024-05-03 | 05/03/2024 | 3.5.2024 */
bool rule_numeric(const date_finder *f, size_t i, hit *h) {
    if (date_cls_at(f, i) != DW_NUMBER || (i && f->t[i].glued && f->t[i - 1].cls != DW_OTHER))
        return false;
    date_class sign = date_cls_at(f, i + 1);
    if ((sign != DW_HYPHEN && sign != DW_SLASH && sign != DW_DOT) ||
        date_cls_at(f, i + 3) != sign || date_cls_at(f, i + 2) != DW_NUMBER ||
        date_cls_at(f, i + 4) != DW_NUMBER)
        return false;
    for (size_t k = i + 1; k <= i + 4; k++)
        if (!f->t[k].glued) return false;
    int a = f->t[i].value, b = f->t[i + 2].value, c = f->t[i + 4].value;
    cal_day d = {a, b, c};
    if (f->t[i].width != 4) {
        if (f->t[i + 4].width != 4) return false;
        bool day_first = a > 12 || sign == DW_DOT;
        d = day_first ? (cal_day){c, b, a} : (cal_day){c, a, b};
    }
    if (d.year < 1000 || d.month < 1 || d.month > 12 || d.day < 1 ||
        d.day > cal_month_days(d.year, d.month))
        return false;
    PUT(h, "%04d-%02d-%02d", d.year, d.month, d.day);
    h->type = "DATE";
    h->to = i + 5;
    return true;
}

bool rule_holiday(const date_finder *f, size_t i, hit *h) {
    size_t which;
    if (i >= f->n || !f->t[i].capital) return false;
    size_t len = holiday_read(wr_str_slice(f->text, f->t[i].start, f->text.len), &which);
    if (!len) return false;
    size_t end = i;
    while (end < f->n && f->t[end].end <= f->t[i].start + len)
        end++;
    int year = 0;
    h->type = "DATE";
    h->to = date_year_tail(f, end, &year);
    h->relative = year == 0;
    if (!year && f->today.year) year = date_year_of_month(f, holiday_month(which), false, i);
    if (year < 1583) year = 1583; /* only when no day is known: the value is not kept */
    cal_day d = holiday_in(which, year);
    PUT(h, "%04d-%02d-%02d", d.year, d.month, d.day);
    return true;
}

bool rule_second_day(const date_finder *f, size_t i, const hit *last, hit *h) {
    int day = 0, year, month, first;
    bool joined = i > 0 && i == last->to + 1 &&
                  (date_is_word(f, i - 1, "and") || date_is_word(f, i - 1, "or") ||
                   date_is_word(f, i - 1, "to"));
    if (!joined || date_cls_at(f, i) != DW_NUMBER || date_read_day(f, i, &day) == i ||
        strcmp(last->type, "DATE") != 0 ||
        sscanf(last->value, "%4d-%2d-%2d", &year, &month, &first) != 3 || day <= first ||
        day > cal_month_days(year, month))
        return false;
    date_class next = date_cls_at(f, i + 1);
    bool ends = next == DW_DOT || next == DW_COMMA || next == DW_STOP || next == DW_IN ||
                date_is_word(f, i + 1, "at") || date_is_word(f, i + 1, "on") ||
                date_is_word(f, i + 1, "for");
    if (!ends) return false;
    PUT(h, "%04d-%02d-%02d", year, month, day);
    h->type = "DATE";
    h->relative = last->relative;
    h->to = i + 1;
    return true;
}
