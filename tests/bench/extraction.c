/* extraction.c -- bench_extraction [-r ROUNDS] FILE...: HTML bytes to articles with metadata beside
 * libxml2's bare parse
 *
 * Files are read one after the other, outside the clock. A first round runs our side alone: the
 * process's largest resident size after it, and after the last round of three more, is the memory
 * figure. Then each round runs every file through cleanup, boilerplate, and htmlReadMemory +
 * xmlFreeDoc; of each the best round counts. Prints one JSON line. */
#include <stages/boilerplate/boilerplate.h>
#include <stages/cleanup/cleanup.h>

#include <libxml/HTMLparser.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t resident_kb(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (size_t)usage.ru_maxrss;
}

struct buffer {
    char *bytes;
    size_t len, cap;
};

static void read_file(const char *path, struct buffer *b) {
    FILE *f = fopen(path, "rb");
    if (!f) perror(path), exit(1);
    fseek(f, 0, SEEK_END);
    b->len = (size_t)ftell(f);
    rewind(f);
    if (b->len + 1 > b->cap) {
        b->cap = b->len * 2 + 1;
        free(b->bytes);
        b->bytes = malloc(b->cap);
    }
    if (!b->bytes || fread(b->bytes, 1, b->len, f) != b->len) exit(1);
    fclose(f);
}

struct times {
    double cleanup, boilerplate, libxml2;
    size_t bytes, articles, arena;
};

static void run_page(wr_arena *arena, const struct buffer *b, struct times *t) {
    wr_page page = {0};
    wr_str why = {0};
    page.raw = wr_str_of(b->bytes, b->len);
    page.kind = WR_STR("html");
    wr_arena_reset(arena);
    double start = now();
    wr_status status = cleanup_page(arena, NULL, &page, &why);
    double middle = now();
    if (status == WR_OK && boilerplate_page(arena, NULL, &page, &why) == WR_OK)
        t->articles += page.n_articles;
    double end = now();
    t->cleanup += middle - start;
    t->boilerplate += end - middle;
    if (wr_arena_used(arena) > t->arena) t->arena = wr_arena_used(arena);
}

static void run_libxml2(const struct buffer *b, struct times *t) {
    double start = now();
    htmlDocPtr doc = htmlReadMemory(b->bytes, (int)b->len, NULL, "UTF-8",
                                    HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    xmlFreeDoc(doc);
    t->libxml2 += now() - start;
}

static struct times run_round(wr_arena *arena, struct buffer *b, char **files, size_t n,
                              bool peer) {
    struct times t = {0};
    for (size_t i = 0; i < n; i++) {
        read_file(files[i], b);
        t.bytes += b->len;
        run_page(arena, b, &t);
        if (peer) run_libxml2(b, &t);
    }
    return t;
}

static double least(double a, double b) {
    return a < b ? a : b;
}

int main(int argc, char **argv) {
    int rounds = 3, first = 1;
    if (argc > 2 && strcmp(argv[1], "-r") == 0) {
        rounds = (int)strtol(argv[2], NULL, 10);
        first = 3;
    }
    size_t n = argc > first ? (size_t)(argc - first) : 0;
    wr_arena *arena;
    struct buffer buffer = {0};
    if (n == 0 || wr_arena_new("bench", (size_t)512 << 20, &arena) != WR_OK)
        return fputs("usage: bench_extraction [-r ROUNDS] FILE...\n", stderr), 2;
    struct times best = run_round(arena, &buffer, argv + first, n, false);
    size_t kb = resident_kb();
    for (int i = 0; i < 3; i++)
        run_round(arena, &buffer, argv + first, n, false);
    size_t kb_later = resident_kb();
    best.libxml2 = 1e9;
    for (int r = 0; r < rounds; r++) {
        struct times t = run_round(arena, &buffer, argv + first, n, true);
        best.cleanup = least(best.cleanup, t.cleanup);
        best.boilerplate = least(best.boilerplate, t.boilerplate);
        best.libxml2 = least(best.libxml2, t.libxml2);
    }
    double ours = best.cleanup + best.boilerplate, mb = (double)best.bytes / 1e6;
    printf("{\"what\":\"extraction\",\"pages\":%zu,\"mb\":%.1f,\"articles\":%zu,\"pages_s\":%.0f,"
           "\"mb_s\":%.0f,\"cleanup_ms\":%.3f,\"boilerplate_ms\":%.3f,\"libxml2_ms\":%.3f,"
           "\"ratio\":%.2f,\"resident_kb\":%zu,\"resident_later_kb\":%zu,\"arena_kb\":%zu}\n",
           n, mb, best.articles, (double)n / ours, mb / ours, best.cleanup * 1e3 / (double)n,
           best.boilerplate * 1e3 / (double)n, best.libxml2 * 1e3 / (double)n, best.libxml2 / ours,
           kb, kb_later, best.arena / 1024);
    free(buffer.bytes);
    wr_arena_free(&arena);
    return 0;
}
