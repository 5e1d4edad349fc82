/* json_write.c -- JSON text from values and from msgpack */
#include <common/store/json.h>

#include <math.h>
#include <msgpack.h>
#include <stdio.h>

/* Length of the valid UTF-8 sequence at s[0..n), 0 when it is none. */
static size_t utf8_len(const unsigned char *s, size_t n) {
    unsigned char c = s[0];
    size_t len = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
    if (len == 0 || len > n) return 0;
    for (size_t i = 1; i < len; i++)
        if ((s[i] & 0xc0) != 0x80) return 0;
    if (c == 0xe0 && s[1] < 0xa0) return 0;
    if (c == 0xed && s[1] > 0x9f) return 0;
    if (c == 0xf0 && s[1] < 0x90) return 0;
    if (c == 0xf4 && s[1] > 0x8f) return 0;
    return len;
}

static void add_escape(wr_buf *out, unsigned char c) {
    static const char hex[] = "0123456789abcdef";
    switch (c) {
    case '"': wr_buf_add(out, "\\\"", 2); break;
    case '\\': wr_buf_add(out, "\\\\", 2); break;
    case '\n': wr_buf_add(out, "\\n", 2); break;
    case '\r': wr_buf_add(out, "\\r", 2); break;
    case '\t': wr_buf_add(out, "\\t", 2); break;
    default: {
        char u[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
        wr_buf_add(out, u, sizeof u);
    }
    }
}

void wr_json_str(wr_buf *out, wr_str s) {
    const unsigned char *p = (const unsigned char *)s.ptr;
    size_t from = 0, i = 0;
    wr_buf_add_char(out, '"');
    while (i < s.len) {
        unsigned char c = p[i];
        if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
            i++;
            continue;
        }
        size_t len = c >= 0x80 ? utf8_len(p + i, s.len - i) : 0;
        if (len) {
            i += len;
            continue;
        }
        wr_buf_add(out, s.ptr + from, i - from);
        if (c >= 0x80) wr_buf_add(out, "\xef\xbf\xbd", 3);
        else add_escape(out, c);
        from = ++i;
    }
    wr_buf_add(out, s.ptr ? s.ptr + from : "", i - from);
    wr_buf_add_char(out, '"');
}

void wr_json_uint(wr_buf *out, uint64_t v) {
    char digits[20];
    size_t n = sizeof digits;
    do
        digits[--n] = (char)('0' + v % 10);
    while (v /= 10);
    wr_buf_add(out, digits + n, sizeof digits - n);
}

void wr_json_int(wr_buf *out, int64_t v) {
    if (v < 0) wr_buf_add_char(out, '-');
    wr_json_uint(out, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void wr_json_real(wr_buf *out, double v, unsigned decimals) {
    if (!isfinite(v)) {
        wr_buf_add(out, "null", 4);
        return;
    }
    char text[352];
    int n = snprintf(text, sizeof text, "%.*f", (int)(decimals > 9 ? 9 : decimals), v);
    if (n < 0 || (size_t)n >= sizeof text) return;
    if (decimals)
        while (text[n - 1] == '0')
            n--;
    if (text[n - 1] == '.') n--;
    if (n == 2 && text[0] == '-' && text[1] == '0') text[0] = '0', n = 1;
    wr_buf_add(out, text, (size_t)n);
}

void wr_json_comma(wr_buf *out) {
    if (out->len == 0) return;
    char last = out->ptr[out->len - 1];
    if (last != '[' && last != '{' && last != ':') wr_buf_add_char(out, ',');
}

void wr_json_key(wr_buf *out, const char *key) {
    wr_json_comma(out);
    wr_buf_add_char(out, '"');
    wr_buf_add(out, key, strlen(key));
    wr_buf_add(out, "\":", 2);
}

/* ---- msgpack to JSON; the depth is bounded by wr_wire_check ---- */

static void add_base64(wr_buf *out, wr_str bin) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *p = (const unsigned char *)bin.ptr;
    wr_buf_add_char(out, '"');
    for (size_t i = 0; i < bin.len; i += 3) {
        size_t left = bin.len - i;
        unsigned v = (unsigned)p[i] << 16;
        if (left > 1) v |= (unsigned)p[i + 1] << 8;
        if (left > 2) v |= p[i + 2];
        char four[4] = {digits[v >> 18], digits[v >> 12 & 63], left > 1 ? digits[v >> 6 & 63] : '=',
                        left > 2 ? digits[v & 63] : '='};
        wr_buf_add(out, four, 4);
    }
    wr_buf_add_char(out, '"');
}

static void add_object(wr_buf *out, const msgpack_object *o, unsigned depth);

static void add_member(wr_buf *out, const msgpack_object_kv *kv, unsigned depth) {
    wr_json_comma(out);
    if (kv->key.type == MSGPACK_OBJECT_STR)
        wr_json_str(out, wr_str_of(kv->key.via.str.ptr, kv->key.via.str.size));
    else {
        wr_buf key = WR_BUF_INIT(out->limit);
        add_object(&key, &kv->key, depth);
        if (key.status != WR_OK) out->status = key.status;
        wr_json_str(out, wr_buf_str(&key));
        wr_buf_free(&key);
    }
    wr_buf_add_char(out, ':');
    add_object(out, &kv->val, depth);
}

static void add_object(wr_buf *out, const msgpack_object *o, unsigned depth) {
    if (depth > 40) { /* never after wr_wire_check */
        wr_buf_add(out, "null", 4);
        return;
    }
    switch (o->type) {
    case MSGPACK_OBJECT_BOOLEAN:
        wr_buf_add_str(out, o->via.boolean ? WR_STR("true") : WR_STR("false"));
        break;
    case MSGPACK_OBJECT_POSITIVE_INTEGER: wr_json_uint(out, o->via.u64); break;
    case MSGPACK_OBJECT_NEGATIVE_INTEGER: wr_json_int(out, o->via.i64); break;
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64: wr_json_real(out, o->via.f64, 9); break;
    case MSGPACK_OBJECT_STR: wr_json_str(out, wr_str_of(o->via.str.ptr, o->via.str.size)); break;
    case MSGPACK_OBJECT_BIN: add_base64(out, wr_str_of(o->via.bin.ptr, o->via.bin.size)); break;
    case MSGPACK_OBJECT_ARRAY:
        wr_buf_add_char(out, '[');
        for (size_t i = 0; i < o->via.array.size; i++) {
            wr_json_comma(out);
            add_object(out, &o->via.array.ptr[i], depth + 1);
        }
        wr_buf_add_char(out, ']');
        break;
    case MSGPACK_OBJECT_MAP:
        wr_buf_add_char(out, '{');
        for (size_t i = 0; i < o->via.map.size; i++)
            add_member(out, &o->via.map.ptr[i], depth + 1);
        wr_buf_add_char(out, '}');
        break;
    case MSGPACK_OBJECT_NIL:
    case MSGPACK_OBJECT_EXT: wr_buf_add(out, "null", 4); break;
    }
}

wr_status wr_json_extra(wr_buf *out, wr_str pairs, size_t n) {
    size_t at = 0;
    wr_status status = WR_OK;
    msgpack_unpacked key, value;
    msgpack_unpacked_init(&key);
    msgpack_unpacked_init(&value);
    wr_buf_add_char(out, '{');
    for (size_t i = 0; i < n && status == WR_OK; i++) {
        if (msgpack_unpack_next(&key, pairs.ptr, pairs.len, &at) != MSGPACK_UNPACK_SUCCESS ||
            msgpack_unpack_next(&value, pairs.ptr, pairs.len, &at) != MSGPACK_UNPACK_SUCCESS) {
            status = WR_MALFORMED;
            break;
        }
        msgpack_object_kv kv = {key.data, value.data};
        add_member(out, &kv, 0);
    }
    wr_buf_add_char(out, '}');
    msgpack_unpacked_destroy(&key);
    msgpack_unpacked_destroy(&value);
    return status == WR_OK ? out->status : status;
}

void wr_json_value(wr_buf *out, const wr_json *v) {
    switch (v->type) {
    case WR_JSON_NULL: wr_buf_add(out, "null", 4); break;
    case WR_JSON_FALSE: wr_buf_add(out, "false", 5); break;
    case WR_JSON_TRUE: wr_buf_add(out, "true", 4); break;
    case WR_JSON_NUMBER: wr_buf_add_str(out, v->string); break;
    case WR_JSON_STRING: wr_json_str(out, v->string); break;
    case WR_JSON_ARRAY:
    case WR_JSON_OBJECT: /* wr_json_parse bounds the depth */
        wr_buf_add_char(out, v->type == WR_JSON_ARRAY ? '[' : '{');
        for (const wr_json *item = v->items; item; item = item->next) {
            wr_json_comma(out);
            if (v->type == WR_JSON_OBJECT) {
                wr_json_str(out, item->key);
                wr_buf_add_char(out, ':');
            }
            wr_json_value(out, item);
        }
        wr_buf_add_char(out, v->type == WR_JSON_ARRAY ? ']' : '}');
        break;
    }
}
