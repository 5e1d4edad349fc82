/* listed.h -- names of a text in a language the tagger does not know: those that a list has */
#ifndef WR_TAG_LISTED_H
#define WR_TAG_LISTED_H

#include "knowledge.h"

/* Sets article->entities to the places, well-known organisations and full names of the table (and
 * whatever the user's own has) that stand in its paragraphs, with `origin` "gazetteer" and a
 * confidence of LISTED_TRUST. `lang` is the BCP 47 tag of the article: names of that language count
 * too ("LOC:de"). `k` may be NULL: nothing is found. O(bytes). WR_MEMORY at the arena's limit,
 * WR_MALFORMED when a para lies outside of the text. */
WR_MUSTUSE wr_status listed_find(wr_arena *arena, const struct knowledge *k, wr_str lang,
                                 wr_article *article);

#define LISTED_TRUST .6

#endif
