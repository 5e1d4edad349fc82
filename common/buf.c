/* buf.c -- growing byte buffer */
#include <wireroom/buf.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define KEEP_BYTES ((size_t)1 << 20)

void wr_buf_free(wr_buf *buf) {
    free(buf->ptr);
    *buf = (wr_buf)WR_BUF_INIT(buf->limit);
}

void wr_buf_clear(wr_buf *buf) {
    if (buf->cap > KEEP_BYTES) wr_buf_free(buf);
    buf->len = 0;
    buf->status = WR_OK;
}

char *wr_buf_reserve(wr_buf *buf, size_t len) {
    if (buf->status != WR_OK) return NULL;
    if (len > buf->limit - buf->len) {
        buf->status = WR_LIMIT;
        return NULL;
    }
    if (len > buf->cap - buf->len || !buf->ptr) {
        size_t cap = buf->cap ? buf->cap : 256;
        while (cap < buf->len + len)
            cap = cap > buf->limit / 2 ? buf->limit : cap * 2;
        char *grown = realloc(buf->ptr, cap);
        if (!grown) {
            buf->status = WR_MEMORY;
            return NULL;
        }
        buf->ptr = grown;
        buf->cap = cap;
    }
    return buf->ptr + buf->len;
}

void wr_buf_add(wr_buf *buf, const void *bytes, size_t len) {
    char *at = wr_buf_reserve(buf, len);
    if (!at || !len) return;
    memcpy(at, bytes, len);
    buf->len += len;
}

void wr_buf_add_str(wr_buf *buf, wr_str s) {
    wr_buf_add(buf, s.ptr, s.len);
}

void wr_buf_add_char(wr_buf *buf, char c) {
    wr_buf_add(buf, &c, 1);
}

void wr_buf_printf(wr_buf *buf, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *at = len < 0 ? NULL : wr_buf_reserve(buf, (size_t)len + 1);
    if (at) {
        vsnprintf(at, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
    va_end(args);
}
