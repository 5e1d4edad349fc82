/* json.h -- JSON as pages hold it: read leniently into a small tree */
#ifndef CLEANUP_JSON_H
#define CLEANUP_JSON_H

#include <wireroom/arena.h>

typedef enum json_type {
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
} json_type;

typedef struct json {
    json_type type;
    wr_str key;  /* of a member, as written between its quotes */
    wr_str text; /* scalars: as written, strings without their quotes */
    bool escaped;
    struct json *first, *next; /* elements or members; the next sibling */
} json;

/* Reads the first value of `s`. Lenient: line feeds in strings, missing or doubled commas, an end
 * that comes too early all give what was understood so far. At most 50,000 values, 32 deep; what
 * is beyond is passed over. *root is NULL when there is no value. WR_MEMORY at the arena's limit.
 */
WR_MUSTUSE wr_status json_read(wr_arena *arena, wr_str s, json **root);

/* The string with its escapes decoded (borrowed when there are none). */
WR_MUSTUSE wr_status json_text(wr_arena *arena, const json *value, wr_str *out);

/* The member with that key (ASCII case ignored), or NULL. */
const json *json_member(const json *object, wr_str key);

#endif
