/* publish.h -- the output stream: what was committed, to whoever has subscribed; and replays
 *
 * A thread of its own with a connection of its own, so that a slow subscriber or a long replay
 * never delays a commit. STREAMS.md is the contract. */
#ifndef WR_AGGREGATE_PUBLISH_H
#define WR_AGGREGATE_PUBLISH_H

#include <wireroom/arena.h>

typedef struct publisher publisher;

typedef struct publish_options {
    const char *store;   /* file */
    const char *publish; /* address an XPUB socket binds to */
    const char *replay;  /* address a ROUTER socket binds to */
    unsigned beat_ms;    /* pause between two signs of life */
} publish_options;

wr_status publisher_start(const publish_options *options, publisher **out);
/* Everything up to the last commit may be sent now. Never blocks. */
void publisher_wake(publisher *p);
/* Sends what is left and ends. */
void publisher_stop(publisher **p);

#endif
