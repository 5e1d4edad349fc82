/* records.c -- what the readers of records share */
#include "records.h"

#include "common/text/utf8.h"

wr_status records_text(wr_arena *arena, wr_str *text) {
    size_t replaced;
    return wr_utf8_repair(arena, *text, text, &replaced);
}

wr_status records_hint(wr_arena *arena, wr_page *page, const char *name, wr_str value) {
    value = wr_str_trim(value);
    if (!value.len || page->n_hints == RECORDS_HINTS_MAX) return WR_OK;
    WR_TRY(records_text(arena, &value));
    if (!page->hints) {
        page->hints = wr_arena_array(arena, RECORDS_HINTS_MAX, sizeof *page->hints);
        if (!page->hints) return WR_MEMORY;
    }
    page->hints[page->n_hints++] =
        (wr_fact){.name = wr_str_c(name), .value = value, .origin = WR_STR("container")};
    return WR_OK;
}

wr_status records_reference(wr_arena *arena, const wr_page *page, wr_str title, wr_str *why) {
    wr_str url = wr_str_slice(page->url, 0, 2000);
    title = wr_str_slice(title, 0, 500);
    if (!url.len) {
        *why = WR_STR("an entry without text or address");
        return WR_EMPTY;
    }
    WR_TRY(wr_arena_printf(arena, why, "points to %.*s%s%.*s", (int)url.len, url.ptr,
                           title.len ? " " : "", (int)title.len, title.ptr ? title.ptr : ""));
    WR_TRY(records_text(arena, why));
    return WR_FILTERED;
}

/* Days since 1970 as year, month and day (Howard Hinnant, chrono-compatible low-level date
 * algorithms). */
static void civil(int64_t days, int *year, int *month, int *day) {
    days += 719468;
    int64_t era = days / 146097, of_era = days - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(y + era * 400 + (*month <= 2));
}

static wr_status epoch_date(wr_arena *arena, wr_str *date) {
    int64_t seconds = 0;
    int year, month, day;
    for (size_t i = 0; i < 10; i++)
        seconds = seconds * 10 + (date->ptr[i] - '0');
    civil(seconds / 86400, &year, &month, &day);
    int rest = (int)(seconds % 86400);
    return wr_arena_printf(arena, date, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day,
                           rest / 3600, rest / 60 % 60, rest % 60);
}

wr_status records_date(wr_arena *arena, wr_str *date) {
    size_t digits = 0;
    while (digits < date->len && wr_is_digit(date->ptr[digits]))
        digits++;
    bool epoch = (digits == 10 || digits == 13) && digits == date->len && *date->ptr == '1';
    if (epoch) return epoch_date(arena, date);
    if (digits != 8 && digits != 14) return WR_OK;
    const char *d = date->ptr;
    const char *t = digits == 14 ? d + 8 : d + 9;
    size_t left = date->len - (size_t)(t - d > (long)date->len ? (long)date->len : t - d);
    bool time = left >= 6 && (digits == 14 || wr_lower(d[8]) == 't');
    for (size_t i = 0; i < 6 && time; i++)
        time = wr_is_digit(t[i]);
    if (!time) return wr_arena_printf(arena, date, "%.4s-%.2s-%.2s", d, d + 4, d + 6);
    wr_str zone = wr_str_of(t + 6, left - 6);
    bool offset = zone.len == 5 && (*zone.ptr == '+' || *zone.ptr == '-');
    return offset ? wr_arena_printf(arena, date, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s%.3s:%.2s", d, d + 4,
                                    d + 6, t, t + 2, t + 4, zone.ptr, zone.ptr + 3)
                  : wr_arena_printf(arena, date, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s%s", d, d + 4, d + 6,
                                    t, t + 2, t + 4, zone.len ? "Z" : "");
}

wr_str records_hint_of(const wr_page *page, const char *name) {
    for (size_t i = 0; i < page->n_hints; i++)
        if (wr_str_eq(page->hints[i].name, wr_str_c(name))) return page->hints[i].value;
    return wr_str_of(NULL, 0);
}
