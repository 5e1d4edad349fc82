/* modelfile.c -- writing and reading model files, for the trainer and its tests */
#include "modelfile.h"

#include "file.h"

#include <stdio.h>

uint32_t parts_buckets(size_t n) {
    return (uint32_t)(n * 100 / 86 / TABLE_BUCKET + 1);
}

wr_status parts_room(wr_arena *arena, struct parts *parts, int table, size_t n) {
    uint32_t buckets = parts_buckets(n);
    size_t slots = (size_t)buckets * TABLE_BUCKET;
    char *room = wr_arena_take(arena, slots * sizeof(uint16_t) + 16);
    void *values = wr_arena_array(arena, slots, table == 0 ? MODEL_ROW : table == 1 ? 4 : 1);
    if (!room || !values) return WR_MEMORY;
    room += (16 - (uintptr_t)room % 16) % 16;
    parts->buckets[table] = buckets;
    parts->tags[table] = (uint16_t *)(void *)room;
    if (table == 0) parts->weights = values;
    if (table == 1) parts->clusters = values;
    if (table == 2) parts->name_masks = values;
    return WR_OK;
}

void parts_of(const struct model *m, struct parts *out) {
    memset(out, 0, sizeof *out);
    memcpy(out->transitions, m->steps, sizeof out->transitions);
    memcpy(out->calibration, m->calibration, sizeof out->calibration);
    memcpy(out->masks, m->masks, sizeof out->masks);
    out->unit = m->unit;
    out->trained = m->trained;
    const struct table *tables[3] = {&m->features, &m->words, &m->names};
    for (int i = 0; i < 3; i++) {
        out->buckets[i] = tables[i]->n_buckets;
        union {
            const uint16_t *from;
            uint16_t *to;
        } tags = {.from = tables[i]->tags}; /* modelfile_write only reads them */
        out->tags[i] = tags.to;
    }
    union {
        const void *from;
        void *to;
    } weights = {.from = m->weights}, clusters = {.from = m->clusters},
      masks = {.from = m->name_masks};
    out->weights = weights.to;
    out->clusters = clusters.to;
    out->name_masks = masks.to;
}

wr_status modelfile_write(wr_arena *arena, const struct parts *p, const char *path) {
    uint64_t at[MODEL_PARTS], size = model_layout(p->buckets, at);
    char *room = wr_arena_take(arena, size + 64);
    if (!room) return WR_MEMORY;
    room += (64 - (uintptr_t)room % 64) % 64;
    const void *parts[MODEL_PARTS] = {p->transitions, p->calibration, p->masks,
                                      p->tags[0],     p->weights,     p->tags[1],
                                      p->clusters,    p->tags[2],     p->name_masks};
    const size_t value_bytes[3] = {MODEL_ROW, sizeof(uint32_t), 1};
    for (size_t i = 0; i < MODEL_PARTS; i++) {
        size_t len = i == 0   ? sizeof p->transitions
                     : i == 1 ? sizeof p->calibration
                     : i == 2 ? sizeof p->masks
                              : (size_t)p->buckets[(i - 3) / 2] * TABLE_BUCKET *
                                    (i % 2 ? sizeof(uint16_t) : value_bytes[(i - 3) / 2]);
        if (len) memcpy(room + at[i], parts[i], len);
    }
    struct model_header head = {.magic = MODEL_MAGIC_BYTES,
                                .version = MODEL_VERSION,
                                .trained = p->trained,
                                .size = size,
                                .check = model_check(wr_str_of(room, size)),
                                .unit = p->unit ? p->unit : 1,
                                .feature_buckets = p->buckets[0],
                                .word_buckets = p->buckets[1],
                                .name_buckets = p->buckets[2]};
    memcpy(room, &head, sizeof head);
    FILE *f = fopen(path, "wb");
    if (!f) return WR_IO;
    bool good = fwrite(room, 1, size, f) == size;
    return fclose(f) == 0 && good ? WR_OK : WR_IO;
}

wr_status modelfile_read(wr_arena *arena, const char *path, struct model *out) {
    wr_str bytes;
    const char *why = "cannot be read";
    wr_status status = file_read_aligned(arena, path, &bytes);
    if (status == WR_OK) status = model_read(bytes, out, &why);
    if (status != WR_OK) fprintf(stderr, "%s: %s\n", path, why);
    return status;
}
