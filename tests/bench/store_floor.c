/* store_floor.c -- the floor of store_insert: the same texts into a bare table and a full text
 * index */
#include "../store/generate.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double cpu_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    sqlite3 *db;
    sqlite3_stmt *text, *index;
    wr_arena *arena;
    generate g = {.seed = 7, .bytes = 3900, .mentions = 30, .quotes = 3, .per_day = 10000};
    if (argc != 3 || wr_arena_new("bench", 64u << 20, &arena) != WR_OK) return 100;
    if (sqlite3_open(argv[1], &db) != SQLITE_OK ||
        sqlite3_exec(db,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(text);"
                     "CREATE VIRTUAL TABLE f USING fts5(text, content='t',"
                     " tokenize='unicode61 remove_diacritics 2'); BEGIN",
                     NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "INSERT INTO t VALUES(?)", -1, &text, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "INSERT INTO f(rowid, text) VALUES(?,?)", -1, &index, NULL) !=
            SQLITE_OK)
        return 1;
    uint64_t n = strtoull(argv[2], NULL, 10), articles = 0;
    double making = 0, from = cpu_s();
    for (uint64_t i = 0; i < n; i++) {
        double before = cpu_s();
        wr_arena_reset(arena);
        wr_page *page = generate_page(&g, i, arena);
        making += cpu_s() - before;
        for (size_t k = 0; page && k < page->n_articles; k++) {
            wr_str s = page->articles[k].text;
            sqlite3_bind_text(text, 1, s.ptr, (int)s.len, SQLITE_STATIC);
            sqlite3_step(text);
            sqlite3_reset(text);
            sqlite3_bind_int64(index, 1, sqlite3_last_insert_rowid(db));
            sqlite3_bind_text(index, 2, s.ptr, (int)s.len, SQLITE_STATIC);
            if (sqlite3_step(index) != SQLITE_DONE) return 1;
            sqlite3_reset(index);
            articles++;
        }
        if (i % 256 == 255) sqlite3_exec(db, "COMMIT; BEGIN", NULL, NULL, NULL);
    }
    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    printf("{\"bench\":\"store_floor\",\"articles\":%llu,\"articles_per_cpu_s\":%.0f}\n",
           (unsigned long long)articles, (double)articles / (cpu_s() - from - making));
    sqlite3_finalize(text);
    sqlite3_finalize(index);
    sqlite3_close(db);
    wr_arena_free(&arena);
    return 0;
}
