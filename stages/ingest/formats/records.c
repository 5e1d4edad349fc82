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
