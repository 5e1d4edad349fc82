/* wire.h -- heads of msgpack objects, and a cursor and writers for small messages */
#ifndef WR_WIRE_H
#define WR_WIRE_H

#include <wireroom/buf.h>

/* What an object's first bytes say: size of the head (type byte, length bytes) and what follows. */
typedef struct wr_wire_head {
    size_t head, body; /* bytes */
    uint64_t children; /* objects: elements of an array, keys and values of a map */
} wr_wire_head;

/* Reads one head; false (and why) when it does not fit into `left` >= 1 bytes or is not msgpack. */
bool wr_wire_head_read(const unsigned char *p, size_t left, wr_wire_head *out, const char **why);

/* A cursor over bytes; every read checks what remains. After a failed read all reads fail and give
 * 0 or empty. Nothing is allocated, strings are borrowed. */
typedef struct wr_cursor {
    const unsigned char *at, *end;
    bool bad;
} wr_cursor;

wr_cursor wr_cursor_of(wr_str bytes);
uint64_t wr_read_uint(wr_cursor *c); /* a non-negative integer */
wr_str wr_read_str(wr_cursor *c);    /* a str or bin */
size_t wr_read_array(wr_cursor *c);  /* its count, at most the bytes that remain */
size_t wr_read_map(wr_cursor *c);    /* its pairs, likewise */
wr_str wr_read_any(wr_cursor *c);    /* one whole object, as its bytes; O(its bytes) */

void wr_write_uint(wr_buf *out, uint64_t v);
void wr_write_str(wr_buf *out, wr_str s);
void wr_write_bin(wr_buf *out, wr_str s);
void wr_write_array(wr_buf *out, size_t n);
void wr_write_map(wr_buf *out, size_t n);
void wr_write_kv_uint(wr_buf *out, const char *key, uint64_t v);
void wr_write_kv_str(wr_buf *out, const char *key, wr_str s);

#endif
