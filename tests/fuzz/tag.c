/* tag.c -- any bytes as an article: ranges inside the text, in order; or out of memory at any take
 */
#include "stages/tag/tag.h"
#include "stages/tag/knowledge.h"
#include "stages/tag/train/file.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct tagger *load(void) {
    static wr_arena *models; /* stays reachable: it holds the tagger */
    wr_str bytes, names;
    struct tagger *tagger;
    struct knowledge *knowledge;
    if (wr_arena_new("models", (size_t)64 << 20, &models) != WR_OK ||
        file_read_aligned(models, TAG_MODEL, &bytes) != WR_OK ||
        file_read(models, TAG_NAMES, &names) != WR_OK ||
        tagger_new(models, bytes, &tagger, NULL) != WR_OK ||
        knowledge_new(models, &names, 1, &knowledge, NULL, NULL) != WR_OK)
        abort();
    tagger_use_knowledge(tagger, knowledge);
    return tagger;
}

static void must(bool holds) {
    if (!holds) abort();
}

static void check_entities(const wr_article *a) {
    for (size_t i = 0; i < a->n_entities; i++) {
        const wr_entity *e = &a->entities[i];
        must(e->name.len > 0 && e->type.len >= 3 && e->n_mentions > 0);
        for (size_t m = 0; m < e->n_mentions; m++) {
            must(e->mentions[m].start < e->mentions[m].end && e->mentions[m].end <= a->text.len);
            must(!m || e->mentions[m - 1].end <= e->mentions[m].start);
        }
    }
}

static void check_quotes(const wr_article *a) {
    for (size_t i = 0; i < a->n_quotes; i++) {
        const wr_quote *q = &a->quotes[i];
        must(q->start < q->end && q->end <= a->text.len);
        must(wr_str_eq(q->text, wr_str_slice(a->text, q->start, q->end)));
        must(!i || a->quotes[i - 1].end <= q->start);
        must(q->speaker_start <= q->speaker_end && q->speaker_end <= a->text.len);
        must(q->entity <= a->n_entities);
        must(!q->entity || wr_str_eq(q->speaker, a->entities[q->entity - 1].name));
    }
    for (size_t i = 0; i < a->n_dates; i++) {
        must(a->dates[i].start < a->dates[i].end && a->dates[i].end <= a->text.len);
        must(!i || a->dates[i - 1].end <= a->dates[i].start);
    }
}

/* The first two bytes: at which take memory ends (0 = never), and with the highest bit that the
 * text is German. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct tagger *tagger;
    static wr_arena *arena;
    if (!tagger) tagger = load();
    if (!arena && wr_arena_new("page", (size_t)64 << 20, &arena) != WR_OK) abort();
    if (size < 2) return 0;
    wr_arena_reset(arena);
    size_t fail = data[0] | (size_t)(data[1] & 0x7f) << 8;
    wr_article a = {.text = wr_str_of((const char *)data + 2, size - 2),
                    .lang = data[1] & 0x80 ? WR_STR("de") : WR_STR("en"),
                    .published = WR_STR("2026-03-11")};
    wr_arena_fail_at(arena, fail ? fail - 1 : SIZE_MAX);
    wr_page page = {.articles = &a, .n_articles = 1};
    wr_status status = tag_page(tagger, arena, &page, NULL);
    wr_arena_fail_at(arena, SIZE_MAX);
    if (status != WR_OK) {
        if (status != WR_MEMORY) abort();
        return 0;
    }
    check_entities(&a);
    check_quotes(&a);
    return 0;
}
