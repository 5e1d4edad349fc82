/* charset.c -- any bytes, any label: valid UTF-8 comes out, offsets lead back in order */
#include "common/text/charset.h"
#include "common/text/charset_table.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(wr_arena *arena, wr_str source, wr_str http, wr_str meta) {
    wr_decoded d;
    if (wr_charset_decode(arena, source, http, meta, &d) != WR_OK) abort();
    if (!wr_utf8_valid(d.text)) abort();
    size_t last = 0, step = d.text.len / 16 + 1;
    for (size_t at = 0; at <= d.text.len; at += step) {
        size_t from = wr_charset_source(&d, at);
        if (from < last || from > source.len) abort();
        last = from;
    }
    if (wr_charset_source(&d, d.text.len) != source.len) abort();
}

/* The first byte picks a label; the rest is the page. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static wr_arena *arena;
    if (!arena && wr_arena_new("fuzz", (size_t)64 << 20, &arena) != WR_OK) abort();
    if (size < 1) return 0;
    wr_arena_reset(arena);
    wr_str page = wr_str_of((const char *)data + 1, size - 1);
    wr_str meta = wr_charset_prescan(page);
    if (meta.len && !wr_encoding_find(meta)) abort();
    wr_str http = wr_charset_labels[data[0] % wr_charset_n_labels].label;
    check(arena, page, wr_str_of("", 0), meta);
    check(arena, page, http, meta);
    return 0;
}
