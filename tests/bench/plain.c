/* plain.c -- speed of plain_articles beside a memchr scan of the same lines, one core
 *
 * usage: bench_plain SECONDS STREAM    (the form of tests/eval/plain_corpus.h)
 * A line of JSON: pages a second of both, lines and bytes a page, the most arena a page took and
 * the process's peak memory after the first and after the last round over the pages. */
#include "stages/boilerplate/boilerplate.h"
#include "tests/eval/plain_corpus.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static double cpu_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long peak_kb(void) {
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return use.ru_maxrss;
}

/* One page; returns the arena bytes it took. */
static size_t one_page(wr_arena *arena, const struct corpus_page *p) {
    wr_page page = {.kind = WR_STR("text")};
    wr_str why = {NULL, 0};
    wr_arena_reset(arena);
    page.blocks = wr_arena_array(arena, p->n, sizeof *page.blocks);
    if (!page.blocks) exit(111);
    page.n_blocks = p->n;
    for (size_t i = 0; i < p->n; i++)
        page.blocks[i].text = p->text[i];
    wr_status status = boilerplate_page(arena, NULL, &page, &why);
    if (status != WR_OK && status != WR_FILTERED) exit(111);
    return wr_arena_used(arena);
}

/* The floor: the pages' bytes, lines found with memchr. */
static size_t scan(const struct corpus_page *p) {
    size_t words = 0;
    for (size_t i = 0; i < p->n; i++)
        for (size_t at = 0; at < p->text[i].len; at++) {
            at = wr_str_find_char(p->text[i], at, '\n');
            words++;
        }
    return words;
}

int main(int argc, char **argv) {
    struct corpus corpus;
    wr_arena *arena = NULL;
    if (argc != 3) {
        fprintf(stderr, "usage: bench_plain SECONDS STREAM\n");
        return 100;
    }
    double seconds = strtod(argv[1], NULL);
    if (corpus_read(argv[2], &corpus) || !corpus.n) return 111;
    if (wr_arena_new("page", (size_t)64 << 20, &arena) != WR_OK) return 111;
    size_t bytes = 0, lines = 0, most = 0, found = 0;
    for (size_t i = 0; i < corpus.n; i++) {
        lines += corpus.page[i].n;
        for (size_t k = 0; k < corpus.page[i].n; k++)
            bytes += corpus.page[i].text[k].len + 1;
    }
    long rounds = 0, before = peak_kb(), first = 0;
    double start = cpu_seconds(), took = 0;
    do {
        for (size_t i = 0; i < corpus.n; i++) {
            size_t used = one_page(arena, &corpus.page[i]);
            if (used > most) most = used;
        }
        if (!rounds++) first = peak_kb();
        took = cpu_seconds() - start;
    } while (took < seconds);
    long last = peak_kb(), scans = 0;
    double floor_start = cpu_seconds(), floor_took = 0;
    do {
        for (size_t i = 0; i < corpus.n; i++)
            found += scan(&corpus.page[i]);
        scans++;
        floor_took = cpu_seconds() - floor_start;
    } while (floor_took < seconds / 4);
    double n = (double)corpus.n;
    printf(
        "{\"what\":\"plain\",\"pages\":%zu,\"lines_a_page\":%.0f,\"bytes_a_page\":%.0f,"
        "\"pages_per_s\":%.0f,\"mb_per_s\":%.1f,\"ns_a_line\":%.0f,\"floor_pages_per_s\":%.0f,"
        "\"arena_most_kb\":%zu,\"grown_first_round_kb\":%ld,\"grown_later_kb\":%ld,\"seen\":%d}\n",
        corpus.n, (double)lines / n, (double)bytes / n, n * (double)rounds / took,
        (double)bytes * (double)rounds / took / 1e6, took * 1e9 / (double)rounds / (double)lines,
        n * (double)scans / floor_took, most >> 10, first - before, last - first, found > 0);
    wr_arena_free(&arena);
    return 0;
}
