/* quote.c -- any bytes: quotations in order and inside the text, speakers inside the text */
#include "stages/tag/quote.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static wr_arena *arena;
    if (!arena && wr_arena_new("fuzz", (size_t)64 << 20, &arena) != WR_OK) abort();
    wr_arena_reset(arena);
    wr_mention mention = {.start = 0, .end = size < 5 ? size : 5};
    wr_entity entity = {
        .name = WR_STR("A"), .type = WR_STR("PER"), .mentions = &mention, .n_mentions = 1};
    wr_article article = {
        .text = wr_str_of((const char *)data, size), .entities = &entity, .n_entities = 1};
    wr_quote *quotes;
    size_t n, last = 0;
    if (quotes_find(arena, &article, &quotes, &n) != WR_OK) return 0;
    for (size_t i = 0; i < n; i++) {
        const wr_quote *q = &quotes[i];
        if (q->start < last || q->end <= q->start || q->end > size || q->speaker_end > size ||
            q->speaker_start > q->speaker_end)
            abort();
        last = q->end;
    }
    return 0;
}
