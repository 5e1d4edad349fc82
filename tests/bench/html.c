/* html.c -- bench_html [-r ROUNDS] FILE...: HTML bytes to blocks beside libxml2's bare parse
 *
 * All files are read first. Each round runs every file through cleanup's markup reader, through all
 * of cleanup (charset, repair of the text and language as well) and through htmlReadMemory +
 * xmlFreeDoc, one after the other; the best round of each counts. Prints one JSON line. */
#include "stages/cleanup/html.h"
#include "stages/cleanup/cleanup.h"

#include <libxml/HTMLparser.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static wr_str read_file(const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        exit(1);
    }
    fseek(f, 0, SEEK_END);
    size_t len = (size_t)ftell(f);
    rewind(f);
    char *bytes = malloc(len + 1);
    if (!bytes || fread(bytes, 1, len, f) != len) exit(1);
    fclose(f);
    return wr_str_of(bytes, len);
}

static double run_wireroom(wr_arena *arena, const wr_str *pages, size_t n, size_t *blocks,
                           bool whole) {
    double start = now();
    *blocks = 0;
    for (size_t i = 0; i < n; i++) {
        wr_page page = {0};
        wr_arena_reset(arena);
        wr_str why = {0};
        page.raw = pages[i];
        page.kind = WR_STR("html");
        wr_status status =
            whole ? cleanup_page(arena, NULL, &page, &why) : html_read(arena, pages[i], &page);
        if (status != WR_OK) {
            fprintf(stderr, "page %zu: %s\n", i, wr_status_label(status));
            exit(1);
        }
        *blocks += page.n_blocks;
    }
    return now() - start;
}

static double run_libxml2(const wr_str *pages, size_t n) {
    double start = now();
    for (size_t i = 0; i < n; i++) {
        htmlDocPtr doc =
            htmlReadMemory(pages[i].ptr, (int)pages[i].len, NULL, "UTF-8",
                           HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
        xmlFreeDoc(doc);
    }
    return now() - start;
}

int main(int argc, char **argv) {
    int rounds = 3, first = 1;
    if (argc > 2 && strcmp(argv[1], "-r") == 0) {
        rounds = (int)strtol(argv[2], NULL, 10);
        first = 3;
    }
    size_t n = (size_t)(argc - first), blocks = 0, bytes = 0;
    wr_str *pages = calloc(n + 1, sizeof *pages);
    if (!pages || argc <= first) {
        fputs("usage: bench_html [-r ROUNDS] FILE...\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < n; i++) {
        pages[i] = read_file(argv[first + (int)i]);
        bytes += pages[i].len;
    }
    wr_arena *arena;
    if (wr_arena_new("bench", (size_t)512 << 20, &arena) != WR_OK) return 1;
    double ours = 1e9, whole = 1e9, theirs = 1e9;
    for (int r = 0; r < rounds; r++) {
        double a = run_wireroom(arena, pages, n, &blocks, false), b = run_libxml2(pages, n),
               c = run_wireroom(arena, pages, n, &blocks, true);
        ours = a < ours ? a : ours;
        theirs = b < theirs ? b : theirs;
        whole = c < whole ? c : whole;
    }
    wr_arena_free(&arena);
    double mb = (double)bytes / 1e6;
    printf("{\"pages\":%zu,\"mb\":%.1f,\"blocks\":%zu,\"wireroom_mb_s\":%.0f,\"libxml2_mb_s\":%.0f,"
           "\"wireroom_pages_s\":%.0f,\"libxml2_pages_s\":%.0f,\"ratio\":%.2f,"
           "\"cleanup_page_mb_s\":%.0f,\"cleanup_page_ratio\":%.2f}\n",
           n, mb, blocks, mb / ours, mb / theirs, (double)n / ours, (double)n / theirs,
           theirs / ours, mb / whole, theirs / whole);
    for (size_t i = 0; i < n; i++)
        free((void *)(uintptr_t)pages[i].ptr);
    free(pages);
    return 0;
}
