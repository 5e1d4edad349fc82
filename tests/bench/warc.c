/* warc.c -- bench_warc FILE.warc.gz [SECONDS]: how fast ingest reads pages from a file of gzip
 * members, beside zlib's and libdeflate's bare inflate of the same bytes, by turns in one process
 *
 * Prints one JSON line; megabytes are decompressed ones. "encoded" includes making each page's
 * message, as ingest does before it hands the page on. */
#include "stages/ingest/pages.h"

#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <zlib.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t bare_zlib(wr_str file) {
    static unsigned char out[256 << 10];
    size_t total = 0;
    z_stream z = {0};
    if (inflateInit2(&z, 31) != Z_OK) return 0;
    z.next_in = (Bytef *)(uintptr_t)file.ptr;
    z.avail_in = (uInt)file.len;
    while (z.avail_in) {
        z.next_out = out;
        z.avail_out = sizeof out;
        int code = inflate(&z, Z_NO_FLUSH);
        total += sizeof out - z.avail_out;
        if (code == Z_STREAM_END) inflateReset(&z);
        else if (code != Z_OK) break;
    }
    inflateEnd(&z);
    return total;
}

static size_t bare_libdeflate(wr_str file) {
    static char out[4 << 20];
    size_t total = 0, at = 0;
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    while (d && at < file.len) {
        size_t used, given;
        if (libdeflate_gzip_decompress_ex(d, file.ptr + at, file.len - at, out, sizeof out, &used,
                                          &given) != LIBDEFLATE_SUCCESS)
            break;
        at += used;
        total += given;
    }
    libdeflate_free_decompressor(d);
    return total;
}

static wr_arena *files, *arena;
static size_t n_pages, n_bad;

static size_t read_pages(wr_str file, wr_buf *message) {
    static const ingest_limits limits = INGEST_LIMITS_DEFAULT;
    ingest_memory memory;
    ingest_pages *pages;
    wr_str why;
    wr_arena_reset(files);
    n_pages = n_bad = 0;
    if (ingest_pages_open(files, ingest_memory_open(&memory, file), &limits, &pages, &why) != WR_OK)
        return 0;
    for (ingest_found found = INGEST_FOUND_PAGE; found != INGEST_FOUND_END;) {
        wr_page page;
        wr_arena_reset(arena);
        wr_status status = ingest_pages_next(pages, arena, &page, &found, &why);
        n_pages += found == INGEST_FOUND_PAGE;
        n_bad += found == INGEST_FOUND_BAD;
        if (found != INGEST_FOUND_PAGE || !message || status != WR_OK) continue;
        wr_buf_clear(message);
        if (wr_page_encode(&page, message) != WR_OK) n_bad++;
    }
    size_t bytes = (size_t)ingest_pages_place(pages).offset;
    ingest_pages_close(&pages);
    return bytes;
}

int main(int argc, char **argv) {
    wr_str file = {NULL, 0};
    FILE *f = argc > 1 ? fopen(argv[1], "rb") : NULL;
    if (!f) {
        fprintf(stderr, "usage: bench_warc FILE.warc.gz [SECONDS]\n");
        return 100;
    }
    fseek(f, 0, SEEK_END);
    file.len = (size_t)ftell(f);
    rewind(f);
    char *bytes = malloc(file.len);
    if (!bytes || fread(bytes, 1, file.len, f) != file.len) return 1;
    fclose(f);
    file.ptr = bytes;
    if (wr_arena_new("file", (size_t)96 << 20, &files) != WR_OK ||
        wr_arena_new("page", (size_t)96 << 20, &arena) != WR_OK)
        return 1;
    wr_buf message = WR_BUF_INIT((size_t)64 << 20);
    double limit = argc > 2 ? strtod(argv[2], NULL) : 8, spent[4] = {0}, done[4] = {0};
    while (spent[0] + spent[1] + spent[2] + spent[3] <
           limit) { /* by turns: same machine, same time */
        for (int i = 0; i < 4; i++) {
            double start = now();
            size_t got = i == 0   ? bare_zlib(file)
                         : i == 1 ? bare_libdeflate(file)
                                  : read_pages(file, i == 3 ? &message : NULL);
            spent[i] += now() - start;
            done[i] += (double)got / 1e6;
        }
    }
    double mb[4];
    for (int i = 0; i < 4; i++)
        mb[i] = done[i] / spent[i];
    double turns = done[2] > 0 ? done[2] * 1e6 / (double)read_pages(file, NULL) : 0;
    printf("{\"bench\":\"warc\",\"pages\":%zu,\"bad\":%zu,\"bytes\":%zu,\"zlib_mb_s\":%.0f,"
           "\"libdeflate_mb_s\":%.0f,\"ingest_mb_s\":%.0f,\"encoded_mb_s\":%.0f,"
           "\"ratio_to_zlib\":%.2f,\"encoded_ratio\":%.2f,\"pages_per_second\":%.0f}\n",
           n_pages, n_bad, file.len, mb[0], mb[1], mb[2], mb[3], mb[2] / mb[0], mb[3] / mb[0],
           (double)n_pages * turns / spent[2]);
    wr_buf_free(&message);
    wr_arena_free(&files);
    wr_arena_free(&arena);
    free(bytes);
    return n_pages == 0;
}
