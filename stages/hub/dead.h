/* dead.h -- dead letters: one file each, DIR/<stage>/<id>.mp, a msgpack map with the payload last
 */
#ifndef WR_HUB_DEAD_H
#define WR_HUB_DEAD_H

#include "hub.h"

typedef struct dead_store {
    const char *dir; /* NULL = none are kept */
    size_t max_n, n;
    uint64_t max_bytes, bytes;
} dead_store;

/* Makes the directory and counts what is in it. */
WR_MUSTUSE wr_status dead_open(dead_store *d);

/* Writes a letter (a whole file or none). WR_LIMIT: the store is full; WR_DISKFULL, WR_DENIED,
 * WR_IO; WR_UNSUPPORTED: there is no store. */
WR_MUSTUSE wr_status dead_write(dead_store *d, const hub_dead *letter, wr_str payload);

/* Appends {"letters": [{key, stage, id, status, text, attempts, time, bytes}], "n", "bytes"}, at
 * most 1,000 letters, of one stage (empty = all). */
WR_MUSTUSE wr_status dead_list(const dead_store *d, wr_str stage, wr_buf *out);

/* Appends the letter's file. `key` is "stage/id". WR_NOTFOUND, WR_USAGE. */
WR_MUSTUSE wr_status dead_read(const dead_store *d, wr_str key, wr_buf *out);
WR_MUSTUSE wr_status dead_drop(dead_store *d, wr_str key);

/* Calls `each` with every key (at most 100,000) until it gives something else than WR_OK. */
WR_MUSTUSE wr_status dead_each(const dead_store *d, wr_str stage, void *ctx,
                               wr_status (*each)(void *ctx, wr_str key));

/* The payload inside a letter read before, empty when there is none. */
wr_str dead_payload(wr_str letter);

#endif
