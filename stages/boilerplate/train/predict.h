/* predict.h -- articles as lines for the scorers of extraction and metadata */
#ifndef BOILERPLATE_TRAIN_PREDICT_H
#define BOILERPLATE_TRAIN_PREDICT_H

#include <wireroom/page.h>

#include <stdio.h>

/* The page's first article (the one its stated title is about, when it states one), NULL when it
 * has none. */
const wr_article *predict_main(const wr_page *page);

/* The text of an article without its title part; borrowed. */
wr_str predict_body(const wr_article *article);

/* One line {"set","id","text","title","authors","date","quality"}; a page without an article gives
 * an empty text. Title, authors and date are left out when the page
 * states none; an agency stands among the authors, as it does in the gold. */
void predict_write(FILE *out, wr_str set, wr_str id, const wr_page *page);

#endif
