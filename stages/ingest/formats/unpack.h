/* unpack.h -- archives by libarchive: their members one after the other, as runs of bytes
 *
 * Nothing is written anywhere, names are names only. What a member decompresses to is counted for
 * the whole archive: limits.file_bytes, limits.ratio against the archive's own bytes,
 * limits.entries. libarchive takes its own memory (not the arena's); it is freed by unpack_close.
 */
#ifndef INGEST_UNPACK_H
#define INGEST_UNPACK_H

#include "../pages.h"

typedef enum unpack_kind {
    UNPACK_ZIP,    /* read from its begin: memory does not grow with the number of members */
    UNPACK_ZIP_AT, /* by its directory at the end: needs a run that can seek */
    UNPACK_TAR,
    UNPACK_7Z /* needs a run that can seek */
} unpack_kind;

typedef struct unpack unpack;

/* Opens the archive in the window `in`, from its begin. A run that cannot seek is taken into the
 * window where seeking is needed: WR_LIMIT when it does not fit. */
WR_MUSTUSE wr_status unpack_open(wr_arena *arena, ingest_input *in, unpack_kind kind,
                                 const ingest_limits *limits, unpack **out, wr_str *why);
void unpack_close(unpack **archive);

typedef enum unpack_found { UNPACK_MEMBER, UNPACK_BAD, UNPACK_END } unpack_found;

/* The next regular file. *name is valid UTF-8, in `arena`. UNPACK_BAD: this member cannot be read
 * (the status says why), the next one may; UNPACK_END with a status other than WR_OK: the rest of
 * the archive cannot be read. */
WR_MUSTUSE wr_status unpack_next(unpack *archive, wr_arena *arena, wr_str *name,
                                 unpack_found *found, wr_str *why);

/* The bytes of the member just found. */
ingest_bytes *unpack_member(unpack *archive);

/* All bytes of the member, at most `most` (WR_LIMIT), in `arena`. */
WR_MUSTUSE wr_status unpack_all(unpack *archive, wr_arena *arena, size_t most, wr_str *out,
                                wr_str *why);

/* Looks for the member `name` from here on, then once more from the begin (UNPACK_ZIP_AT).
 * WR_NOTFOUND. */
WR_MUSTUSE wr_status unpack_find(unpack *archive, wr_arena *arena, wr_str name, wr_str *why);

#endif
