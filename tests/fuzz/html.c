/* html.c -- any bytes as markup: blocks in order inside the page, valid UTF-8, no white space at
 * the ends; a second run gives the same */
#include "common/text/utf8.h"
#include "stages/cleanup/cleanup.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const wr_page *page, size_t size) {
    uint64_t at = 0;
    for (size_t i = 0; i < page->n_blocks; i++) {
        const wr_block *b = &page->blocks[i];
        if (b->start < at || b->end < b->start || b->end > size) abort();
        at = b->end;
        if (b->text.len == 0 || !wr_utf8_valid(b->text) || !wr_utf8_valid(b->path) ||
            !wr_utf8_valid(b->words))
            abort();
        if (wr_str_trim(b->text).len != b->text.len) abort();
        if (b->link_bytes > b->text.len || b->strong_bytes > b->text.len || b->depth == 0) abort();
    }
    for (size_t i = 0; i < page->n_facts; i++)
        if (!wr_utf8_valid(page->facts[i].name) || !wr_utf8_valid(page->facts[i].value)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static wr_arena *arena;
    if (!arena && wr_arena_new("fuzz", (size_t)64 << 20, &arena) != WR_OK) abort();
    wr_arena_reset(arena);
    wr_page page = {.raw = wr_str_of((const char *)data, size), .kind = WR_STR("html")};
    wr_page again = page;
    wr_str why = {0};
    wr_status status = cleanup_page(arena, NULL, &page, &why);
    if (status == WR_OK) check(&page, size);
    if (size && data[size - 1] % 8) return 0; /* the second run costs as much as the first */
    if (cleanup_page(arena, NULL, &again, &why) != status) abort();
    if (status != WR_OK) return 0;
    if (page.n_blocks != again.n_blocks) abort();
    for (size_t i = 0; i < page.n_blocks; i++)
        if (!wr_str_eq(page.blocks[i].text, again.blocks[i].text)) abort();
    return 0;
}
