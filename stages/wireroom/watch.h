/* watch.h -- `wireroom watch`: saved queries and their actions */
#ifndef WIREROOM_WATCH_H
#define WIREROOM_WATCH_H

#include <common/store/watch.h>

typedef struct watch_options {
    const char *store, *words, *entity, *source, *speaker, *post;
    uint64_t time_limit, pause;
    int64_t retries, limit;
    bool once, json;
} watch_options;

/* Runs the actions of what the watches have found, in order, until all are done (`once`) or it is
 * told to end. One of these at a time for a store: WR_LOCKED. */
WR_MUSTUSE wr_status watch_deliver(const watch_options *set, wr_store *store, wr_arena *arena);

#endif
