/* labels.h -- what each block is, and why it was removed */
#ifndef BOILERPLATE_LABELS_H
#define BOILERPLATE_LABELS_H

#include "judge.h"

/* Sets label, reason, confidence and article of every block of a page of markup from the verdicts.
 * The reason is a general rule over the page's own words: hidden by the page, inside a navigation,
 * comment, share, ... element (structure_lists.def, block_flags.def), wording (lexicon.def), links.
 * With options->captions captions between the headline and the article's end are kept, with
 * options->comments comments of more than a few words. WR_MEMORY at the arena's limit. O(blocks).
 */
WR_MUSTUSE wr_status labels_set(wr_arena *arena, const struct boilerplate_options *options,
                                const struct judgement *found, wr_page *page);

#endif
