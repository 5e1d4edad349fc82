/* tag.c -- paragraphs of each article to mentions, mentions to entities */
#include "tag.h"

#include "alias.h"
#include "date.h"
#include "hash.h"
#include "mention.h"
#include "quote.h"

struct tagger {
    struct model model;
    struct scorer *scorer;
    const struct knowledge *knowledge;
};

wr_status tagger_new(wr_arena *arena, wr_str bytes, struct tagger **out, const char **why) {
    struct tagger *t = wr_arena_take(arena, sizeof *t);
    if (!t) return WR_MEMORY;
    WR_TRY(model_read(bytes, &t->model, why));
    WR_TRY(scorer_new(arena, &t->model, &t->scorer));
    *out = t;
    return WR_OK;
}

static wr_status find_mentions(struct tagger *t, wr_arena *arena, const wr_article *a,
                               struct mentions *out, wr_str *why) {
    if (!a->n_paras) return mentions_find(t->scorer, arena, a->text, 0, a->text.len, out);
    for (size_t i = 0; i < a->n_paras; i++) {
        const wr_para *p = &a->paras[i];
        if (p->start > p->end || p->end > a->text.len) {
            if (why) *why = WR_STR("a paragraph lies outside of its article's text");
            return WR_MALFORMED;
        }
        WR_TRY(mentions_find(t->scorer, arena, a->text, p->start, p->end, out));
    }
    return WR_OK;
}

/* Mentions with one surface and type, by hash table over the entities made so far. */
static wr_status join_surfaces(wr_arena *arena, wr_str text, const struct mentions *m,
                               wr_article *article) {
    size_t slots = 16;
    while (slots < m->n * 2)
        slots *= 2;
    uint32_t *table = wr_arena_array(arena, slots, sizeof *table); /* 1 + entity */
    uint32_t *entity_of = wr_arena_array(arena, m->n, sizeof *entity_of);
    article->entities = wr_arena_array(arena, m->n, sizeof *article->entities);
    article->n_entities = 0;
    if (!table || !entity_of || !article->entities) return WR_MEMORY;
    for (size_t i = 0; i < m->n; i++) {
        wr_str surface = wr_str_slice(text, m->items[i].start, m->items[i].end);
        wr_str type = mention_type(m->items[i].type);
        size_t at = hash_pair(hash_bytes(surface.ptr, surface.len), m->items[i].type) & (slots - 1);
        for (; table[at]; at = (at + 1) & (slots - 1)) {
            const wr_entity *e = &article->entities[table[at] - 1];
            if (wr_str_eq(e->name, surface) && wr_str_eq(e->type, type)) break;
        }
        if (!table[at]) {
            article->entities[article->n_entities] = (wr_entity){.name = surface, .type = type};
            table[at] = (uint32_t)++article->n_entities;
        }
        entity_of[i] = table[at] - 1;
        article->entities[entity_of[i]].n_mentions++;
    }
    for (size_t i = 0; i < article->n_entities; i++) {
        wr_entity *e = &article->entities[i];
        e->mentions = wr_arena_array(arena, e->n_mentions, sizeof *e->mentions);
        if (!e->mentions) return WR_MEMORY;
        e->n_mentions = 0;
    }
    for (size_t i = 0; i < m->n; i++) {
        wr_entity *e = &article->entities[entity_of[i]];
        const struct mention *from = &m->items[i];
        e->mentions[e->n_mentions++] =
            (wr_mention){.start = from->start, .end = from->end, .confidence = from->confidence};
        if (from->confidence > e->confidence) e->confidence = from->confidence;
    }
    return WR_OK;
}

wr_status tag_article(struct tagger *t, wr_arena *arena, wr_article *article, wr_str *why) {
    struct mentions m = {NULL, 0, 0};
    WR_TRY(find_mentions(t, arena, article, &m, why));
    return join_surfaces(arena, article->text, &m, article);
}

void tagger_use_knowledge(struct tagger *tagger, const struct knowledge *knowledge) {
    tagger->knowledge = knowledge;
}

static bool is_english(const wr_page *page, const wr_article *article) {
    wr_str lang = article->lang.len ? article->lang : page->lang;
    return lang.len == 0 || wr_str_eq_nocase(wr_str_slice(lang, 0, 2), WR_STR("en"));
}

wr_status tag_page(struct tagger *t, wr_arena *arena, wr_page *page, wr_str *why) {
    for (size_t i = 0; i < page->n_articles; i++)
        WR_TRY(tag_article(t, arena, &page->articles[i], why));
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
