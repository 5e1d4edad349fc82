/* boilerplate.c -- blocks in, articles out: the order of the steps */
#include "boilerplate.h"
#include "article.h"
#include "container.h"
#include "labels.h"
#include "metadata.h"
#include "plain.h"
#include "units.h"
#include "words.h"

static const struct boilerplate_options defaults = BOILERPLATE_DEFAULTS;

/* The block the title was taken from is part of the article. */
static void mark_title(wr_page *page, size_t at, const wr_article *article) {
    if (at >= page->n_blocks) return;
    wr_block *block = &page->blocks[at];
    bool kicker = article->title.len && wr_str_ends(block->text, article->title);
    if (!kicker && !wr_str_eq(article->title_origin, WR_STR("heading"))) return;
    block->label = WR_STR("title");
    block->reason = wr_str_of(NULL, 0);
    block->article = 1;
}

/* The headline's block: what is like the stated title; else the nearest heading or bold line before
 * the text; else the first h1. */
static size_t headline_of(const wr_page *page, const struct judgement *found, size_t first) {
    size_t at = found->features.title, from = first > 12 ? first - 12 : 0;
    const int16_t *rows = found->features.rows;
    if (at < page->n_blocks) {
        const int16_t *row = rows + at * FEATURE_COUNT;
        bool only = at < first && row[FEATURE_level] == 1 && row[FEATURE_words] >= 4;
        if (only || row[FEATURE_title_like] > 500) return at;
    }
    for (size_t i = first + 1 < page->n_blocks ? first + 1 : page->n_blocks; i-- > from;) {
        const int16_t *row = rows + i * FEATURE_COUNT;
        bool line = row[FEATURE_words] >= 3 && row[FEATURE_words] <= 30 && !row[FEATURE_end_stop] &&
                    row[FEATURE_link_share] < 500 && !row[FEATURE_flag_HIDDEN] &&
                    !row[FEATURE_flag_IN_FIGURE];
        if (line &&
            (row[FEATURE_level] || row[FEATURE_strong_share] > 800 || row[FEATURE_near_title] <= 1))
            return i;
    }
    return at;
}

static void span_of(const wr_page *page, const struct judgement *found, struct metadata *m) {
    m->first = page->n_blocks;
    for (size_t i = 0; i < page->n_blocks; i++) {
        if (!found->keep[i]) continue;
        if (m->first == page->n_blocks) m->first = i;
        m->last = i + 1;
    }
}

/* The body is not among the page's blocks, only in its scripts: the last resort. */
static bool stated_only(const struct facts *facts, const struct judgement *found) {
    enum { LEAST = 60, TIMES = 4 };
    size_t kept = 0, stated = 0;
    if (!facts->body.len) return false;
    for (size_t i = 0; i < found->features.n; i++)
        if (found->keep[i]) kept += found->features.words[i];
    stated = words_count(facts->body);
    return stated >= LEAST && kept * TIMES < stated;
}

static wr_status take_stated(wr_arena *arena, const struct facts *facts, wr_page *page,
                             wr_article *article) {
    for (size_t i = 0; i < page->n_blocks; i++) {
        wr_block *block = &page->blocks[i];
        if (block->reason.len || wr_str_eq(block->label, WR_STR("title"))) continue;
        block->label = block->reason = WR_STR("other");
        block->article = 0;
    }
    article->quality = 0.5;
    return article_of_text(arena, facts->body, article);
}

/* The one article of a page whose blocks are judged and labelled; `heading` is its headline's
 * block, when that is known already. */
static wr_status one_article(wr_arena *arena, const struct boilerplate_options *options,
                             const struct facts *facts, const struct judgement *found,
                             size_t heading, wr_page *page) {
    page->articles = wr_arena_array(arena, 1, sizeof *page->articles);
    if (!page->articles) return WR_MEMORY;
    page->n_articles = 1;
    wr_article *article = page->articles;
    struct metadata meta = {.arena = arena, .page = page, .facts = facts, .article = article};
    span_of(page, found, &meta);
    meta.headline = heading < page->n_blocks ? heading : headline_of(page, found, meta.first);
    if (options->no_metadata) WR_TRY(metadata_title(&meta));
    else WR_TRY(metadata_fill(&meta));
    mark_title(page, meta.headline, article);
    article->quality = found->quality;
    if (stated_only(facts, found)) WR_TRY(take_stated(arena, facts, page, article));
    else WR_TRY(article_assemble(arena, page, 0, article));
    if (article->text.len) return WR_OK;
    page->n_articles = 0;
    return WR_FILTERED;
}

static wr_status judged(wr_arena *arena, const struct boilerplate_options *options,
                        const struct judge_model *model, wr_page *page, struct facts *facts,
                        struct judgement *found) {
    facts_collect(page, facts);
    WR_TRY(judge_page(arena, model, (double)options->dial / 100, page, facts, found));
    return labels_set(arena, options, found, page);
}

/* What no unit took up is not part of any article. */
static void drop_rest(wr_page *page) {
    for (size_t i = 0; i < page->n_blocks; i++) {
        wr_block *block = &page->blocks[i];
        if (!block->article) continue;
        block->article = 0;
        block->label = block->reason = WR_STR("other");
    }
}

/* Each unit as a page of its own; what it says about its blocks goes for those of `page`. */
static wr_status several_articles(wr_arena *arena, const struct boilerplate_options *options,
                                  const struct judge_model *model, const struct unit *units,
                                  size_t n, wr_page *page) {
    page->articles = wr_arena_array(arena, n, sizeof *page->articles);
    if (!page->articles) return WR_MEMORY;
    drop_rest(page);
    for (size_t k = 0; k < n; k++) {
        struct facts facts;
        struct judgement found;
        wr_page view;
        WR_TRY(units_view(arena, page, &units[k], &view));
        WR_TRY(judged(arena, options, model, &view, &facts, &found));
        size_t heading = units[k].heading - units[k].from;
        wr_status status = one_article(arena, options, &facts, &found, heading, &view);
        if (status == WR_FILTERED) continue;
        WR_TRY(status);
        wr_article *article = &page->articles[page->n_articles++];
        *article = view.articles[0];
        for (size_t i = 0; i < view.n_blocks; i++)
            if (view.blocks[i].article) view.blocks[i].article = page->n_articles;
        for (size_t i = 0; i < article->n_paras; i++)
            if (article->paras[i].block) article->paras[i].block += units[k].from;
    }
    return page->n_articles ? WR_OK : WR_FILTERED;
}

static wr_status markup_page(wr_arena *arena, const struct boilerplate_options *options,
                             const struct judge_model *model, wr_page *page) {
    struct facts facts;
    struct judgement found;
    struct unit *units = NULL;
    size_t n = 0;
    WR_TRY(judged(arena, options, model, page, &facts, &found));
    WR_TRY(units_find(arena, page, &found, &units, &n));
    if (n > 1) return several_articles(arena, options, model, units, n, page);
    return one_article(arena, options, &facts, &found, page->n_blocks, page);
}

wr_status boilerplate_page_with(wr_arena *arena, const struct boilerplate_options *options,
                                const struct judge_model *model, wr_page *page, wr_str *why) {
    if (!options) options = &defaults;
    struct plain_options plain = {.dial = (double)options->dial / 100,
                                  .captions = options->captions,
                                  .no_metadata = options->no_metadata};
    if (page->model.len == 0 &&
        wr_arena_printf(arena, &page->model, "boilerplate:%u", model->version) != WR_OK)
        return *why = WR_STR("no memory"), WR_MEMORY;
    bool text = wr_str_eq(page->kind, WR_STR("text"));
    wr_status status =
        text ? plain_articles(arena, &plain, page) : markup_page(arena, options, model, page);
    if (status == WR_OK && text && !options->no_metadata) status = container_fill(arena, page);
    if (status == WR_MEMORY) *why = WR_STR("the page's blocks need more memory than its arena has");
    if (status == WR_LIMIT) *why = WR_STR("the page has more than 65,536 lines of text");
    if (status == WR_FILTERED) *why = WR_STR("no block holds a word");
    return status;
}

wr_status boilerplate_page(wr_arena *arena, const struct boilerplate_options *options,
                           wr_page *page, wr_str *why) {
    return boilerplate_page_with(arena, options, &judge_shipped, page, why);
}
