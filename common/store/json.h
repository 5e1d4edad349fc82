/* json.h -- JSON as the store keeps and prints it: a writer over wr_buf, a reader into an arena
 *
 * The writer's output is valid JSON for any input bytes: what is not UTF-8 becomes U+FFFD. It is
 * deterministic: the same calls give the same bytes. */
#ifndef WR_STORE_JSON_H
#define WR_STORE_JSON_H

#include <wireroom/buf.h>

/* Adds `s` as a JSON string with its quotes; non-ASCII text stays as it is. */
WR_API void wr_json_str(wr_buf *out, wr_str s);
WR_API void wr_json_uint(wr_buf *out, uint64_t v);
WR_API void wr_json_int(wr_buf *out, int64_t v);
/* A number with at most `decimals` (0-9) places, without trailing zeros; not finite = null. */
WR_API void wr_json_real(wr_buf *out, double v, unsigned decimals);
/* `,"key":` (or `"key":` when the buffer ends in `{`). `key` needs no escapes. */
WR_API void wr_json_key(wr_buf *out, const char *key);
/* `,` unless the buffer ends in `[`, `{` or `:`. */
WR_API void wr_json_comma(wr_buf *out);

/* Adds the JSON object of `n` msgpack key-value pairs that stand one after the other (a record's
 * `extra`): keys that are no strings become their JSON text, bin becomes base64, ext becomes
 * null. The pairs must have passed wr_wire_check as part of a message. WR_MALFORMED when
 * they cannot be read. */
WR_API WR_MUSTUSE wr_status wr_json_extra(wr_buf *out, wr_str pairs, size_t n);

typedef enum wr_json_type {
    WR_JSON_NULL,
    WR_JSON_FALSE,
    WR_JSON_TRUE,
    WR_JSON_NUMBER,
    WR_JSON_STRING,
    WR_JSON_ARRAY,
    WR_JSON_OBJECT
} wr_json_type;

typedef struct wr_json wr_json;
struct wr_json {
    wr_json_type type;
    double number;
    wr_str key;     /* member of an object: its name */
    wr_str string;  /* unescaped; NUMBER: as written */
    wr_json *items; /* ARRAY and OBJECT: the first, linked by next */
    wr_json *next;
    size_t n;
};

/* Reads one JSON value (RFC 8259) that fills `text` but for white space. At most 64 levels deep;
 * strings without escapes are borrowed from `text`. WR_MALFORMED, WR_LIMIT or WR_MEMORY. */
WR_API WR_MUSTUSE wr_status wr_json_parse(wr_arena *arena, wr_str text, wr_json **out);

/* Adds a parsed value as text again; numbers as they were written. */
WR_API void wr_json_value(wr_buf *out, const wr_json *value);

/* The member of an object with that name, or NULL (also when `object` is NULL or none). */
WR_API const wr_json *wr_json_member(const wr_json *object, const char *key);
/* A non-negative whole number up to 2^53, or 0. */
WR_API uint64_t wr_json_as_uint(const wr_json *value);

#endif
