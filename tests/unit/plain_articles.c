/* plain_articles.c -- pages of plain text become articles, and each line that is not in one says
 * why */
#include "check.h"

#include <stages/boilerplate/plain.h>
#include <stages/boilerplate/plain_doc.h>

#include <stdlib.h>

enum { MAX_LINES = 64 };

struct page {
    wr_arena *arena;
    wr_block blocks[MAX_LINES];
    wr_page page;
    wr_status status;
};

static void read_lines(struct page *p, const char *const *lines) {
    memset(p->blocks, 0, sizeof p->blocks);
    p->page = (wr_page){.kind = WR_STR("text"), .blocks = p->blocks};
    for (; lines[p->page.n_blocks]; p->page.n_blocks++)
        p->blocks[p->page.n_blocks].text = wr_str_c(lines[p->page.n_blocks]);
    p->status = plain_articles(p->arena, NULL, &p->page);
}

/* One story with all that stands around it: the wanted label of each line. */
static const char *const story[] = {
    "Home | News | Sport | Weather | Contact",
    "Island ferry sails again after ten weeks of repairs",
    "14 March 2031 [09:20] - Strait Courier",
    "By Ines Okafor",
    "The ferry leaves the northern pier on Monday morning [Courier/Archive]",
    "The ferry between the two islands sailed again on Monday, ten weeks after a storm had torn "
    "off "
    "part of the northern pier and left commuters to fishing boats.",
    "\"We had to replace every second pile,\" said harbour master Tomas Lind, who had asked the "
    "council for more money twice since the autumn.",
    "Read more: Council votes on harbour budget",
    "Some shops on the quay stayed closed during the winter, and others moved to the school, where "
    "they said they would stay until June.",
    "The council has not yet published what the boats cost, but members of the finance committee "
    "expect a bill of more than two million.",
    "URL: http://news.example.org/ferry/sails-again.html",
    "Views: 1203",
    "Share on Facebook",
    "Copyright 2031 Strait Courier. All rights reserved.",
    NULL};
static const char *const story_labels[] = {
    "navigation", "title",     "dateline",  "byline", "caption", "paragraph", "paragraph",
    "related",    "paragraph", "paragraph", "source", "counter", "share",     "legal"};

static void one_story(struct page *p) {
    read_lines(p, story);
    CHECK(p->status == WR_OK);
    CHECK(p->page.n_articles == 1);
    if (p->page.n_articles != 1) return;
    for (size_t i = 0; i < p->page.n_blocks; i++)
        CHECK_STR(p->blocks[i].label, wr_str_c(story_labels[i]));
    const wr_article *a = p->page.articles;
    CHECK_STR(a->title, wr_str_c(story[1]));
    CHECK_STR(a->published, WR_STR("2031-03-14T09:20"));
    CHECK(a->n_authors == 1);
    if (a->n_authors) CHECK_STR(a->authors[0].name, WR_STR("Ines Okafor"));
    CHECK_STR(a->url, WR_STR("http://news.example.org/ferry/sails-again.html"));
    CHECK_STR(a->caption, WR_STR("The ferry leaves the northern pier on Monday morning"));
    CHECK_STR(a->credit, WR_STR("Courier/Archive"));
    CHECK(a->n_paras == 5);
    size_t end = 0;
    for (size_t i = 0; i < a->n_paras; i++) {
        CHECK(a->paras[i].start == end);
        CHECK_STR(wr_str_slice(a->text, a->paras[i].start, a->paras[i].end),
                  p->blocks[a->paras[i].block - 1].text);
        end = a->paras[i].end + 2;
    }
}

/* No line states a date: none is given, whatever captions and running text name. */
static void no_date(struct page *p) {
    static const char *const lines[] = {
        "Lighthouse keeper's log sold at auction",
        "The lighthouse at the cape in a picture of 3 May 2011 [Harbour Archive]",
        "The log of the last keeper of the lighthouse was sold on 4 June 2030 for three times the "
        "price the auction house had expected, its director said.",
        "It covers the years from 1931 to 1958 and names every ship that passed the cape in that "
        "time, most of them coal steamers on their way north.",
        "The buyer, a museum in the capital, wants to show it from September on.",
        NULL};
    read_lines(p, lines);
    CHECK(p->status == WR_OK && p->page.n_articles == 1);
    if (p->page.n_articles != 1) return;
    CHECK(p->page.articles->published.len == 0);
    CHECK(p->page.articles->n_authors == 0);
    CHECK(p->page.articles->site.len == 0);
    CHECK_STR(p->page.articles->title, wr_str_c(lines[0]));
}

static const struct {
    const char *text, *iso, *precision;
} dates[] = {
    {"05 June 2017 [17:35] - X", "2017-06-05T17:35", "minute"},
    {"December 15, 2020", "2020-12-15", "day"},
    {"Posted on Dec. 3rd, 2019 at 3:07 pm", "2019-12-03T15:07", "minute"},
    {"2021-02-28T10:00:00", "2021-02-28T10:00", "minute"},
    {"31.12.1999", "1999-12-31", "day"},
    {"12/25/2012 12:15 a.m.", "2012-12-25T00:15", "minute"},
    {"25/12/2012", "2012-12-25", "day"},
    {"03/04/2012", "", ""},
    {"30 February 2020", "", ""},
    {"03122026Top picks:", "", ""},
    {"Monday", "", ""},
};

static void date_forms(wr_arena *arena) {
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        wr_str iso, precision;
        CHECK(plain_date(arena, wr_str_c(dates[i].text), &iso, &precision) == WR_OK);
        CHECK_STR(iso, wr_str_c(dates[i].iso));
        CHECK_STR(precision, wr_str_c(dates[i].precision));
    }
}

static const struct {
    const char *text;
    enum plain_cue cue;
} cues[] = {
    {"By Ines Okafor", CUE_BYLINE},
    {"By the time the ferry sailed, nobody was left on the pier.", CUE_NONE},
    {"Comments (12)", CUE_COMMENTS},
    {"14 comments", CUE_COMMENTS},
    {"Source: www.example.org", CUE_SOURCE},
    {"Sources in the council said the bill was higher.", CUE_NONE},
    {"Related article: Ferry stops", CUE_RELATED},
    {"\xe2\x80\xa2 Your e-mail:", CUE_FORM},
    {"\xc2\xa9 2031 The Strait Courier", CUE_LEGAL},
    {"March 3, 2031", CUE_DATELINE},
    {"Share prices fell in March, and the council had to sell land to pay.", CUE_NONE},
};

static void cue_table(wr_arena *arena) {
    struct plain_tokens tokens = {wr_arena_array(arena, 256, sizeof(uint32_t)), 0, 0};
    for (size_t i = 0; i < sizeof cues / sizeof *cues; i++) {
        struct plain_line line;
        tokens.n = 0;
        plain_line_scan(wr_str_c(cues[i].text), NULL, &tokens, &line, NULL, NULL);
        CHECK_ROW(cues[i].text, line.cue == cues[i].cue);
    }
}

/* Pages at the edges of what a page is. */
static void edges(struct page *p) {
    static const char *const nothing[] = {NULL}, *const marks[] = {"***", "|", NULL};
    static const char *const one[] = {"Ferry", NULL};
    read_lines(p, nothing);
    CHECK(p->status == WR_FILTERED);
    read_lines(p, marks);
    CHECK(p->status == WR_FILTERED);
    read_lines(p, one);
    CHECK(p->status == WR_OK && p->page.n_articles == 1);
    if (p->page.n_articles) CHECK_STR(p->page.articles->text, WR_STR("Ferry"));
}

/* Every take may fail: the status says so, and nothing else happens. */
static void out_of_memory(struct page *p) {
    for (size_t n = 0;; n++) {
        wr_arena_reset(p->arena);
        wr_arena_fail_at(p->arena, n);
        read_lines(p, story);
        if (p->status == WR_OK) break;
        CHECK(p->status == WR_MEMORY);
    }
    wr_arena_fail_at(p->arena, SIZE_MAX);
}

int main(void) {
    static struct page p;
    if (wr_arena_new("test", 8u << 20, &p.arena) != WR_OK) return 1;
    one_story(&p);
    no_date(&p);
    date_forms(p.arena);
    cue_table(p.arena);
    edges(&p);
    out_of_memory(&p);
    wr_arena_free(&p.arena);
    return check_summary();
}
