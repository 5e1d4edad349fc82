/* metadata.h -- what the page states about its article: title, authors, dates, site, address, image
 *
 * Every value comes from the page (or its container) and its origin is noted; what is not stated
 * stays empty. The order in which places are asked is that of the tables in the files, and of
 * METADATA.md. */
#ifndef BOILERPLATE_METADATA_H
#define BOILERPLATE_METADATA_H

#include "facts.h"

struct metadata {
    wr_arena *arena;
    const wr_page *page;
    const struct facts *facts;
    size_t headline;    /* the block taken for the headline, page->n_blocks = none */
    size_t first, last; /* the article's first and last kept block, [first, last) */
    wr_article *article;
    bool *skip; /* per fact: states something about another story; NULL = none does */
};

/* True when fact i is of the name and place, and about this article. */
struct place;
bool metadata_states(const struct metadata *m, const struct place *place, size_t i);

/* Fills all fields of m->article but lang, quality, text and what tag adds. WR_MEMORY at the
 * arena's limit. O(facts + blocks near the headline). */
WR_MUSTUSE wr_status metadata_fill(struct metadata *m);

/* The parts of it. metadata_site first: the others leave the site's name out. */
void metadata_site(struct metadata *m);
WR_MUSTUSE wr_status metadata_title(struct metadata *m);
WR_MUSTUSE wr_status metadata_authors(struct metadata *m);
WR_MUSTUSE wr_status metadata_dates(struct metadata *m);

/* One row of a table of places to ask: an origin ("" = any) and a name; `ends` = every name that
 * ends like it. */
struct place {
    wr_str origin, name;
    bool ends;
};
#define PLACE(origin, name)                                                                        \
    { {origin, sizeof(origin) - 1}, {name, sizeof(name) - 1}, false }
#define PLACE_ENDS(origin, name)                                                                   \
    { {origin, sizeof(origin) - 1}, {name, sizeof(name) - 1}, true }
bool metadata_matches(const struct place *place, const wr_fact *fact);

/* What the container (feed, JSON record, archive) says: title, author, date; empty = nothing. */
wr_str metadata_hint(const struct metadata *m, wr_str name);

/* True when folded `a` and `b` are the same words. */
bool metadata_same(wr_str a, wr_str b);

/* A name as letters and digits only, lower case: at most `cap` bytes to `out`. */
wr_str metadata_key(wr_str s, char *out, size_t cap);

#endif
