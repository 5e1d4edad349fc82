/* facts.h -- what the page's markup states about the page, looked up by name */
#ifndef BOILERPLATE_FACTS_H
#define BOILERPLATE_FACTS_H

#include <wireroom/page.h>

enum { FACTS_TITLES = 4 };

struct facts {
    wr_str titles[FACTS_TITLES]; /* stated titles, best first, none twice */
    size_t n_titles;
    wr_str description; /* the longest stated one */
    wr_str body;        /* the article body stated in scripts */
};

/* Collects them from page->facts. Borrows from the page. */
void facts_collect(const wr_page *page, struct facts *out);

/* The value of the first fact with that name and origin (an empty origin = any), else empty. */
wr_str facts_find(const wr_page *page, wr_str origin, wr_str name);

#endif
