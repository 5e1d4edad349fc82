/* gzip.h -- a run of gzip members as the run of what they hold, with bomb limits */
#ifndef INGEST_GZIP_H
#define INGEST_GZIP_H

#include "bytes.h"

typedef struct ingest_gzip_limits {
    uint64_t bytes; /* decompressed bytes in all */
    unsigned ratio; /* decompressed to compressed bytes, looked at from 1 MiB on */
} ingest_gzip_limits;

/* Opens the members of `from`, one after the other as if they were one (RFC 1952); memory from
 * `arena`, some 100 KB, and 2 to 6 MB more once there is a second member. Zeros after the last
 * member are padding; other bytes there are WR_MALFORMED. Reading gives WR_LIMIT at a limit,
 * WR_TRUNCATED at an early end, WR_MALFORMED on a bad header, stream or check sum. */
WR_MUSTUSE wr_status ingest_gzip_open(wr_arena *arena, ingest_bytes *from,
                                      ingest_gzip_limits limits, ingest_bytes **out);

/* One member in memory, decoded into `arena`: `guess` bytes are tried first, `most` at last.
 * WR_LIMIT when it is larger, WR_MALFORMED when it is damaged or cut: what is there of it can then
 * be had by streaming. */
WR_MUSTUSE wr_status ingest_gzip_whole(wr_arena *arena, wr_str packed, size_t guess, size_t most,
                                       wr_str *out);

#endif
