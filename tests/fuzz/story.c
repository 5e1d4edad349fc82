/* story.c -- any bytes as articles, one a line, and as packed terms: a story has the number of an
 * article that came, what is packed unpacks, nothing is written outside */
#include "stages/aggregate/story.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_packed(wr_str bytes) {
    story_doc doc;
    uint8_t packed[STORY_PACKED];
    if (story_doc_unpack(bytes, &doc) != WR_OK) return;
    if (story_doc_pack(&doc, packed) != bytes.len || memcmp(packed, bytes.ptr, bytes.len) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static wr_arena *arena;
    static story_outcome out;
    story_set *set;
    if (!arena && wr_arena_new("fuzz", (size_t)64 << 20, &arena) != WR_OK) abort();
    if (story_new(&(story_options){.articles = 64}, &set) != WR_OK) abort();
    wr_str all = wr_str_of((const char *)data, size);
    check_packed(all);
    uint32_t n = 0;
    for (size_t at = 0; at < all.len && n < 500;) {
        size_t end = wr_str_find_char(all, at, '\n');
        story_doc doc;
        wr_arena_reset(arena);
        wr_mention m = {.start = at % 7, .end = at % 11, .confidence = 1};
        wr_entity e = {.type = WR_STR("LOC"), .mentions = &m, .n_mentions = 1};
        wr_article a = {.text = wr_str_slice(all, at, end), .entities = &e, .n_entities = 1};
        if (story_doc_of(arena, &a, &doc) != WR_OK) abort();
        if (story_add(set, arena, n, (int32_t)size % 90, &doc, &out) != WR_OK) abort();
        n++;
        for (size_t i = 0; i < out.n_changes; i++)
            if (!out.changes[i].now.story || out.changes[i].now.story > n) abort();
        at = end + 1;
    }
    story_free(&set);
    return 0;
}
