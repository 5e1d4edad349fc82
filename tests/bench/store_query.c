/* store_query.c -- how long questions take on a store; one JSON line with the figures */
#include <common/store/ask.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 400

static clockid_t clock_id = CLOCK_THREAD_CPUTIME_ID; /* --wall: CLOCK_MONOTONIC */

static double now_ms(void) {
    struct timespec t;
    clock_gettime(clock_id, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print(const char *name, double *ms, size_t n) {
    qsort(ms, n, sizeof *ms, by_value);
    printf(",\"%s_p50_ms\":%.2f,\"%s_p99_ms\":%.2f", name, ms[n / 2], name, ms[n * 99 / 100]);
}

static int64_t one_number(sqlite3 *db, const char *sql) {
    sqlite3_stmt *stmt;
    int64_t n = 0;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) return 0;
    if (sqlite3_step(stmt) == SQLITE_ROW) n = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return n;
}

/* Words of random articles: one word, two words, a phrase, in turn. */
static bool make_query(sqlite3 *db, int64_t articles, unsigned i, char out[256]) {
    char sql[160];
    sqlite3_stmt *stmt;
    snprintf(sql, sizeof sql, "SELECT substr(text, %d, 60) FROM texts WHERE article_id = %lld",
             100 + rand() % 2000, (long long)(1 + (rand() * 32768ll + rand()) % articles));
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) return false;
    char words[3][64] = {"", "", ""};
    bool found = sqlite3_step(stmt) == SQLITE_ROW &&
                 sscanf((const char *)sqlite3_column_text(stmt, 0),
                        "%*s %63[a-z] %63[a-z] %63[a-z]", words[0], words[1], words[2]) == 3;
    sqlite3_finalize(stmt);
    if (i % 3 == 0) snprintf(out, 256, "%s", words[0]);
    else if (i % 3 == 1) snprintf(out, 256, "%s %s", words[0], words[2]);
    else snprintf(out, 256, "\"%s %s\"", words[0], words[1]);
    return found;
}

static size_t time_search(sqlite3 *db, wr_arena *arena, int64_t articles, double *ms) {
    size_t n = 0;
    for (unsigned i = 0; n < ROUNDS && i < ROUNDS * 20; i++) {
        char query[256];
        wr_hit *hits;
        size_t n_hits;
        wr_arena_reset(arena);
        if (!make_query(db, articles, i, query)) continue;
        double from = now_ms();
        if (wr_search(db, arena, wr_str_c(query), (wr_str){0}, 20, &hits, &n_hits) != WR_OK)
            continue;
        ms[n++] = now_ms() - from;
    }
    return n;
}

static size_t time_trending(sqlite3 *db, wr_arena *arena, unsigned days, double *ms) {
    size_t n = 0;
    for (; n < 20; n++) {
        wr_trending_options o = {.days = days};
        wr_trend *list;
        wr_str day;
        size_t found;
        wr_arena_reset(arena);
        double from = now_ms();
        if (wr_trending(db, arena, &o, &day, &list, &found) != WR_OK) return 0;
        ms[n] = now_ms() - from;
    }
    return n;
}

static size_t time_timeline(sqlite3 *db, double *ms) {
    sqlite3_stmt *stmt;
    size_t n = 0;
    if (sqlite3_prepare_v2(db,
                           "SELECT d.day, d.n_articles FROM (SELECT day FROM days) s"
                           " CROSS JOIN entity_days d ON d.day = s.day AND d.entity_id = ?1",
                           -1, &stmt, NULL) != SQLITE_OK)
        return 0;
    for (; n < ROUNDS; n++) {
        double from = now_ms();
        sqlite3_bind_int(stmt, 1, 1 + rand() % 5000);
        while (sqlite3_step(stmt) == SQLITE_ROW)
            continue;
        sqlite3_reset(stmt);
        ms[n] = now_ms() - from;
    }
    sqlite3_finalize(stmt);
    return n;
}

int main(int argc, char **argv) {
    wr_arena *arena;
    wr_store *store;
    double ms[ROUNDS];
    if (argc > 2 && strcmp(argv[2], "--wall") == 0) clock_id = CLOCK_MONOTONIC;
    if (argc < 2 || wr_arena_new("bench", (size_t)1 << 30, &arena) != WR_OK) return 100;
    wr_store_options o = {.path = argv[1], .read_only = true, .cache_kib = 65536};
    if (wr_store_open(&o, arena, &store, NULL) != WR_OK) return 1;
    sqlite3 *db = wr_store_db(store);
    int64_t articles = one_number(db, "SELECT max(id) FROM articles");
    printf("{\"bench\":\"store_query\",\"clock\":\"%s\",\"articles\":%lld,\"days\":%lld",
           clock_id == CLOCK_MONOTONIC ? "wall" : "cpu", (long long)articles,
           (long long)one_number(db, "SELECT count(*) FROM days"));
    print("search", ms, time_search(db, arena, articles, ms));
    print("trending_1_day", ms, time_trending(db, arena, 1, ms));
    print("trending_7_days", ms, time_trending(db, arena, 7, ms));
    print("timeline", ms, time_timeline(db, ms));
    printf("}\n");
    wr_store_close(&store);
    wr_arena_free(&arena);
    return 0;
}
