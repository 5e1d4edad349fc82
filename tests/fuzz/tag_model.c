/* tag_model.c -- any bytes as a model file: refused, or safe to look up in */
#include "stages/tag/scorer.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Sizes and check sum are made to fit the bytes, so that more than the header is tried. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static _Alignas(64) char bytes[1 << 16];
    static wr_arena *arena;
    struct model model;
    struct scorer *scorer;
    if (!arena && wr_arena_new("fuzz", (size_t)32 << 20, &arena) != WR_OK) abort();
    if (size > sizeof bytes) return 0;
    memset(bytes, 0, sizeof bytes);
    memcpy(bytes, data, size);
    if (model_read(wr_str_of(bytes, size), &model, NULL) == WR_OK && size == 0) abort();
    if (size < sizeof(struct model_header)) return 0;
    struct model_header head;
    memcpy(&head, bytes, sizeof head);
    memcpy(head.magic, (const char[])MODEL_MAGIC_BYTES, sizeof head.magic);
    head.version = MODEL_VERSION;
    head.feature_buckets %= 64, head.word_buckets %= 64, head.name_buckets %= 64;
    head.unit = head.unit % 4096 + 1;
    const uint32_t buckets[3] = {head.feature_buckets, head.word_buckets, head.name_buckets};
    uint64_t at[MODEL_PARTS], need = model_layout(buckets, at);
    if (need > sizeof bytes) return 0;
    head.size = need;
    head.check = model_check(wr_str_of(bytes, need));
    memcpy(bytes, &head, sizeof head);
    if (model_read(wr_str_of(bytes, need), &model, NULL) != WR_OK) abort();
    wr_arena_reset(arena);
    if (scorer_new(arena, &model, &scorer) != WR_OK) abort();
    const wr_str words[] = {WR_STR("Anna"), WR_STR("went"), WR_STR("to"), WR_STR("Oslo"),
                            WR_STR(".")};
    const uint8_t *labels = scorer_label(scorer, words, 5);
    for (size_t i = 0; i < 5; i++)
        if (labels[i] >= LABEL_COUNT || scorer_confidence(scorer, i, i + 1) > 1) abort();
    return 0;
}
