/* alias_page.h -- names joined over the articles of one page */
#ifndef WR_TAG_ALIAS_PAGE_H
#define WR_TAG_ALIAS_PAGE_H

#include <wireroom/page.h>

#define ENTITIES_MAX 4096 /* beyond it pairs are not compared: lists, not stories */

/* A lone surname or first name takes the full name that another article of the page states, when
 * one person of the page bears it, or one with the same office. WR_MEMORY at the arena's limit.
 * O(entities^2). */
WR_MUSTUSE wr_status aliases_join_page(wr_arena *arena, wr_page *page);

/* In text order. */
void alias_sort_mentions(wr_mention *mentions, size_t n);

#endif
