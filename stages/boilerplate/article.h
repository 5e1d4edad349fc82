/* article.h -- from a verdict on each block to the article record */
#ifndef BOILERPLATE_ARTICLE_H
#define BOILERPLATE_ARTICLE_H

#include "boilerplate.h"

/* True for the labels whose blocks belong to an article's text (block_labels.def, kept = 1). */
bool article_label_kept(wr_str label);

/* Fills article->text and article->paras from article->title and the blocks of `page` whose
 * `article` is `ordinal` + 1 and that have no reason, in page order; a block that only repeats the
 * title stands in the title's place. WR_MEMORY at the arena's limit. */
WR_MUSTUSE wr_status article_assemble(wr_arena *arena, const wr_page *page, size_t ordinal,
                                      wr_article *article);

/* The same from article->title and one text that stands in no block. */
WR_MUSTUSE wr_status article_of_text(wr_arena *arena, wr_str body, wr_article *article);

#endif
