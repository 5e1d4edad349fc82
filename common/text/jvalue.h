/* jvalue.h -- JSON read leniently into a small tree, and a strict check */
#ifndef WR_TEXT_JVALUE_H
#define WR_TEXT_JVALUE_H

#include "common/text/utf8.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum wr_jvalue_type {
    WR_JVALUE_NULL,
    WR_JVALUE_BOOL,
    WR_JVALUE_NUMBER,
    WR_JVALUE_STRING,
    WR_JVALUE_ARRAY,
    WR_JVALUE_OBJECT
} wr_jvalue_type;

typedef struct wr_jvalue {
    wr_jvalue_type type;
    wr_str key;  /* of a member, as written between its quotes */
    wr_str text; /* scalars: as written, strings without their quotes */
    bool escaped;
    struct wr_jvalue *first, *next; /* elements or members; the next sibling */
} wr_jvalue;

/* Reads the first value of `s`. Lenient: line feeds in strings, missing or doubled commas, an end
 * that comes too early all give what was understood so far. At most 50,000 values, 32 deep; what
 * is beyond is passed over. *root is NULL when there is no value. WR_MEMORY at the arena's limit.
 */
WR_MUSTUSE wr_status wr_jvalue_read(wr_arena *arena, wr_str s, wr_jvalue **root);

/* The string with its escapes decoded (borrowed when there are none). */
WR_MUSTUSE wr_status wr_jvalue_text(wr_arena *arena, const wr_jvalue *value, wr_str *out);

/* The member with that key (ASCII case ignored), or NULL. */
const wr_jvalue *wr_jvalue_member(const wr_jvalue *object, wr_str key);

/* True when `s` is exactly one JSON value (RFC 8259, valid UTF-8), at most 512 deep. O(len). */
bool wr_jvalue_valid(wr_str s);

#ifdef __cplusplus
}
#endif
#endif
