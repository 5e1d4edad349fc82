/* record_damage.c -- damaged and hostile files of every kind ingest reads: nothing crashes, nothing
 * takes a second a page, memory is bounded
 *
 * The files of the fuzz corpora, damaged by a fixed random generator; then pieces that begin
 * something, repeated to megabytes; then a gigabyte in one line. */
#include "check.h"

#include "stages/ingest/pages.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const ingest_limits limits = INGEST_LIMITS_DEFAULT;
static wr_arena *files, *arena;
static double slowest;

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Reads all there is; the number of pages and bad records. */
static size_t read_run(ingest_bytes *run, wr_status *status) {
    ingest_pages *pages;
    wr_str why;
    size_t n = 0;
    wr_arena_reset(files);
    *status = ingest_pages_open(files, run, &limits, &pages, &why);
    for (ingest_found found = INGEST_FOUND_PAGE; *status == WR_OK && found != INGEST_FOUND_END;) {
        wr_page page;
        double start = seconds();
        wr_arena_reset(arena);
        wr_status each = ingest_pages_next(pages, arena, &page, &found, &why);
        double took = seconds() - start;
        if (took > slowest) slowest = took;
        if (found == INGEST_FOUND_END) *status = each;
        else n++;
        if (found == INGEST_FOUND_END) break;
    }
    ingest_pages_close(&pages);
    return n;
}

static size_t read_bytes(const char *bytes, size_t len, bool seeks) {
    ingest_memory memory;
    wr_status status;
    ingest_bytes *run = ingest_memory_open(&memory, wr_str_of(bytes, len));
    if (!seeks) run->seek = NULL;
    size_t n = read_run(run, &status);
    CHECK(status != WR_INTERNAL && wr_status_verdict(status) != WR_VERDICT_FATAL);
    return n;
}

static uint64_t seed = 0x9E3779B97F4A7C15u;

static size_t random_below(size_t n) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return n ? (size_t)(seed % n) : 0;
}

static size_t damage(char *bytes, size_t len) {
    size_t at = random_below(len), n = random_below(40);
    if (at + n > len) n = len - at;
    switch (random_below(5)) {
    case 0: return at + 1; /* cut */
    case 1:
        for (size_t i = 0; i <= n / 8; i++)
            bytes[random_below(len)] ^= (char)(1 << random_below(8));
        return len;
    case 2: memmove(bytes + at, bytes + at + n, len - at - n); return len - n;
    case 3: memset(bytes + at, "<>\"{}[]\r\n \0\xff="[random_below(13)], n); return len;
    default:
        for (size_t i = 0; i < n; i++)
            bytes[at + i] = (char)random_below(256);
        return len;
    }
}

#define FILE_MAX ((size_t)64 << 10)

static void damage_file(const char *path, size_t times) {
    static char whole[FILE_MAX], bytes[FILE_MAX];
    FILE *f = fopen(path, "rb");
    CHECK(f != NULL);
    if (!f) return;
    size_t whole_len = fread(whole, 1, FILE_MAX, f);
    fclose(f);
    for (size_t i = 0; i < times; i++) {
        memcpy(bytes, whole, whole_len);
        size_t len = whole_len;
        for (size_t n = 1 + random_below(4); n-- && len > 1;)
            len = damage(bytes, len);
        read_bytes(bytes, len, i & 1);
    }
}

static void damage_folder(const char *folder, size_t times) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", CORPUS, folder);
    DIR *dir = opendir(path);
    CHECK(dir != NULL);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        if (*e->d_name == '.') continue;
        snprintf(path, sizeof path, "%s/%s/%s", CORPUS, folder, e->d_name);
        damage_file(path, times);
    }
    if (dir) closedir(dir);
}

/* A beginning, then a piece repeated to 1 MiB (the first to 4). */
static void bombs(void) {
    static const char *const rows[][2] = {
        {"", "<div>"},
        {"", "{"},
        {"", "{\"a\":"},
        {"", "[{\"a\":["},
        {"{\"text\":\"", "x"},
        {"", "{\"text\":\"a\"}"},
        {"{\"articles\":[", "{\"text\":\"a\"},"},
        {"", "WARC/1.0\r\n"},
        {"", "WARC/1.0\r\nContent-Length: 5\r\n\r\n"},
        {"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9999999\r\n\r\n",
         "HTTP/1.1 200 OK\r\n"},
        {"<rss>", "<item>"},
        {"<rss>", "<item></item>"},
        {"<rss><item>", "<link>"},
        {"<rss><item>", "<![CDATA["},
        {"<urlset>", "<url>"},
        {"<urlset>", "<url><loc>"},
        {"<urlset>", "<url><loc>a</loc></url>"},
        {"<nitf>", "<body>"},
        {"<nitf>", "<body.content>"},
        {"<nitf>", "<p>"},
        {"<nitf><body.content>", "<a href='x'>"},
        {"<newsMessage><newsItem>", "<inlineXML>"},
        {"<newsMessage><newsItem>", "<inlineXML><body>"},
        {"<newsMessage>", "<newsItem/>"},
        {"<newsItem><inlineData>", "&lt;"},
        {"<nitf", " a='b'"},
        {"<!DOCTYPE nitf [", "<!ENTITY a '&a;&a;'>"},
        {"From: a\nMessage-Id: b\n", "Subject: c\n"},
        {"From: a\nMessage-Id: b\nContent-Type: multipart/mixed; boundary=x\n\n", "--x\n"},
        {"From a Mon 10:00 2025\nFrom: a\nMessage-Id: b\n\n", "\nFrom a Mon 10:00 2025\n"},
        {"", "PK\x03\x04"},
        {"", "7z\xbc\xaf\x27\x1c"},
    };
    size_t most = (size_t)4 << 20;
    char *bytes = malloc(most);
    for (size_t i = 0; bytes && i < sizeof rows / sizeof *rows; i++) {
        size_t len = strlen(rows[i][0]), piece = strlen(rows[i][1]);
        size_t all = i ? most / 4 : most;
        memcpy(bytes, rows[i][0], len);
        for (size_t at = len; at < all; at++)
            bytes[at] = rows[i][1][(at - len) % piece];
        slowest = 0;
        read_bytes(bytes, all, true);
#if !defined(__SANITIZE_ADDRESS__)
        CHECK_ROW(rows[i][1], slowest < 1); /* a page */
#endif
    }
    free(bytes);
}

/* A run of a gigabyte that is nowhere: a beginning, then one byte for ever. */
typedef struct endless {
    ingest_bytes bytes;
    const char *head;
    uint64_t size;
    char filler;
} endless;

static wr_status endless_read(ingest_bytes *self, char *to, size_t cap, size_t *len, wr_str *why) {
    const endless *run = (const endless *)self;
    uint64_t left = run->size - self->taken;
    size_t head = strlen(run->head), at = 0;
    (void)why;
    *len = left < cap ? (size_t)left : cap;
    while (at < *len && self->taken + at < head) {
        to[at] = run->head[self->taken + at];
        at++;
    }
    if (at < *len) memset(to + at, run->filler, *len - at);
    self->taken += *len;
    return WR_OK;
}

static void gigabytes(void) {
    static const struct {
        const char *head;
        char filler;
    } rows[] = {{"", 'x'},
                {"<html>", ' '},
                {"{\"text\":\"", 'x'},
                {"<rss>", ' '},
                {"<rss><item>", 'x'},
                {"<urlset>", 'x'},
                {"WARC/1.0", 'x'},
                {"From: a\nTo: b\nMessage-Id: c\n\n", 'x'}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        endless run = {.bytes = {.read = endless_read},
                       .head = rows[i].head,
                       .size = (uint64_t)1 << 30,
                       .filler = rows[i].filler};
        wr_status status;
        read_run(&run.bytes, &status);
        CHECK_ROW(rows[i].head, wr_arena_used(files) < (size_t)40 << 20);
    }
}

int main(void) {
    if (wr_arena_new("file", INGEST_FILE_ARENA(&limits), &files) != WR_OK ||
        wr_arena_new("page", (size_t)24 << 20, &arena) != WR_OK)
        return 1;
    damage_folder("records", 1200);
    damage_folder("archive", 600);
    damage_folder("pages", 600);
#if !defined(__SANITIZE_ADDRESS__)
    CHECK(slowest < 1);
#endif
    bombs();
    gigabytes();
    wr_arena_free(&files);
    wr_arena_free(&arena);
    return check_summary();
}
