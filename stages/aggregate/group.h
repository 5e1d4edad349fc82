/* group.h -- near-duplicates in the store: edges, groups, the earliest of each, copies marked
 *
 * Looks at every article once, in the transaction that added it, and finds the ones before it that
 * have the same text (dup.h). A group is what edges connect; its earliest article (by date, then by
 * page and ordinal) stands for it, the others are copies and leave the counts without copies. The
 * groups depend on the articles only, not on the order they came in, as long as the index holds
 * them all. */
#ifndef AGGREGATE_GROUP_H
#define AGGREGATE_GROUP_H

#include <common/store/store.h>

typedef struct group group;

typedef struct group_options {
    uint64_t index_bytes; /* memory for sketches; the oldest half is forgotten when it is full */
} group_options;

WR_MUSTUSE wr_status group_open(const group_options *options, wr_store *store, group **out);
void group_close(group **group);

/* Reads the texts of the articles that are grouped already, for the index: what takes time with a
 * large store. Writes nothing, so the store may be one that is open for reading. */
WR_MUSTUSE wr_status group_read_ahead(group *group);

/* Lets go of the store's handle (NULL), or goes on with another one of the same store. */
WR_MUSTUSE wr_status group_move(group *group, wr_store *store);

/* Looks at the articles added since the last call, in the open transaction; to be called before it
 * is committed. The first call reads the texts that are in the store, unless they were read ahead.
 */
WR_MUSTUSE wr_status group_new_articles(group *group);

/* The transaction has failed: what was seen in it does not count. */
void group_rolled_back(group *group);

#endif
