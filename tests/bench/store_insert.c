/* store_insert.c -- pages into a store, as fast as it takes them; one JSON line with the figures */
#include "../store/generate.h"

#include <common/store/store.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double clock_s(clockid_t id) {
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double resident_mb(void) {
    long pages = 0, ignored;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f && fscanf(f, "%ld %ld", &ignored, &pages) != 2) pages = 0;
    if (f) fclose(f);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

static int fail(const char *what, wr_str why) {
    fprintf(stderr, "%s: %.*s\n", what, (int)why.len, why.ptr ? why.ptr : "");
    return 1;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: %s STORE ARTICLES [BATCH [PER_DAY [shuffled]]]\n", argv[0]);
        return 100;
    }
    uint64_t n = strtoull(argv[2], NULL, 10), batch = argc > 3 ? strtoull(argv[3], NULL, 10) : 256;
    generate g = {.seed = 7,
                  .bytes = 3900,
                  .mentions = 30,
                  .quotes = 3,
                  .per_day = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : 10000,
                  .shuffled_days = argc > 5};
    wr_arena *arena;
    wr_store *store;
    wr_str why = {0};
    if (wr_arena_new("bench", 64u << 20, &arena) != WR_OK) return 1;
    if (wr_store_open(&(wr_store_options){.path = argv[1]}, arena, &store, &why) != WR_OK)
        return fail("open", why);
    double making = 0, wall = clock_s(CLOCK_MONOTONIC), cpu = clock_s(CLOCK_PROCESS_CPUTIME_ID);
    double making_cpu = 0, worst = 0, worst_cpu = 0;
    for (uint64_t i = 0; i < n;) {
        double before = clock_s(CLOCK_MONOTONIC);
        double before_cpu = clock_s(CLOCK_THREAD_CPUTIME_ID);
        wr_arena_reset(arena);
        wr_page *page = generate_page(&g, i++, arena);
        making += clock_s(CLOCK_MONOTONIC) - before;
        making_cpu += clock_s(CLOCK_THREAD_CPUTIME_ID) - before_cpu;
        wr_store_outcome outcome;
        if (!page || wr_store_add(store, page, &outcome) != WR_OK)
            return fail("add", wr_store_why(store));
        if (i % batch && i < n) continue;
        before = clock_s(CLOCK_MONOTONIC);
        before_cpu = clock_s(CLOCK_THREAD_CPUTIME_ID);
        if (wr_store_commit(store, NULL) != WR_OK) return fail("commit", wr_store_why(store));
        double took = clock_s(CLOCK_MONOTONIC) - before;
        if (took > worst) worst = took;
        took = clock_s(CLOCK_THREAD_CPUTIME_ID) - before_cpu;
        if (took > worst_cpu) worst_cpu = took;
        if (i % (n / 20 ? n / 20 : 1) < batch)
            fprintf(stderr, "%8llu pages %6.0f/s %6.0f/cpu s worst commit %4.0f ms\n",
                    (unsigned long long)i, (double)i / (clock_s(CLOCK_MONOTONIC) - wall - making),
                    (double)i / (clock_s(CLOCK_PROCESS_CPUTIME_ID) - cpu - making_cpu),
                    worst * 1000);
    }
    wall = clock_s(CLOCK_MONOTONIC) - wall - making;
    cpu = clock_s(CLOCK_PROCESS_CPUTIME_ID) - cpu - making_cpu;
    wr_store_counts c = wr_store_counted(store);
    double mb = resident_mb(), worst_tidy = 0;
    for (bool more = true; more;) { /* what an idle store does, in the steps it does it in */
        double before_cpu = clock_s(CLOCK_THREAD_CPUTIME_ID);
        if (wr_store_tidy(store, 50, &more) != WR_OK) return fail("tidy", wr_store_why(store));
        double took = clock_s(CLOCK_THREAD_CPUTIME_ID) - before_cpu;
        if (took > worst_tidy) worst_tidy = took;
    }
    wr_store_close(&store);
    struct stat st = {0};
    if (stat(argv[1], &st) != 0) return 1;
    printf("{\"bench\":\"store_insert\",\"articles\":%llu,\"batch\":%llu,\"articles_per_s\":%.0f,"
           "\"articles_per_cpu_s\":%.0f,\"worst_commit_ms\":%.0f,\"worst_commit_cpu_ms\":%.0f,"
           "\"worst_without_checkpoint_ms\":%.0f,\"bytes_per_article\":%.0f,"
           "\"worst_tidy_cpu_ms\":%.0f,\"resident_mb\":%.0f}\n",
           (unsigned long long)c.articles, (unsigned long long)batch, (double)c.articles / wall,
           (double)c.articles / cpu, worst * 1000, worst_cpu * 1000,
           (double)c.worst_commit_us / 1000, (double)st.st_size / (double)c.articles,
           worst_tidy * 1000, mb);
    wr_arena_free(&arena);
    return 0;
}
