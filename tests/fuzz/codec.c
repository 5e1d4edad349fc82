/* codec.c -- any bytes: refused with a reason, or a page that encodes and decodes to the same */
#include <wireroom/page.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static wr_arena *arena;
    if (!arena && wr_arena_new("fuzz", (size_t)64 << 20, &arena) != WR_OK) abort();
    wr_arena_reset(arena);
    wr_page page, back;
    wr_wire_error error = {0, NULL};
    if (wr_page_decode(arena, wr_str_of((const char *)data, size), &page, &error) != WR_OK)
        return 0;
    wr_buf one = WR_BUF_INIT((size_t)64 << 20), two = WR_BUF_INIT((size_t)64 << 20);
    if (wr_page_encode(&page, &one) != WR_OK) abort();
    if (wr_page_decode(arena, wr_buf_str(&one), &back, NULL) != WR_OK) abort();
    if (wr_page_encode(&back, &two) != WR_OK || !wr_str_eq(wr_buf_str(&one), wr_buf_str(&two)))
        abort();
    wr_buf_free(&one);
    wr_buf_free(&two);
    return 0;
}
