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
