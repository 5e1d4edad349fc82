/* quote.h -- quotations in English text and who is quoted
 *
 * Finds pairs of quotation marks of any style, also mixed, misused and left open (a quotation that
 * goes on over paragraphs opens each and closes once), tells speech from fragments and from words
 * in scare quotes, and looks for the speaker by the grammar of reported speech around the marks. */
#ifndef WR_TAG_QUOTE_H
#define WR_TAG_QUOTE_H

#include <wireroom/page.h>

/* The quotations of article->text in text order; speakers are named after article->entities (which
 * may be empty: then only their place is given). Results in `arena`. O(text). WR_MEMORY at the
 * limit. */
WR_MUSTUSE wr_status quotes_find(wr_arena *arena, const wr_article *article, wr_quote **out,
                                 size_t *n);

#endif
