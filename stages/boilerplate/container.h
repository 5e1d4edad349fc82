/* container.h -- what the container of a page of text says about it */
#ifndef BOILERPLATE_CONTAINER_H
#define BOILERPLATE_CONTAINER_H

#include <wireroom/page.h>

/* Fields that the page itself leaves empty are taken from the hints and the address of its
 * container (JSON record, feed item, mail), origin "container". Only for pages of one article: of
 * several, nobody knows which one is meant. */
WR_MUSTUSE wr_status container_fill(wr_arena *arena, wr_page *page);

#endif
