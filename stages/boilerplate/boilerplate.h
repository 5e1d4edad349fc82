/* boilerplate.h -- blocks in, articles out: what is the article, what is around it, and why
 *
 * The core of the stage: pure, bounded, memory from the arena. */
#ifndef BOILERPLATE_H
#define BOILERPLATE_H

#include <wireroom/page.h>

/* What the user may choose. NULL in place of it means the defaults. */
struct boilerplate_options {
    int64_t dial;  /* 0 = precision ... 100 = recall; 50 is the balance the model was fitted for */
    bool captions; /* captions become parts of the text */
    bool comments; /* reader comments become parts of the text */
    bool no_metadata; /* body only: no author, date, site, ... (title as found) */
};

#define BOILERPLATE_DEFAULTS                                                                       \
    { .dial = 50 }

/* Gives every block of `page` its label, reason, confidence and article, and sets page->articles.
 *  - article.text is the title (when there is one), then the kept blocks in page order, joined by
 *    two line feeds; article.paras has one row for each of these parts, `block` says which block
 *    the part was taken from.
 *  - block.label and block.reason as block_labels.def says; a reason is given for removed blocks
 * only.
 *  - a page with blocks has at least one article when any of its blocks holds a word.
 * Plain text (page->kind "text") goes to plain_articles, all else is read as markup.
 * *why is set (static text) when the status is not WR_OK: WR_FILTERED without a block of words,
 * WR_MEMORY at the arena's limit. O(bytes of text + blocks). */
WR_MUSTUSE wr_status boilerplate_page(wr_arena *arena, const struct boilerplate_options *options,
                                      wr_page *page, wr_str *why);

/* The same with another model than the one the stage ships (training and evaluation). */
struct judge_model;
WR_MUSTUSE wr_status boilerplate_page_with(wr_arena *arena,
                                           const struct boilerplate_options *options,
                                           const struct judge_model *model, wr_page *page,
                                           wr_str *why);

#endif
