/* boilerplate.c -- a page of blocks becomes an article, and what is left out has a reason */
#include "check.h"

#include <stages/boilerplate/boilerplate.h>

#define ITEM    (1u << 11 | 1u << 10)
#define NAV     (1u << 3)
#define FOOTER  (1u << 6)
#define ARTICLE (1u << 0)
#define PARA    (1u << 16)

static const struct row {
    const char *text, *tag;
    unsigned level, container, parent, flags;
    bool link, kept;
} rows[] = {
    {"Home", "li", 0, 2, 1, NAV | ITEM, true, false},
    {"Harbour", "li", 0, 2, 1, NAV | ITEM, true, false},
    {"Weather", "li", 0, 2, 1, NAV | ITEM, true, false},
    {"Ferry line reopens after winter repairs", "h1", 1, 4, 3, ARTICLE, false, true},
    {"The ferry between the two islands sailed again on Monday, ten weeks after a storm had torn "
     "off part of the northern pier.",
     "p", 0, 4, 3, ARTICLE | PARA, false, true},
    {"\"We had to replace every second pile,\" said the harbour master, who had asked the council "
     "for more money twice since the autumn.",
     "p", 0, 4, 3, ARTICLE | PARA, false, true},
    {"Commuters on the smaller island had been taken across by fishing boats in the meantime, at "
     "a cost the council has not yet published.",
     "p", 0, 4, 3, ARTICLE | PARA, false, true},
    {"Some shops on the quay stayed closed. Others, among them the bakery, moved to the school "
     "for the winter and said they would stay there until June.",
     "p", 0, 4, 3, ARTICLE | PARA, false, true},
    {"About us", "li", 0, 6, 5, FOOTER | ITEM, true, false},
    {"Copyright 2031 The Strait Courier. All rights reserved.", "p", 0, 7, 5, FOOTER, false, false},
};
enum { N = sizeof rows / sizeof *rows };

static void make(wr_block *blocks) {
    for (size_t i = 0; i < N; i++) {
        wr_block *b = &blocks[i];
        memset(b, 0, sizeof *b);
        b->text = wr_str_c(rows[i].text);
        b->tag = wr_str_c(rows[i].tag);
        b->level = rows[i].level;
        b->container = rows[i].container;
        b->parent = rows[i].parent;
        b->flags = rows[i].flags;
        b->link_bytes = rows[i].link ? b->text.len : 0;
        b->links = rows[i].link;
        b->start = i * 1000;
        b->end = b->start + b->text.len;
        b->depth = 5;
    }
}

static wr_page page_of(wr_block *blocks) {
    wr_page page;
    memset(&page, 0, sizeof page);
    page.kind = WR_STR("html");
    page.blocks = blocks;
    page.n_blocks = N;
    return page;
}

static void check_page(wr_arena *arena) {
    wr_block blocks[N];
    make(blocks);
    wr_page page = page_of(blocks);
    wr_str why = wr_str_of(NULL, 0);
    CHECK(boilerplate_page(arena, NULL, &page, &why) == WR_OK);
    CHECK(page.n_articles == 1);
    if (page.n_articles != 1) return;
    const wr_article *article = page.articles;
    CHECK_STR(article->title, wr_str_c(rows[3].text));
    for (size_t i = 0; i < N; i++) {
        CHECK_ROW(rows[i].text, (blocks[i].reason.len == 0) == rows[i].kept);
        CHECK_ROW(rows[i].text, blocks[i].label.len > 0);
    }
    CHECK(article->n_paras == 5);
    for (size_t i = 0; i < article->n_paras; i++) {
        const wr_para *para = &article->paras[i];
        CHECK(para->start < para->end && para->end <= article->text.len);
        CHECK(para->block >= 1 && para->block <= N);
        if (!para->block) continue;
        CHECK_STR(wr_str_slice(article->text, para->start, para->end),
                  blocks[para->block - 1].text);
    }
}

static void check_memory(wr_arena *arena) {
    wr_block blocks[N];
    for (size_t n = 0; n < 200; n++) {
        make(blocks);
        wr_page page = page_of(blocks);
        wr_str why = wr_str_of(NULL, 0);
        wr_arena_reset(arena);
        wr_arena_fail_at(arena, n);
        wr_status status = boilerplate_page(arena, NULL, &page, &why);
        wr_arena_fail_at(arena, SIZE_MAX);
        CHECK(status == WR_OK || (status == WR_MEMORY && why.len > 0));
        if (status == WR_OK) return;
    }
    CHECK(!"never succeeds");
}

static void check_empty(wr_arena *arena) {
    wr_page page = page_of(NULL);
    page.n_blocks = 0;
    wr_str why = wr_str_of(NULL, 0);
    CHECK(boilerplate_page(arena, NULL, &page, &why) == WR_FILTERED);
    CHECK(why.len > 0);
}

/* A record of text: what its container says fills what the text leaves open. */
static void check_container(wr_arena *arena) {
    static const char *const lines[] = {
        "Ferry sails again after ten weeks of repairs",
        "The ferry between the two islands sailed again on Monday, ten weeks after a storm had "
        "torn "
        "off part of the northern pier and left commuters to fishing boats.",
        "The council has not yet said what the new boats cost, but members of the committee expect "
        "a bill of more than two million."};
    wr_block blocks[3] = {0};
    wr_fact hints[] = {{.name = WR_STR("published"), .value = WR_STR("2031-03-14T08:00:00Z")},
                       {.name = WR_STR("site"), .value = WR_STR("Strait Courier")},
                       {.name = WR_STR("author"), .value = WR_STR("Ines Okafor")}};
    for (size_t i = 0; i < 3; i++)
        blocks[i].text = wr_str_c(lines[i]);
    wr_page page = {.kind = WR_STR("text"),
                    .url = WR_STR("https://courier.example/ferry"),
                    .blocks = blocks,
                    .n_blocks = 3,
                    .hints = hints,
                    .n_hints = 3};
    wr_str why;
    wr_arena_reset(arena);
    CHECK(boilerplate_page(arena, NULL, &page, &why) == WR_OK && page.n_articles == 1);
    const wr_article *a = page.articles;
    CHECK(wr_str_starts(a->published, WR_STR("2031-03-14")));
    CHECK_STR(a->published_origin, WR_STR("container"));
    CHECK_STR(a->site, WR_STR("Strait Courier"));
    CHECK_STR(a->url, page.url);
    CHECK(a->n_authors == 1);
    if (a->n_authors == 1) CHECK_STR(a->authors[0].name, WR_STR("Ines Okafor"));
}

int main(void) {
    wr_arena *arena;
    if (wr_arena_new("test", (size_t)8 << 20, &arena) != WR_OK) return 1;
    check_page(arena);
    check_memory(arena);
    check_empty(arena);
    check_container(arena);
    wr_arena_free(&arena);
    return check_summary();
}
