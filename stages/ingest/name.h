/* name.h -- rules about the names of dropped files */
#ifndef INGEST_NAME_H
#define INGEST_NAME_H

#include <wireroom/arena.h>

/* False for names that are not looked at: those that begin with a dot or end with .tmp or .part
 * (somebody is still writing there). `name` is the last part of a path. */
bool ingest_name_wanted(wr_str name);

/* The path as valid UTF-8: bytes that are no part of a well-formed sequence, control characters and
 * '%' itself as %XX, so that the bytes can be had back. WR_MEMORY at the arena's limit. */
WR_MUSTUSE wr_status ingest_name_text(wr_arena *arena, wr_str path, wr_str *out);

#endif
