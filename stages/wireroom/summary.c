/* summary.c -- counts of a run and of its store */
#include "summary.h"

#include "output.h"

#include <sqlite3.h>
#include <unistd.h>

typedef struct counts {
    uint64_t pages, articles, entities, quotes, removed, stories, duplicates;
    bool known;
} counts;

static uint64_t count(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement = NULL;
    uint64_t n = 0;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        n = (uint64_t)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return n;
}

static counts count_store(const char *path) {
    counts c = {0};
    sqlite3 *db = NULL;
    if (access(path, R_OK) == 0 &&
        sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK) {
        c.known = true;
        c.pages = count(db, "SELECT count(*) FROM pages");
        c.articles = count(db, "SELECT count(*) FROM articles");
        c.entities = count(db, "SELECT count(*) FROM entities");
        c.quotes = count(db, "SELECT count(*) FROM quotes");
        c.stories = count(db, "SELECT count(*) FROM stories WHERE merged_into IS NULL");
        c.duplicates = count(db, "SELECT count(*) FROM dup_members");
        c.removed = count(db, "SELECT coalesce(sum(json_array_length(blocks)), 0) FROM removals");
    }
    sqlite3_close(db);
    return c;
}

static void print_json(const settings *set, const progress *p, const counts *c, double seconds) {
    wr_buf line = WR_BUF_INIT(1 << 16);
    wr_buf_printf(&line,
                  "{\"files\":%llu,\"failed_files\":%llu,\"pages\":%llu,\"passed\":%llu,"
                  "\"dropped\":%llu,\"rejected\":%llu,\"seconds\":%.3f,\"store\":",
                  (unsigned long long)p->files, (unsigned long long)p->failed,
                  (unsigned long long)p->pages, (unsigned long long)p->passed,
                  (unsigned long long)p->dropped, (unsigned long long)p->rejected, seconds);
    output_json_string(&line, wr_str_c(set->store));
    wr_buf_printf(&line,
                  ",\"articles\":%llu,\"entities\":%llu,\"quotes\":%llu,\"removed\":%llu,"
                  "\"stories\":%llu,\"duplicates\":%llu}",
                  (unsigned long long)c->articles, (unsigned long long)c->entities,
                  (unsigned long long)c->quotes, (unsigned long long)c->removed,
                  (unsigned long long)c->stories, (unsigned long long)c->duplicates);
    printf("%.*s\n", (int)line.len, line.ptr);
    wr_buf_free(&line);
}

static void print_count(const char *before, uint64_t n, const char *one, const char *many) {
    printf("%s%llu %s", before, (unsigned long long)n, n == 1 ? one : many);
}

static void print_text(const settings *set, const char *dir, const progress *p, const counts *c,
                       double seconds) {
    print_count("read   ", p->files, "file", "files");
    printf(" in %s", dir);
    print_count("   ", p->pages, "page", "pages");
    printf("   %.1f s", seconds);
    if (p->dropped) printf("   %llu seen before or empty", (unsigned long long)p->dropped);
    if (p->rejected) printf("   %llu failed", (unsigned long long)p->rejected);
    putchar('\n');
    if (!c->known) return;
    printf("store  %s  ", set->store);
    print_count(" ", c->articles, "article", "articles");
    print_count(" · ", c->entities, "entity", "entities");
    print_count(" · ", c->quotes, "quote", "quotes");
    print_count(" · ", c->removed, "removed part", "removed parts");
    if (c->stories) print_count(" · ", c->stories, "story", "stories");
    if (c->duplicates) print_count(" · ", c->duplicates, "duplicate", "duplicates");
    bool plain = strcmp(set->store, "wireroom.db") == 0;
    const char *option = plain ? "" : " --store ", *store = plain ? "" : set->store;
    printf("\nnext   wireroom query trending%s%s    wireroom query quotes%s%s    wireroom export "
           "jsonl%s%s\n",
           option, store, option, store, option, store);
}

void summary_print(const settings *set, const char *dir, const progress *done, double seconds) {
    counts c = count_store(set->store);
    if (set->json || !isatty(STDOUT_FILENO)) print_json(set, done, &c, seconds);
    else print_text(set, dir, done, &c, seconds);
    fflush(stdout);
}
