/* boilerplate.c -- any markup through cleanup and boilerplate: every range holds, every removed
 * block has a reason, dates are dates */
#include <stages/boilerplate/boilerplate.h>
#include <stages/cleanup/cleanup.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_article(const wr_page *page, const wr_article *article) {
    size_t at = 0;
    for (size_t i = 0; i < article->n_paras; i++) {
        const wr_para *para = &article->paras[i];
        if (para->start < at || para->end <= para->start || para->end > article->text.len) abort();
        if (para->block > page->n_blocks || para->kind.len == 0) abort();
        at = para->end;
    }
    for (size_t i = 0; i < article->n_authors; i++)
        if (article->authors[i].name.len == 0 || article->authors[i].origin.len == 0) abort();
    if (article->published.len && article->published.len < 10) abort();
    if (article->quality < 0 || article->quality > 1.0001) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static wr_arena *arena;
    if (!arena && wr_arena_new("fuzz", (size_t)64 << 20, &arena) != WR_OK) abort();
    wr_arena_reset(arena);
    wr_page page;
    wr_str why = wr_str_of(NULL, 0);
    memset(&page, 0, sizeof page);
    page.raw = wr_str_of((const char *)data, size);
    page.kind = WR_STR("html");
    if (cleanup_page(arena, NULL, &page, &why) != WR_OK) return 0;
    if (boilerplate_page(arena, NULL, &page, &why) != WR_OK) return 0;
    for (size_t i = 0; i < page.n_articles; i++)
        check_article(&page, &page.articles[i]);
    for (size_t i = 0; i < page.n_blocks; i++) {
        const wr_block *block = &page.blocks[i];
        if (block->label.len == 0 || (block->article == 0) != (block->reason.len > 0)) abort();
    }
    return 0;
}
