/* line.c -- line.def as tables, and messages driven by them */
#include "common/line.h"

#include <wireroom/page.h>

typedef enum field_type { UINT, STR, ANY } field_type;

static const struct {
    field_type type;
    size_t offset;
} fields[] = {
#define FIELD(f, type, doc) {type, offsetof(wr_line, f)},
#include <wireroom/line.def>
#undef FIELD
};

enum field_number {
#define FIELD(f, type, doc) f,
#include <wireroom/line.def>
#undef FIELD
};

#define MESSAGE(NAME, payload, from, doc, ...)                                                     \
    static const unsigned char NAME##_fields[] = {__VA_ARGS__};
#include <wireroom/line.def>
#undef MESSAGE

static const struct {
    wr_str label;
    const unsigned char *fields;
    size_t n;
    bool payload;
} messages[] = {
#define MESSAGE(NAME, payload, from, doc, ...)                                                     \
    {{#NAME, sizeof #NAME - 1}, NAME##_fields, sizeof NAME##_fields, payload},
#include <wireroom/line.def>
#undef MESSAGE
    {{"", 0}, NULL, 0, false}};

const char *wr_line_label(wr_line_kind kind) {
    return messages[kind <= WR_LINE_UNKNOWN ? kind : WR_LINE_UNKNOWN].label.ptr;
}

bool wr_line_has_payload(wr_line_kind kind) {
    return messages[kind <= WR_LINE_UNKNOWN ? kind : WR_LINE_UNKNOWN].payload;
}

static void read_field(wr_cursor *c, size_t f, wr_line *out) {
    void *at = (char *)out + fields[f].offset;
    switch (fields[f].type) {
    case UINT: *(uint64_t *)at = wr_read_uint(c); break;
    case STR: *(wr_str *)at = wr_read_str(c); break;
    case ANY: *(wr_str *)at = wr_read_any(c); break;
    }
}

wr_status wr_line_decode(wr_str message, wr_line *out) {
    memset(out, 0, sizeof *out);
    out->kind = WR_LINE_UNKNOWN;
    WR_TRY(wr_wire_check(message, NULL));
    wr_cursor c = wr_cursor_of(message);
    size_t n = wr_read_array(&c);
    uint64_t version = n ? wr_read_uint(&c) : 0;
    if (c.bad || n < 2) return WR_MALFORMED;
    if (version != WR_LINE_VERSION) return WR_VERSION;
    wr_str label = wr_read_str(&c);
    wr_line_kind kind = 0;
    while (kind < WR_LINE_UNKNOWN && !wr_str_eq(messages[kind].label, label))
        kind++;
    for (size_t i = 0; i < messages[kind].n && i + 2 < n; i++)
        read_field(&c, messages[kind].fields[i], out);
    if (c.bad) return WR_MALFORMED;
    out->kind = kind;
    return WR_OK;
}

static void write_field(const wr_line *m, size_t f, wr_buf *out) {
    const void *at = (const char *)m + fields[f].offset;
    switch (fields[f].type) {
    case UINT: wr_write_uint(out, *(const uint64_t *)at); break;
    case STR: wr_write_str(out, *(const wr_str *)at); break;
    case ANY: {
        const wr_str *raw = at;
        if (raw->len) wr_buf_add_str(out, *raw);
        else wr_write_map(out, 0);
        break;
    }
    }
}

void wr_line_encode(const wr_line *m, wr_buf *out) {
    wr_write_array(out, 2 + messages[m->kind].n);
    wr_write_uint(out, WR_LINE_VERSION);
    wr_write_str(out, messages[m->kind].label);
    for (size_t i = 0; i < messages[m->kind].n; i++)
        write_field(m, messages[m->kind].fields[i], out);
}
