/* line.h -- the messages of line.def as one struct, and their msgpack form */
#ifndef WR_LINE_H
#define WR_LINE_H

#include "common/wire.h"

#define WR_LINE_VERSION 1

typedef enum wr_line_kind {
#define MESSAGE(NAME, payload, from, doc, ...) WR_LINE_##NAME,
#include <wireroom/line.def>
#undef MESSAGE
    WR_LINE_UNKNOWN
} wr_line_kind;

/* Fields of all messages together; those not of a message stay 0. Strings are borrowed. ANY fields
 * hold one msgpack object (or are empty). */
typedef struct wr_line {
    wr_line_kind kind;
#define UINT                uint64_t
#define STR                 wr_str
#define ANY                 wr_str
#define FIELD(f, type, doc) type f;
#include <wireroom/line.def>
#undef FIELD
#undef UINT
#undef STR
#undef ANY
} wr_line;

/* Reads a message from untrusted bytes, strings borrowed from `message`. An unknown name gives
 * WR_OK and WR_LINE_UNKNOWN; WR_VERSION for another version, WR_MALFORMED, WR_TRUNCATED, WR_LIMIT.
 * O(bytes). */
WR_MUSTUSE wr_status wr_line_decode(wr_str message, wr_line *out);

/* Appends the message's msgpack form. */
void wr_line_encode(const wr_line *message, wr_buf *out);

/* "HELLO" and so on; does a payload frame follow. */
const char *wr_line_label(wr_line_kind name);
bool wr_line_has_payload(wr_line_kind name);

#endif
