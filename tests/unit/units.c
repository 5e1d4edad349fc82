/* units.c -- pages of markup with several articles, and pages that only look like it */
#include "check.h"

#include <stages/boilerplate/boilerplate.h>
#include <stages/cleanup/cleanup.h>

#define FERRY                                                                                      \
    "<p>The ferry between the two islands sailed again on Monday, ten weeks after a storm had "    \
    "torn off part of the northern pier and left commuters to the fishing boats.</p>"              \
    "<p>The harbour master said that every second pile had been replaced, and that the council "   \
    "had been asked for more money twice since the autumn, each time without an answer.</p>"       \
    "<p>Some shops on the quay stayed closed all winter, among them the bakery, which moved to "   \
    "the school and will stay there until the first of June, its owner said.</p>"
#define BRIDGE                                                                                     \
    "<p>Work on the long bridge will stop for two months because swallows have begun to nest "     \
    "under its third arch, the county engineer told the assembly on Tuesday evening.</p>"          \
    "<p>Nobody had expected the birds before May, she said, but a mild March brought them early, " \
    "and the law leaves the builders no choice until the last of the young have flown.</p>"        \
    "<p>The delay will cost about as much as a new school bus, according to a first estimate "     \
    "that members of the assembly called hopeful at best.</p>"
#define ORCHARD                                                                                    \
    "<p>An orchard planted by the monks four hundred years ago has been found to hold a kind of "  \
    "pear that grows nowhere else, botanists of the museum reported this week.</p>"                \
    "<p>They had come to count beetles, and noticed leaves that fitted none of their books, so "   \
    "they sent a branch to a colleague who had written the last of those books himself.</p>"       \
    "<p>The owners of the land want to keep the place secret until the autumn, when the fruit "    \
    "can be tasted for the first time by people who know what they are eating.</p>"

#define PAGE(title, body) "<html><head><title>" title "</title></head><body>" body "</body></html>"
#define NAV               "<nav><a href='/'>Home</a> <a href='/news'>News</a></nav>"

static const struct row {
    const char *name, *html;
    const char *titles[4];
} rows[] = {
    {"the next story follows the first",
     PAGE("Ferry line reopens - Strait Courier",
          NAV "<main><article class=story><h1>Ferry line reopens</h1><p class=byline>By Ann "
              "Example</p>" FERRY "</article><div class=next><article><h1>Swallows stop the "
              "bridge</h1><time>4 May 2031</time>" BRIDGE "</article></div></main>"),
     {"Ferry line reopens", "Swallows stop the bridge"}},
    {"a front page with whole stories",
     PAGE("The Strait Courier", NAV
          "<main><article class=post><h2><a href='/1'>Ferry line reopens</a></h2>" FERRY
          "</article><article class=post><h2><a href='/2'>Swallows stop the bridge</a></h2>" BRIDGE
          "</article><article class=post><h2><a href='/3'>A pear of its own</a></h2>" ORCHARD
          "</article></main>"),
     {"Ferry line reopens", "Swallows stop the bridge", "A pear of its own"}},
    {"teasers are no articles",
     PAGE("Ferry line reopens - Strait Courier",
          NAV "<article><h1>Ferry line reopens</h1>" FERRY "</article><section><article><h2><a "
              "href='/2'>Swallows stop the bridge</a></h2><p>Work on the long bridge will stop for "
              "two months.</p></article><article><h2><a href='/3'>A pear of its own</a></h2><p>An "
              "orchard planted by monks holds a rare pear.</p></article></section>"),
     {"Ferry line reopens"}},
    {"entries under one headline",
     PAGE("The day at the harbour, hour by hour - Strait Courier",
          NAV "<main><h1>The day at the harbour, hour by hour</h1><article><h2>The ferry is "
              "back</h2>" FERRY "</article><article><h2>And the bridge?</h2>" BRIDGE
              "</article><article><h2>Pears on the quay</h2>" ORCHARD "</article></main>"),
     {"The day at the harbour, hour by hour"}},
    {"a live blog says so",
     PAGE("Strait Courier",
          "<script type='application/ld+json'>{\"@type\":\"LiveBlogPosting\",\"headline\":\"Our "
          "day\"}</script>" NAV "<main><article><h2>The ferry is back</h2>" FERRY
          "</article><article><h2>And the bridge?</h2>" BRIDGE "</article></main>"),
     {"The ferry is back"}},
    {"two documents",
     PAGE("Ferry line reopens - Strait Courier",
          NAV "<h1>Ferry line reopens</h1><p class=byline>By Ann Example</p>" FERRY)
         PAGE("Swallows stop the bridge - Strait Courier",
              NAV "<h1>Swallows stop the bridge</h1><p class=byline>By Bo Sample</p>" BRIDGE),
     {"Ferry line reopens", "Swallows stop the bridge"}},
    {"a document inside a document",
     PAGE("Ferry line reopens - Strait Courier",
          NAV "<h1>Ferry line reopens</h1>" FERRY "<html><head></head><body>" BRIDGE
              "</body></html>" ORCHARD),
     {"Ferry line reopens"}},
};

static wr_status run(wr_arena *arena, const char *html, wr_page *page) {
    wr_str why = {0};
    *page = (wr_page){.raw = wr_str_c(html), .kind = WR_STR("html")};
    WR_TRY(cleanup_page(arena, NULL, page, &why));
    return boilerplate_page(arena, NULL, page, &why);
}

static void check_row(wr_arena *arena, const struct row *row) {
    wr_page page;
    size_t n = 0;
    wr_arena_reset(arena);
    CHECK_ROW(row->name, run(arena, row->html, &page) == WR_OK);
    while (n < 4 && row->titles[n])
        n++;
    CHECK_ROW(row->name, page.n_articles == n);
    for (size_t k = 0; k < n && k < page.n_articles; k++) {
        const wr_article *article = &page.articles[k];
        CHECK_STR(article->title, wr_str_c(row->titles[k]));
        for (size_t i = 0; i < article->n_paras; i++) {
            const wr_para *para = &article->paras[i];
            if (!para->block) continue;
            const wr_block *block = &page.blocks[para->block - 1];
            CHECK_ROW(row->name, block->article == k + 1 && block->reason.len == 0);
            CHECK_ROW(row->name, para->end <= article->text.len);
        }
    }
    for (size_t i = 0; i < page.n_blocks; i++)
        CHECK_ROW(row->name, (page.blocks[i].article > 0) == (page.blocks[i].reason.len == 0));
}

/* Each story's own facts: those of the markup are about the first. */
static void check_facts(wr_arena *arena) {
    wr_page page;
    wr_arena_reset(arena);
    CHECK(run(arena, rows[0].html, &page) == WR_OK && page.n_articles == 2);
    if (page.n_articles != 2) return;
    CHECK(page.articles[0].n_authors == 1 && page.articles[1].n_authors == 0);
    CHECK(page.articles[0].published.len == 0);
    CHECK_STR(page.articles[1].published, WR_STR("2031-05-04"));
    wr_arena_reset(arena);
    CHECK(run(arena, rows[5].html, &page) == WR_OK && page.n_articles == 2);
    for (size_t k = 0; k < 2 && k < page.n_articles; k++) {
        CHECK(page.articles[k].n_authors == 1);
        if (page.articles[k].n_authors == 1)
            CHECK_STR(page.articles[k].authors[0].name,
                      k ? WR_STR("Bo Sample") : WR_STR("Ann Example"));
    }
}

static void check_memory(wr_arena *arena) {
    for (size_t n = 0; n < 2000; n++) {
        wr_page page;
        wr_arena_reset(arena);
        wr_arena_fail_at(arena, n);
        wr_status status = run(arena, rows[0].html, &page);
        wr_arena_fail_at(arena, SIZE_MAX);
        CHECK(status == WR_OK || status == WR_MEMORY);
        if (status == WR_OK) return;
    }
    CHECK(!"never succeeds");
}

int main(void) {
    wr_arena *arena;
    if (wr_arena_new("test", (size_t)8 << 20, &arena) != WR_OK) return 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(arena, &rows[i]);
    check_facts(arena);
    check_memory(arena);
    wr_arena_free(&arena);
    return check_summary();
}
