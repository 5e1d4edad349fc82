/* tag.c -- paragraphs of each article to mentions, mentions to entities */
#include "tag.h"

#include "alias.h"
#include "date.h"
#include "listed.h"
#include "mention.h"
#include "quote.h"

struct tagger {
    struct model model;
    struct passage *passage;
    const struct knowledge *knowledge;
};

wr_status tagger_new(wr_arena *arena, wr_str bytes, struct tagger **out, const char **why) {
    struct tagger *t = wr_arena_take(arena, sizeof *t);
    if (!t) return WR_MEMORY;
    WR_TRY(model_read(bytes, &t->model, why));
    struct scorer *scorer;
    WR_TRY(scorer_new(arena, &t->model, &scorer));
    WR_TRY(passage_new(arena, scorer, &t->passage));
    *out = t;
    return WR_OK;
}

static wr_status find_mentions(struct tagger *t, wr_arena *arena, const wr_article *a,
                               struct mentions *out, wr_str *why) {
    passage_clear(t->passage);
    if (!a->n_paras) WR_TRY(mentions_find(t->passage, arena, a->text, 0, a->text.len, out));
    for (size_t i = 0; i < a->n_paras; i++) {
        const wr_para *p = &a->paras[i];
        if (p->start > p->end || p->end > a->text.len) {
            if (why) *why = WR_STR("a paragraph lies outside of its article's text");
            return WR_MALFORMED;
        }
        WR_TRY(mentions_find(t->passage, arena, a->text, p->start, p->end, out));
    }
    return mentions_finish(t->passage, arena, out);
}

wr_status tag_article(struct tagger *t, wr_arena *arena, wr_article *article, wr_str *why) {
    struct mentions m = {NULL, 0, 0};
    WR_TRY(find_mentions(t, arena, article, &m, why));
    return mentions_join(arena, &m, article);
}

void tagger_use_knowledge(struct tagger *tagger, const struct knowledge *knowledge) {
    tagger->knowledge = knowledge;
}

static bool is_english(const wr_page *page, const wr_article *article) {
    wr_str lang = article->lang.len ? article->lang : page->lang;
    return lang.len == 0 || wr_str_eq_nocase(wr_str_slice(lang, 0, 2), WR_STR("en"));
}

wr_status tag_page(struct tagger *t, wr_arena *arena, wr_page *page, wr_str *why) {
    for (size_t i = 0; i < page->n_articles; i++) {
        wr_article *a = &page->articles[i];
        wr_str lang = a->lang.len ? a->lang : page->lang;
        wr_status status = is_english(page, a) ? tag_article(t, arena, a, why)
                                               : listed_find(arena, t->knowledge, lang, a);
        WR_TRY(status);
    }
    WR_TRY(aliases_resolve(arena, t->knowledge, page));
    for (size_t i = 0; i < page->n_articles; i++) {
        wr_article *a = &page->articles[i];
        if (!is_english(page, a)) continue;
        WR_TRY(quotes_find(arena, a, &a->quotes, &a->n_quotes));
        WR_TRY(dates_find(arena, a->text, a->published, &a->dates, &a->n_dates));
    }
    return wr_arena_printf(arena, &page->model, "%.*s%stag:%u", (int)page->model.len,
                           page->model.ptr, page->model.len ? " " : "", t->model.trained);
}
