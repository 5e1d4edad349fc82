/* jsonld.c -- any bytes as a JSON-LD script: facts are valid UTF-8, names lower case */
#include "common/text/utf8.h"
#include "stages/cleanup/html.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char head[] = "<script type=application/ld+json>", tail[] = "</script>";
    static wr_arena *arena;
    if (!arena && wr_arena_new("fuzz", (size_t)64 << 20, &arena) != WR_OK) abort();
    wr_arena_reset(arena);
    wr_str text;
    size_t replaced;
    wr_page page = {0};
    if (wr_utf8_repair(arena, wr_str_of((const char *)data, size), &text, &replaced) != WR_OK)
        return 0;
    char *whole = wr_arena_take(arena, sizeof head + text.len + sizeof tail);
    if (!whole) return 0;
    memcpy(whole, head, sizeof head - 1);
    if (text.len) memcpy(whole + sizeof head - 1, text.ptr, text.len);
    memcpy(whole + sizeof head - 1 + text.len, tail, sizeof tail - 1);
    if (html_read(arena, wr_str_of(whole, sizeof head + text.len + sizeof tail - 2), &page) !=
        WR_OK)
        abort();
    for (size_t i = 0; i < page.n_facts; i++)
        if (!wr_utf8_valid(page.facts[i].name) || !wr_utf8_valid(page.facts[i].value)) abort();
    return 0;
}
