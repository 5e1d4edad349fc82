/* boilerplate.c -- blocks in, articles out: the order of the steps */
#include "boilerplate.h"
#include "article.h"
#include "words.h"

#define FLAG(NAME) (UINT64_C(1) << FLAG_##NAME)
enum {
#define F(NAME, bit, doc) FLAG_##NAME = bit,
#include <wireroom/block_flags.def>
#undef F
};

static const struct boilerplate_options defaults = BOILERPLATE_DEFAULTS;

static wr_str kept_label(const wr_block *block) {
    if (block->level) return WR_STR("heading");
    if (block->flags & FLAG(IN_QUOTE)) return WR_STR("quote");
    if (block->flags & FLAG(IN_ITEM)) return WR_STR("list");
    return WR_STR("paragraph");
}

static wr_str removed_label(const wr_block *block) {
    if (block->flags & FLAG(HIDDEN)) return WR_STR("hidden");
    if (block->flags & (FLAG(IN_FORM) | FLAG(IN_BUTTON))) return WR_STR("form");
    if (block->flags & FLAG(IN_FIGCAPTION)) return WR_STR("caption");
    if (block->flags & (FLAG(IN_NAV) | FLAG(IN_HEADER) | FLAG(IN_FOOTER)))
        return WR_STR("navigation");
    if (block->link_bytes * 2 > block->text.len) return WR_STR("related");
    return WR_STR("other");
}

/* Words outside links, of a block that could be prose. */
static size_t prose(const wr_block *block) {
    uint64_t never = FLAG(HIDDEN) | FLAG(IN_FORM) | FLAG(IN_BUTTON) | FLAG(IN_NAV) |
                     FLAG(IN_FOOTER) | FLAG(IN_FIGCAPTION) | FLAG(IN_ASIDE);
    if (block->flags & never || block->link_bytes * 3 > block->text.len) return 0;
    return words_count(block->text);
}

/* The container element with the most words in long blocks, as its number. */
static uint64_t best_container(const wr_page *page, const size_t *words) {
    uint64_t best = 0;
    size_t best_sum = 0;
    for (size_t i = 0; i < page->n_blocks; i++) {
        if (words[i] < 10) continue;
        size_t sum = 0;
        for (size_t k = i > 200 ? i - 200 : 0; k < page->n_blocks && k < i + 200; k++)
            if (page->blocks[k].container == page->blocks[i].container && words[k] >= 10)
                sum += words[k];
        if (sum > best_sum) best_sum = sum, best = page->blocks[i].container;
    }
    return best;
}

static wr_status judge(wr_arena *arena, wr_page *page) {
    size_t *words = wr_arena_array(arena, page->n_blocks + 1, sizeof *words);
    if (!words) return WR_MEMORY;
    for (size_t i = 0; i < page->n_blocks; i++)
        words[i] = prose(&page->blocks[i]);
    uint64_t best = best_container(page, words), parent = 0;
    for (size_t i = 0; i < page->n_blocks; i++)
        if (page->blocks[i].container == best) parent = page->blocks[i].parent;
    for (size_t i = 0; i < page->n_blocks; i++) {
        wr_block *block = &page->blocks[i];
        bool near = block->container == best || (parent && block->parent == parent);
        bool keep = words[i] && (near ? words[i] >= 4 || block->level : words[i] >= 30);
        block->label = keep ? kept_label(block) : removed_label(block);
        block->reason = keep ? wr_str_of(NULL, 0) : block->label;
        block->article = keep ? 1 : 0;
        block->confidence = 0.5;
    }
    return WR_OK;
}

static void find_title(wr_page *page, wr_article *article) {
    for (size_t i = 0; i < page->n_blocks; i++) {
        wr_block *block = &page->blocks[i];
        if (block->level != 1 || block->flags & FLAG(HIDDEN)) continue;
        article->title = block->text;
        article->title_origin = WR_STR("heading");
        block->label = WR_STR("title");
        block->reason = wr_str_of(NULL, 0);
        block->article = 1;
        return;
    }
}

wr_status boilerplate_page(wr_arena *arena, const struct boilerplate_options *options,
                           wr_page *page, wr_str *why) {
    if (!options) options = &defaults;
    (void)options;
    page->articles = wr_arena_array(arena, 1, sizeof *page->articles);
    if (!page->articles) return *why = WR_STR("no memory for the article"), WR_MEMORY;
    page->n_articles = 1;
    if (judge(arena, page) != WR_OK) return *why = WR_STR("no memory for the blocks"), WR_MEMORY;
    wr_article *article = page->articles;
    find_title(page, article);
    article->lang = page->lang;
    article->url = page->url;
    if (page->url.len) article->url_origin = WR_STR("container");
    if (article_assemble(arena, page, 0, article) != WR_OK)
        return *why = WR_STR("no memory for the text"), WR_MEMORY;
    if (article->text.len == 0) {
        page->n_articles = 0;
        return *why = WR_STR("no block holds prose"), WR_FILTERED;
    }
    return WR_OK;
}
