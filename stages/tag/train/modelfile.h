/* modelfile.h -- the parts of a model in memory, written as the file model.h describes */
#ifndef TAG_TRAIN_MODELFILE_H
#define TAG_TRAIN_MODELFILE_H

#include "stages/tag/model.h"

#include <wireroom/arena.h>

struct parts {
    int16_t transitions[LABEL_COUNT + 1][LABEL_COUNT];
    uint16_t calibration[TYPE_COUNT][MODEL_MARGINS];
    uint32_t masks[MODEL_MASKS];
    uint32_t unit, trained;
    uint32_t buckets[3]; /* features, words, names */
    uint16_t *tags[3];
    int8_t *weights;
    uint32_t *clusters;
    uint8_t *name_masks;
    size_t n_features, n_words, n_names, n_masks; /* entered */
};

/* Buckets for n keys: tables are filled to about 0.86. */
uint32_t parts_buckets(size_t n);
/* Room for n features, words (1) or names (2). */
WR_MUSTUSE wr_status parts_room(wr_arena *arena, struct parts *parts, int table, size_t n);
/* The parts of a model that is open, without its features. */
void parts_of(const struct model *model, struct parts *out);

WR_MUSTUSE wr_status modelfile_write(wr_arena *arena, const struct parts *parts, const char *path);
/* Reads and opens a model file; its bytes live in the arena. */
WR_MUSTUSE wr_status modelfile_read(wr_arena *arena, const char *path, struct model *out);

#endif
