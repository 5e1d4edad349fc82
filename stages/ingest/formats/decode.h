/* decode.h -- compressed runs as the runs of what they hold: zstd, bzip2, xz, with bomb limits
 *
 * Like ../gzip.h: members or frames one after the other read as if they were one; WR_LIMIT at a
 * limit, WR_TRUNCATED at an early end, WR_MALFORMED on bytes that break the format. Memory is
 * `arena`'s and bounded: zstd windows up to 8 MiB, xz dictionaries up to 16 MiB (preset 7; more is
 * WR_LIMIT), 4 MiB for bzip2. */
#ifndef INGEST_DECODE_H
#define INGEST_DECODE_H

#include "../gzip.h"

typedef enum decode_kind { DECODE_ZSTD, DECODE_BZIP2, DECODE_XZ } decode_kind;

WR_MUSTUSE wr_status decode_open(wr_arena *arena, decode_kind kind, ingest_bytes *from,
                                 ingest_gzip_limits limits, ingest_bytes **out);

#endif
