/* store_keep.c -- forgetting, shrinking, copies, checks, schema versions of the store */
#include "../store/ask_number.h"
#include "../store/generate.h"
#include "check.h"

#include <common/store/ask.h>
#include <common/store/day_list.h>
#include <common/store/digest.h>
#include <common/store/pairs.h>
#include <common/store/private.h>
#include <common/store/stream.h>

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

static wr_arena *arena, *pages;
static char dir[64];

static const char *path_of(const char *name) {
    static char path[160];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static wr_store *open_store(const char *name, bool read_only) {
    wr_store *s = NULL;
    wr_store_options o = {
        .path = path_of(name), .read_only = read_only, .now = "2026-01-02T03:04:05Z"};
    CHECK(wr_store_open(&o, arena, &s, NULL) == WR_OK);
    return s;
}

static void print_fault(void *to, const char *what) {
    (void)to;
    fprintf(stderr, "fault: %s\n", what);
}

static void no_fault(void *to, const char *what) {
    (void)to;
    (void)what;
}

static bool whole(wr_store *s) {
    size_t n = 1;
    return wr_store_check(s, print_fault, NULL, &n) == WR_OK && n == 0;
}

static const generate dated = {
    .seed = 5, .bytes = 900, .mentions = 9, .quotes = 1, .removed = 2, .per_day = 20};

static void fill(wr_store *s, uint64_t from, uint64_t to) {
    wr_store_outcome outcome;
    for (uint64_t i = from; i < to; i++) {
        wr_arena_reset(pages);
        CHECK(wr_store_add(s, generate_page(&dated, i, pages), &outcome) == WR_OK);
    }
    CHECK(wr_store_commit(s, NULL) == WR_OK);
}

/* What is left after forgetting is what a store holds that never had the rest. */
static void forget(void) {
    wr_store *s = open_store("forget.db", false), *young = open_store("young.db", false);
    size_t n, all = 0;
    fill(s, 0, 200);
    fill(young, 100, 200);
    CHECK(whole(s));
    do {
        CHECK(wr_store_forget(s, WR_STR("2024-01-06"), false, 30, &n) == WR_OK);
        all += n;
    } while (n);
    CHECK(all == 106); /* every 16th page has two articles */
    CHECK(whole(s));
    static const char *const same[] = {"SELECT count(*) FROM articles",
                                       "SELECT count(*) FROM pages",
                                       "SELECT count(*) FROM sightings",
                                       "SELECT count(*) FROM quotes",
                                       "SELECT sum(n_mentions * 7 + n_paragraphs) FROM entity_days",
                                       "SELECT sum(n_bytes) FROM source_days",
                                       "SELECT count(*) FROM removals"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        CHECK_ROW(same[i], ask_number(s, same[i]) == ask_number(young, same[i]));
    CHECK(wr_store_shrink(s, 0) == WR_OK);
    CHECK(ask_number(s, "PRAGMA freelist_count") == 0);
    CHECK(wr_store_forget(s, WR_STR("x' OR 1"), false, 30, &n) == WR_USAGE);
    fill(s, 100, 200); /* all of it is known */
    CHECK(ask_number(s, same[0]) == ask_number(young, same[0]));
    wr_store_close(&s);
    wr_store_close(&young);
}

static void forget_texts(void) {
    wr_store *s = open_store("texts.db", false);
    size_t n;
    fill(s, 0, 40);
    CHECK(wr_store_forget(s, WR_STR("2024-01-02"), true, 1000, &n) == WR_OK && n == 21);
    CHECK(ask_number(s, "SELECT count(*) FROM texts WHERE text IS NULL") == 21);
    CHECK(ask_number(s, "SELECT count(*) FROM articles") == 42);
    CHECK(whole(s));
    CHECK(wr_store_forget(s, WR_STR("2024-01-02"), true, 1000, &n) == WR_OK && n == 0);
    CHECK(wr_store_forget(s, WR_STR("2024-01-02"), false, 1000, &n) == WR_OK && n == 21);
    CHECK(whole(s));
    wr_store_close(&s);
}

static wr_status count_message(void *to, const wr_message *m) {
    (void)m;
    ++*(size_t *)to;
    return WR_OK;
}

/* Numbers of what was forgotten are accounted for. */
static void gone(void) {
    wr_store *s = open_store("gone.db", false);
    wr_stream *stream;
    uint64_t first, last, next;
    size_t n, messages = 0;
    fill(s, 0, 40);
    CHECK(wr_store_forget(s, WR_STR("2024-01-02"), false, 1000, &n) == WR_OK);
    CHECK(wr_stream_open(wr_store_db(s), &stream) == WR_OK);
    CHECK(wr_stream_range(stream, &first, &last) == WR_OK && first == 1);
    wr_arena_reset(arena);
    CHECK(wr_stream_read(stream, arena, 1, SIZE_MAX, NULL, count_message, &messages, &next) ==
          WR_OK);
    CHECK(next == last + 1);
    CHECK(messages == 21 + (size_t)ask_number(s, "SELECT sum(span) FROM events WHERE ref > 21"));
    wr_stream_close(&stream);
    CHECK(wr_store_event(s, WR_STR("story"), WR_STR("story/x/"), WR_STR("{\"id\":1}")) == WR_OK);
    CHECK(wr_store_commit(s, &last) == WR_OK && last == next);
    wr_store_close(&s);
}

static void copies(void) {
    wr_store *s = open_store("whole.db", false), *copy;
    bool more = true;
    fill(s, 0, 60);
    while (more)
        CHECK(wr_store_tidy(s, 1000, &more) == WR_OK);
    char to[160];
    snprintf(to, sizeof to, "%s", path_of("copy.db"));
    CHECK(wr_store_backup(s, to) == WR_OK);
    fill(s, 60, 70);
    copy = open_store("copy.db", true);
    CHECK(ask_number(copy, "SELECT count(*) FROM pages") == 60);
    CHECK(whole(copy));
    wr_store_close(&copy);
    CHECK(wr_store_backup(s, "/nowhere/at/all.db") != WR_OK);
    wr_store_close(&s);
}

/* When the article that stands for a group goes, the next one does. */
static void heads(void) {
    wr_store *s = open_store("heads.db", false);
    size_t n;
    fill(s, 0, 60);
    CHECK(sqlite3_exec(wr_store_db(s),
                       "INSERT INTO dup_members VALUES(1, 1),(30, 1),(50, 1);"
                       "INSERT INTO dup_edges VALUES(1, 30, 'near', 1),(30, 50, 'near', 1)",
                       NULL, NULL, NULL) == SQLITE_OK);
    CHECK(wr_store_mark_copy(s, 30, true) == WR_OK && wr_store_mark_copy(s, 50, true) == WR_OK);
    CHECK(wr_store_commit(s, NULL) == WR_OK);
    CHECK(ask_number(s, "SELECT sum(n_articles - n_unique) FROM source_days") == 2);
    CHECK(wr_store_forget(s, WR_STR("2024-01-02"), false, 1000, &n) == WR_OK && n == 21);
    CHECK(ask_number(s, "SELECT count(*) FROM dup_members WHERE earliest_id = 30") == 2);
    CHECK(ask_number(s, "SELECT count(*) FROM dup_members") == 2);
    CHECK(ask_number(s, "SELECT count(*) FROM dup_edges") == 1);
    CHECK(ask_number(s, "SELECT is_copy FROM articles WHERE id = 30") == 0);
    CHECK(ask_number(s, "SELECT sum(n_articles - n_unique) FROM source_days") == 1);
    CHECK(whole(s));
    wr_store_close(&s);
}

/* The check sees counts that are wrong. */
static void faults(void) {
    static const char *const damage[] = {
        "UPDATE entity_days SET n_mentions = n_mentions + 1",
        "DELETE FROM entity_days WHERE entity_id = 1",
        "UPDATE source_days SET n_articles = n_articles + 1",
        "DELETE FROM articles WHERE id = 3",
        "DELETE FROM texts WHERE article_id = 3",
        "DELETE FROM facets_data WHERE id > 10",
    };
    wr_store *s = open_store("faults.db", false);
    size_t n;
    fill(s, 0, 20);
    CHECK(whole(s));
    for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
        CHECK(sqlite3_exec(wr_store_db(s), "SAVEPOINT x", NULL, NULL, NULL) == SQLITE_OK);
        CHECK(sqlite3_exec(wr_store_db(s), damage[i], NULL, NULL, NULL) == SQLITE_OK);
        n = 0;
        CHECK_ROW(damage[i], wr_store_check(s, no_fault, NULL, &n) == WR_OK && n > 0);
        CHECK(sqlite3_exec(wr_store_db(s), "ROLLBACK TO x; RELEASE x", NULL, NULL, NULL) ==
              SQLITE_OK);
    }
    CHECK(whole(s));
    wr_store_close(&s);
}

/* Each version leads to the newest, and a step that fails changes nothing. */
static void versions(void) {
    sqlite3 *db;
    int version = -1;
    CHECK(sqlite3_open(path_of("versions.db"), &db) == SQLITE_OK);
    for (int v = 0; v <= store_schema_version(); v++)
        CHECK(store_schema_migrate(db, v, &version) == SQLITE_OK && version == v);
    CHECK(store_schema_migrate(db, store_schema_version(), &version) == SQLITE_OK);
    CHECK(version == store_schema_version());
    sqlite3_close(db);
    CHECK(sqlite3_open(path_of("inway.db"), &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, "CREATE TABLE quotes(x)", NULL, NULL, NULL) == SQLITE_OK);
    CHECK(store_schema_migrate(db, 1, &version) != SQLITE_OK);
    CHECK(store_schema_check(db, &version) == SQLITE_OK && version == 0);
    sqlite3_stmt *stmt;
    CHECK(sqlite3_prepare_v2(db, "SELECT 1 FROM pages", -1, &stmt, NULL) == SQLITE_ERROR);
    sqlite3_close(db);
}

/* ---- questions ---- */

static void trending(void) {
    wr_store *s = open_store("trend.db", false);
    wr_trend *list;
    wr_str day;
    size_t n;
    fill(s, 0, 600);
    for (unsigned days = 1; days <= 3; days += 2) {
        wr_arena_reset(arena);
        wr_trending_options o = {.days = days, .limit = 5};
        CHECK(wr_trending(wr_store_db(s), arena, &o, &day, &list, &n) == WR_OK);
        CHECK(n > 0 || days == 1);
        CHECK_STR(day, WR_STR("2024-01-30"));
        for (size_t i = 1; i < n; i++)
            CHECK(list[i].score <= list[i - 1].score);
    }
    wr_store_close(&s);
}

static void ask_trends(wr_store *s, unsigned days, wr_trend out[5], size_t *n) {
    wr_trend *list;
    wr_str day;
    wr_arena_reset(arena);
    CHECK(wr_trending(wr_store_db(s), arena, &(wr_trending_options){.days = days, .limit = 5}, &day,
                      &list, n) == WR_OK);
    CHECK(*n <= 5);
    for (size_t i = 0; i < *n; i++)
        out[i] = list[i];
}

/* Packed lists give the answers of the rows, and go when their day changes. */
static void day_lists(void) {
    wr_store *s = open_store("lists.db", false);
    wr_trend before[3][5], after[5];
    size_t n_before[3], n;
    bool more = true;
    fill(s, 0, 600);
    CHECK(ask_number(s, "SELECT count(*) FROM day_lists") == 0);
    for (unsigned days = 1; days <= 3; days++)
        ask_trends(s, days, before[days - 1], &n_before[days - 1]);
    while (more)
        CHECK(wr_store_tidy(s, 1000, &more) == WR_OK);
    CHECK(ask_number(s, "SELECT count(*) FROM day_lists") ==
          ask_number(s, "SELECT count(*) FROM days"));
    CHECK(whole(s));
    for (unsigned days = 1; days <= 3; days++) {
        ask_trends(s, days, after, &n);
        CHECK(n == n_before[days - 1]);
        for (size_t i = 0; i < n; i++)
            CHECK(after[i].entity == before[days - 1][i].entity &&
                  after[i].score == before[days - 1][i].score &&
                  after[i].count == before[days - 1][i].count);
    }
    CHECK(n_before[0] + n_before[1] + n_before[2] > 0);
    CHECK(wr_store_mark_copy(s, 3, true) == WR_OK && wr_store_commit(s, NULL) == WR_OK);
    CHECK(ask_number(s, "SELECT count(*) FROM day_lists") ==
          ask_number(s, "SELECT count(*) FROM days WHERE day > '2024-01-01'"));
    fill(s, 600, 640);
    CHECK(whole(s));
    CHECK(sqlite3_exec(wr_store_db(s),
                       "UPDATE day_lists SET rare = x'05ff' WHERE day ="
                       " '2024-01-03'",
                       NULL, NULL, NULL) == SQLITE_OK);
    CHECK(wr_store_check(s, no_fault, NULL, &n) == WR_OK && n == 1);
    wr_store_close(&s);
}

static void day_list_forms(void) {
    static const day_count rows[] = {{1, 1, 1, 1},
                                     {2, 1, 0, 1},
                                     {3, 8, 8, 38},
                                     {700, 8, 8, 39},
                                     {701, 9, 9, 9},
                                     {100000, 2, 2, 1},
                                     {INT64_C(1) << 40, 70000, 69999, 200000}};
    size_t n_rows = sizeof rows / sizeof *rows, n;
    wr_buf packed = WR_BUF_INIT(1000);
    day_count *list;
    for (size_t i = 0; i < n_rows; i++)
        day_list_add(&packed, &rows[i], i ? rows[i - 1].entity : 0);
    wr_arena_reset(arena);
    CHECK(day_list_parse(arena, wr_buf_str(&packed), &list, &n) == WR_OK && n == n_rows);
    for (size_t i = 0; i < n; i++)
        CHECK(list[i].entity == rows[i].entity && list[i].articles == rows[i].articles &&
              list[i].unique == rows[i].unique && list[i].mentions == rows[i].mentions);
    for (size_t len = 0, whole_ones = 0; len < packed.len; len++) {
        wr_status status = day_list_parse(arena, wr_str_of(packed.ptr, len), &list, &n);
        CHECK(status == WR_OK ? n == whole_ones++ : status == WR_MALFORMED);
    }
    wr_buf_free(&packed);
}

static void pairs(void) {
    wr_store *s = open_store("trend.db", true);
    wr_pairs all, one;
    wr_arena_reset(arena);
    CHECK(wr_pairs_read(wr_store_db(s), arena, &(wr_pairs_options){.min = 2}, &all) == WR_OK);
    CHECK(all.n_pairs > 10);
    const wr_pair *p = &all.pairs[0];
    int64_t entity = all.nodes[p->a].entity;
    CHECK(wr_pairs_read(wr_store_db(s), arena, &(wr_pairs_options){.min = 2, .entity = entity},
                        &one) == WR_OK);
    CHECK(one.n_pairs > 0 && one.pairs[0].n == p->n && fabs(one.pairs[0].npmi - p->npmi) < 1e-12);
    wr_pairs few;
    CHECK(wr_pairs_read(wr_store_db(s), arena, &(wr_pairs_options){.min = 2, .backbone = 0.3},
                        &few) == WR_OK);
    CHECK(few.n_pairs < all.n_pairs);
    wr_store_close(&s);
}

static bool same_pairs(const wr_pairs *a, const wr_pairs *b) {
    if (a->n_pairs != b->n_pairs) return false;
    for (size_t i = 0; i < a->n_pairs; i++)
        if (a->pairs[i].n != b->pairs[i].n || fabs(a->pairs[i].npmi - b->pairs[i].npmi) > 1e-12 ||
            !wr_str_eq(a->nodes[a->pairs[i].a].key, b->nodes[b->pairs[i].a].key) ||
            !wr_str_eq(a->nodes[a->pairs[i].b].key, b->nodes[b->pairs[i].b].key))
            return false;
    return true;
}

static void digest(wr_store *s) {
    wr_digest *d;
    bool more = true;
    CHECK(wr_digest_open(s, &d) == WR_OK && wr_digest_plan(d) == WR_OK);
    while (more)
        CHECK(wr_digest_step(d, &more) == WR_OK);
    wr_digest_close(&d);
}

/* The counts that are kept of whole chunks change no answer, nor does what is dropped from them. */
#define ASKED 4

static void kept_pairs(void) {
    static const wr_pairs_options asked[ASKED] = {
        {.min = 2},
        {.min = 1, .nodes = 50},
        {.min = 1, .since = {"2024-01-20", 10}},
        {.min = 1, .since = {"2024-01-20", 10}, .until = {"2024-03-20", 10}}};
    const generate small = {.seed = 8, .bytes = 300, .mentions = 5, .per_day = 100};
    wr_store *s = open_store("chunks.db", false);
    wr_store_outcome outcome;
    size_t n;
    for (uint64_t i = 0; i < 4100; i++) {
        wr_arena_reset(pages);
        CHECK(wr_store_add(s, generate_page(&small, i, pages), &outcome) == WR_OK);
    }
    CHECK(wr_store_commit(s, NULL) == WR_OK);
    for (int dropped = 0; dropped < 2; dropped++) {
        wr_pairs plain[ASKED], kept;
        wr_arena_reset(arena);
        for (size_t i = 0; i < ASKED; i++)
            CHECK(wr_pairs_read(wr_store_db(s), arena, &asked[i], &plain[i]) == WR_OK);
        digest(s);
        CHECK(ask_number(s, "SELECT count(*) FROM pair_chunks") == 1);
        for (size_t i = 0; i < ASKED; i++) {
            CHECK(wr_pairs_read(wr_store_db(s), arena, &asked[i], &kept) == WR_OK);
            CHECK(plain[i].n_pairs > 10 && same_pairs(&plain[i], &kept));
        }
        CHECK(ask_number(s, "SELECT count(*) FROM entity_pairs") > 10);
        if (dropped) break;
        CHECK(wr_store_forget(s, WR_STR("2024-01-10"), false, 500, &n) == WR_OK && n == 500);
        CHECK(ask_number(s, "SELECT count(*) FROM pair_chunks") == 0);
    }
    CHECK(whole(s));
    wr_store_close(&s);
}

static void search(void) {
    wr_store *s = open_store("trend.db", true);
    wr_hit *hits;
    size_t n;
    static const char *const queries[] = {
        "vo", "\"unclosed", "a AND OR", "*", "title:", "NEAR(", "(((", "\x01\x02", "col : x"};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        wr_arena_reset(arena);
        CHECK_ROW(queries[i], wr_search(wr_store_db(s), arena, wr_str_c(queries[i]), WR_STR(""), 5,
                                        &hits, &n) == WR_OK);
        for (size_t k = 1; k < n; k++)
            CHECK(hits[k].score <= hits[k - 1].score);
    }
    wr_store_close(&s);
}

/* What is found lies far back: numbers with gaps stand for the articles in between. */
static void search_far(void) {
    wr_store *s = open_store("far.db", false);
    wr_hit *hits;
    size_t n;
    static const int64_t gaps[] = {70000, 400000};
    fill(s, 0, 20);
    for (size_t i = 0; i < 2; i++) {
        char sql[200];
        snprintf(sql, sizeof sql,
                 "INSERT INTO articles(id, page_id, ordinal, source_id, day) VALUES(%lld,0,0,0,'')",
                 (long long)gaps[i]);
        CHECK(sqlite3_exec(wr_store_db(s), sql, NULL, NULL, NULL) == SQLITE_OK);
        fill(s, 20 + 20 * i, 40 + 20 * i);
    }
    CHECK(sqlite3_exec(wr_store_db(s), "DELETE FROM articles WHERE page_id = 0", NULL, NULL,
                       NULL) == SQLITE_OK);
    int64_t all = ask_number(s, "SELECT count(*) FROM article_fts WHERE article_fts MATCH 'vo'");
    CHECK(all > 45);
    for (size_t limit = 1; limit <= 64; limit *= 4) {
        wr_arena_reset(arena);
        CHECK(wr_search(wr_store_db(s), arena, WR_STR("vo"), WR_STR(""), limit, &hits, &n) ==
              WR_OK);
        CHECK(n == (limit < (size_t)all ? limit : (size_t)all));
    }
    bool oldest = false;
    for (size_t i = 0; i < n; i++)
        oldest |= hits[i].number < 30;
    CHECK(oldest);
    CHECK(wr_search(wr_store_db(s), arena, WR_STR("vo"), WR_STR("2024-01-03"), 64, &hits, &n) ==
              WR_OK &&
          n > 0 && n < (size_t)all);
    wr_store_close(&s);
}

int main(void) {
    snprintf(dir, sizeof dir, "/tmp/wr-keep-XXXXXX");
    if (!mkdtemp(dir) || wr_arena_new("test", 256 << 20, &arena) != WR_OK ||
        wr_arena_new("pages", 64 << 20, &pages) != WR_OK)
        return 1;
    forget();
    forget_texts();
    gone();
    copies();
    heads();
    faults();
    versions();
    trending();
    day_lists();
    day_list_forms();
    pairs();
    kept_pairs();
    search();
    search_far();
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    CHECK(system(command) == 0);
    wr_arena_free(&arena);
    wr_arena_free(&pages);
    return check_summary();
}
