/* schema.c -- schema.def as tables */
#include <wireroom/page.h>

#define RECORD(name, doc) static const wr_record name##_record;
#define STR(r, f, doc)
#define BIN(r, f, doc)
#define UINT(r, f, doc)
#define REAL(r, f, doc)
#define LIST(r, f, rec, doc)
#define END(name)
#include <wireroom/schema.def>
#undef RECORD
#undef STR
#undef BIN
#undef UINT
#undef REAL
#undef LIST
#undef END

#define RECORD(name, doc)   static const wr_field name##_fields[] = {
#define PLAIN(r, f, T, doc) {{#f, sizeof #f - 1}, WR_FIELD_##T, offsetof(wr_##r, f), 0, NULL, doc},
#define STR(r, f, doc)      PLAIN(r, f, STR, doc)
#define BIN(r, f, doc)      PLAIN(r, f, BIN, doc)
#define UINT(r, f, doc)     PLAIN(r, f, UINT, doc)
#define REAL(r, f, doc)     PLAIN(r, f, REAL, doc)
#define LIST(r, f, rec, doc)                                                                       \
    {{#f, sizeof #f - 1},     WR_FIELD_LIST, offsetof(wr_##r, f),                                  \
     offsetof(wr_##r, n_##f), &rec##_record, doc},
#define END(name)                                                                                  \
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

#define STR(r, f, doc)
#define BIN(r, f, doc)
#define UINT(r, f, doc)
#define REAL(r, f, doc)
#define LIST(r, f, rec, doc)
#define RECORD(rec, text)                                                                          \
    static const wr_record rec##_record = {.name = #rec,                                           \
                                           .doc = text,                                            \
                                           .size = sizeof(wr_##rec),                               \
                                           .extra_offset = offsetof(wr_##rec, extra),              \
                                           .n_extra_offset = offsetof(wr_##rec, n_extra),          \
                                           .fields = rec##_fields,                                 \
                                           .n_fields =                                             \
                                               sizeof rec##_fields / sizeof *rec##_fields};
#define END(name)
#include <wireroom/schema.def>
#undef RECORD
#undef END

const wr_record *wr_schema(size_t *n, size_t i) {
    static const wr_record *const records[] = {
#define RECORD(name, doc) &name##_record,
#define END(name)
#include <wireroom/schema.def>
    };
    *n = sizeof records / sizeof *records;
    return i < *n ? records[i] : NULL;
}

const wr_record *wr_schema_find(const char *name) {
    size_t n = 1;
    for (size_t i = 0; i < n; i++) {
        const wr_record *record = wr_schema(&n, i);
        if (strcmp(record->name, name) == 0) return record;
    }
    return NULL;
}
