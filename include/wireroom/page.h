/* page.h -- the records of schema.def as C structs, and their msgpack form */
#ifndef WIREROOM_PAGE_H
#define WIREROOM_PAGE_H

#include <wireroom/arena.h>
#include <wireroom/buf.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Every record: its fields as schema.def lists them (a LIST is `T *f; size_t n_f`), then `extra`:
 * the key-value pairs it arrived with that are not in the schema, as raw msgpack, one after the
 * other, `n_extra` of them. They are sent on as they came. All pointers are borrowed from the
 * message or live in the page's arena. */
#define RECORD(name, doc)                                                                          \
    typedef struct wr_##name wr_##name;                                                            \
    struct wr_##name {
#define STR(r, f, doc)  wr_str f;
#define BIN(r, f, doc)  wr_str f;
#define UINT(r, f, doc) uint64_t f;
#define REAL(r, f, doc) double f;
#define LIST(r, f, rec, doc)                                                                       \
    wr_##rec *f;                                                                                   \
    size_t n_##f;
#define END(name)                                                                                  \
    wr_str extra;                                                                                  \
    size_t n_extra;                                                                                \
    }                                                                                              \
    ;
#include <wireroom/schema.def>
#undef RECORD
#undef STR
#undef BIN
#undef UINT
#undef REAL
#undef LIST
#undef END

/* Where and why a message was refused: `at` is a byte offset into it. */
typedef struct wr_wire_error {
    size_t at;
    const char *why; /* static text */
} wr_wire_error;

/* Checks that `msg` is exactly one msgpack object whose counts fit the bytes that remain and that
 * nests at most 31 deep and holds at most 2^21 objects, without allocating. Call it on all bytes
 * from a socket or file before msgpack-c sees them. WR_TRUNCATED, WR_MALFORMED or WR_LIMIT; *error
 * (may be NULL) says where. */
WR_API WR_MUSTUSE wr_status wr_wire_check(wr_str msg, wr_wire_error *error);

/* Reads a page (or another record) from untrusted bytes: checked as above, strings borrowed from
 * `msg`, which must outlive the page; arrays in `arena`. Unknown keys go to `extra`; a known key of
 * the wrong type is WR_MALFORMED; a key given twice: the last counts. O(bytes). */
WR_API WR_MUSTUSE wr_status wr_page_decode(wr_arena *arena, wr_str msg, wr_page *out,
                                           wr_wire_error *error);

/* Appends the page's msgpack form (a map) to `out`. Deterministic: fields in schema order, then
 * the extra ones as they came. WR_LIMIT or WR_MEMORY from the buffer. */
WR_API WR_MUSTUSE wr_status wr_page_encode(const wr_page *page, wr_buf *out);

/* The same for one article. */
WR_API WR_MUSTUSE wr_status wr_article_encode(const wr_article *article, wr_buf *out);
WR_API WR_MUSTUSE wr_status wr_article_decode(wr_arena *arena, wr_str msg, wr_article *out,
                                              wr_wire_error *error);

/* The schema as data, for documentation and tools that walk records generically. */
typedef enum wr_field_type {
    WR_FIELD_STR,
    WR_FIELD_BIN,
    WR_FIELD_UINT,
    WR_FIELD_REAL,
    WR_FIELD_LIST
} wr_field_type;

typedef struct wr_record wr_record;
typedef struct wr_field {
    wr_str key;
    wr_field_type type;
    size_t offset;           /* of the member (LIST: of the pointer) */
    size_t n_offset;         /* LIST: of the count */
    const wr_record *record; /* LIST: of the elements */
    const char *doc;
} wr_field;

struct wr_record {
    const char *name, *doc;
    size_t size;         /* sizeof the struct */
    size_t extra_offset; /* of `extra` */
    size_t n_extra_offset;
    const wr_field *fields;
    size_t n_fields;
};

/* Record i of the schema, in its order (the last is the page), NULL beyond; *n = how many. */
WR_API const wr_record *wr_schema(size_t *n, size_t i);
/* The record with that name, or NULL. */
WR_API const wr_record *wr_schema_find(const char *name);

#ifdef __cplusplus
}
#endif
#endif
