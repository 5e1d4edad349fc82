/* date.c -- any bytes: ranges in order, inside the text, not overlapping */
#include "stages/tag/date.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static wr_arena *arena;
    if (!arena && wr_arena_new("fuzz", (size_t)64 << 20, &arena) != WR_OK) abort();
    wr_arena_reset(arena);
    wr_str text = wr_str_of((const char *)data, size);
    wr_date *dates;
    size_t n, last = 0;
    if (dates_find(arena, text, WR_STR("2026-03-11"), &dates, &n) != WR_OK) return 0;
    for (size_t i = 0; i < n; i++) {
        if (dates[i].start < last || dates[i].end <= dates[i].start || dates[i].end > size) abort();
        last = dates[i].end;
    }
    return 0;
}
