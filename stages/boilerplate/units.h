/* units.h -- the parts of a page of markup that are articles of their own
 *
 * A page holds several articles when it is several documents one after the other, or when several
 * <article> elements each have a heading of the same kind and level and paragraphs of their own,
 * and the stated title is the first one's heading or none's. Entries of a live blog, items of a
 * list under the page's own headline, teasers and comments are no articles: such a page is one. */
#ifndef BOILERPLATE_UNITS_H
#define BOILERPLATE_UNITS_H

#include "judge.h"

struct unit {
    size_t from, to;             /* its blocks, [from, to) */
    size_t heading;              /* the block that is its headline; `to` = not known */
    size_t facts_from, facts_to; /* what the markup states about it, [from, to) */
    bool main;                   /* those facts are all about it */
};

enum { UNITS_MAX = 64 };

/* The units in page order; *n = 0 when the page is one article (or none). WR_MEMORY at the arena's
 * limit. O(blocks + facts). */
WR_MUSTUSE wr_status units_find(wr_arena *arena, const wr_page *page, const struct judgement *found,
                                struct unit **units, size_t *n);

/* A page that is only that unit; its blocks are those of `page` themselves. WR_MEMORY. */
WR_MUSTUSE wr_status units_view(wr_arena *arena, const wr_page *page, const struct unit *unit,
                                wr_page *view);

#endif
