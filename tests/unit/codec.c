/* codec.c -- pages to msgpack and back: round trip, unknown keys, hostile bytes */
#include "check.h"

#include <wireroom/page.h>

static wr_arena *arena;

static wr_page sample(void) {
    static wr_block blocks[2];
    static wr_fact facts[1];
    static wr_article article;
    static wr_mention mention = {.start = 3, .end = 9, .confidence = 0.5};
    static wr_entity entity;
    blocks[0] =
        (wr_block){.text = WR_STR("One"), .end = 3, .tag = WR_STR("p"), .near = WR_STR("\0\1")};
    blocks[1] =
        (wr_block){.text = WR_STR("Two"), .start = 5, .end = UINT64_MAX, .confidence = -1.5};
    facts[0] = (wr_fact){.name = WR_STR("og:title"), .value = WR_STR("A title")};
    entity = (wr_entity){
        .name = WR_STR("Ada"), .type = WR_STR("PER"), .mentions = &mention, .n_mentions = 1};
    article = (wr_article){.title = WR_STR("A title"), .entities = &entity, .n_entities = 1};
    return (wr_page){.id = WR_STR("00ff"),
                     .raw = WR_STR("a\0b"),
                     .blocks = blocks,
                     .n_blocks = 2,
                     .facts = facts,
                     .n_facts = 1,
                     .articles = &article,
                     .n_articles = 1};
}

static void round_trip(void) {
    wr_page page = sample(), back;
    wr_buf one = WR_BUF_INIT(1 << 20), two = WR_BUF_INIT(1 << 20);
    CHECK(wr_page_encode(&page, &one) == WR_OK);
    CHECK(wr_page_decode(arena, wr_buf_str(&one), &back, NULL) == WR_OK);
    CHECK_STR(back.blocks[1].text, WR_STR("Two"));
    CHECK(back.blocks[1].end == UINT64_MAX);
    CHECK(back.articles[0].entities[0].mentions[0].confidence == 0.5);
    CHECK_STR(back.raw, WR_STR("a\0b"));
    CHECK(wr_page_encode(&back, &two) == WR_OK);
    CHECK_STR(wr_buf_str(&two), wr_buf_str(&one));
    for (size_t len = 0; len < one.len; len++)
        CHECK(wr_page_decode(arena, wr_str_of(one.ptr, len), &back, NULL) != WR_OK);
    wr_buf_add_char(&one, 0);
    CHECK(wr_page_decode(arena, wr_buf_str(&one), &back, NULL) == WR_MALFORMED);
    wr_buf_free(&one);
    wr_buf_free(&two);
}

static void unknown_keys_travel(void) {
    /* {"id": "x", "mood": {"joy": [1, nil]}, 7: 1.5, "blocks": [{"text": "t", "hue": true}]} */
    wr_str msg = WR_STR("\x84\xa2id\xa1x\xa4mood\x81\xa3joy\x92\x01\xc0\x07\xcb\x3f\xf8\0\0\0\0\0\0"
                        "\xa6"
                        "blocks\x91\x82\xa4text\xa1t\xa3hue\xc3");
    wr_page page;
    CHECK(wr_page_decode(arena, msg, &page, NULL) == WR_OK);
    CHECK(page.n_extra == 2);
    CHECK(page.n_blocks == 1 && page.blocks[0].n_extra == 1);
    wr_buf out = WR_BUF_INIT(1 << 20);
    CHECK(wr_page_encode(&page, &out) == WR_OK);
    CHECK_STR(wr_buf_str(&out),
              WR_STR("\x84\xa2id\xa1x\xa6"
                     "blocks\x91\x82\xa4text\xa1t\xa3hue\xc3\xa4mood\x81\xa3joy\x92\x01\xc0"
                     "\x07\xcb\x3f\xf8\0\0\0\0\0\0"));
    wr_buf_free(&out);
}

static void hostile(void) {
    static const struct {
        const char *name;
        wr_str msg;
        wr_status status;
    } rows[] = {
        {"nothing", {"", 0}, WR_TRUNCATED},
        {"array of 2^32-1", {"\xdd\xff\xff\xff\xff", 5}, WR_TRUNCATED},
        {"map of 2^32-1", {"\xdf\xff\xff\xff\xff", 5}, WR_TRUNCATED},
        {"string of 2^32-1", {"\xdb\xff\xff\xff\xff", 5}, WR_TRUNCATED},
        {"ext of 2^32-1", {"\xc9\xff\xff\xff\xff\0", 6}, WR_TRUNCATED},
        {"never used type", {"\xc1", 1}, WR_MALFORMED},
        {"two objects", {"\x80\x80", 2}, WR_MALFORMED},
        {"not a map", {"\x90", 1}, WR_MALFORMED},
        {"id is a number", {"\x81\xa2id\x05", 5}, WR_MALFORMED},
        {"size is negative", {"\x81\xa4size\xff", 7}, WR_MALFORMED},
        {"blocks is a map",
         {"\x81\xa6"
          "blocks\x80",
          9},
         WR_MALFORMED},
        {"block is nil",
         {"\x81\xa6"
          "blocks\x91\xc0",
          10},
         WR_MALFORMED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_page page;
        wr_wire_error error;
        CHECK_ROW(rows[i].name,
                  wr_page_decode(arena, rows[i].msg, &page, &error) == rows[i].status);
        CHECK_ROW(rows[i].name, error.why != NULL);
    }
    char deep[100];
    memset(deep, 0x91, sizeof deep);
    deep[99] = 0;
    CHECK(wr_wire_check(wr_str_of(deep, sizeof deep), NULL) == WR_LIMIT);
    CHECK(wr_wire_check(wr_str_of(deep + 99 - 31, 32), NULL) == WR_OK);
}

static void every_limit_fails_cleanly(void) {
    wr_page page = sample(), back;
    wr_buf msg = WR_BUF_INIT(1 << 20);
    CHECK(wr_page_encode(&page, &msg) == WR_OK);
    wr_status status = WR_MEMORY;
    for (size_t n = 0; n < 100 && status == WR_MEMORY; n++) {
        wr_arena_reset(arena);
        wr_arena_fail_at(arena, n);
        status = wr_page_decode(arena, wr_buf_str(&msg), &back, NULL);
        CHECK(status == WR_OK || status == WR_MEMORY);
    }
    CHECK(status == WR_OK);
    wr_arena_fail_at(arena, SIZE_MAX);
    for (size_t limit = 0; limit < msg.len; limit++) {
        wr_buf small = WR_BUF_INIT(limit);
        CHECK(wr_page_encode(&page, &small) == WR_LIMIT);
        wr_buf_free(&small);
    }
    wr_buf_free(&msg);
}

int main(void) {
    CHECK(wr_arena_new("test", 1 << 24, &arena) == WR_OK);
    round_trip();
    unknown_keys_travel();
    hostile();
    every_limit_fails_cleanly();
    wr_arena_free(&arena);
    return check_summary();
}
