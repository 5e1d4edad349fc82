/* tag.h -- the core of the stage: who and what the articles of a page name */
#ifndef TAG_TAG_H
#define TAG_TAG_H

#include <wireroom/page.h>

struct tagger;

/* A tagger on the bytes of a model file (64-byte aligned, borrowed); its memory, some 8 MB, comes
 * from `arena`. One tagger serves one thread. Statuses as model_read, and WR_MEMORY; *why (may be
 * NULL) is static text. */
WR_MUSTUSE wr_status tagger_new(wr_arena *arena, wr_str model, struct tagger **out,
                                const char **why);

/* Fills `entities` of every article from its text and paras: each mention a range of article.text
 * with its probability, mentions with one surface and type together one entity; then `quotes` and
 * `dates` (see quote.h, date.h). Adds "tag:" and the model's number to page->model. Results live in
 * `arena`. The same for any order of pages. WR_MEMORY at the arena's limit, WR_MALFORMED when a
 * para lies outside of the text. O(text). */
WR_MUSTUSE wr_status tag_page(struct tagger *tagger, wr_arena *arena, wr_page *page, wr_str *why);

/* The same for one article. */
WR_MUSTUSE wr_status tag_article(struct tagger *tagger, wr_arena *arena, wr_article *article,
                                 wr_str *why);

#endif
