/* html.h -- a page of markup, valid UTF-8, to blocks and facts */
#ifndef CLEANUP_HTML_H
#define CLEANUP_HTML_H

#include <wireroom/page.h>

/* Sets page->blocks and adds to page->facts; all in the arena, hrefs borrowed from `text`. Ranges
 * are offsets into `text`: ascending, disjoint. Any bytes are accepted; O(bytes). WR_MEMORY at the
 * arena's limit, WR_LIMIT beyond 200,000 blocks. */
WR_MUSTUSE wr_status html_read(wr_arena *arena, wr_str text, wr_page *page);

#endif
