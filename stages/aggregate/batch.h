/* batch.h -- the pages of one commit, kept until it has worked
 *
 * A page that was taken is in the store's open transaction and, encoded, in here. When the
 * transaction fails for a reason that passes (full disk, locked store), the next commit puts all of
 * them into a new one, so nothing has to come over the line again and nothing is lost. */
#ifndef WR_AGGREGATE_BATCH_H
#define WR_AGGREGATE_BATCH_H

#include "group.h"
#include "story_feed.h"

#include <common/store/store.h>

typedef struct batch {
    wr_store *store;
    group *group;        /* may be NULL */
    story_feed *stories; /* may be NULL */
    wr_arena *arena;     /* to read pages again */
    wr_buf pages; /* length (8 bytes, the machine's order) and msgpack, one after the other */
    size_t n;
    bool broken; /* the transaction is gone: all is to be added again */
} batch;

wr_status batch_open(batch *b, wr_store *store);
void batch_close(batch *b);

/* WR_OK, WR_DUPLICATE, or why this page cannot be taken (verdict reject). *why: see wr_store_why. A
 * failure of the store is no fault of the page: it is kept, and batch_commit tells. */
wr_status batch_add(batch *b, const wr_page *page);
/* Makes all of it durable. After anything but WR_OK it may be called again, as often as wished. */
wr_status batch_commit(batch *b, uint64_t *last_seq);
/* Between commits, when no page comes or none will: the stories of what still waits for its turn.
 */
wr_status batch_finish_stories(batch *b);

#endif
