/* wire.c -- bounds of hostile msgpack, checked before anything is unpacked */
#include "common/wire.h"

#include <wireroom/page.h>

#define MAX_DEPTH   32
#define MAX_OBJECTS ((uint64_t)1 << 21) /* msgpack-c takes 24 bytes for each */

static uint64_t big_endian(const unsigned char *p, size_t n) {
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v = v << 8 | p[i];
    return v;
}

bool wr_wire_head_read(const unsigned char *p, size_t left, wr_wire_head *h, const char **why) {
    static const unsigned char bin_bytes[] = {1, 2, 4};
    static const unsigned char ext_body[] = {1, 2, 4, 8, 16};
    static const unsigned char number_body[] = {4, 8, 1, 2, 4, 8, 1, 2, 4, 8};
    unsigned char t = *p;
    size_t length_bytes = 0, fixed = 0;
    *h = (wr_wire_head){.head = 1};
    *why = "length cut off";
    if (t <= 0x7f || t >= 0xe0 || t == 0xc0 || t == 0xc2 || t == 0xc3) return true;
    if (t <= 0x8f) {
        h->children = 2u * (t & 15u);
        return true;
    }
    if (t <= 0x9f) {
        h->children = t & 15u;
        return true;
    }
    if (t <= 0xbf) {
        h->body = t & 31u;
        return true;
    }
    if (t == 0xc1) {
        *why = "type byte c1 is never used";
        return false;
    }
    if (t >= 0xca && t <= 0xd3) {
        h->body = number_body[t - 0xca];
        return true;
    }
    if (t >= 0xd4 && t <= 0xd8) {
        h->body = ext_body[t - 0xd4] + 1u;
        return true;
    }
    if (t >= 0xc4 && t <= 0xc6) length_bytes = bin_bytes[t - 0xc4];
    else if (t >= 0xc7 && t <= 0xc9) length_bytes = bin_bytes[t - 0xc7], fixed = 1;
    else if (t >= 0xd9 && t <= 0xdb) length_bytes = bin_bytes[t - 0xd9];
    else /* dc dd array, de df map */ length_bytes = t & 1 ? 4 : 2;
    if (left < 1 + length_bytes) return false;
    uint64_t n = big_endian(p + 1, length_bytes);
    h->head += length_bytes;
    if (t >= 0xdc && t <= 0xdd) h->children = n;
    else if (t >= 0xde && t <= 0xdf) h->children = 2 * n;
    else h->body = (size_t)n + fixed;
    return true;
}

static wr_status refuse(wr_wire_error *error, size_t at, const char *why, wr_status status) {
    if (error) *error = (wr_wire_error){at, why};
    return status;
}

wr_status wr_wire_check(wr_str msg, wr_wire_error *error) {
    uint64_t open[MAX_DEPTH]; /* objects still to come, per level */
    uint64_t objects = 0;
    size_t depth = 0, at = 0;
    open[0] = 1;
    for (;;) {
        while (open[depth] == 0) {
            if (depth == 0)
                return at == msg.len ? WR_OK
                                     : refuse(error, at, "bytes after the message", WR_MALFORMED);
            depth--;
        }
        open[depth]--;
        if (at >= msg.len) return refuse(error, at, "message cut off", WR_TRUNCATED);
        wr_wire_head h;
        const char *why;
        const unsigned char *p = (const unsigned char *)msg.ptr + at;
        if (!wr_wire_head_read(p, msg.len - at, &h, &why))
            return refuse(error, at, why, *p == 0xc1 ? WR_MALFORMED : WR_TRUNCATED);
        size_t left = msg.len - at - h.head;
        if (h.head > msg.len - at || h.body > left || h.children > left)
            return refuse(error, at, "length beyond the message", WR_TRUNCATED);
        at += h.head + h.body;
        if (++objects > MAX_OBJECTS) return refuse(error, at, "too many objects", WR_LIMIT);
        if (h.children == 0) continue;
        if (depth + 1 == MAX_DEPTH) return refuse(error, at, "nested too deep", WR_LIMIT);
        open[++depth] = h.children;
    }
}
