/* plain.c -- any bytes as plain text: blocks and the white space between them are the text */
#include "stages/cleanup/plain.h"
#include "common/text/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ASCII white space, U+00A0, U+2000-206F, U+3000, U+FEFF, other controls. */
static bool is_gap(uint32_t c) {
    return c <= ' ' || c == 0xA0 || (c >= 0x2000 && c < 0x2070) || c == 0x3000 || c == 0xFEFF;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static wr_arena *arena;
    if (!arena && wr_arena_new("fuzz", (size_t)64 << 20, &arena) != WR_OK) abort();
    wr_arena_reset(arena);
    wr_str text;
    size_t replaced;
    wr_page page = {0};
    if (wr_utf8_repair(arena, wr_str_of((const char *)data, size), &text, &replaced) != WR_OK)
        abort();
    if (plain_read(arena, text, &page) != WR_OK) abort();
    size_t at = 0;
    for (size_t i = 0; i <= page.n_blocks; i++) {
        size_t start = i < page.n_blocks ? page.blocks[i].start : text.len;
        if (start < at) abort();
        for (size_t used; at < start; at += used)
            if (!is_gap(wr_utf8_next(text.ptr + at, start - at, &used))) abort();
        if (i == page.n_blocks) break;
        const wr_block *b = &page.blocks[i];
        if (b->end <= b->start || b->end > text.len) abort();
        if (b->text.len == 0 || !wr_utf8_valid(b->text)) abort();
        at = b->end;
    }
    return 0;
}
