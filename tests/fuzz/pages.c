/* pages.c -- any file gives pages within the limits, and the same ones each time */
#include "stages/ingest/pages.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const ingest_limits limits = {(size_t)64 << 10, (uint64_t)1 << 20, 100, 3, 1000};

static uint64_t read_all(wr_arena *file, wr_arena *arena, wr_str bytes) {
    ingest_memory memory;
    ingest_pages *pages;
    wr_str why;
    uint64_t sum = 0;
    wr_arena_reset(file);
    if (ingest_pages_open(file, ingest_memory_open(&memory, bytes), &limits, &pages, &why) != WR_OK)
        return 0;
    for (ingest_found found = INGEST_FOUND_BAD; found != INGEST_FOUND_END;) {
        wr_page page;
        wr_arena_reset(arena);
        wr_status status = ingest_pages_next(pages, arena, &page, &found, &why);
        if (found != INGEST_FOUND_PAGE) continue;
        if (status != WR_OK || !page.raw.len || page.raw.len > limits.page_bytes) abort();
        if (page.id.len != 32 || !page.kind.len) abort();
        sum = sum * 31 + (uint64_t)page.id.ptr[0] + page.raw.len;
    }
    ingest_pages_close(&pages);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static wr_arena *file, *arena;
    if (!file && wr_arena_new("file", 8 << 20, &file) != WR_OK) abort();
    if (!arena && wr_arena_new("page", 8 << 20, &arena) != WR_OK) abort();
    wr_str bytes = wr_str_of((const char *)data, size);
    if (read_all(file, arena, bytes) != read_all(file, arena, bytes)) abort();
    return 0;
}
