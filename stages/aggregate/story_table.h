/* story_table.h -- stories as rows and messages: what the stories' core decides, written down
 *
 * A story has a row from its second article on, keyed by the article it began with; one that
 * becomes part of another stays as an alias. Everything happens in the store's open transaction. */
#ifndef AGGREGATE_STORY_TABLE_H
#define AGGREGATE_STORY_TABLE_H

#include "story.h"

#include <common/store/store.h>

typedef struct story_table story_table;

WR_MUSTUSE wr_status story_table_open(wr_store *store, story_table **out);
void story_table_close(story_table **table);

/* Writes what adding an article has changed; messages story/new/, story/article/, story/merge/.
 * Scratch memory from `arena` is given back. */
WR_MUSTUSE wr_status story_table_apply(story_table *table, wr_arena *arena,
                                       const story_outcome *outcome);

/* The article of the window that `article` is a copy of, as the groups of copies know it: *number
 * and *original; 0 = none. */
WR_MUSTUSE wr_status story_table_original(story_table *table, int64_t article, uint32_t *number,
                                          int64_t *original);
/* Puts a copy beside its original and lets go of its terms. */
WR_MUSTUSE wr_status story_table_copy(story_table *table, wr_arena *arena, int64_t article,
                                      uint32_t number, int64_t original);

#endif
