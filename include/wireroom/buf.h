/* buf.h -- a growing byte buffer with a named cap; errors stick, so a run of adds is checked once
 */
#ifndef WIREROOM_BUF_H
#define WIREROOM_BUF_H

#include <wireroom/arena.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Lives on the heap (so it can be kept over many pages); invariant: len <= cap <= limit.
 * After a failed add, `status` is WR_LIMIT or WR_MEMORY and further adds do nothing. */
typedef struct wr_buf {
    char *ptr;
    size_t len, cap, limit;
    wr_status status;
} wr_buf;

#define WR_BUF_INIT(limit_bytes)                                                                   \
    { NULL, 0, 0, (limit_bytes), WR_OK }

WR_API void wr_buf_free(wr_buf *buf);  /* frees, back to empty with the same limit */
WR_API void wr_buf_clear(wr_buf *buf); /* empties and clears the status; keeps up to 1 MiB */
WR_API void wr_buf_add(wr_buf *buf, const void *bytes, size_t len);
WR_API void wr_buf_add_str(wr_buf *buf, wr_str s);
WR_API void wr_buf_add_char(wr_buf *buf, char c);
WR_API void wr_buf_printf(wr_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Room for `len` more bytes at the end, not yet counted; NULL on failure. Then add len by hand. */
WR_API char *wr_buf_reserve(wr_buf *buf, size_t len);

static inline wr_str wr_buf_str(const wr_buf *buf) {
    return wr_str_of(buf->ptr, buf->len);
}

#ifdef __cplusplus
}
#endif
#endif
