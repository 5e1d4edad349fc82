/* feed.h -- the life of ingest: from watched directories to the line, and the files' ends
 *
 * A file is taken, read page by page, its pages submitted within a bounded window; when the
 * journeys of all its pages have ended it is put away. Everything can be killed at any time: what
 * was taken stands in work/ and is taken again first, and a page that comes twice is stored once.
 */
#ifndef INGEST_FEED_H
#define INGEST_FEED_H

#include "claim.h"

#include <wireroom/option.h>

#define INGEST_DIRS_MAX 64u

typedef struct ingest_options {
    const char *line, *finished, *state, *log_level;
    int64_t window, ratio, depth, entries;
    uint64_t window_bytes, page_limit, file_limit;
    uint64_t settle_ms, rescan_ms, lost_ms, drain_ms;
    bool once, report;
} ingest_options;

/* Runs until it is told to end (or, with `once`, until all files are finished). Returns the exit
 * code. */
int ingest_feed(const ingest_options *options, char *const *dirs, size_t n_dirs);

#endif
