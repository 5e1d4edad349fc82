/* json.c -- msgpack as JSON */
#include "common/wire.h"

#include <wireroom/page.h>
#include <wireroom/transport.h>

#include <math.h>
#include <stdio.h>

/* Length of the valid UTF-8 sequence at p, 0 when there is none. */
static size_t utf8_at(const unsigned char *p, size_t left) {
    static const unsigned char firsts[] = {0, 0, 0xc2, 0xe0, 0xf0};
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (*p < 0x80) return 1;
    size_t n = *p >= 0xf0 ? 4 : *p >= 0xe0 ? 3 : 2;
    if (*p < 0xc2 || *p > 0xf4 || n > left) return 0;
    uint32_t c = (uint32_t)*p & (n == 2 ? 31u : n == 3 ? 15u : 7u);
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80) return 0;
        c = c << 6 | (p[i] & 63u);
    }
    bool ok = *p >= firsts[n] && c >= least[n] && c <= 0x10ffff && !(c >= 0xd800 && c <= 0xdfff);
    return ok ? n : 0;
}

static void json_text(wr_str s, wr_buf *out) {
    static const char hex[] = "0123456789abcdef";
    const unsigned char *p = (const unsigned char *)s.ptr;
    wr_buf_add_char(out, '"');
    for (size_t i = 0, n; i < s.len; i += n ? n : 1) {
        n = utf8_at(p + i, s.len - i);
        if (n == 0) wr_buf_add_str(out, WR_STR("\\ufffd"));
        else if (p[i] == '"' || p[i] == '\\') {
            wr_buf_add_char(out, '\\');
            wr_buf_add_char(out, s.ptr[i]);
        } else if (p[i] == '\n') wr_buf_add_str(out, WR_STR("\\n"));
        else if (p[i] < 0x20 || p[i] == 0x7f) {
            wr_buf_add_str(out, WR_STR("\\u00"));
            wr_buf_add_char(out, hex[p[i] >> 4]);
            wr_buf_add_char(out, hex[p[i] & 15]);
        } else wr_buf_add(out, p + i, n);
    }
    wr_buf_add_char(out, '"');
}

static void json_base64(wr_str s, wr_buf *out) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *p = (const unsigned char *)s.ptr;
    wr_buf_add_char(out, '"');
    for (size_t i = 0; i < s.len; i += 3) {
        size_t n = s.len - i < 3 ? s.len - i : 3;
        uint32_t v =
            (uint32_t)p[i] << 16 | (n > 1 ? (uint32_t)p[i + 1] << 8 : 0) | (n > 2 ? p[i + 2] : 0);
        for (size_t k = 0; k < 4; k++)
            wr_buf_add_char(out, k <= n ? digits[v >> (18 - 6 * k) & 63] : '=');
    }
    wr_buf_add_char(out, '"');
}

/* The number at the cursor, which its type byte says it is. */
static void json_number(const unsigned char *at, size_t bytes, wr_buf *out) {
    unsigned char type = *at;
    uint64_t v = 0;
    for (size_t i = 0; i < bytes; i++)
        v = v << 8 | at[1 + i];
    if (type <= 0x7f) wr_buf_printf(out, "%u", type);
    else if (type >= 0xe0) wr_buf_printf(out, "%d", (int)type - 256);
    else if (type >= 0xd0 && type <= 0xd3) {
        unsigned shift = (unsigned)(64 - 8 * bytes);
        wr_buf_printf(out, "%lld", (long long)((int64_t)(v << shift) >> shift));
    } else if (type == 0xca || type == 0xcb) {
        double d;
        float f;
        uint32_t half = (uint32_t)v;
        memcpy(&d, &v, sizeof d);
        memcpy(&f, &half, sizeof f);
        if (type == 0xca) d = (double)f;
        if (isfinite(d)) wr_buf_printf(out, "%.17g", d);
        else wr_buf_add_str(out, WR_STR("null"));
    } else wr_buf_printf(out, "%llu", (unsigned long long)v);
}

static void json_object(wr_cursor *c, wr_buf *out);

static void json_key(wr_cursor *c, wr_buf *out) {
    unsigned char type = c->at < c->end ? *c->at : 0xc0;
    bool text = (type >= 0xa0 && type <= 0xbf) || (type >= 0xd9 && type <= 0xdb);
    if (text) {
        json_text(wr_read_str(c), out);
        return;
    }
    wr_buf inner = WR_BUF_INIT(out->limit);
    json_object(c, &inner);
    json_text(wr_buf_str(&inner), out);
    wr_buf_free(&inner);
}

static void json_children(wr_cursor *c, bool map, wr_buf *out) {
    size_t n = map ? wr_read_map(c) : wr_read_array(c);
    wr_buf_add_char(out, map ? '{' : '[');
    for (size_t i = 0; i < n && !c->bad; i++) {
        if (i) wr_buf_add_char(out, ',');
        if (map) {
            json_key(c, out);
            wr_buf_add_char(out, ':');
        }
        json_object(c, out);
    }
    wr_buf_add_char(out, map ? '}' : ']');
}

/* Depth was checked: at most 31. */
static void json_object(wr_cursor *c, wr_buf *out) {
    if (c->at >= c->end) return;
    unsigned char type = *c->at;
    wr_wire_head h;
    const char *why;
    if ((type & 0xf0) == 0x80 || type == 0xde || type == 0xdf) json_children(c, true, out);
    else if ((type & 0xf0) == 0x90 || type == 0xdc || type == 0xdd) json_children(c, false, out);
    else if ((type >= 0xa0 && type <= 0xbf) || (type >= 0xd9 && type <= 0xdb))
        json_text(wr_read_str(c), out);
    else if (type >= 0xc4 && type <= 0xc6) json_base64(wr_read_str(c), out);
    else if (wr_wire_head_read(c->at, (size_t)(c->end - c->at), &h, &why)) {
        if (type == 0xc0 || (type >= 0xd4 && type <= 0xd8) || (type >= 0xc7 && type <= 0xc9))
            wr_buf_add_str(out, WR_STR("null"));
        else if (type == 0xc2 || type == 0xc3)
            wr_buf_add_str(out, type == 0xc3 ? WR_STR("true") : WR_STR("false"));
        else json_number(c->at, h.body, out);
        wr_read_any(c);
    }
}

wr_status wr_json_of_msgpack(wr_str msg, wr_buf *out) {
    WR_TRY(wr_wire_check(msg, NULL));
    wr_cursor c = wr_cursor_of(msg);
    json_object(&c, out);
    return out->status;
}
