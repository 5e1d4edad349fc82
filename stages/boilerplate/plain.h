/* plain.h -- articles on a page of plain text: no markup, only lines
 *
 * Three small models judge the lines (is it body text: own look and neighbours, then again in the
 * light of the first verdicts; is it the title an article starts with); rules name what is removed
 * and read what labelled lines say. */
#ifndef PLAIN_H
#define PLAIN_H

#include <wireroom/page.h>

struct plain_options {
    double dial;      /* 0 = precision ... 1 = recall; 0.5 is the balance */
    bool captions;    /* captions become parts of the text */
    bool no_metadata; /* title and body only */
};

#define PLAIN_DEFAULTS                                                                             \
    { .dial = 0.5 }

/* Gives every block of a page of kind "text" its label, reason, confidence and article, and sets
 * page->articles: title, authors, agency, site, url, published (each only when the page states it),
 * caption, credit, text and paras. A block is a line or paragraph.
 * Dates come from lines beside the title or labelled as such, never from captions or running text.
 * A page that holds a word gives at least one article. WR_FILTERED without a word, WR_LIMIT beyond
 * 65,536 blocks, WR_MEMORY at the arena's limit (about 250 bytes a line and twice the text).
 * `options` NULL = defaults. O(bytes + lines * (columns + trees)). */
WR_MUSTUSE wr_status plain_articles(wr_arena *arena, const struct plain_options *options,
                                    wr_page *page);

#endif
