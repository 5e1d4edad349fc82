/* model.c -- the model file: sizes and check sum first, then pointers */
#include "model.h"

#include <xxhash.h>

#define ALIGN       64u
#define MAX_BUCKETS (1u << 24)

static uint64_t aligned(uint64_t at) {
    return (at + ALIGN - 1) / ALIGN * ALIGN;
}

uint64_t model_layout(const uint32_t buckets[3], uint64_t offsets[MODEL_PARTS]) {
    const uint64_t value_bytes[3] = {MODEL_ROW, sizeof(uint32_t), 1};
    const uint64_t fixed[3] = {sizeof(int16_t[LABEL_COUNT + 1][LABEL_COUNT]),
                               sizeof(uint16_t[TYPE_COUNT][MODEL_MARGINS]),
                               sizeof(uint32_t[MODEL_MASKS])};
    uint64_t at = sizeof(struct model_header);
    for (size_t i = 0; i < MODEL_PARTS; i++) {
        at = aligned(at);
        offsets[i] = at;
        if (i < 3) {
            at += fixed[i];
            continue;
        }
        uint64_t slots = (uint64_t)buckets[(i - 3) / 2] * TABLE_BUCKET;
        at += slots * (i % 2 ? sizeof(uint16_t) : value_bytes[(i - 3) / 2]);
    }
    return at;
}

uint64_t model_check(wr_str bytes) {
    size_t head = sizeof(struct model_header);
    return bytes.len > head ? XXH3_64bits(bytes.ptr + head, bytes.len - head) : 0;
}

static wr_status refuse(wr_status status, const char *text, const char **why) {
    if (why) *why = text;
    return status;
}

wr_status model_read(wr_str bytes, struct model *out, const char **why) {
    struct model_header head;
    if (bytes.len < sizeof head) return refuse(WR_TRUNCATED, "shorter than a model's header", why);
    if ((uintptr_t)bytes.ptr % ALIGN) return refuse(WR_INTERNAL, "the bytes are not aligned", why);
    memcpy(&head, bytes.ptr, sizeof head);
    if (memcmp(head.magic, MODEL_MAGIC, sizeof head.magic) != 0)
        return refuse(WR_MALFORMED, "not a tagger's model", why);
    if (head.version != MODEL_VERSION)
        return refuse(WR_VERSION, "a model of another version of the format", why);
    const uint32_t buckets[3] = {head.feature_buckets, head.word_buckets, head.name_buckets};
    for (size_t i = 0; i < 3; i++)
        if (buckets[i] > MAX_BUCKETS) return refuse(WR_MALFORMED, "a table is too large", why);
    uint64_t at[MODEL_PARTS], size = model_layout(buckets, at);
    if (size > bytes.len) return refuse(WR_TRUNCATED, "the model ends too early", why);
    if (size != bytes.len || head.size != size)
        return refuse(WR_MALFORMED, "the model's size is not what its header says", why);
    if (head.unit == 0 || head.unit > 4096)
        return refuse(WR_MALFORMED, "the unit of scores is out of range", why);
    if (model_check(bytes) != head.check)
        return refuse(WR_MALFORMED, "the model's check sum is wrong", why);
    const char *p = bytes.ptr;
    *out = (struct model){.trained = head.trained,
                          .unit = head.unit,
                          .steps = (const void *)(p + at[0]),
                          .calibration = (const void *)(p + at[1]),
                          .masks = (const void *)(p + at[2]),
                          .features = {(const void *)(p + at[3]), buckets[0]},
                          .weights = (const void *)(p + at[4]),
                          .words = {(const void *)(p + at[5]), buckets[1]},
                          .clusters = (const void *)(p + at[6]),
                          .names = {(const void *)(p + at[7]), buckets[2]},
                          .name_masks = (const void *)(p + at[8])};
    return WR_OK;
}

uint32_t model_pack_clusters(const uint16_t cluster[CLUSTERINGS], uint16_t rank) {
    return (cluster[0] & 0x3Fu) | (cluster[1] & 0x1FFu) << 6 | (cluster[2] & 0xFFFu) << 15 |
           (rank & 7u) << 27;
}

void model_clusters(const struct model *m, uint64_t hash, uint16_t cluster[CLUSTERINGS],
                    uint16_t *rank) {
    uint32_t slot = table_find(&m->words, hash);
    uint32_t v = slot == TABLE_ABSENT ? 0 : m->clusters[slot], known = slot != TABLE_ABSENT;
    cluster[0] = (uint16_t)((v & 0x3F) + known);
    cluster[1] = (uint16_t)((v >> 6 & 0x1FF) + known);
    cluster[2] = (uint16_t)((v >> 15 & 0xFFF) + known);
    *rank = (uint16_t)(v >> 27 & 7);
}
