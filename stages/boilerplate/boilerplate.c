/* boilerplate.c -- blocks in, articles out: the order of the steps */
#include "boilerplate.h"
#include "article.h"
#include "judge.h"
#include "plain.h"

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

static wr_status judge(wr_arena *arena, const struct boilerplate_options *options,
                       const struct judge_model *model, const struct facts *facts, wr_page *page,
                       struct judgement *found) {
    double dial = (double)options->dial / 100;
    WR_TRY(judge_page(arena, model, dial, page, facts, found));
    for (size_t i = 0; i < page->n_blocks; i++) {
        wr_block *block = &page->blocks[i];
        block->label = found->keep[i] ? kept_label(block) : removed_label(block);
        block->reason = found->keep[i] ? wr_str_of(NULL, 0) : block->label;
        block->article = found->keep[i] ? 1 : 0;
        block->confidence = (double)(found->keep[i] ? found->p[i] : 32768 - found->p[i]) / 32768;
    }
    return WR_OK;
}

/* The headline's block, unless the article's text holds it already. */
static void find_title(wr_page *page, const struct judgement *found, wr_article *article) {
    size_t at = found->features.title;
    if (at >= page->n_blocks) return;
    wr_block *block = &page->blocks[at];
    article->title = block->text;
    article->title_origin = WR_STR("heading");
    block->label = WR_STR("title");
    block->reason = wr_str_of(NULL, 0);
    block->article = 1;
}

static wr_status markup_page(wr_arena *arena, const struct boilerplate_options *options,
                             const struct judge_model *model, wr_page *page) {
    struct facts facts;
    struct judgement found;
    facts_collect(page, &facts);
    WR_TRY(judge(arena, options, model, &facts, page, &found));
    page->articles = wr_arena_array(arena, 1, sizeof *page->articles);
    if (!page->articles) return WR_MEMORY;
    page->n_articles = 1;
    wr_article *article = page->articles;
    find_title(page, &found, article);
    article->lang = page->lang;
    article->url = page->url;
    if (page->url.len) article->url_origin = WR_STR("container");
    article->quality = found.quality;
    WR_TRY(article_assemble(arena, page, 0, article));
    if (article->text.len) return WR_OK;
    page->n_articles = 0;
    return WR_FILTERED;
}

wr_status boilerplate_page_with(wr_arena *arena, const struct boilerplate_options *options,
                                const struct judge_model *model, wr_page *page, wr_str *why) {
    if (!options) options = &defaults;
    struct plain_options plain = {.dial = (double)options->dial / 100,
                                  .captions = options->captions,
                                  .no_metadata = options->no_metadata};
    wr_status status = wr_str_eq(page->kind, WR_STR("text"))
                           ? plain_articles(arena, &plain, page)
                           : markup_page(arena, options, model, page);
    if (status == WR_MEMORY) *why = WR_STR("the page's blocks need more memory than its arena has");
    if (status == WR_FILTERED) *why = WR_STR("no block holds a word");
    return status;
}

wr_status boilerplate_page(wr_arena *arena, const struct boilerplate_options *options,
                           wr_page *page, wr_str *why) {
    return boilerplate_page_with(arena, options, &judge_shipped, page, why);
}
