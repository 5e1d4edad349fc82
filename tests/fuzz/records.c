/* records.c -- any bytes as a file of records (archives have a target of their own): pages and bad
 * records until the end, never for ever; pages stand in order and their texts are valid UTF-8 */
#include "common/text/utf8.h"
#include "stages/ingest/pages.h"

#include <stdlib.h>

#ifndef ARCHIVES
#define ARCHIVES false
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const ingest_limits limits = {(size_t)1 << 20, (uint64_t)8 << 20, 1000, 3, 16};
    static wr_arena *files, *arena;
    if (!files && (wr_arena_new("file", (size_t)64 << 20, &files) != WR_OK ||
                   wr_arena_new("page", (size_t)32 << 20, &arena) != WR_OK))
        abort();
    wr_arena_reset(files);
    ingest_memory memory;
    ingest_pages *pages;
    wr_str why = {0}, bytes = wr_str_of((const char *)data, size);
    if (ingest_pages_open(files, ingest_memory_open(&memory, bytes), &limits, &pages, &why) !=
        WR_OK)
        return 0;
    const char *format = ingest_pages_format(pages);
    bool archive = strcmp(format, "zip") == 0 || strcmp(format, "tar") == 0 ||
                   strcmp(format, "7z") == 0 || strcmp(format, "epub") == 0 ||
                   strcmp(format, "docx") == 0;
    if (archive != ARCHIVES) {
        ingest_pages_close(&pages);
        return 0;
    }
    uint64_t at = 0; /* offsets in an archive are those in its members */
    for (size_t turns = 0;; turns++) {
        wr_page page;
        ingest_found found;
        wr_arena_reset(arena);
        wr_status status = ingest_pages_next(pages, arena, &page, &found, &why);
        if (found == INGEST_FOUND_END) break;
        if (found == INGEST_FOUND_PAGE && status != WR_OK) abort();
        if (turns > (size_t)16 << 20 || (!archive && page.offset < at)) abort();
        at = page.offset;
        for (size_t i = 0; i < page.n_hints; i++)
            if (!wr_utf8_valid(page.hints[i].value)) abort();
        if (found == INGEST_FOUND_PAGE && (!wr_utf8_valid(page.url) || !page.raw.len)) abort();
    }
    ingest_pages_close(&pages);
    return 0;
}
