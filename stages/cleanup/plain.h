/* plain.h -- plain text, valid UTF-8, to blocks: one a line, or one a paragraph where lines were
 * wrapped
 *
 * Lines are joined when
 *   - the text is hard-wrapped (its lines pile up at one width, 45-120 characters) and the next
 *     line's first word would not have fitted, or goes on in lower case in mid-sentence;
 *   - a sentence is cut by one blank line: the line is longer than 60 characters, stops in
 *     mid-sentence, and the next goes on in lower case and reads like prose to its end;
 *   - an address was broken by a space or line break inside its slug.
 * A hyphen at a wrapped line's end goes when the same text has the word without it, stays when it
 * has it with it, and stays when there is no evidence.
 * Blocks and the white space between them are the text byte for byte: ranges ascend, are disjoint,
 * and only white space lies between. A list mark is taken off the block's text, not its range. */
#ifndef CLEANUP_PLAIN_H
#define CLEANUP_PLAIN_H

#include <wireroom/page.h>

/* Sets page->blocks. Strings are borrowed from `text` or live in the arena. O(bytes) but for the
 * evidence on hyphens: one search of the text for each of at most 200. WR_MEMORY, WR_LIMIT. */
WR_MUSTUSE wr_status plain_read(wr_arena *arena, wr_str text, wr_page *page);

#endif
