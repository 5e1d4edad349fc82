/* trend.c -- what is named and written more than before, on stores whose counts are known */
#include "../store/ask_number.h"
#include "check.h"

#include <common/store/ask.h>
#include <common/store/digest.h>
#include <common/store/phrase.h>
#include <common/store/trend.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static wr_arena *arena, *pages;
static char dir[64];

static wr_store *open_store(const char *name) {
    char path[160];
    wr_store *s = NULL;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    wr_store_options o = {.path = path, .now = "2031-01-02T03:04:05Z"};
    CHECK(wr_store_open(&o, arena, &s, NULL) == WR_OK);
    return s;
}

/* An article of a day: `text` is its paragraph, `name` (may be NULL) stands in front of it
 * `mentions` times. The number makes the page and decides the source. */
typedef struct story {
    int day;
    const char *name, *type;
    unsigned mentions;
    const char *text;
} story;

static void put(wr_store *s, unsigned number, const story *given) {
    wr_mention spans[8];
    wr_entity entity = {.name = wr_str_c(given->name ? given->name : ""),
                        .type = wr_str_c(given->type ? given->type : "PER"),
                        .mentions = spans,
                        .confidence = 1};
    char text[600], id[33], url[64], day[11];
    size_t len = 0;
    CHECK(trend_shift("2030-06-01", given->day, day));
    for (unsigned i = 0; given->name && i < given->mentions; i++) {
        spans[i] = (wr_mention){.start = len, .end = len + entity.name.len, .confidence = 1};
        len += (size_t)snprintf(text + len, sizeof text - len, "%s. ", given->name);
        entity.n_mentions++;
    }
    len += (size_t)snprintf(text + len, sizeof text - len, "%s (%u)",
                            given->text ? given->text : "Nothing else was said", number);
    snprintf(id, sizeof id, "%032x", number * 2654435761u);
    snprintf(url, sizeof url, "https://s%u.example/%u", number % 3, number);
    wr_para para = {.end = len, .kind = WR_STR("paragraph")};
    wr_article article = {.text = wr_str_of(text, len),
                          .published = wr_str_c(day),
                          .url = wr_str_c(url),
                          .paras = &para,
                          .n_paras = 1,
                          .entities = &entity,
                          .n_entities = given->name ? 1 : 0};
    wr_page page = {
        .id = wr_str_c(id), .file = wr_str_c(id), .articles = &article, .n_articles = 1};
    wr_store_outcome outcome;
    CHECK(wr_store_add(s, &page, &outcome) == WR_OK && outcome == WR_STORE_NEW);
}

/* Ten articles a day on days 0 to 40 in the order given; the last days have news in them. */
static story plan(unsigned i) {
    story out = {.day = (int)(i / 10)};
    unsigned k = i % 10;
    if (out.day == 40 && k < 4) out = (story){40, "Ines Okafor", "PER", 1, NULL};
    if (out.day == 40 && k == 4) out = (story){40, "Glassford", "LOC", 3, NULL};
    if (out.day == 40 && (k == 5 || k == 6)) out = (story){40, "Glassford", "ORG", 1, NULL};
    if (out.day < 40 && k == 7) out = (story){out.day, "Old Town", "LOC", 1, NULL};
    if (out.day == 5 && k == 8) out = (story){5, "Ines Okafor", "PER", 1, NULL};
    if (out.day == 38 && k == 1) out.text = "The glass bridge was closed";
    if (out.day == 40 && k < 6) out.text = "A crack in the glass bridge, engineers feared";
    if (out.day % 7 == 4 && k < 3) out.name = "Sunday Market", out.type = "ORG", out.mentions = 1;
    return out;
}

#define STORIES 410

static void fill(wr_store *s, unsigned step) {
    for (unsigned i = 0; i < STORIES; i++) {
        story given = plan(i * step % STORIES);
        put(s, i * step % STORIES, &given);
        if (i % 50 == 0) CHECK(wr_store_commit(s, NULL) == WR_OK);
    }
    CHECK(wr_store_commit(s, NULL) == WR_OK);
}

static const wr_trend *find(const wr_trend *list, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++)
        if (wr_str_eq(list[i].name, wr_str_c(name))) return &list[i];
    return NULL;
}

static wr_trend *ask(wr_store *s, const char *day, unsigned days, size_t *n) {
    wr_trend *list;
    wr_str last;
    wr_trending_options o = {.day = wr_str_c(day), .days = days};
    CHECK(wr_trending(wr_store_db(s), arena, &o, &last, &list, n) == WR_OK);
    return list;
}

static void entities(wr_store *s) {
    size_t n;
    const wr_trend *list = ask(s, "", 1, &n), *t = find(list, n, "Ines Okafor");
    CHECK(n == 1); /* Glassford: no three articles of one entity on the day */
    CHECK(t && t->count == 4 && t->expected == 0 && !t->is_new);
    double want = sqrt(2 * (4 * log(4 / 0.5) - 24 * log(24 / 20.5)));
    CHECK(t && fabs(t->score - want) < 1e-9);
    list = ask(s, "", 3, &n);
    t = find(list, n, "Glassford");
    CHECK(t && t->count == 3 && t->mentions == 5 && t->is_new);
    CHECK(t && wr_str_eq(t->key, WR_STR("ORG/glassford"))); /* two articles of three */
    CHECK(!find(list, n, "Old Town"));
}

/* What comes each week on its day is no news; the first times it is. */
static void weekly(wr_store *s) {
    size_t n;
    char day[11];
    CHECK(trend_shift("2030-06-01", 11, day));
    const wr_trend *list = ask(s, day, 1, &n), *first = find(list, n, "Sunday Market");
    CHECK(trend_shift("2030-06-01", 39, day));
    list = ask(s, day, 1, &n);
    CHECK(!find(list, n, "Sunday Market"));
    CHECK(!first || first->score < 3);
    CHECK(trend_shift("2030-06-01", 4, day));
    list = ask(s, day, 1, &n);
    CHECK(find(list, n, "Sunday Market") != NULL);
}

static bool same(const wr_trend *a, const wr_trend *b) {
    return wr_str_eq(a->key, b->key) && wr_str_eq(a->name, b->name) && a->count == b->count &&
           a->score == b->score && a->expected == b->expected && a->is_new == b->is_new;
}

/* An article that comes late counts for its day as if it had come in time. */
static void any_order(wr_store *s) {
    wr_store *other = open_store("other.db");
    fill(other, 149);
    for (unsigned days = 1; days <= 8; days++) {
        size_t n, m;
        wr_arena_reset(arena);
        const wr_trend *a = ask(s, "", days, &n), *b = ask(other, "", days, &m);
        CHECK(n == m);
        for (size_t i = 0; i < n && i < m; i++)
            CHECK(same(&a[i], &b[i]));
        wr_trending_options o = {.days = days};
        wr_trend *x, *y;
        wr_str day;
        CHECK(wr_trending_phrases(wr_store_db(s), arena, &o, &day, &x, &n) == WR_OK);
        CHECK(wr_trending_phrases(wr_store_db(other), arena, &o, &day, &y, &m) == WR_OK);
        CHECK(n == m);
        for (size_t i = 0; i < n && i < m; i++)
            CHECK(same(&x[i], &y[i]));
    }
    wr_store_close(&other);
}

static void phrases(wr_store *s) {
    wr_trend *list;
    wr_str day;
    size_t n;
    wr_trending_options o = {0};
    CHECK(wr_trending_phrases(wr_store_db(s), arena, &o, &day, &list, &n) == WR_OK && n > 0);
    const wr_trend *t = find(list, n, "glass bridge");
    CHECK(t && t->count == 6 && t->is_new == false);
    CHECK(!find(list, n, "bridge") && !find(list, n, "glass")); /* parts of it */
    CHECK(!find(list, n, "bridge engineers"));                  /* a comma between */
    CHECK(wr_trending_all(wr_store_db(s), arena, &o, &day, &list, &n) == WR_OK);
    CHECK(find(list, n, "glass bridge") && find(list, n, "Ines Okafor"));
}

static int64_t article_of(wr_store *s, const char *day) {
    sqlite3_stmt *stmt = NULL;
    int64_t id = 0;
    if (sqlite3_prepare_v2(wr_store_db(s),
                           "SELECT f.rowid FROM facets f JOIN articles a ON a.id = f.rowid JOIN"
                           " entities e ON e.key = 'PER/ines-okafor' WHERE facets MATCH 'e' || e.id"
                           " AND a.day = ?1 AND a.is_copy = 0",
                           -1, &stmt, NULL) == SQLITE_OK) {
        sqlite3_bind_text(stmt, 1, day, -1, SQLITE_STATIC);
        if (sqlite3_step(stmt) == SQLITE_ROW) id = sqlite3_column_int64(stmt, 0);
    }
    sqlite3_finalize(stmt);
    return id;
}

static void digest(wr_store *s) {
    wr_digest *d;
    bool more = true;
    CHECK(wr_digest_open(s, &d) == WR_OK && wr_digest_plan(d) == WR_OK);
    while (more)
        CHECK(wr_digest_step(d, &more) == WR_OK);
    CHECK(!wr_digest_writing(d));
    wr_digest_close(&d);
}

/* The table holds what a question answers, for every day; a second look changes nothing. */
static void table(wr_store *s) {
    digest(s);
    int64_t events = ask_number(s, "SELECT count(*) FROM events WHERE kind = 'trend'");
    CHECK(events == ask_number(s, "SELECT count(*) FROM trends WHERE score >= 3"));
    CHECK(ask_number(s, "SELECT count(*) FROM trend_days") == 41);
    CHECK(ask_number(s, "SELECT count(*) FROM events WHERE topic = 'trend/entity/ines-okafor/' AND"
                        " body LIKE '%\"state\":\"now\"%'") == 1);
    CHECK(ask_number(s, "SELECT count(*) FROM events WHERE topic = 'trend/phrase/glass-bridge/'") ==
          1);
    for (int i = 0; i <= 40; i++) {
        char day[11], sql[128];
        wr_trend *list;
        wr_str last;
        size_t n;
        CHECK(trend_shift("2030-06-01", i, day));
        wr_trending_options o = {.day = wr_str_c(day), .days = 1};
        wr_arena_reset(arena);
        CHECK(wr_trending_all(wr_store_db(s), arena, &o, &last, &list, &n) == WR_OK);
        snprintf(sql, sizeof sql, "SELECT count(*) FROM trends WHERE day = '%s'", day);
        CHECK_ROW(day, ask_number(s, sql) == (int64_t)n);
    }
    digest(s);
    CHECK(events == ask_number(s, "SELECT count(*) FROM events WHERE kind = 'trend'"));
}

/* Articles for a day that is over change its list, and that is told. */
static void late(wr_store *s) {
    story one = {30, "Late Harbour", "LOC", 2, NULL};
    for (unsigned i = 0; i < 4; i++)
        put(s, 5000 + i, &one);
    CHECK(wr_store_commit(s, NULL) == WR_OK);
    digest(s);
    CHECK(ask_number(s, "SELECT count(*) FROM trends WHERE day = '2030-07-01' AND name ="
                        " 'Late Harbour' AND is_new") == 1);
    CHECK(ask_number(s, "SELECT count(*) FROM events WHERE topic = 'trend/entity/late-harbour/' AND"
                        " body LIKE '%\"state\":\"late\"%'") == 1);
    CHECK(sqlite3_exec(wr_store_db(s),
                       "CREATE TEMP TABLE copies AS SELECT f.rowid AS id FROM"
                       " facets f JOIN entities e ON e.key = 'LOC/late-harbour'"
                       " WHERE facets MATCH 'e' || e.id LIMIT 3",
                       NULL, NULL, NULL) == SQLITE_OK);
    for (int64_t id; (id = ask_number(s, "SELECT max(id) FROM copies")) > 0;) {
        char sql[64];
        CHECK(wr_store_mark_copy(s, id, true) == WR_OK);
        snprintf(sql, sizeof sql, "DELETE FROM copies WHERE id = %lld", (long long)id);
        CHECK(sqlite3_exec(wr_store_db(s), sql, NULL, NULL, NULL) == SQLITE_OK);
    }
    CHECK(wr_store_commit(s, NULL) == WR_OK);
    digest(s);
    CHECK(ask_number(s, "SELECT count(*) FROM trends WHERE name = 'Late Harbour'") == 0);
    CHECK(ask_number(s, "SELECT count(*) FROM events WHERE topic = 'trend/entity/late-harbour/' AND"
                        " body LIKE '%\"state\":\"gone\"%'") == 1);
}

/* What is forgotten leaves no trends behind. */
static void forgotten(wr_store *s) {
    size_t n;
    CHECK(wr_store_forget(s, WR_STR("2030-06-11"), false, 1000, &n) == WR_OK && n == 100);
    digest(s);
    CHECK(ask_number(s, "SELECT count(*) FROM trends WHERE day < '2030-06-11'") == 0);
    CHECK(ask_number(s, "SELECT count(*) FROM trend_days WHERE day < '2030-06-11'") == 0);
}

/* Copies of one text are one article. */
static void copies(wr_store *s) {
    size_t n;
    for (int i = 0; i < 2; i++) {
        CHECK(wr_store_mark_copy(s, article_of(s, "2030-07-11"), true) == WR_OK);
        CHECK(wr_store_commit(s, NULL) == WR_OK);
    }
    const wr_trend *list = ask(s, "", 1, &n);
    CHECK(!find(list, n, "Ines Okafor"));
}

static void nothing(void) {
    wr_store *s = open_store("nothing.db");
    wr_trend *list;
    wr_str day;
    size_t n = 9;
    CHECK(wr_trending(wr_store_db(s), arena, &(wr_trending_options){0}, &day, &list, &n) == WR_OK);
    CHECK(n == 0 && day.len == 0);
    wr_trending_options bad = {.day = WR_STR("soon")};
    CHECK(wr_trending(wr_store_db(s), arena, &bad, &day, &list, &n) == WR_USAGE);
    bad.day = WR_STR("2030-01-01 and more");
    CHECK(wr_trending_phrases(wr_store_db(s), arena, &bad, &day, &list, &n) == WR_USAGE);
    story one = {0, "Ines Okafor", "PER", 2, NULL};
    for (unsigned i = 0; i < 5; i++)
        put(s, i, &one);
    CHECK(wr_store_commit(s, NULL) == WR_OK);
    CHECK(wr_trending(wr_store_db(s), arena, &(wr_trending_options){0}, &day, &list, &n) == WR_OK);
    CHECK(n == 0); /* nothing to compare with */
    wr_store_close(&s);
}

static void scores(void) {
    CHECK(trend_score(3, 3) == 0 && trend_score(0, 0) == 0);
    for (double e = 0; e < 100; e += 7)
        for (double x = 1; x < 200; x += 3) {
            CHECK(trend_score(x + 1, e) >= trend_score(x, e));
            CHECK(trend_score(x, e + 1) <= trend_score(x, e));
        }
}

static void within(void) {
    static const struct {
        const char *part, *whole;
        bool in;
    } rows[] = {{"bridge", "the glass bridge", true},
                {"Glass Bridge", "glass-bridge", true},
                {"ridge", "glass bridge", false},
                {"glass bridge", "bridge glass", false},
                {"", "bridge", false},
                {"bridge", "bridge", true},
                {"caf\xc3\xa9", "le caf\xc3\xa9 noir", true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_ROW(rows[i].part,
                  phrase_within(wr_str_c(rows[i].part), wr_str_c(rows[i].whole)) == rows[i].in);
}

int main(void) {
    snprintf(dir, sizeof dir, "/tmp/wr-trend-XXXXXX");
    if (!mkdtemp(dir) || wr_arena_new("test", 256 << 20, &arena) != WR_OK ||
        wr_arena_new("pages", 64 << 20, &pages) != WR_OK)
        return 1;
    wr_store *s = open_store("trend.db");
    fill(s, 1);
    entities(s);
    weekly(s);
    phrases(s);
    any_order(s);
    table(s);
    late(s);
    copies(s);
    forgotten(s);
    wr_store_close(&s);
    nothing();
    scores();
    within();
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    CHECK(system(command) == 0);
    wr_arena_free(&arena);
    wr_arena_free(&pages);
    return check_summary();
}
