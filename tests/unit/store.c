/* store.c -- the store: exactly once, in any order, after failures; and what comes out of it */
#include "../store/ask_number.h"
#include "../store/generate.h"
#include "check.h"

#include <common/store/read.h>

#include <stdlib.h>
#include <unistd.h>

static wr_arena *arena, *pages;
static char dir[64];

static const char *path_of(const char *name) {
    static char path[160];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static wr_store *open_store(const char *name) {
    wr_store *s = NULL;
    wr_str why = {0};
    wr_store_options o = {.path = path_of(name), .now = "2026-01-02T03:04:05Z"};
    CHECK(wr_store_open(&o, arena, &s, &why) == WR_OK);
    if (!s) fprintf(stderr, "%.*s\n", (int)why.len, why.ptr);
    return s;
}

/* Everything the store says, in content order. */
static void dump(wr_store *s, wr_buf *out) {
    wr_reader *reader;
    sqlite3_stmt *stmt;
    CHECK(wr_reader_open(wr_store_db(s), &reader) == WR_OK);
    CHECK(sqlite3_prepare_v2(wr_store_db(s),
                             "SELECT a.id FROM articles a JOIN pages p ON p.id = a.page_id"
                             " ORDER BY p.page, a.ordinal",
                             -1, &stmt, NULL) == SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        wr_stored a;
        wr_arena_reset(arena);
        CHECK(wr_reader_article(reader, arena, sqlite3_column_int64(stmt, 0), &a) == WR_OK);
        CHECK(wr_render_article(out, &a) == WR_OK);
        for (size_t i = 0; i < a.n_quotes; i++)
            CHECK(wr_render_quote(out, &a, i) == WR_OK);
    }
    sqlite3_finalize(stmt);
    wr_reader_close(&reader);
    CHECK(
        sqlite3_prepare_v2(wr_store_db(s),
                           "SELECT day, key, e.name, n_articles, n_unique, n_mentions,"
                           " n_paragraphs FROM entity_days d JOIN entities e ON e.id = d.entity_id"
                           " ORDER BY day, key",
                           -1, &stmt, NULL) == SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW)
        for (int i = 0; i < 7; i++)
            wr_buf_printf(out, "%s ", (const char *)sqlite3_column_text(stmt, i));
    sqlite3_finalize(stmt);
}

static wr_status add(wr_store *s, const wr_page *page, wr_store_outcome want) {
    wr_store_outcome outcome = WR_STORE_SAME;
    wr_status status = wr_store_add(s, page, &outcome);
    if (status == WR_OK) CHECK(outcome == want);
    else fprintf(stderr, "%s\n", wr_store_why(s).ptr);
    return status;
}

static wr_page small_page(void) {
    static wr_block blocks[3];
    static wr_para paras[2];
    static wr_mention mentions[2];
    static wr_entity entity;
    static wr_quote quote;
    static wr_date date;
    static wr_author author;
    static wr_article article;
    blocks[0] = (wr_block){.text = WR_STR("Menu"), .end = 4, .reason = WR_STR("navigation")};
    blocks[1] = (wr_block){.text = WR_STR("Caf\xc3\xa9 opens"), .start = 6, .end = 17};
    blocks[2] = (wr_block){.text = WR_STR("x"), .start = 19, .end = 90};
    article.text =
        WR_STR("Caf\xc3\xa9 opens\n\n\xf0\x9f\x8e\x89 Zo\xc3\xab Bell said \"we\nopen\" to Bell.");
    paras[0] = (wr_para){0, 11, WR_STR("title"), 2, {0}, 0};
    paras[1] = (wr_para){13, article.text.len, WR_STR("paragraph"), 3, {0}, 0};
    mentions[0] = (wr_mention){18, 27, 0.9126, {0}, 0};
    mentions[1] = (wr_mention){46, 50, 0.5, {0}, 0};
    entity = (wr_entity){.name = WR_STR("Zo\xc3\xab Bell"),
                         .type = WR_STR("PER"),
                         .role = WR_STR("owner"),
                         .mentions = mentions,
                         .n_mentions = 2,
                         .confidence = 1};
    quote = (wr_quote){.start = 34,
                       .end = 41,
                       .text = WR_STR("we open"),
                       .kind = WR_STR("full"),
                       .speaker = entity.name,
                       .entity = 1,
                       .cue = WR_STR("said")};
    date = (wr_date){.start = 0, .end = 4, .value = WR_STR("2020-01-01")};
    author = (wr_author){.name = WR_STR("Ann \"A\" Lee")};
    article.title = WR_STR("Caf\xc3\xa9 opens");
    article.url = WR_STR("https://www.Paper.example:80/a?b");
    article.published = WR_STR("2020-02-03");
    article.authors = &author;
    article.n_authors = 1;
    article.paras = paras;
    article.n_paras = 2;
    article.entities = &entity;
    article.n_entities = 1;
    article.quotes = &quote;
    article.n_quotes = 1;
    article.dates = &date;
    article.n_dates = 1;
    article.extra = WR_STR("\xa9sentiment\xcb\x3f\xd0\0\0\0\0\0\0");
    article.n_extra = 1;
    return (wr_page){.id = WR_STR("00ff"),
                     .file = WR_STR("b.txt"),
                     .blocks = blocks,
                     .n_blocks = 3,
                     .articles = &article,
                     .n_articles = 1,
                     .extra = WR_STR("\xa4mood\x92\x01\xc0"),
                     .n_extra = 1};
}

static bool holds(const wr_buf *buf, const char *words) {
    return memmem(buf->ptr, buf->len, words, strlen(words)) != NULL;
}

static void one_article(void) {
    wr_store *s = open_store("one.db");
    wr_page page = small_page();
    CHECK(add(s, &page, WR_STORE_NEW) == WR_OK);
    uint64_t seq = 0;
    CHECK(wr_store_commit(s, &seq) == WR_OK);
    CHECK(seq == 3);
    wr_buf out = WR_BUF_INIT(1 << 20);
    dump(s, &out);
    static const char *const want[] = {
        "{\"id\":\"00ff-0\",\"file\":\"b.txt\",\"ordinal\":0,\"title\":\"Caf\xc3\xa9 opens\"",
        "\"authors\":[\"Ann \\\"A\\\" Lee\"],\"date\":\"2020-02-03\",\"source\":\"paper.example\"",
        "\"paragraphs\":[\"\xf0\x9f\x8e\x89 Zo",
        "\"removed\":[{\"text\":\"Menu\",\"reason\":\"navigation\",\"start\":0,\"end\":4}]",
        "\"mentions\":2,\"key\":\"PER/zoe-bell\",\"role\":\"owner\",\"confidence\":1",
        "{\"start\":14,\"end\":22,\"byte_start\":18,\"byte_end\":27,\"confidence\":0.913}",
        "\"text\":\"we open\",\"speaker\":\"Zo\xc3\xab Bell\",\"kind\":\"full\"",
        "\"source_start\":19,\"source_end\":90",
        "\"extra\":{\"sentiment\":0.25}",
        "\"page_extra\":{\"mood\":[1,null]}",
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        CHECK_ROW(want[i], holds(&out, want[i]));
    CHECK(ask_number(s, "SELECT count(*) FROM aliases WHERE alias = 'Bell'") == 1);
    CHECK(ask_number(
              s, "SELECT count(*) FROM v_mentions WHERE words = 'Bell' AND name LIKE 'Zo%'") == 1);
    CHECK(ask_number(s, "SELECT count(*) FROM v_quotes WHERE words = 'we open'") == 1);
    CHECK(ask_number(s, "SELECT count(*) FROM v_removed WHERE reason = 'navigation'") == 1);
    CHECK(ask_number(s, "SELECT source_end FROM v_paragraphs WHERE kind = 'paragraph'") == 90);
    CHECK(ask_number(s, "SELECT count(*) FROM v_entity_articles WHERE entity_id = 1") == 1);
    CHECK(ask_number(s, "SELECT n_articles FROM v_entities WHERE id = 1") == 1);
    CHECK(ask_number(
              s,
              "SELECT count(*) FROM article_fts WHERE article_fts MATCH 'cafe AND \"zoe bell\"'") ==
          1);
    CHECK(ask_number(s, "SELECT count(*) FROM entity_fts WHERE entity_fts MATCH 'zoe'") == 1);
    CHECK(ask_number(s, "SELECT n_articles FROM files WHERE path = 'b.txt'") == 1);
    CHECK(
        ask_number(
            s, "SELECT n_mentions * 10 + n_paragraphs FROM entity_days WHERE day = '2020-02-03'") ==
        21);
    wr_buf_free(&out);
    wr_store_close(&s);
}

static void same_page_twice(void) {
    wr_store *s = open_store("twice.db");
    wr_page page = small_page();
    CHECK(add(s, &page, WR_STORE_NEW) == WR_OK);
    CHECK(add(s, &page, WR_STORE_SAME) == WR_OK); /* in the same transaction */
    CHECK(wr_store_commit(s, NULL) == WR_OK);
    wr_store_close(&s);
    s = open_store("twice.db");
    page.file = WR_STR("c.txt");
    CHECK(add(s, &page, WR_STORE_SAME) == WR_OK); /* a second name */
    CHECK(wr_store_commit(s, NULL) == WR_OK);
    CHECK(ask_number(s, "SELECT count(*) FROM sightings") == 2);
    CHECK(ask_number(s, "SELECT count(*) FROM articles") == 1);
    CHECK(ask_number(s, "SELECT n_articles FROM entity_days") == 1);
    CHECK(ask_number(s, "SELECT sum(span) FROM events") == 3);
    CHECK(ask_number(s, "SELECT count(*) FROM v_articles WHERE file = 'b.txt'") == 1);
    wr_store_close(&s);
}

/* The same bytes with other facts of their containers: the first name in order decides, always. */
static void revised(void) {
    wr_buf dumps[2] = {WR_BUF_INIT(1 << 20), WR_BUF_INIT(1 << 20)};
    for (int order = 0; order < 2; order++) {
        wr_store *s = open_store(order ? "revised1.db" : "revised0.db");
        wr_page page = small_page();
        page.file = order ? WR_STR("a.warc") : WR_STR("z.warc");
        page.fetched = order ? WR_STR("2021-01-01") : WR_STR("2022-02-02");
        CHECK(add(s, &page, WR_STORE_NEW) == WR_OK);
        page.file = order ? WR_STR("z.warc") : WR_STR("a.warc");
        page.fetched = order ? WR_STR("2022-02-02") : WR_STR("2021-01-01");
        CHECK(add(s, &page, order ? WR_STORE_SAME : WR_STORE_REVISED) == WR_OK);
        CHECK(wr_store_commit(s, NULL) == WR_OK);
        dump(s, &dumps[order]);
        CHECK(ask_number(s, "SELECT count(*) FROM articles") == 1);
        CHECK(ask_number(s, "SELECT count(*) FROM article_fts WHERE article_fts MATCH 'bell'") ==
              1);
        CHECK(ask_number(s, "SELECT n_articles FROM v_entities WHERE id = 1") == 1);
        wr_store_close(&s);
    }
    CHECK_STR(wr_buf_str(&dumps[0]), wr_buf_str(&dumps[1]));
    wr_buf_free(&dumps[0]);
    wr_buf_free(&dumps[1]);
}

#define MANY 400

static void fill(wr_store *s, int order) {
    generate g = {.seed = 3, .bytes = 900, .mentions = 9, .quotes = 1, .removed = 4, .per_day = 50};
    wr_store_outcome outcome;
    for (uint64_t i = 0; i < MANY; i++) {
        uint64_t k = order == 0 ? i : order == 1 ? MANY - 1 - i : i * 149 % MANY;
        wr_arena_reset(pages);
        wr_page *page = generate_page(&g, k, pages);
        CHECK(wr_store_add(s, page, &outcome) == WR_OK);
        if (order == 2 && i % 7 == 0) CHECK(wr_store_add(s, page, &outcome) == WR_OK);
        if (i % (order == 1 ? 33 : 100) == 0) CHECK(wr_store_commit(s, NULL) == WR_OK);
    }
    CHECK(wr_store_commit(s, NULL) == WR_OK);
}

static void any_order(void) {
    wr_buf first = WR_BUF_INIT(64 << 20), other = WR_BUF_INIT(64 << 20);
    for (int order = 0; order < 3; order++) {
        char name[16];
        snprintf(name, sizeof name, "order%d.db", order);
        wr_store *s = open_store(name);
        fill(s, order);
        wr_buf_clear(&other);
        dump(s, order ? &other : &first);
        if (order) CHECK(wr_str_eq(wr_buf_str(&first), wr_buf_str(&other)));
        CHECK(ask_number(s, "SELECT count(*) FROM articles") == MANY + MANY / 16);
        wr_store_close(&s);
    }
    CHECK(first.len > 500000);
    wr_buf_free(&first);
    wr_buf_free(&other);
}

/* What was not committed is gone, and can be added again. */
static void roll_back(void) {
    wr_store *s = open_store("rollback.db");
    wr_page page = small_page();
    CHECK(add(s, &page, WR_STORE_NEW) == WR_OK);
    wr_store_close(&s);
    s = open_store("rollback.db");
    CHECK(ask_number(s, "SELECT count(*) FROM pages") == 0);
    CHECK(sqlite3_exec(wr_store_db(s), "PRAGMA max_page_count=70", NULL, NULL, NULL) == SQLITE_OK);
    generate g = {.seed = 1, .bytes = 3000, .mentions = 20};
    wr_status status = WR_OK;
    wr_store_outcome outcome;
    uint64_t i = 0;
    for (; i < 2000 && status == WR_OK; i++) { /* until the file may not grow */
        wr_arena_reset(pages);
        status = wr_store_add(s, generate_page(&g, i, pages), &outcome);
    }
    if (status == WR_OK) status = wr_store_commit(s, NULL);
    else CHECK(wr_store_commit(s, NULL) == status);
    CHECK(status == WR_DISKFULL);
    CHECK(strstr(wr_store_why(s).ptr, "full") != NULL);
    CHECK(wr_store_counted(s).rolled_back > 0);
    CHECK(ask_number(s, "SELECT count(*) FROM pages") == 0);
    CHECK(sqlite3_exec(wr_store_db(s), "PRAGMA max_page_count=1000000", NULL, NULL, NULL) ==
          SQLITE_OK);
    CHECK(add(s, &page, WR_STORE_NEW) == WR_OK);
    CHECK(wr_store_commit(s, NULL) == WR_OK);
    CHECK(ask_number(s, "SELECT count(*) FROM pages") == 1);
    CHECK(ask_number(s, "SELECT count(*) FROM aliases") == 1);
    wr_store_close(&s);
}

static void hostile(void) {
    wr_store *s = open_store("hostile.db");
    wr_page page = small_page();
    wr_page bad = page;
    wr_store_outcome outcome;
    bad.id = WR_STR("");
    CHECK(wr_store_add(s, &bad, &outcome) == WR_MALFORMED);
    bad.id = WR_STR("../x");
    CHECK(wr_store_add(s, &bad, &outcome) == WR_MALFORMED);
    page.articles[0].entities[0].mentions[0].end = UINT64_MAX; /* beyond the text */
    page.articles[0].quotes[0].start = 4000;
    page.articles[0].paras[0].block = 77;
    page.articles[0].title = WR_STR("\xff\"\\\n\x01");
    CHECK(add(s, &page, WR_STORE_NEW) == WR_OK);
    CHECK(wr_store_commit(s, NULL) == WR_OK);
    CHECK(wr_store_counted(s).spans_dropped == 2);
    wr_buf out = WR_BUF_INIT(1 << 20);
    dump(s, &out);
    CHECK(holds(&out, "\"title\":\"\xef\xbf\xbd\\\"\\\\\\n\\u0001\""));
    wr_buf_free(&out);
    wr_store_close(&s);
}

static void refusals(void) {
    wr_store *s = open_store("one.db"), *second = NULL;
    wr_str why = {0};
    wr_store_options o = {.path = path_of("one.db"), .busy_ms = 1};
    CHECK(wr_store_open(&o, arena, &second, &why) == WR_LOCKED);
    CHECK(memmem(why.ptr, why.len, "another process", 15) != NULL);
    o.read_only = true;
    CHECK(wr_store_open(&o, arena, &second, &why) == WR_OK); /* readers may */
    wr_store_close(&second);
    CHECK(sqlite3_exec(wr_store_db(s), "PRAGMA user_version=99", NULL, NULL, NULL) == SQLITE_OK);
    wr_store_close(&s);
    o.read_only = false;
    CHECK(wr_store_open(&o, arena, &second, &why) == WR_VERSION);
    o = (wr_store_options){.path = path_of("none.db"), .read_only = true};
    CHECK(wr_store_open(&o, arena, &second, &why) == WR_NOTFOUND);
    FILE *f = fopen(path_of("text.db"), "w");
    fputs("this is no database, but it is long enough to be read as one if nobody looks", f);
    fclose(f);
    o = (wr_store_options){.path = path_of("text.db")};
    CHECK(wr_store_open(&o, arena, &second, &why) == WR_MALFORMED);
}

static void slugs(void) {
    static const struct {
        const char *name, *slug;
    } rows[] = {{"Ada Lovelace", "ada-lovelace"},
                {"U.S. Senate", "us-senate"},
                {"Zo\xc3\xab  O'Hara", "zoe-ohara"},
                {"\xd0\x9c\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0",
                 "\xd0\xbc\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0"},
                {"--A  b--", "a-b"}};
    wr_str slug;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(wr_store_slug(arena, wr_str_c(rows[i].name), &slug) == WR_OK);
        CHECK_STR(slug, wr_str_c(rows[i].slug));
    }
    CHECK(wr_store_slug(arena, WR_STR("!?"), &slug) == WR_OK && slug.len == 17);
    char buf[64];
    CHECK_STR(wr_store_host(WR_STR("HTTPS://me@www.A.example:8080/x"), buf, sizeof buf),
              WR_STR("a.example"));
    CHECK(wr_store_host(WR_STR("mailto:x"), buf, sizeof buf).len == 0);
}

int main(void) {
    snprintf(dir, sizeof dir, "/tmp/wr-store-XXXXXX");
    if (!mkdtemp(dir) || wr_arena_new("test", 64 << 20, &arena) != WR_OK ||
        wr_arena_new("pages", 64 << 20, &pages) != WR_OK)
        return 1;
    one_article();
    same_page_twice();
    revised();
    any_order();
    roll_back();
    hostile();
    refusals();
    slugs();
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    CHECK(system(command) == 0);
    wr_arena_free(&arena);
    wr_arena_free(&pages);
    return check_summary();
}
