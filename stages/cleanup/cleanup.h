/* cleanup.h -- the core of the stage: a page's bytes to blocks of clean text
 *
 * Blocks are UTF-8, NFC, white space folded, in source order; each with its byte range in the
 * page's bytes (ascending, disjoint) and the hints of schema.def. Notes on those: container, parent
 * numbers of block elements in document order; for text in p, li, h1-h6, blockquote, dd, dt, tr,
 * td, th the container is the element around it depth               open block elements near 20
 * bytes, see structure_lists.def path                block elements only Facts are named as the
 * page writes them, lower case: meta names and properties; `title`, `lang`, `canonical`, `amphtml`,
 * `author` (rel=author), `time`; microdata itemprops (author.name); JSON-LD as type.member
 * (newsarticle.headline, newsarticle.author.name) and `@type`. */
#ifndef CLEANUP_CLEANUP_H
#define CLEANUP_CLEANUP_H

#include <wireroom/page.h>

struct cleanup_options {
    uint64_t page_bytes; /* longest page that is read; 0 = 16 MiB */
};

/* Reads page->raw (kind "html" or "text"; empty = decided by the bytes) and sets encoding, lang,
 * repairs, facts and blocks; raw is emptied, size keeps its length. WR_EMPTY, WR_BINARY, WR_LIMIT,
 * WR_MEMORY with *why; the page is then as it was. O(bytes), at most about 12 times the page's
 * bytes of arena. */
WR_MUSTUSE wr_status cleanup_page(wr_arena *arena, const struct cleanup_options *options,
                                  wr_page *page, wr_str *why);

#endif
