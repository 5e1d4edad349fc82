/* tag.c -- any bytes as an article: ranges inside the text, in order; or out of memory at any take
 */
#include "stages/tag/tag.h"
#include "stages/tag/train/file.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct tagger *load(void) {
    static wr_arena *models; /* stays reachable: it holds the tagger */
    wr_str bytes;
    struct tagger *tagger;
    if (wr_arena_new("models", (size_t)64 << 20, &models) != WR_OK ||
        file_read_aligned(models, TAG_MODEL, &bytes) != WR_OK ||
        tagger_new(models, bytes, &tagger, NULL) != WR_OK)
        abort();
    return tagger;
}

/* The first two bytes: at which take memory ends (0 = never). */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct tagger *tagger;
    static wr_arena *arena;
    if (!tagger) tagger = load();
    if (!arena && wr_arena_new("page", (size_t)64 << 20, &arena) != WR_OK) abort();
    if (size < 2) return 0;
    wr_arena_reset(arena);
    size_t fail = data[0] | (size_t)data[1] << 8;
    wr_article a = {.text = wr_str_of((const char *)data + 2, size - 2), .lang = WR_STR("en")};
    wr_arena_fail_at(arena, fail ? fail - 1 : SIZE_MAX);
    wr_page page = {.articles = &a, .n_articles = 1};
    wr_status status = tag_page(tagger, arena, &page, NULL);
    wr_arena_fail_at(arena, SIZE_MAX);
    if (status != WR_OK) {
        if (status != WR_MEMORY) abort();
        return 0;
    }
    for (size_t i = 0; i < a.n_entities; i++) {
        const wr_entity *e = &a.entities[i];
        for (size_t m = 0; m < e->n_mentions; m++) {
            if (e->mentions[m].start >= e->mentions[m].end || e->mentions[m].end > a.text.len)
                abort();
            if (m && e->mentions[m - 1].end > e->mentions[m].start) abort();
        }
    }
    return 0;
}
