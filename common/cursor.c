/* cursor.c -- small msgpack messages, read and written by hand */
#include "common/wire.h"

wr_cursor wr_cursor_of(wr_str bytes) {
    const unsigned char *at = (const unsigned char *)bytes.ptr;
    return (wr_cursor){at, at ? at + bytes.len : at, false};
}

/* The head at the cursor; its body is known to be there. */
static bool head_at(wr_cursor *c, wr_wire_head *h) {
    const char *why;
    size_t left = (size_t)(c->end - c->at);
    if (!c->bad && left && wr_wire_head_read(c->at, left, h, &why) && h->head <= left &&
        h->body <= left - h->head && h->children <= left - h->head)
        return true;
    c->bad = true;
    c->at = c->end;
    return false;
}

static void refuse(wr_cursor *c) {
    c->bad = true;
    c->at = c->end;
}

uint64_t wr_read_uint(wr_cursor *c) {
    wr_wire_head h;
    if (!head_at(c, &h)) return 0;
    unsigned char type = *c->at;
    if (type <= 0x7f) {
        c->at++;
        return type;
    }
    bool is_unsigned = type >= 0xcc && type <= 0xcf;
    bool is_signed = type >= 0xd0 && type <= 0xd3 && !(c->at[1] & 0x80);
    uint64_t v = 0;
    if (!is_unsigned && !is_signed) refuse(c);
    else {
        for (size_t i = 0; i < h.body; i++)
            v = v << 8 | c->at[1 + i];
        c->at += 1 + h.body;
    }
    return v;
}

static bool is_text(unsigned char type) {
    return (type >= 0xa0 && type <= 0xbf) || (type >= 0xd9 && type <= 0xdb) ||
           (type >= 0xc4 && type <= 0xc6);
}

wr_str wr_read_str(wr_cursor *c) {
    wr_wire_head h;
    if (!head_at(c, &h)) return (wr_str){0};
    if (!is_text(*c->at)) {
        refuse(c);
        return (wr_str){0};
    }
    wr_str s = wr_str_of((const char *)c->at + h.head, h.body);
    c->at += h.head + h.body;
    return s;
}

static size_t read_children(wr_cursor *c, unsigned char small, unsigned char large) {
    wr_wire_head h;
    if (!head_at(c, &h)) return 0;
    unsigned char type = *c->at;
    if ((type & 0xf0) != small && type != large && type != large + 1) {
        refuse(c);
        return 0;
    }
    c->at += h.head;
    return (size_t)h.children;
}

size_t wr_read_array(wr_cursor *c) {
    return read_children(c, 0x90, 0xdc);
}

size_t wr_read_map(wr_cursor *c) {
    return read_children(c, 0x80, 0xde) / 2;
}

wr_str wr_read_any(wr_cursor *c) {
    const unsigned char *from = c->at;
    uint64_t open = 1;
    wr_wire_head h;
    while (open && head_at(c, &h)) {
        open += h.children;
        open--;
        c->at += h.head + h.body;
        if (open > (uint64_t)(c->end - c->at)) refuse(c); /* every object takes a byte */
    }
    return c->bad ? (wr_str){0} : wr_str_of((const char *)from, (size_t)(c->at - from));
}

/* ---- writers ---- */

static void write_number(wr_buf *out, unsigned char type, uint64_t v, size_t bytes) {
    unsigned char b[9] = {type};
    for (size_t i = 0; i < bytes; i++)
        b[1 + i] = (unsigned char)(v >> (8 * (bytes - 1 - i)));
    wr_buf_add(out, b, 1 + bytes);
}

void wr_write_uint(wr_buf *out, uint64_t v) {
    if (v < 0x80) write_number(out, (unsigned char)v, 0, 0);
    else if (v <= 0xff) write_number(out, 0xcc, v, 1);
    else if (v <= 0xffff) write_number(out, 0xcd, v, 2);
    else if (v <= 0xffffffff) write_number(out, 0xce, v, 4);
    else write_number(out, 0xcf, v, 8);
}

static void write_length(wr_buf *out, size_t n, unsigned char first, unsigned char type8) {
    if (type8 && n <= 0xff) write_number(out, type8, n, 1);
    else if (n <= 0xffff) write_number(out, first, n, 2);
    else write_number(out, (unsigned char)(first + 1), n, 4);
}

void wr_write_str(wr_buf *out, wr_str s) {
    if (s.len < 32) write_number(out, (unsigned char)(0xa0 | s.len), 0, 0);
    else write_length(out, s.len, 0xda, 0xd9);
    wr_buf_add_str(out, s);
}

void wr_write_bin(wr_buf *out, wr_str s) {
    write_length(out, s.len, 0xc5, 0xc4);
    wr_buf_add_str(out, s);
}

void wr_write_array(wr_buf *out, size_t n) {
    if (n < 16) write_number(out, (unsigned char)(0x90 | n), 0, 0);
    else write_length(out, n, 0xdc, 0);
}

void wr_write_map(wr_buf *out, size_t n) {
    if (n < 16) write_number(out, (unsigned char)(0x80 | n), 0, 0);
    else write_length(out, n, 0xde, 0);
}

void wr_write_kv_uint(wr_buf *out, const char *key, uint64_t v) {
    wr_write_str(out, wr_str_c(key));
    wr_write_uint(out, v);
}

void wr_write_kv_str(wr_buf *out, const char *key, wr_str s) {
    wr_write_str(out, wr_str_c(key));
    wr_write_str(out, s);
}
