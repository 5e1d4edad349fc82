/* stream.h -- the output stream as a subscriber takes it: every message of some topics once, in
 * order
 *
 * What the live socket missed is asked for (STREAMS.md, Gaps and replays), so restarts of aggregate
 * show as a pause only. */
#ifndef WIREROOM_STREAM_H
#define WIREROOM_STREAM_H

#include <wireroom/arena.h>

#include <signal.h>

#define STREAM_TOPICS 16

typedef struct stream_options {
    const char *publish, *replay; /* addresses */
    char *const *topics;          /* prefixes of topics; "" = all */
    size_t n_topics;              /* at most STREAM_TOPICS */
    uint64_t from;       /* number of the first message wanted; 0 = what comes from now on */
    uint64_t timeout_ms; /* ends when nothing came for so long; 0 = never */
    const volatile sig_atomic_t *ended; /* set by a signal: ends */
} stream_options;

/* Each message: false ends the reading. `body` is msgpack, checked. */
typedef bool stream_each(void *ctx, wr_str topic, wr_str body);

/* WR_OK: ended by `each` or a signal. WR_TIMEOUT: nothing came in time. WR_NOTFOUND: nobody answers
 * there (within 2 s at the start). */
WR_MUSTUSE wr_status stream_read(const stream_options *options, stream_each *each, void *ctx);

#endif
