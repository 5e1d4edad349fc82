/* show.h -- a page as people read it: what was kept, what was removed and why, who says what */
#ifndef EXPLAIN_SHOW_H
#define EXPLAIN_SHOW_H

#include <wireroom/page.h>

typedef struct show_style {
    bool colour;
    size_t width; /* columns; text is wrapped there */
} show_style;

/* Appends the page's description. */
void show_page(const wr_page *page, const show_style *style, wr_buf *out);

#endif
