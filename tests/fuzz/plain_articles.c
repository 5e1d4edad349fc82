/* plain_articles.c -- any lines: the parts of an article are its text, every block has a label */
#include <stages/boilerplate/plain.h>

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const wr_page *page) {
    for (size_t i = 0; i < page->n_blocks; i++) {
        assert(page->blocks[i].label.len);
        assert(page->blocks[i].article <= page->n_articles);
    }
    for (size_t k = 0; k < page->n_articles; k++) {
        const wr_article *a = &page->articles[k];
        size_t end = 0;
        for (size_t i = 0; i < a->n_paras; i++) {
            assert(a->paras[i].start == end && a->paras[i].end <= a->text.len);
            assert(a->paras[i].block && a->paras[i].block <= page->n_blocks);
            end = a->paras[i].end + 2;
        }
        assert(a->n_paras && end == a->text.len + 2);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static wr_arena *arena;
    if (!arena && wr_arena_new("fuzz", (size_t)64 << 20, &arena) != WR_OK) abort();
    wr_arena_reset(arena);
    wr_str text = wr_str_of((const char *)data, size);
    wr_page page = {.kind = WR_STR("text")};
    size_t lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    page.blocks = wr_arena_array(arena, lines, sizeof *page.blocks);
    if (!page.blocks) return 0;
    for (size_t at = 0; at < size;) {
        size_t end = wr_str_find_char(text, at, '\n');
        if (end > at) page.blocks[page.n_blocks++].text = wr_str_slice(text, at, end);
        at = end + 1;
    }
    wr_status status = plain_articles(arena, NULL, &page);
    assert(status == WR_OK || status == WR_FILTERED || status == WR_MEMORY || status == WR_LIMIT);
    if (status == WR_OK) check(&page);
    return 0;
}
