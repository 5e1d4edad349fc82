/* story_feed.h -- articles of the store into the stories' core, in the order of their submission
 *
 * Pages come out of several workers in any order. Each carries when it was submitted and up to
 * where all before it have ended their journey (schema.def: submitted, completed), so an article
 * waits, in the store, until none can come before it any more; or until no page has come for some
 * seconds, or the stage ends. Hence the stories are the same for the same order of submission,
 * whatever the number of workers. The window is in the store, too: a process that begins reads it,
 * and nothing older. */
#ifndef AGGREGATE_STORY_FEED_H
#define AGGREGATE_STORY_FEED_H

#include <common/store/store.h>

typedef struct story_feed story_feed;

typedef struct story_feed_options {
    uint64_t bytes; /* memory for the window */
} story_feed_options;

WR_MUSTUSE wr_status story_feed_open(const story_feed_options *options, wr_store *store,
                                     story_feed **out);
void story_feed_close(story_feed **feed);

/* Reads the window from the store, unless it has been read. O(articles of the window). */
WR_MUSTUSE wr_status story_feed_ready(story_feed *feed);

/* Takes note of a page that has just been added, in the open transaction. */
WR_MUSTUSE wr_status story_feed_page(story_feed *feed, wr_arena *arena, const wr_page *page);

/* Tells the stories of what waits no longer, in the open transaction, before it is committed and
 * after copies were looked for; `all`: of everything that waits. */
WR_MUSTUSE wr_status story_feed_run(story_feed *feed, bool all);

/* How many articles wait. */
size_t story_feed_waiting(const story_feed *feed);

/* The transaction has failed: what was seen in it does not count. */
void story_feed_rolled_back(story_feed *feed);

#endif
