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
    wr_arena_free(&arena);
    return check_summary();
}
