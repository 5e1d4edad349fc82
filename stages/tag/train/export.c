/* export.c -- from weights in floating point to the model file's integers
 *
 * A label's weight is stored as its difference to that of O, so that O needs no place. */
#include "export.h"

#include <math.h>
#include <stdio.h>

static bool kept(const struct row *row, float prune) {
    for (int b = 0; b < LABEL_COUNT; b++)
        if (fabsf(row->weight[b]) >= prune) return true;
    return false;
}

static int8_t clip(float v, size_t *clipped) {
    float r = roundf(v);
    if (r < -127 || r > 127) ++*clipped;
    return (int8_t)(r < -127 ? -127 : r > 127 ? 127 : r);
}

wr_status export_model(wr_arena *arena, const struct model *lexicon, const struct learner *l,
                       const struct dictionary *d, const struct export_options *o,
                       const char *path) {
    struct parts parts;
    parts_of(lexicon, &parts);
    parts.unit = o->unit;
    parts.trained = o->number;
    size_t n = 0, clipped = 0;
    for (size_t i = 0; i < l->n_rows; i++)
        n += kept(&l->rows[i], o->prune);
    WR_TRY(parts_room(arena, &parts, 0, n));
    float unit = (float)o->unit;
    for (size_t i = 0; i < l->n_rows; i++) {
        if (!kept(&l->rows[i], o->prune)) continue;
        bool fresh;
        uint32_t slot = table_add(parts.tags[0], parts.buckets[0], d->features[i], &fresh);
        if (slot == TABLE_ABSENT) return WR_LIMIT;
        if (!fresh) continue;
        const float *w = l->rows[i].weight;
        for (int b = 1; b < LABEL_COUNT; b++)
            parts.weights[(size_t)slot * MODEL_ROW + (size_t)b - 1] =
                clip((w[b] - w[0]) * unit, &clipped);
        parts.n_features++;
    }
    for (int a = 0; a <= LABEL_COUNT; a++)
        for (int b = 0; b < LABEL_COUNT; b++)
            parts.transitions[a][b] =
                (int16_t)roundf(fmaxf(-999, fminf(999, l->transitions[a][b])) * unit);
    fprintf(stderr, "%zu features kept, %zu weights clipped\n", parts.n_features, clipped);
    return modelfile_write(arena, &parts, path);
}
