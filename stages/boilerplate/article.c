/* article.c -- from a verdict on each block to the article record */
#include "article.h"
#include "words.h"

bool article_label_kept(wr_str label) {
#define L(name, kept, doc)                                                                         \
    if (kept && wr_str_eq(label, WR_STR(#name))) return true;
#include <wireroom/block_labels.def>
#undef L
    return false;
}

static bool belongs(const wr_block *block, size_t ordinal) {
    return block->article == ordinal + 1 && block->reason.len == 0 && block->text.len > 0;
}

/* One part at the end of the text; the buffer has room. */
static void add_part(wr_article *article, char *text, wr_str part, wr_str kind, size_t block) {
    if (article->text.len) {
        memcpy(text + article->text.len, "\n\n", 2);
        article->text.len += 2;
    }
    wr_para *para = &article->paras[article->n_paras++];
    para->start = article->text.len;
    memcpy(text + article->text.len, part.ptr, part.len);
    article->text.len += part.len;
    para->end = article->text.len;
    para->kind = kind;
    para->block = block;
}

wr_status article_assemble(wr_arena *arena, const wr_page *page, size_t ordinal,
                           wr_article *article) {
    size_t bytes = article->title.len + 2, n = 1;
    for (size_t i = 0; i < page->n_blocks; i++)
        if (belongs(&page->blocks[i], ordinal)) bytes += page->blocks[i].text.len + 2, n++;
    char *text = wr_arena_take(arena, bytes);
    article->paras = wr_arena_array(arena, n, sizeof *article->paras);
    if (!text || !article->paras) return WR_MEMORY;
    article->text = wr_str_of(text, 0);
    article->n_paras = 0;
    uint64_t title = words_hash(article->title);
    if (article->title.len) add_part(article, text, article->title, WR_STR("title"), 0);
    for (size_t i = 0; i < page->n_blocks; i++) {
        const wr_block *block = &page->blocks[i];
        if (!belongs(block, ordinal)) continue;
        if (article->title.len && wr_str_eq(block->label, WR_STR("title"))) {
            if (title && words_hash(block->text) == title) article->paras[0].block = i + 1;
            continue;
        }
        add_part(article, text, block->text, block->label, i + 1);
    }
    return WR_OK;
}

wr_status article_of_text(wr_arena *arena, wr_str body, wr_article *article) {
    char *text = wr_arena_take(arena, article->title.len + body.len + 2);
    article->paras = wr_arena_array(arena, 2, sizeof *article->paras);
    if (!text || !article->paras) return WR_MEMORY;
    article->text = wr_str_of(text, 0);
    article->n_paras = 0;
    if (article->title.len) add_part(article, text, article->title, WR_STR("title"), 0);
    add_part(article, text, body, WR_STR("paragraph"), 0);
    return WR_OK;
}
