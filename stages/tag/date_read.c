/* date_read.c -- reading numbers, months and tense */
#include "date_read.h"

date_class date_cls_at(const date_finder *f, size_t i) {
    return i < f->n ? f->t[i].cls : DW_STOP;
}

wr_str date_text_at(const date_finder *f, size_t i) {
    return i < f->n ? wr_str_slice(f->text, f->t[i].start, f->t[i].end) : WR_STR("");
}

bool date_is_word(const date_finder *f, size_t i, const char *word) {
    return wr_str_eq_nocase(date_text_at(f, i), wr_str_c(word));
}

bool date_before_is(const date_finder *f, size_t i, date_class cls) {
    return i > 0 && f->t[i - 1].cls == cls;
}

/* ---- numbers ---- */

/* A number in digits or words at i: its end, or i when there is none. Years and ordinals are none.
 */
size_t date_read_count(const date_finder *f, size_t i, int *value) {
    size_t from = i;
    int total = 0, part = 0;
    if (date_cls_at(f, i) == DW_NUMBER && f->t[i].width <= 3) {
        *value = f->t[i].value;
        return i + 1;
    }
    for (;; i++) {
        date_class c = date_cls_at(f, i);
        if (c == DW_HYPHEN && i > from && f->t[i].glued && date_cls_at(f, i - 1) == DW_TENS &&
            date_cls_at(f, i + 1) == DW_CARD)
            continue;
        if (c == DW_CARD || c == DW_TENS) part += f->t[i].value;
        else if (c == DW_HUNDRED && i > from) total += (part ? part : 1) * f->t[i].value, part = 0;
        else break;
        if (total > 1000000) return from;
    }
    *value = total + part;
    return i;
}

/* A year at i: four digits 1000-2199, or 'nineteen ninety-four' in words. */
size_t date_read_year(const date_finder *f, size_t i, int *year) {
    if (date_cls_at(f, i) == DW_NUMBER && f->t[i].width == 4 && f->t[i].value >= 1000 &&
        f->t[i].value < 2200) {
        *year = f->t[i].value;
        return i + 1;
    }
    if (date_cls_at(f, i) == DW_CARD && f->t[i].value >= 18 && date_cls_at(f, i + 1) == DW_TENS) {
        int tail = 0;
        size_t end = date_read_count(f, i + 1, &tail);
        *year = f->t[i].value * 100 + tail;
        return tail < 100 ? end : i;
    }
    return i;
}

size_t date_read_day(const date_finder *f, size_t i, int *day) {
    date_class c = date_cls_at(f, i);
    bool number = (c == DW_NUMBER && f->t[i].width <= 2) || c == DW_NTH || c == DW_ORD;
    if (!number || f->t[i].value < 1 || f->t[i].value > 31) return i;
    *day = f->t[i].value;
    return i + 1;
}

bool date_is_month(const date_finder *f, size_t i) {
    date_class c = date_cls_at(f, i);
    return (c == DW_MONTH || c == DW_MONTH_WORD) && f->t[i].capital;
}

size_t date_skip(const date_finder *f, size_t i, date_class cls) {
    return i + (date_cls_at(f, i) == cls);
}

/* ---- tense: does the sentence speak of what is to come? ---- */

static bool future_marker(wr_str w) {
    static const char *const markers[] = {
        "will", "shall", "would",    "expects", "expected", "plans", "planned", "scheduled",
        "due",  "until", "upcoming", "slated",  "till",     "hopes", "deadline"};
    for (size_t i = 0; i < sizeof markers / sizeof *markers; i++)
        if (wr_str_eq_nocase(w, wr_str_c(markers[i]))) return true;
    return false;
}

/* "is to open", "set to", "set for", "as early as", "as soon as". */
static bool announces(const date_finder *f, size_t i) {
    bool to = date_is_word(f, i + 1, "to");
    if (date_is_word(f, i, "is") || date_is_word(f, i, "are")) return to;
    if (date_is_word(f, i, "set")) return to || date_is_word(f, i + 1, "for");
    return (date_is_word(f, i, "early") || date_is_word(f, i, "soon")) &&
           date_is_word(f, i + 1, "as");
}

bool date_speaks_of_future(const date_finder *f, size_t i) {
    for (size_t back = 1; back <= 14 && back <= i; back++) {
        const date_token *t = &f->t[i - back];
        if (t->cls == DW_STOP ||
            (t->cls == DW_DOT && i - back + 1 < i && f->t[i - back + 1].capital))
            return false;
        if (t->cls == DW_WORD && future_marker(date_text_at(f, i - back))) return true;
        if (announces(f, i - back)) return true;
    }
    return false;
}

/* The year a month without one belongs to: the nearest; a bare month more than two ahead is taken
 * for one that has been, unless the sentence looks ahead. */
int date_year_of_month(const date_finder *f, int month, bool bare, size_t at) {
    int year = f->today.year, away = month - f->today.month;
    if (at > 0 && date_is_word(f, at - 1, "ended")) return year - (away > 0); /* the year ended */
    bool ahead = date_speaks_of_future(f, at);
    bool term = bare && at > 0 &&
                (date_is_word(f, at - 1, "by") || date_is_word(f, at - 1, "till") ||
                 date_is_word(f, at - 1, "until"));
    if (term && away < -6) return year + 1;
    int limit = bare && !ahead ? 2 : 6;
    if (away > limit || (away == 6 && !ahead)) return year - 1;
    if (away < limit - 12 || (away < -1 && ahead)) return year + 1;
    return year;
}

/* ---- values ---- */

const char *date_part_code(int part) {
    switch (part) {
    case 'M': return "TMO";
    case 'A': return "TAF";
    case 'E': return "TEV";
    default: return "TNI";
    }
}

const char *date_season_code(int season) {
    switch (season) {
    case 's': return "SP";
    case 'U': return "SU";
    case 'W': return "WI";
    default: return "FA";
    }
}

bool date_has_clock_unit(int unit) {
    return unit == 'H' || unit == 'I' || unit == 'S';
}

cal_day date_move(cal_day d, int days) {
    return cal_of_number(cal_number(d) + days);
}
