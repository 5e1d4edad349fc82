/* date.c -- the grammar of English time expressions */
#include "date.h"

#include "date_month.h"

/* ---- years and decades ---- */

static bool rule_year(const date_finder *f, size_t i, hit *h) {
    int year = 0;
    if (date_cls_at(f, i) == DW_DECADE) {
        int value = f->t[i].value;
        if (f->t[i].width == 2 && (!i || f->t[i - 1].cls != DW_OTHER || !f->t[i].glued))
            return false;
        if (f->t[i].width == 2) value += 1900;
        PUT(h, "%03d", value / 10);
        h->type = "DATE";
        h->to = i + 1;
        return value >= 1000 && value < 2200;
    }
    size_t end = date_read_year(f, i, &year);
    if (end == i || year < 1500 || year > 2100) return false;
    bool glued_before =
        f->t[i].glued && i && f->t[i - 1].cls != DW_OTHER && f->t[i - 1].cls != DW_HYPHEN;
    bool glued_after = end < f->n && f->t[end].glued && date_cls_at(f, end) != DW_DOT &&
                       date_cls_at(f, end) != DW_COMMA && date_cls_at(f, end) != DW_STOP &&
                       date_cls_at(f, end) != DW_OTHER && date_cls_at(f, end) != DW_HYPHEN &&
                       date_cls_at(f, end) != DW_COLON;
    if (glued_before || glued_after || date_before_is(f, i, DW_MONEY)) return false;
    if (end < f->n && f->t[end].glued &&
        (date_cls_at(f, end) == DW_COMMA || date_cls_at(f, end) == DW_DOT) &&
        date_cls_at(f, end + 1) == DW_NUMBER && f->t[end + 1].glued) /* 1900.50 */
        return false;
    date_class next = date_cls_at(f, end);
    if (next == DW_UNIT_PLURAL || next == DW_HUNDRED || date_is_word(f, end, "people") ||
        date_is_word(f, end, "points") || date_is_word(f, end, "percent") ||
        date_is_word(f, end, "miles"))
        return false;
    PUT(h, "%04d", year);
    h->type = "DATE";
    h->to = end;
    return true;
}

/* ---- weekdays ---- */

static void put_day(hit *h, cal_day d) {
    PUT(h, "%04d-%02d-%02d", d.year, d.month, d.day);
}

static void add_part(const date_finder *f, hit *h, size_t i) {
    if (date_cls_at(f, i) != DW_PART) return;
    size_t len = strlen(h->value);
    snprintf(h->value + len, sizeof h->value - len, "%s", date_part_code(f->t[i].value));
    h->type = "TIME";
    h->to = i + 1;
}

static bool rule_weekday(const date_finder *f, size_t i, hit *h) {
    date_class c = date_cls_at(f, i);
    if (c == DW_DOW_PLURAL && f->t[i].capital) {
        PUT(h, "XXXX-WXX-%d", f->t[i].value + 1);
        h->type = "SET";
        h->to = i + 1;
        return true;
    }
    if (c != DW_DOW || !f->t[i].capital) return false;
    h->type = "DATE";
    h->relative = true;
    h->to = i + 1;
    if (f->today.year) {
        int away = f->t[i].value - cal_weekday(f->today);
        bool next = date_before_is(f, i, DW_NEXT) ||
                    (!date_before_is(f, i, DW_LAST) && date_speaks_of_future(f, i));
        if (date_before_is(f, i, DW_LAST) && away >= 0) away -= 7;
        else if (next && away < 0) away += 7;
        else if (!next && away > 0) away -= 7;
        put_day(h, date_move(f->today, away));
    }
    add_part(f, h, i + 1);
    return true;
}

static bool rule_deictic(const date_finder *f, size_t i, hit *h) {
    date_class c = date_cls_at(f, i);
    h->type = "DATE";
    h->to = i + 1;
    switch (c) {
    case DW_DAY:
        h->relative = true;
        put_day(h, f->today.year ? date_move(f->today, f->t[i].value) : f->today);
        add_part(f, h, i + 1);
        return true;
    case DW_TONIGHT:
    case DW_OVERNIGHT:
        h->relative = true;
        h->type = "TIME";
        PUT(h, "%04d-%02d-%02dTNI", f->today.year, f->today.month, f->today.day);
        return true;
    case DW_PRESENT:
    case DW_PRESENT_ADJ: PUT(h, "PRESENT_REF"); return true;
    case DW_PAST: PUT(h, "PAST_REF"); return true;
    case DW_FUTURE: PUT(h, "FUTURE_REF"); return date_before_is(f, i, DW_THE);
    case DW_FUTURE_ADVERB:
        PUT(h, "FUTURE_REF");
        return !date_is_word(f, i + 1, "after") && !date_is_word(f, i + 1, "as") &&
               (!i || !date_is_word(f, i - 1, "as"));
    case DW_RECENT:
        PUT(h, "PAST_REF");
        if (date_cls_at(f, i + 1) == DW_UNIT_PLURAL) h->to = i + 2; /* recent weeks */
        return true;
    case DW_NEXT:
        PUT(h, "FUTURE_REF");
        h->to = i + 2;
        return date_is_word(f, i, "coming") && date_cls_at(f, i + 1) == DW_UNIT_PLURAL;
    case DW_LAST: /* "in the past, ..." */
        PUT(h, "PAST_REF");
        return date_is_word(f, i, "past") && date_before_is(f, i, DW_THE) && i > 1 &&
               f->t[i - 2].cls == DW_IN &&
               (date_cls_at(f, i + 1) == DW_COMMA || date_cls_at(f, i + 1) == DW_DOT ||
                date_cls_at(f, i + 1) == DW_STOP);
    default: return false;
    }
}

/* ---- periods counted from today ---- */

/* The unit `steps` away from today: last year, this week, next quarter. */
static bool put_unit(const date_finder *f, hit *h, int unit, int steps) {
    cal_day d = f->today;
    int year, week;
    h->relative = true;
    switch (unit) {
    case 'D': put_day(h, date_move(d, steps)); return true;
    case 'W':
        cal_week(date_move(d, 7 * steps), &year, &week);
        PUT(h, "%04d-W%02d", year, week);
        return true;
    case 'M':
        d = cal_add_months(d, steps);
        PUT(h, "%04d-%02d", d.year, d.month);
        return true;
    case 'Q': {
        int quarter = d.year * 4 + (d.month - 1) / 3 + steps;
        PUT(h, "%04d-Q%d", quarter / 4, quarter % 4 + 1);
        return true;
    }
    case 'Y': PUT(h, "%04d", d.year + steps); return true;
    case 'E': PUT(h, "%03d", d.year / 10 + steps); return true;
    case 'C': PUT(h, "%02d", d.year / 100 + steps); return true;
    default: return false;
    }
}

/* (this | last | next) (week | month | ... | summer | weekend | morning) */
static bool rule_period(const date_finder *f, size_t i, hit *h) {
    size_t at = date_skip(f, i, DW_THE);
    int steps;
    bool past = false;
    switch (date_cls_at(f, at)) {
    case DW_THIS: steps = 0; break;
    case DW_LAST:
        steps = -1;
        past = f->t[at].value == 1;
        break;
    case DW_NEXT: steps = 1; break;
    case DW_PRESENT_ADJ: steps = 0; break;
    default: return false;
    }
    bool definite = at > i;
    size_t unit = at + 1;
    if (date_cls_at(f, at) == DW_THIS &&
        (date_cls_at(f, unit) == DW_LAST || date_cls_at(f, unit) == DW_NEXT))
        unit++;
    unit = date_skip(f, unit, DW_FISCAL);
    h->type = "DATE";
    h->to = unit + 1;
    h->relative = true;
    switch (date_cls_at(f, unit)) {
    case DW_UNIT:
        if (past && f->t[unit].value != 'D') { /* the past year: a duration */
            PUT(h, "P1%c", f->t[unit].value);
            h->type = "DURATION";
            h->relative = false;
            return definite || !past;
        }
        if (f->t[at].value == 2 && f->t[unit].value == 'Q' && f->today.year) steps = -1;
        return put_unit(f, h, f->t[unit].value, steps);
    case DW_SEASON: {
        static const char order[] = "sUFW"; /* begins in March, June, September, December */
        int year = f->today.year;
        const char *season = strchr(order, f->t[unit].value == 'f' ? 'F' : f->t[unit].value);
        int begins = season ? 3 + 3 * (int)(season - order) : 3;
        if (steps < 0 && begins + 2 >= f->today.month) year--;
        if (steps > 0 && begins <= f->today.month) year++;
        PUT(h, "%04d-%s", year, date_season_code(f->t[unit].value));
        return true;
    }
    case DW_WEEKEND: {
        int year, week;
        cal_week(date_move(f->today, 7 * steps), &year, &week);
        PUT(h, "%04d-W%02d-WE", year, week);
        return true;
    }
    case DW_PART:
        put_day(h, date_move(f->today, steps));
        add_part(f, h, unit);
        return steps <= 0;
    case DW_MONTH:
    case DW_MONTH_WORD:
    case DW_DOW: {
        hit inner = {.from = unit};
        bool found = date_cls_at(f, unit) == DW_DOW ? rule_weekday(f, unit, &inner)
                                                    : rule_month(f, unit, &inner);
        if (!found) return false;
        size_t from = h->from;
        *h = inner;
        h->from = from;
        return true;
    }
    default: return false;
    }
}

/* ---- amounts of time ---- */

static void put_duration(hit *h, int n, int unit) {
    char count[12];
    if (n < 0) snprintf(count, sizeof count, "X");
    else snprintf(count, sizeof count, "%d", n);
    h->type = "DURATION";
    if (unit == 'N') PUT(h, "P%dW", n < 0 ? 2 : 2 * n);
    else if (unit == 'E' && n > 1) PUT(h, "P%d0Y", n);
    else PUT(h, "P%s%s%c", date_has_clock_unit(unit) ? "T" : "", count, unit == 'I' ? 'M' : unit);
}

/* n units before or after today, as exact as the unit. */
static void put_away(const date_finder *f, hit *h, int n, int unit, int sign) {
    h->type = "DATE";
    h->relative = true;
    if (n == 1 && unit == 'Y' && sign < 0 && f->quarter) { /* among quarterly figures */
        PUT(h, "%04d-Q%d", f->quarter_year - 1, f->quarter);
        return;
    }
    if (n < 0) {
        PUT(h, sign < 0 ? "PAST_REF" : "FUTURE_REF");
        h->relative = false;
        return;
    }
    if (unit == 'N') put_day(h, date_move(f->today, sign * 14 * n));
    else if (unit == 'W') put_day(h, date_move(f->today, sign * 7 * n));
    else if (date_has_clock_unit(unit)) put_day(h, f->today);
    else if (unit == 'E') put_unit(f, h, 'Y', sign * 10 * n);
    else put_unit(f, h, unit, sign * n);
}

/* [about] (3 | three | a | a few | several) (day | days | ...) [ago | earlier | later] */
static bool rule_amount(const date_finder *f, size_t i, hit *h) {
    size_t at = i;
    bool framed = false; /* the past three years */
    if (date_cls_at(f, at) == DW_THE || date_cls_at(f, at) == DW_LAST ||
        date_cls_at(f, at) == DW_NEXT) {
        at = date_skip(f, at, DW_THE);
        size_t before = at;
        if (date_cls_at(f, at) == DW_LAST || date_cls_at(f, at) == DW_NEXT ||
            (at > i && date_cls_at(f, at) == DW_ORD))
            at++;
        framed = at > before;
        at =
            date_skip(f, at, DW_FEW) > at && date_cls_at(f, at + 1) != DW_UNIT_PLURAL ? at + 1 : at;
    }
    int n = 0;
    bool counted = true;
    size_t end = date_read_count(f, at, &n);
    if (end == at) {
        counted = false;
        if (date_cls_at(f, at) == DW_A && date_cls_at(f, at + 1) == DW_FEW) n = -1, end = at + 2;
        else if (date_cls_at(f, at) == DW_A && date_cls_at(f, at + 1) == DW_COUPLE)
            n = 2, end = at + 2;
        else if (date_cls_at(f, at) == DW_COUPLE) n = 2, end = at + 1;
        else if (date_cls_at(f, at) == DW_FEW) n = -1, end = at + 1;
        else if (date_cls_at(f, at) == DW_A) n = 1, end = at + 1;
        else return false;
        end = date_skip(f, end, DW_OF);
    }
    end = date_skip(f, end, DW_MORE);
    bool hyphen = date_cls_at(f, end) == DW_HYPHEN && f->t[end].glued;
    if (hyphen) end++;
    date_class c = date_cls_at(f, end);
    if ((c != DW_UNIT && c != DW_UNIT_PLURAL) || (hyphen && !f->t[end].glued)) return false;
    if (date_before_is(f, i, DW_MONEY) || (at > i && !framed && !counted)) return false;
    bool rate = date_cls_at(f, at) == DW_A && i &&
                (f->t[i - 1].cls == DW_NUMBER || date_is_word(f, i - 1, "times") ||
                 date_is_word(f, i - 1, "cents") || date_is_word(f, i - 1, "once"));
    bool age = date_is_word(f, date_skip(f, end + 1, DW_HYPHEN), "old");
    if ((rate && !date_is_word(f, end + 1, "ago")) || age) return false;
    int unit = f->t[end].value;
    h->to = end + 1;
    if (date_cls_at(f, end + 1) == DW_HYPHEN && f->t[end + 1].glued &&
        date_cls_at(f, end + 2) == DW_LONG) {
        h->to = end + 3;
    }
    switch (date_cls_at(f, end + 1)) {
    case DW_AGO:
    case DW_EARLIER:
        put_away(f, h, n, unit, -1);
        h->to = end + 2;
        return true;
    case DW_LATER:
        put_away(f, h, n, unit, 1);
        h->to = end + 2;
        return f->today.year != 0;
    default: break;
    }
    put_duration(h, n, unit);
    return true;
}

/* (every | each) (day | Monday | July | three weeks), daily */
static bool rule_set(const date_finder *f, size_t i, hit *h) {
    h->type = "SET";
    h->to = i + 2;
    if (date_cls_at(f, i) == DW_ADVERB) {
        h->to = i + 1;
        PUT(h, "P%s%d%c", date_has_clock_unit(f->t[i].value) ? "T" : "",
            f->t[i].value == 'Q' ? 3 : 1, f->t[i].value == 'Q' ? 'M' : f->t[i].value);
        return true;
    }
    if (date_cls_at(f, i) != DW_EVERY) return false;
    switch (date_cls_at(f, i + 1)) {
    case DW_UNIT:
        PUT(h, "P%s1%c", date_has_clock_unit(f->t[i + 1].value) ? "T" : "",
            f->t[i + 1].value == 'I' ? 'M' : f->t[i + 1].value);
        return true;
    case DW_DOW: PUT(h, "XXXX-WXX-%d", f->t[i + 1].value + 1); return true;
    case DW_MONTH: PUT(h, "XXXX-%02d", f->t[i + 1].value); return true;
    case DW_SEASON: PUT(h, "XXXX-%s", date_season_code(f->t[i + 1].value)); return true;
    default: return false;
    }
}

/* ---- quarters and year-earlier periods ---- */

/* The last quarter with that number that has ended before today. */
static int year_of_quarter(const date_finder *f, int quarter) {
    return f->today.year - (quarter > (f->today.month - 1) / 3 + 1);
}

static bool rule_quarter(date_finder *f, size_t i, hit *h) {
    size_t at = date_skip(f, date_skip(f, i, DW_THE), DW_FISCAL);
    int year = 0, back = 0;
    size_t end = date_read_year(f, at, &year);
    if (end == at && date_is_word(f, at, "year") && date_cls_at(f, at + 1) == DW_HYPHEN &&
        (date_cls_at(f, at + 2) == DW_EARLIER || date_cls_at(f, at + 2) == DW_AGO)) {
        back = 1;
        end = at + 3;
    }
    at = end;
    int quarter = 0;
    bool ordinal = date_cls_at(f, at) == DW_ORD || date_cls_at(f, at) == DW_NTH;
    if (ordinal) {
        quarter = f->t[at].value;
        at = date_skip(f, at + 1, DW_HYPHEN);
    }
    bool half = date_cls_at(f, at) == DW_HALF;
    bool unit = date_cls_at(f, at) == DW_UNIT && f->t[at].value == 'Q';
    bool period = date_cls_at(f, at) == DW_PERIOD;
    h->type = "DATE";
    h->to = at + 1;
    if (half && ordinal && quarter <= 2) {
        size_t tail = date_year_tail(f, at + 1, &year);
        if (tail == at + 1 && !year) return false;
        h->to = tail > at + 1 ? tail : h->to;
        PUT(h, "%04d-H%d", year, quarter);
        return true;
    }
    if (!unit && !(period && (back || year)) && !back) return false;
    if (!unit && !period) h->to = at;
    if (quarter > 4) return false;
    if (!ordinal) { /* "the quarter": the one named last */
        bool definite = i < at && f->t[i].cls == DW_THE;
        if (unit && !back && !year && !definite) return false;
        quarter = f->quarter;
    }
    size_t tail = date_year_tail(f, at + 1, &year);
    if (unit && ordinal && tail > at + 1) h->to = tail;
    if (!quarter && f->today.year) {
        int last = f->today.year * 4 + (f->today.month - 1) / 3 - 1;
        quarter = last % 4 + 1;
    }
    h->relative = year == 0;
    if (!year) year = ordinal || !f->quarter_year ? year_of_quarter(f, quarter) : f->quarter_year;
    if (ordinal && !back && f->today.year) {
        f->quarter = quarter;
        f->quarter_year = year;
    }
    PUT(h, "%04d-Q%d", year - back, quarter);
    return true;
}

static bool rule_century(const date_finder *f, size_t i, hit *h) {
    size_t at = date_skip(f, i, DW_THE);
    bool ordinal = date_cls_at(f, at) == DW_NTH || date_cls_at(f, at) == DW_ORD;
    size_t unit = date_skip(f, at + 1, DW_HYPHEN);
    if (!ordinal || date_cls_at(f, unit) != DW_UNIT || f->t[unit].value != 'C') return false;
    PUT(h, "%02d", f->t[at].value - 1);
    h->type = "DATE";
    h->to = unit + 1;
    return true;
}

/* ---- time of day ---- */

/* a.m. | p.m. | am | pm after a number: 0, 12, or -1 */
static int read_half_day(const date_finder *f, size_t i, size_t *end) {
    wr_str w = date_text_at(f, i);
    int half = -1;
    if (w.len && (wr_lower(*w.ptr) == 'a' || wr_lower(*w.ptr) == 'p'))
        half = wr_lower(*w.ptr) == 'p' ? 12 : 0;
    if (half < 0) return -1;
    if (w.len == 2 && wr_lower(w.ptr[1]) == 'm') {
        *end = i + 1;
        return half;
    }
    if (w.len == 1 && date_cls_at(f, i + 1) == DW_DOT && date_is_word(f, i + 2, "m")) {
        *end = date_skip(f, i + 3, DW_DOT);
        return half;
    }
    return -1;
}

static bool rule_clock(const date_finder *f, size_t i, hit *h) {
    int hour = 0, minute = 0;
    size_t end = i + 1;
    if (date_cls_at(f, i) == DW_CLOCK) {
        hour = f->t[i].value;
    } else {
        if (date_cls_at(f, i) != DW_NUMBER || f->t[i].width > 2 || f->t[i].value > 24) return false;
        hour = f->t[i].value;
        bool minutes = date_cls_at(f, end) == DW_COLON && f->t[end].glued &&
                       date_cls_at(f, end + 1) == DW_NUMBER && f->t[end + 1].width == 2 &&
                       f->t[end + 1].value < 60;
        if (minutes) {
            minute = f->t[end + 1].value;
            end += 2;
        }
        int half = read_half_day(f, end, &end);
        if (half < 0 && !minutes) return false;
        if (half >= 0) hour = hour % 12 + half;
    }
    if (hour > 24) return false;
    wr_str zone = date_text_at(f, end);
    if (zone.len == 3 && (wr_str_ends(zone, WR_STR("ST")) || wr_str_ends(zone, WR_STR("DT")) ||
                          wr_str_eq(zone, WR_STR("GMT"))))
        end++;
    hit day = {.from = end};
    size_t at = date_is_word(f, end, "on") ? end + 1 : end;
    day.from = at;
    h->type = "TIME";
    if (rule_month(f, at, &day) || rule_weekday(f, at, &day) ||
        (date_cls_at(f, at) == DW_DAY && rule_deictic(f, at, &day))) {
        PUT(h, "%.10sT%02d:%02d", day.value, hour, minute);
        h->relative = day.relative;
        h->to = day.to;
        return strlen(day.value) >= 10 || (day.relative && !f->today.year);
    }
    h->relative = true;
    PUT(h, "%04d-%02d-%02dT%02d:%02d", f->today.year, f->today.month, f->today.day, hour, minute);
    h->to = end;
    return true;
}

/* ---- putting it together ---- */

static bool plain_unit(const date_finder *f, size_t i, hit *h) {
    h->to = i + 1;
    if (date_cls_at(f, i) == DW_WEEKEND && date_before_is(f, i, DW_THE)) {
        int year, week;
        cal_week(f->today, &year, &week);
        bool monday = cal_weekday(f->today) < 4 && !date_speaks_of_future(f, i);
        if (monday) cal_week(date_move(f->today, -7), &year, &week);
        PUT(h, "%04d-W%02d-WE", year, week);
        h->type = "DATE";
        h->relative = true;
        return true;
    }
    if (date_cls_at(f, i) == DW_UNIT_PLURAL && f->t[i].value != 'Q') {
        put_duration(h, -1, f->t[i].value);
        if (date_cls_at(f, i + 1) == DW_AGO) {
            put_away(f, h, -1, f->t[i].value, -1);
            h->to = i + 2;
        }
        return true;
    }
    if (date_is_word(f, i, "year") && date_cls_at(f, i + 1) == DW_HYPHEN &&
        date_cls_at(f, i + 2) == DW_EDGE) {
        PUT(h, "%04d-12-31", f->today.year);
        h->type = "DATE";
        h->relative = true;
        h->to = i + 3;
        return true;
    }
    return false;
}

/* The longest of what the rules find at token i. */
static bool find_at(date_finder *f, size_t i, const hit *last, hit *best) {
    bool found = false;
    hit h;
#define RULE(call)                                                                                 \
    h = (hit){.from = i};                                                                          \
    if ((call) && (!found || h.to > best->to)) {                                                   \
        *best = h;                                                                                 \
        found = true;                                                                              \
    }
    RULE(rule_numeric(f, i, &h))
    RULE(rule_clock(f, i, &h))
    RULE(rule_month(f, i, &h))
    RULE(rule_holiday(f, i, &h))
    RULE(last->to && rule_second_day(f, i, last, &h))
    RULE(rule_period(f, i, &h))
    RULE(rule_quarter(f, i, &h))
    RULE(rule_century(f, i, &h))
    RULE(rule_amount(f, i, &h))
    RULE(rule_set(f, i, &h))
    RULE(rule_weekday(f, i, &h))
    RULE(rule_deictic(f, i, &h))
    RULE(rule_year(f, i, &h))
    RULE(plain_unit(f, i, &h))
#undef RULE
    return found;
}

/* Takes "early", "the", "the end of" and the like before a hit into its range. */
static size_t widen(const date_finder *f, const hit *h, size_t floor) {
    size_t from = h->from;
    if (from > floor && f->t[from - 1].cls == DW_HYPHEN && f->t[from].glued && from > floor + 1 &&
        f->t[from - 2].cls == DW_EARLY && strcmp(h->type, "DURATION") != 0)
        from -= 2; /* mid-November */
    if (from > floor &&
        (f->t[from - 1].cls == DW_EARLY || f->t[from - 1].cls == DW_EARLIER ||
         f->t[from - 1].cls == DW_LATER) &&
        strcmp(h->type, "DURATION") != 0)
        from--;
    if (from > floor + 1 && f->t[from - 1].cls == DW_OF && f->t[from - 2].cls == DW_EDGE) from -= 2;
    bool named = strchr("QW", h->value[strlen(h->value) > 5 ? 5 : 0]) != NULL ||
                 strstr(h->value, "_REF") || from < h->from;
    if (from > floor && f->t[from - 1].cls == DW_THE && named) from--;
    if (strcmp(h->type, "DURATION") == 0 && from > floor && f->t[from - 1].cls == DW_ABOUT) from--;
    return from;
}

static wr_status keep(const date_finder *f, const hit *h, size_t from, wr_date *out) {
    bool unknown = h->relative && !f->today.year;
    out->start = f->t[from].start;
    out->end = f->t[h->to - 1].end;
    out->type = wr_str_c(h->type);
    out->basis = h->relative ? WR_STR("published") : WR_STR("explicit");
    if (unknown) return WR_OK;
    return wr_arena_copy(f->arena, wr_str_c(h->value), &out->value);
}

wr_status dates_find(wr_arena *arena, wr_str text, wr_str published, wr_date **out, size_t *n) {
    date_finder f = {.arena = arena, .text = text};
    date_token *tokens;
    size_t cap = 0, floor = 0;
    *out = NULL;
    *n = 0;
    WR_TRY(date_tokens(arena, text, &tokens, &f.n));
    f.t = tokens;
    if (!cal_parse(published, &f.today)) f.today = (cal_day){0, 1, 1};
    hit last = {.to = 0};
    for (size_t i = 0; i < f.n;) {
        hit h;
        if (!find_at(&f, i, &last, &h) || h.to <= i) {
            i++;
            continue;
        }
        wr_date *date = WR_PUSH(arena, *out, *n, cap);
        if (!date) return WR_MEMORY;
        WR_TRY(keep(&f, &h, widen(&f, &h, floor), date));
        i = floor = h.to;
        last = h;
    }
    return WR_OK;
}
