/* alias.h -- one person, one entity: the names of a page that mean the same are joined */
#ifndef WR_TAG_ALIAS_H
#define WR_TAG_ALIAS_H

#include "knowledge.h"

/* Joins the entities of each article (on entry one a surface and type, as the tagger found them)
 * into one a person, organisation, place or other name: "Mr. Brandt", "Brandt" and "[Helena]
 * Brandt" under the fullest name stated, an acronym under what it stands for, a country under its
 * name. Fills name, id, country, role and candidates: a surname that several persons of the article
 * bear stays on its own with them as candidates. A surname alone is also looked up in the other
 * articles of the page. Entities are in order of first mention, mentions in text order. `k` may be
 * NULL. O(text + entities^2 of one type and last word). WR_MEMORY at the arena's limit. */
WR_MUSTUSE wr_status aliases_resolve(wr_arena *arena, const struct knowledge *k, wr_page *page);

#endif
