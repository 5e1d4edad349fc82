/* pages.c -- eval_pages [-q] FILE...: what ingest makes of each file, a line for each record
 *
 * Lines: "page RECORD OFFSET BYTES KIND URL MEMBER | hints", "bad RECORD STATUS: why", and at the
 * end of a file "FILE FORMAT STATUS pages bad". -q prints that last line only. */
#include "stages/ingest/pages.h"

#include <stdio.h>
#include <stdlib.h>

static wr_arena *file_arena, *page_arena;

static void put_page(const wr_page *page) {
    printf("page %llu %llu %zu %.*s %.*s %.*s |", (unsigned long long)page->record,
           (unsigned long long)page->offset, page->raw.len, (int)page->kind.len, page->kind.ptr,
           (int)page->url.len, page->url.ptr, (int)page->file.len, page->file.ptr);
    for (size_t i = 0; i < page->n_hints; i++)
        printf(" %.*s=%.*s", (int)page->hints[i].name.len, page->hints[i].name.ptr,
               (int)page->hints[i].value.len, page->hints[i].value.ptr);
    putchar('\n');
}

static wr_status read_pages(wr_str bytes, bool quiet, const char **format, size_t *n, size_t *bad,
                            wr_str *why) {
    static const ingest_limits limits = INGEST_LIMITS_DEFAULT;
    ingest_memory memory;
    ingest_pages *pages;
    *format = "?";
    wr_arena_reset(file_arena);
    WR_TRY(ingest_pages_open(file_arena, ingest_memory_open(&memory, bytes), &limits, &pages, why));
    *format = ingest_pages_format(pages);
    for (;;) {
        wr_page page;
        ingest_found found;
        wr_arena_reset(page_arena);
        wr_status status = ingest_pages_next(pages, page_arena, &page, &found, why);
        if (found == INGEST_FOUND_END) {
            ingest_pages_close(&pages);
            return status;
        }
        *n += found == INGEST_FOUND_PAGE;
        *bad += found == INGEST_FOUND_BAD;
        if (quiet) continue;
        if (found == INGEST_FOUND_PAGE) put_page(&page);
        else
            printf("bad %llu %s: %.*s\n", (unsigned long long)page.record, wr_status_label(status),
                   (int)why->len, why->ptr);
    }
}

int main(int argc, char **argv) {
    bool quiet = argc > 1 && strcmp(argv[1], "-q") == 0;
    if (wr_arena_new("file", (size_t)96 << 20, &file_arena) != WR_OK ||
        wr_arena_new("page", (size_t)96 << 20, &page_arena) != WR_OK)
        return 1;
    for (int i = 1 + quiet; i < argc; i++) {
        FILE *f = fopen(argv[i], "rb");
        if (!f) {
            perror(argv[i]);
            return 1;
        }
        fseek(f, 0, SEEK_END);
        size_t len = (size_t)ftell(f);
        rewind(f);
        char *bytes = malloc(len + 1);
        if (!bytes || fread(bytes, 1, len, f) != len) return 1;
        fclose(f);
        const char *format;
        size_t n = 0, bad = 0;
        wr_str why = {0};
        wr_status status = read_pages(wr_str_of(bytes, len), quiet, &format, &n, &bad, &why);
        printf("%s %s %s %zu %zu%s%.*s\n", argv[i], format, wr_status_label(status), n, bad,
               status == WR_OK ? "" : " ", status == WR_OK ? 0 : (int)why.len, why.ptr);
        free(bytes);
    }
    wr_arena_free(&file_arena);
    wr_arena_free(&page_arena);
    return 0;
}
