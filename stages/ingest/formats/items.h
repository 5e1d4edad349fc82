/* items.h -- the next of the elements that repeat in an XML file of any length: items of a message,
 * addresses of a sitemap */
#ifndef INGEST_ITEMS_H
#define INGEST_ITEMS_H

#include "../pages.h"

/* Offset of "<name" (or "</name" when `close`), any prefix, any case, from `at` on; s.len = none.
 * What stands in CDATA sections and comments does not count. */
size_t items_find(wr_str s, size_t at, bool close, wr_str name);

/* Looks for the next element of one of the names and takes what stands before it; *item is its
 * source with the tags, at the window's begin: the caller takes item.len bytes when done. With
 * *found = INGEST_FOUND_END there is none; INGEST_FOUND_BAD: too large or cut off, and taken. */
WR_MUSTUSE wr_status items_next(ingest_input *in, const ingest_limits *limits, const wr_str *names,
                                size_t n_names, wr_str *item, ingest_found *found, wr_str *why);

#endif
