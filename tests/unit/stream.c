/* stream.c -- each kind of message, byte for byte as in tests/clients/fixtures
 *
 * usage: test_stream FIXTURES [--bless]
 *
 * The pages are written for it, the clock and the store's name are fixed. --bless writes the files
 * anew: only when a message has changed on purpose, with STREAMS.md and fixtures.json. */
#include "check.h"

#include <common/store/digest.h>
#include <common/store/stream.h>
#include <common/store/trend.h>
#include <common/store/watch.h>
#include <stages/aggregate/group.h>

#include <stdlib.h>
#include <unistd.h>

static wr_arena *arena;
static const char *folder;
static bool bless;

/* ---- pages ---- */

#define TEXT                                                                                       \
    "Harbour opens\n\nZo\xc3\xab Bell said \xe2\x80\x9cwe open today\xe2\x80\x9d in N\xc3\xb8rby. Nobody knew \
how many boats would come before the evening, and the pilots waited on the quay."

static wr_str span(const char *words, uint64_t *start, uint64_t *end) {
    const char *at = strstr(TEXT, words);
    *start = (uint64_t)(at - TEXT);
    *end = *start + strlen(words);
    return wr_str_of(at, strlen(words));
}

static void add_story(wr_store *s, const char *id, const char *url) {
    wr_mention people[1] = {{.confidence = 0.9}}, places[1] = {{.confidence = 0.5}};
    wr_quote quote = {.kind = WR_STR("full"),
                      .cue = WR_STR("said"),
                      .speaker = WR_STR("Zo\xc3\xab Bell"),
                      .entity = 1,
                      .confidence = 0.8};
    span("Zo\xc3\xab Bell", &people[0].start, &people[0].end);
    span("N\xc3\xb8rby", &places[0].start, &places[0].end);
    quote.text = span("we open today", &quote.start, &quote.end);
    wr_entity entities[2] = {{.name = WR_STR("Zo\xc3\xab Bell"),
                              .type = WR_STR("PER"),
                              .role = WR_STR("harbour master"),
                              .mentions = people,
                              .n_mentions = 1,
                              .confidence = 0.9},
                             {.name = WR_STR("N\xc3\xb8rby"),
                              .type = WR_STR("LOC"),
                              .mentions = places,
                              .n_mentions = 1,
                              .confidence = 0.5}};
    wr_block blocks[3] = {{.text = WR_STR("Menu"), .end = 4, .reason = WR_STR("navigation")},
                          {.text = WR_STR("Harbour opens"), .start = 5, .end = 18},
                          {.text = WR_STR("Zo"), .start = 20, .end = 180}};
    wr_para paras[2] = {
        {.end = 13, .kind = WR_STR("title"), .block = 2},
        {.start = 15, .end = sizeof TEXT - 1, .kind = WR_STR("paragraph"), .block = 3}};
    wr_author author = {.name = WR_STR("Ann Lee")};
    wr_article article = {.title = WR_STR("Harbour opens"),
                          .text = wr_str_of(TEXT, sizeof TEXT - 1),
                          .lang = WR_STR("en"),
                          .url = wr_str_c(url),
                          .published = WR_STR("2024-05-06"),
                          .authors = &author,
                          .n_authors = 1,
                          .paras = paras,
                          .n_paras = 2,
                          .entities = entities,
                          .n_entities = 2,
                          .quotes = &quote,
                          .n_quotes = 1,
                          .extra = WR_STR("\xa9sentiment\xcb\x3f\xd0\0\0\0\0\0\0"),
                          .n_extra = 1};
    wr_page page = {.id = wr_str_c(id),
                    .file = wr_str_c(url + 8),
                    .blocks = blocks,
                    .n_blocks = 3,
                    .articles = &article,
                    .n_articles = 1};
    wr_store_outcome outcome;
    CHECK(wr_store_add(s, &page, &outcome) == WR_OK && outcome == WR_STORE_NEW);
}

/* Ten quiet days, then four articles that name one place. */
static void add_news(wr_store *s) {
    for (unsigned i = 0; i < 14; i++) {
        char id[33], text[96], day[11];
        wr_mention mention = {.end = 9, .confidence = 1};
        wr_entity entity = {.name = WR_STR("Glassford"),
                            .type = WR_STR("LOC"),
                            .mentions = &mention,
                            .n_mentions = 1,
                            .confidence = 1};
        CHECK(trend_shift("2024-05-10", i < 10 ? (int)i : 10, day));
        snprintf(id, sizeof id, "%032x", 0xabc0 + i);
        snprintf(text, sizeof text, "%s%u.", i < 10 ? "Nothing was heard on day " : "Glassford ",
                 i);
        wr_article article = {.text = wr_str_c(text),
                              .published = wr_str_c(day),
                              .entities = &entity,
                              .n_entities = i >= 10};
        wr_page page = {
            .id = wr_str_c(id), .file = wr_str_c(id), .articles = &article, .n_articles = 1};
        wr_store_outcome outcome;
        CHECK(wr_store_add(s, &page, &outcome) == WR_OK);
    }
    CHECK(wr_store_commit(s, NULL) == WR_OK);
}

static void work_out_trends(wr_store *s) {
    wr_digest *d;
    bool more = true;
    CHECK(wr_digest_open(s, &d) == WR_OK && wr_digest_plan(d) == WR_OK);
    while (more)
        CHECK(wr_digest_step(d, &more) == WR_OK);
    wr_digest_close(&d);
}

/* ---- messages ---- */

/* The body beside the file of that name. */
static void compare(const char *name, wr_str topic, wr_str body, const char *want_topic) {
    char path[512], held[16384];
    CHECK_ROW(name, wr_str_eq(topic, wr_str_c(want_topic)));
    snprintf(path, sizeof path, "%s/%s.msgpack", folder, name);
    FILE *f = fopen(path, bless ? "wb" : "rb");
    CHECK_ROW(path, f != NULL);
    if (!f) return;
    if (bless) CHECK(fwrite(body.ptr, 1, body.len, f) == body.len);
    else {
        size_t len = fread(held, 1, sizeof held, f);
        CHECK_ROW(name, len == body.len && memcmp(held, body.ptr, len) == 0);
    }
    CHECK(fclose(f) == 0);
}

typedef struct wanted {
    const char *name, *topic;
    bool seen;
} wanted;

static wr_status take(void *to, const wr_message *m) {
    wanted *w = to;
    if (w->seen || !wr_str_starts(m->topic, wr_str_c(w->topic))) return WR_OK;
    w->seen = true;
    compare(w->name, m->topic, m->body, w->topic);
    return WR_OK;
}

static void messages(wr_stream *stream, const wanted *list) {
    for (; list->name; list++) {
        wanted w = *list;
        uint64_t next;
        CHECK(wr_stream_read(stream, arena, 1, SIZE_MAX, NULL, take, &w, &next) == WR_OK);
        CHECK_ROW(w.name, w.seen);
    }
}

static void notices(wr_stream *stream) {
    static const struct {
        const char *type, *json;
    } rows[] = {{"start", "{\"last\":7}"},
                {"beat", "{\"last\":7}"},
                {"stop", "{\"last\":7}"},
                {"replay", "{\"from\":1,\"next\":8,\"first\":1,\"last\":7,\"n\":7}"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_message m;
        char topic[32], name[32];
        snprintf(topic, sizeof topic, "sys/%s/", rows[i].type);
        snprintf(name, sizeof name, "sys-%s", rows[i].type);
        CHECK(wr_stream_notice(stream, arena, rows[i].type, wr_str_c(rows[i].json), &m) == WR_OK);
        compare(name, m.topic, m.body, topic);
    }
}

static const wanted stored[] = {
    {"article", "article/en/paper.example/", false},
    {"entity", "entity/per/zoe-bell/", false},
    {"quote", "quote/zoe-bell/", false},
    {"dup", "dup/0000000000000000000000000000a001-0/", false},
    {"watch", "watch/harbour/", false},
    {"trend", "trend/entity/glassford/", false},
    {NULL, NULL, false},
};
static const wanted forgotten[] = {{"sys-gone", "sys/gone/", false}, {NULL, NULL, false}};

static void run(wr_store *s) {
    group *copies;
    wr_stream *stream;
    size_t n;
    CHECK(group_open(&(group_options){.index_bytes = 1 << 20}, s, &copies) == WR_OK);
    wr_watch watch = {.name = WR_STR("harbour"), .words = WR_STR("pilots")};
    CHECK(wr_watch_add(s, &watch) == WR_OK);
    add_story(s, "0000000000000000000000000000a001", "https://paper.example/a");
    add_story(s, "0000000000000000000000000000a002", "https://gazette.example/b");
    CHECK(group_new_articles(copies) == WR_OK && wr_watch_new_articles(s) == WR_OK);
    CHECK(wr_store_commit(s, NULL) == WR_OK);
    group_close(&copies);
    add_news(s);
    work_out_trends(s);
    CHECK(wr_stream_open(wr_store_db(s), &stream) == WR_OK);
    messages(stream, stored);
    notices(stream);
    CHECK(wr_store_forget(s, WR_STR("2024-05-07"), false, 10, &n) == WR_OK && n == 2);
    messages(stream, forgotten);
    wr_stream_close(&stream);
}

int main(int argc, char **argv) {
    char dir[] = "/tmp/wr-stream-XXXXXX", path[64], command[96];
    wr_store *s = NULL;
    if (argc < 2) return 100;
    folder = argv[1];
    bless = argc > 2 && strcmp(argv[2], "--bless") == 0;
    if (!mkdtemp(dir) || wr_arena_new("test", 64 << 20, &arena) != WR_OK) return 1;
    snprintf(path, sizeof path, "%s/s.db", dir);
    wr_store_options o = {.path = path, .now = "2024-05-20T12:00:00Z"};
    CHECK(wr_store_open(&o, arena, &s, NULL) == WR_OK);
    CHECK(sqlite3_exec(wr_store_db(s), "UPDATE meta SET value = 'c0ffee01' WHERE key = 'store'",
                       NULL, NULL, NULL) == SQLITE_OK);
    run(s);
    wr_store_close(&s);
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    CHECK(system(command) == 0);
    wr_arena_free(&arena);
    return check_summary();
}
