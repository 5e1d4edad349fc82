/* metadata.c -- what a page states about itself: titles without the site, persons, origins */
#include "check.h"

#include <stages/boilerplate/metadata.h>

enum { FACTS = 6 };

static const struct row {
    const char *name;
    struct {
        const char *origin, *name, *value;
    } facts[FACTS];
    const char *heading, *title, *authors, *agency, *published;
} rows[] = {
    {"heading wins",
     {{"opengraph", "og:site_name", "The Strait Courier"},
      {"opengraph", "og:title", "Ferry is back"},
      {"title", "title", "Ferry line reopens - The Strait Courier"}},
     "Ferry line reopens",
     "Ferry line reopens",
     "",
     "",
     ""},
    {"two against the heading",
     {{"opengraph", "og:title", "Ferry line reopens after repairs"},
      {"jsonld", "newsarticle.headline", "Ferry line reopens after repairs"},
      {"title", "title", "Ferry line reopens after repairs | Strait"}},
     "In pictures",
     "Ferry line reopens after repairs",
     "",
     "",
     ""},
    {"site in front, no heading",
     {{"opengraph", "og:site_name", "Strait Courier"},
      {"title", "title", "Strait Courier: local news - Ferry line reopens"}},
     NULL,
     "Ferry line reopens",
     "",
     "",
     ""},
    {"site taken off",
     {{"opengraph", "og:site_name", "Strait Courier"},
      {"title", "title", "Ferry line reopens \xE2\x80\x93 Strait Courier"}},
     NULL,
     "Ferry line reopens",
     "",
     "",
     ""},
    {"kicker before the title",
     {{"opengraph", "og:title", "Ferry line reopens after repairs"},
      {"title", "title", "The islands: Ferry line reopens after repairs | Strait"}},
     "The islands: Ferry line reopens after repairs",
     "Ferry line reopens after repairs",
     "",
     "",
     ""},
    {"authors of many stories",
     {{"microdata", "author.name", "Ann Example"},
      {"microdata", "author.name", "Bo Sample"},
      {"microdata", "author.name", "Cy Other"},
      {"microdata", "author.name", "Bo Sample"},
      {"microdata", "author.name", "Cy Other"},
      {"microdata", "author.name", "Bo Sample"}},
     NULL,
     "",
     "Ann Example",
     "",
     ""},
    {"names are cut",
     {{"meta", "author", "By Ann Example and Bo Sample, Staff Writer"}},
     NULL,
     "",
     "Ann Example;Bo Sample",
     "",
     ""},
    {"agency apart",
     {{"jsonld", "newsarticle.author.name", "Ann Example"},
      {"jsonld", "newsarticle.author.name", "Reuters"}},
     NULL,
     "",
     "Ann Example",
     "Reuters",
     ""},
    {"no person",
     {{"opengraph", "og:site_name", "Strait Courier"},
      {"meta", "author", "Strait Courier"},
      {"opengraph", "article:author", "https://social.example/courier"}},
     NULL,
     "",
     "",
     "",
     ""},
    {"the other story is not asked",
     {{"jsonld", "@type", "NewsArticle"},
      {"jsonld", "newsarticle.headline", "Another story"},
      {"jsonld", "newsarticle.author.name", "Cy Other"},
      {"jsonld", "@type", "NewsArticle"},
      {"jsonld", "newsarticle.headline", "Ferry line reopens"},
      {"jsonld", "newsarticle.author.name", "Ann Example"}},
     "Ferry line reopens",
     "Ferry line reopens",
     "Ann Example",
     "",
     ""},
    {"date order",
     {{"time", "time", "2030-12-31"}, {"opengraph", "article:published_time", "2031-01-05T10:20Z"}},
     NULL,
     "",
     "",
     "",
     "2031-01-05T10:20Z"},
    {"nothing stated", {{"meta", "viewport", "width=device-width"}}, NULL, "", "", "", ""},
};

/* A line under the headline, what the markup states, and the day that comes of it. */
static const struct line {
    const char *line, *stated, *modified, *want, *want_modified;
} lines[] = {
    {"Published 3 March 2031 10:11", "", "", "2031-03-03T10:11", ""},
    {"3 March 2031", "2031-03-03T09:11:12Z", "", "2031-03-03T09:11:12Z", ""},
    {"March 2, 2031 at 8:11 p.m.", "2031-03-03T01:11:12Z", "", "2031-03-02T20:11:12-05:00", ""},
    {"March 2, 2031", "2031-03-03T01:11:12Z", "", "2031-03-02", ""},
    {"4 May 2031 12:00", "2029-01-01T10:20Z", "2031-05-04T10:00Z", "2031-05-04T12:00",
     "2031-05-04T10:00Z"},
    {"Updated 4 May 2031", "2029-01-01T10:20Z", "", "2029-01-01T10:20Z", "2031-05-04"},
    {"Updated 4 May 2031", "", "", "", "2031-05-04"},
    {"Published 3 May 2031 | Updated 4 May 2031 at 5:06 am", "", "", "2031-05-03",
     "2031-05-04T05:06"},
    {"05/03/2031", "2031-03-05T10:20Z", "", "2031-03-05T10:20Z", ""},
    {"By Ann ExampleMarch 3, 2031", "", "", "2031-03-03", ""},
    {"The ferry sailed for the first time on 3 March 1999 and its owners say that it has not "
     "missed one day since then, not even in a storm",
     "2031-03-05", "", "2031-03-05", ""},
};

static void check_line(wr_arena *arena, const struct line *row) {
    wr_fact facts[2] = {0};
    wr_block blocks[3] = {0};
    wr_article article = {0};
    wr_page page = {.facts = facts, .n_facts = 2, .blocks = blocks, .n_blocks = 3};
    facts[0] = (wr_fact){.name = WR_STR("article:published_time"),
                         .value = wr_str_c(row->stated),
                         .origin = WR_STR("opengraph")};
    facts[1] = (wr_fact){.name = WR_STR("article:modified_time"),
                         .value = wr_str_c(row->modified),
                         .origin = WR_STR("opengraph")};
    blocks[0] = (wr_block){.text = WR_STR("Ferry line reopens"), .level = 1};
    blocks[1] = (wr_block){
        .text = wr_str_c(row->line), .label = WR_STR("dateline"), .reason = WR_STR("dateline")};
    blocks[2] = (wr_block){
        .text = WR_STR("The ferry sailed again."), .label = WR_STR("paragraph"), .article = 1};
    page.lang = WR_STR("en");
    struct metadata m = {.arena = arena, .page = &page, .article = &article, .first = 2, .last = 3};
    CHECK(metadata_dates(&m) == WR_OK);
    CHECK_STR(article.published, wr_str_c(row->want));
    CHECK_STR(article.modified, wr_str_c(row->want_modified));
    CHECK((article.published.len > 0) == (article.published_origin.len > 0));
}

static wr_str joined(wr_arena *arena, const wr_article *article) {
    wr_str out = wr_str_of("", 0);
    for (size_t i = 0; i < article->n_authors; i++) {
        wr_str name = article->authors[i].name;
        CHECK(article->authors[i].origin.len > 0);
        CHECK(wr_arena_printf(arena, &out, "%.*s%s%.*s", (int)out.len, out.ptr, i ? ";" : "",
                              (int)name.len, name.ptr) == WR_OK);
    }
    return out;
}

static void check_row(wr_arena *arena, const struct row *row) {
    wr_fact list[FACTS];
    wr_block block;
    wr_page page;
    wr_article article;
    memset(list, 0, sizeof list);
    memset(&block, 0, sizeof block);
    memset(&page, 0, sizeof page);
    memset(&article, 0, sizeof article);
    page.facts = list;
    for (size_t i = 0; i < FACTS && row->facts[i].name; i++) {
        list[i].origin = wr_str_c(row->facts[i].origin);
        list[i].name = wr_str_c(row->facts[i].name);
        list[i].value = wr_str_c(row->facts[i].value);
        page.n_facts = i + 1;
    }
    block.text = wr_str_c(row->heading);
    block.level = 1;
    page.blocks = &block;
    page.n_blocks = row->heading != NULL;
    struct facts facts;
    facts_collect(&page, &facts);
    struct metadata m = {.arena = arena,
                         .page = &page,
                         .facts = &facts,
                         .headline = 0,
                         .first = page.n_blocks,
                         .article = &article};
    CHECK_ROW(row->name, metadata_fill(&m) == WR_OK);
    CHECK_STR(article.title, wr_str_c(row->title));
    CHECK_STR(joined(arena, &article), wr_str_c(row->authors));
    CHECK_STR(article.agency, wr_str_c(row->agency));
    CHECK_STR(article.published, wr_str_c(row->published));
    CHECK_ROW(row->name, (article.title.len > 0) == (article.title_origin.len > 0));
    CHECK_ROW(row->name, (article.published.len > 0) == (article.published_origin.len > 0));
}

int main(void) {
    wr_arena *arena;
    if (wr_arena_new("test", 1 << 20, &arena) != WR_OK) return 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(arena, &rows[i]);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        check_line(arena, &lines[i]);
    wr_arena_free(&arena);
    return check_summary();
}
